"""Words of isolation as officers read them."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GROUPS = MappingProxyType(
    {
        "head": _("Head of the site"),
        "infection_control": _("Prevention and disinfection"),
        "health_observation": _("Health observation"),
        "information": _("Information and liaison"),
        "security": _("Security"),
        "logistics": _("Logistics"),
        "transfer": _("Transfer of cases"),
        "humane_care": _("Care and comfort"),
        "relief": _("Relief in reserve"),
    }
)
ZONES = MappingProxyType(
    {
        "living": _("living zone (staff)"),
        "supply": _("supply zone"),
        "medical": _("medical observation zone (guests)"),
    }
)
TIDINESS = MappingProxyType({"clean": _("clean area"), "contaminated": _("contaminated area")})
ROOM_STATES = MappingProxyType(
    {
        "free": pgettext_lazy("room", "free"),
        "occupied": pgettext_lazy("room", "occupied"),
        "to_clean": pgettext_lazy("room", "to be cleaned"),
        "out_of_use": pgettext_lazy("room", "out of use"),
    }
)
ROOM_MARKS = MappingProxyType({"free": "good", "occupied": "part", "to_clean": "bad", "out_of_use": ""})
TURNOVERS = MappingProxyType(
    {
        "disinfected": _("Aired and disinfected"),
        "inspected": _("Looked at by somebody else: clean"),
        "out_of_use": _("Out of use"),
        "in_use": _("In use again"),
    }
)
ROOM_NEEDS = MappingProxyType(
    {
        "barrier_free": _("barrier-free room"),
        "carer": _("with a carer"),
        "infant": _("with an infant"),
    }
)
GROUNDS = MappingProxyType(
    {"act": _("an act of law that is in force"), "consent": _("the person's own consent")}
)
STAY_STATES = MappingProxyType(
    {
        "expected": pgettext_lazy("stay", "expected"),
        "staying": pgettext_lazy("stay", "in isolation"),
        "released": pgettext_lazy("stay", "released, not left yet"),
        "gone": pgettext_lazy("stay", "gone"),
        "not_come": pgettext_lazy("stay", "did not come"),
    }
)
STAY_MARKS = MappingProxyType(
    {"expected": "", "staying": "part", "released": "good", "gone": "good", "not_come": ""}
)
RELEASES = MappingProxyType(
    {
        "released": _("released, every condition holds"),
        "freed": _("let go, nothing holds the person any more"),
    }
)
GOINGS = MappingProxyType(
    {
        "escorted": _("Brought home by an escort"),
        "alone": _("Went home alone or with the family"),
        "hospital": _("To hospital"),
        "other_site": _("To another site"),
        "not_come": _("Did not come"),
    }
)
DUTY_STEPS = MappingProxyType({"given": _("Duty given"), "ended": _("Duty ended")})
UNMET = MappingProxyType(
    {
        "watch": _("The days of observation have not begun or are not known."),
        "request": _("A request for a doctor or for medicine is still open."),
    }
)
SIGNS = MappingProxyType(
    {
        "same_room": _("somebody positive in the same room"),
        "same_floor": _("somebody positive on the same floor"),
        "own_breach": _("a breach by which the guest met others"),
        "site_breach": _("a breach by which it may have gone from room to room"),
        "same_site": _("somebody positive elsewhere in the house"),
    }
)
ISOLATION_KINDS = MappingProxyType(
    {
        "isolation.site": _("Rooms and telephone of a site"),
        "isolation.readiness": _("Readiness check"),
        "isolation.duty": _("Duty at a site"),
        "isolation.turnover": _("Room"),
        "isolation.home_check": _("Entry check at home"),
        "isolation.expected": _("To come into isolation"),
        "isolation.arrived": _("Arrived in isolation"),
        "isolation.changed_room": _("Another room"),
        "isolation.released": _("Released from isolation"),
        "isolation.left": _("Left isolation"),
    }
)
ISOLATION_PAGES = frozenset(
    {
        "isolation",
        "isolation_homes",
        "isolation_home",
        "isolation_requests",
        "isolation_site",
        "isolation_intake",
        "stay",
        "release_note",
    }
)
