"""Texts of saving, sending, enrolling and unlocking."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Offline"),
    _("Sending"),
    _("{n} waiting"),
    _("{n} waiting from another shift"),
    _("All sent"),
    _("last {time}"),
    _("{n} need help"),
    _("This phone has lost {n} records. Tell your office."),
    _("This app is too old. Records are kept and sent; update it."),
    _("Send now"),
    _("Show"),
    _("Understood"),
    _("New version: start it"),
)
