"""The words of restrictions as officers and the persons themselves read them."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.lines.restrictions.terms import Channel, Evidence, Measure, Outcome, Standing

MEASURES = MappingProxyType(
    {
        Measure.ADVICE: _("Advice"),
        Measure.MONITORING: _("Health monitoring, no confinement"),
        Measure.HOME: _("Isolation at home"),
        Measure.HOTEL: _("Isolation at a site"),
    }
)
EVIDENCES = MappingProxyType(
    {
        Evidence.RESULT: _("Positive test result"),
        Evidence.EXPOSURE: _("Contact with a case"),
        Evidence.TRAVEL: _("Came from a listed place"),
        Evidence.SYMPTOM: _("Symptoms"),
    }
)
STANDINGS = MappingProxyType(
    {
        Standing.PROPOSED: _("waits for a second unit"),
        Standing.REFUSED: pgettext_lazy("restriction", "refused"),
        Standing.LAPSED: _("not approved in time"),
        Standing.COMING: _("begins later"),
        Standing.IN_FORCE: _("in force"),
        Standing.FROZEN: _("stopped by supervision"),
        Standing.ENDED: pgettext_lazy("restriction", "ended"),
        Standing.LIFTED: _("lifted"),
    }
)
OUTCOMES = MappingProxyType(
    {Outcome.UPHELD: _("The restriction stays"), Outcome.OVERTURNED: _("The restriction ends")}
)
CHANNELS = MappingProxyType(
    {
        Channel.PAGE: _("on the person's page"),
        Channel.PHONE: _("by telephone"),
        Channel.PAPER: _("on paper"),
        Channel.OFFICER: _("told to an officer"),
    }
)
