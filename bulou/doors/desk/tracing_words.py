"""The words of tracing as officers read them."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.lines.tracing.terms import CaseClass, Check, ContactClass, Job, Kind, Mode, Way
from bulou.people.terms import ImportKind

TRACING_KINDS = MappingProxyType(
    {
        Kind.CASE.value: _("Case reported"),
        Kind.EXPOSURE.value: _("Meeting with a case or contact"),
        Kind.PLACED.value: _("Contact taken over"),
        Kind.VISIT.value: _("Visit to a place"),
        Kind.REGIME.value: _("Rule of contacts"),
    }
)
CASE_CLASSES = MappingProxyType(
    {
        CaseClass.CONFIRMED: _("confirmed case"),
        CaseClass.PROBABLE: _("probable case"),
        CaseClass.SUSPECTED: _("suspected case"),
        CaseClass.ASYMPTOMATIC: _("asymptomatic infection"),
        CaseClass.NO_CASE: _("ruled out"),
    }
)
CONTACT_CLASSES = MappingProxyType(
    {
        ContactClass.CASE: _("case"),
        ContactClass.CLOSE: _("close contact"),
        ContactClass.SECONDARY: _("contact of a contact"),
        ContactClass.GENERAL: _("general contact"),
        ContactClass.OUTSIDE: _("not counted by the rule"),
        ContactClass.UNLINKED: _("source unknown"),
    }
)
WAYS = MappingProxyType(
    {
        Way.SAME_HOME: _("same home"),
        Way.SAME_ROOM: _("same room"),
        Way.SAME_BED: _("same bed"),
        Way.SAME_MEAL: _("same meal"),
        Way.SAME_WORKROOM: _("same workroom or class"),
        Way.SAME_VEHICLE: _("same vehicle"),
        Way.TREATMENT: _("treatment"),
        Way.NURSING: _("nursing"),
        Way.SAME_WARD: _("same ward"),
        Way.LEISURE: _("leisure"),
        Way.PRESENT: _("same place at the same time"),
        Way.OTHER: pgettext_lazy("meeting", "another way"),
    }
)
MODES = MappingProxyType(
    {
        Mode.TRACED: _("being traced"),
        Mode.AWAITING: _("awaiting transfer"),
        Mode.CENTRAL: pgettext_lazy("contact", "at a site"),
        Mode.HOME: pgettext_lazy("contact", "at home"),
        Mode.HOSPITAL: pgettext_lazy("contact", "in hospital"),
        Mode.ELSEWHERE: _("passed on to another place"),
        Mode.RELEASED: pgettext_lazy("contact", "released"),
    }
)
JOBS = MappingProxyType(
    {
        Job.NONE: _("other work or none"),
        Job.STUDENT: _("student"),
        Job.TEACHER: _("teacher"),
        Job.HEALTH: _("health worker"),
    }
)
CHECKS = MappingProxyType(
    {
        Check.NOT_LANDED: _("Nobody has taken the contact over"),
        Check.STREET_MISSING: _("The street is not known"),
        Check.PASSED_ON_WHERE: _("Passed on, nobody says to whom"),
        Check.SITE_MISSING: _("At a site: which, or since when?"),
        Check.HOME_REASON_MISSING: _("At home without a reason"),
        Check.CHECKED_IN_ELSEWHERE: _("Listed at home or waiting, but checked in at a site"),
        Check.END_MISSING: _("No planned end"),
        Check.END_OFF: _("The planned end is not the one of the rule"),
        Check.PRIMARY_MISSING: _("The source is in no chain"),
        Check.CLASS_DIFFERS: _("The list says another class than the rule"),
        Check.EMPLOYER_MISSING: _("School or employer is not known"),
    }
)
LIST_KINDS = MappingProxyType(
    {
        ImportKind.CONTACTS: _("Contacts: a row for each meeting with a case"),
        ImportKind.VISITS: _("Visits: who was where, from when until when"),
    }
)
LIST_FIELDS = MappingProxyType(
    {
        "name": pgettext_lazy("person", "Name"), "surname": _("Surname"), "given": _("Given name"),
        "number": _("ID number"), "phone": _("Telephone"), "address": _("Address"),
        "street": _("Street"), "community": _("Community or village"),
        "source": _("The one whom they met"), "met_from": _("Met from"), "met_until": _("Last met"),
        "met_way": _("In which way?"), "told_class": _("Class as the list says it"),
        "venue": _("Place of the visits"), "came": _("Came at"), "left": _("Left at"),
    }
)  # fmt: skip
