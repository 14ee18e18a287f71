"""The words of the daily report: what each figure is called and how it is counted."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.reports.documents import round_words

Words = Mapping[str, Promise]

FIGURES: Words = MappingProxyType(
    {
        "grid.streets": _("Streets and townships"),
        "grid.communities": _("Communities"),
        "grid.villages": _("Villages"),
        "grid.compounds": _("Compounds"),
        "grid.buildings": _("Buildings"),
        "grid.dwellings": _("Doors"),
        "population.registered": _("Registered population"),
        "population.living": _("Living population"),
        "round.expected": _("Expected"),
        "round.done": _("Done"),
        "round.excused": _("Excused"),
        "round.moved": _("Moved"),
        "round.open": _("Open"),
        "round.open_untried": _("Open: not tried yet"),
        "round.open_absent": _("Open: nobody met, to be visited again"),
        "round.open_refused": _("Open: refused"),
        "round.open_unreachable": _("Open: not reachable"),
        "round.open_handed_over": _("Open: handed over, not accepted"),
        "round.alerts": _("Alerts"),
        "disinfection.expected": _("Objects expected"),
        "disinfection.done": _("Objects done"),
        "disinfection.open": _("Objects open"),
        "disinfection.signed_off_by_other": _("Signed off by someone else"),
        "disinfection.waiting": _("Waiting for sign-off"),
        "disinfection.failed": _("Sign-off failed"),
        "disinfection.with_cautions": _("Jobs against the guidance"),
        "disinfection.area_m2": _("Area, m²"),
        "disinfection.litres": _("Agent, litres"),
        "closures.village_road": _("Village roads closed"),
        "closures.market": _("Markets closed"),
        "closures.rural_fair": _("Rural fairs closed"),
        "closures.stall_group": _("Groups of stalls closed"),
        "closures.venue": _("Venues closed"),
        "closures.park": _("Parks and sights closed"),
        "closures.other": _("Other places closed"),
        "closures.ordered": _("Ordered to close"),
        "closures.closed": _("Confirmed closed"),
        "closures.not_confirmed": _("Not confirmed closed"),
        "supervision.inspections": _("Visits"),
        "supervision.communities_inspected": _("Communities inspected"),
        "supervision.compounds_inspected": _("Compounds inspected"),
        "supervision.findings": _("Findings of the day"),
        "supervision.findings_closed": _("Findings closed"),
        "supervision.findings_open": _("Findings open"),
        "supervision.findings_overdue": _("Findings overdue"),
        "supervision.findings_without_owner_or_reason": _("Open findings without owner or reason"),
        "register.people": _("People on the register"),
        "register.key_persons": _("Key persons on the register"),
        "register.key_persons_without_team": _("Key persons with an empty role in their team"),
        "watches.watched": _("People followed up"),
        "watches.due": _("Visits and readings due"),
        "watches.settled": _("Visits and readings settled"),
        "watches.missed": _("Visits and readings missed"),
        "watches.alarming": _("Visits and readings that alarm"),
        "custody.manifest": _("People handed over: on the manifests"),
        "custody.registered": _("People handed over: registered"),
        "custody.received": _("People handed over: received"),
        "isolation.sites": _("Isolation sites"),
        "isolation.sites_ready": _("Isolation sites that passed their check"),
        "isolation.sites_without_head": _("Isolation sites without a head"),
        "isolation.staff": _("Staff on duty at isolation sites"),
        "quality.doubtful": _("Doubtful records waiting for a person"),
        "quality.conflicts": _("Records that came with two contents"),
        "quality.missing": _("Records that devices have not sent yet"),
        **round_words.FIGURES,
    }
)

DEFINITIONS: Words = MappingProxyType(
    {
        "grid.streets": _("Streets, towns and townships in the register on that day."),
        "grid.communities": _("Residents' committees in the register on that day."),
        "grid.villages": _("Villagers' committees in the register on that day."),
        "grid.compounds": _("Compounds and natural villages in the register on that day."),
        "grid.buildings": _("Buildings in the register on that day."),
        "grid.dwellings": _("Doors in the register on that day, shops and other units included."),
        "population.registered": _("People registered here, as last reported for the area."),
        "population.living": _("People who really live here, as last reported for the area."),
        "round.expected": _(
            "Units of the frame, fixed at the opening, with what was added and removed by record."
        ),
        "round.done": _("Units settled by a record that closes them."),
        "round.excused": _("Units closed for a while with a reason; they are open again when it ends."),
        "round.moved": _("Units that another place has accepted."),
        "round.open": _("Everything else: what somebody still owes."),
        "round.open_untried": _("Nobody has been there yet."),
        "round.open_absent": _("Somebody went, nobody was met; a second visit is owed."),
        "round.open_refused": _("Somebody went and was refused."),
        "round.open_unreachable": _("The place could not be reached."),
        "round.open_handed_over": _("Handed over to another place that has not accepted yet."),
        "round.alerts": _("Units with a sign that needs another step, settled or not."),
        "disinfection.expected": _("Objects in the day's disinfection rounds."),
        "disinfection.done": _("Objects with a job that was done."),
        "disinfection.open": _("Objects in the rounds without a job that was done."),
        "disinfection.signed_off_by_other": _(
            "Objects whose last job was passed by someone of another team."
        ),
        "disinfection.waiting": _("Objects whose last job nobody else has passed or failed."),
        "disinfection.failed": _("Objects whose last job was failed and must be done again."),
        "disinfection.with_cautions": _(
            "Jobs of which the protocol warns: spraying, rain, dose, contact time, mixtures."
        ),
        "disinfection.area_m2": _("Sum over the last job of each object."),
        "disinfection.litres": _("Sum over the last job of each object."),
        "closures.ordered": _("Places in a closure round that had begun by the evening."),
        "closures.closed": _("Places that a check found closed."),
        "closures.not_confirmed": _("Places found open, or not checked yet."),
        "supervision.inspections": _("Visits of supervision made on that day."),
        "supervision.communities_inspected": _("Different communities and villages visited on that day."),
        "supervision.compounds_inspected": _("Different compounds visited on that day."),
        "supervision.findings": _("Findings made on that day."),
        "supervision.findings_closed": _("Findings that someone of another team closed on that day."),
        "supervision.findings_open": _("Findings not closed by the evening."),
        "supervision.findings_overdue": _("Open findings whose next step is late."),
        "supervision.findings_without_owner_or_reason": _(
            "Open findings without an owner, or without a reason written for that day."
        ),
        "register.people": _("People who came, registered by the evening and still on the register."),
        "register.key_persons": _("Those of them whom the risk rule of today makes key persons."),
        "register.key_persons_without_team": _("At least one planned role was held by nobody that evening."),
        "watches.watched": _("Watches that ran on that day."),
        "watches.due": _("Due slots of that day; one that is still to come is not counted."),
        "watches.settled": _("Due slots at which somebody was seen, or reported."),
        "watches.missed": _("Due slots whose time is over and that nobody settled."),
        "watches.alarming": _("Due slots with a fever or another alarming sign."),
        "custody.manifest": _("People on the manifests of the chains that began on that day."),
        "custody.registered": _("Of these chains: how many the giver registered."),
        "custody.received": _("Of these chains: how many the last receiver has accepted by now."),
        "isolation.sites": _("Sites with a list of rooms, or of which something else was told."),
        "isolation.sites_ready": _("The latest check of readiness that evening held."),
        "isolation.sites_without_head": _("Nobody was named as the head that evening."),
        "isolation.staff": _("People named for a duty that evening, summed over the sites."),
        "quality.doubtful": _("Kept, but not counted until a person accepts them."),
        "quality.conflicts": _("Both are kept; the first counts."),
        "quality.missing": _("Numbers used by devices of the district whose records have not arrived."),
        **round_words.DEFINITIONS,
    }
)
CLOSED_PLACES = _("Places of this kind that a check found closed.")

GROUPS: Words = MappingProxyType(
    {
        "village_road": _("Village roads"),
        "market": _("Markets"),
        "rural_fair": _("Rural fairs"),
        "stall_group": _("Groups of stalls"),
        "venue": _("Venues"),
        "park": _("Parks and sights"),
        "other": _("Other places"),
    }
)

SEVERITIES: Words = MappingProxyType(
    {"critical": _("critical"), "serious": _("serious"), "ordinary": _("ordinary")}
)

STAGES: Words = MappingProxyType(
    {
        "found": _("found"),
        "told": _("told"),
        "planned": _("planned"),
        "fixed": _("fixed, to be re-checked"),
        "reopened": _("reopened"),
        "closed": pgettext_lazy("finding", "closed"),
    }
)

STATES: Words = MappingProxyType(
    {"open": _("open"), "closed": _("closed"), "closed_short": _("closed short")}
)

ROLES: Words = MappingProxyType(
    {
        "command": _("Command office"),
        "street_officer": _("Street officer"),
        "community_officer": _("Community officer"),
        "supervision": _("Supervision"),
    }
)

QUERIES: Words = MappingProxyType(
    {
        "grid.areas": _("Register of areas"),
        "grid.dwellings": _("Register of doors"),
        "grid.populations": _("Reported head counts"),
        "coverage.units": _("Units of rounds"),
        "coverage.missed": _("Missed list"),
        "disinfection.jobs": _("Disinfection jobs"),
        "supervision.inspections": _("Visits"),
        "supervision.findings": _("Findings"),
        "screening.register": _("Register of those who came"),
        "screening.teams": _("Teams"),
        "watches.day": _("Follow-up"),
        "custody.chains": _("Hand-overs"),
        "isolation.sites": _("Isolation sites"),
        "intake.doubtful": _("Doubtful records"),
        "intake.conflicts": _("Conflicting records"),
        "intake.gaps": _("Missing numbers of devices"),
        **round_words.QUERIES,
    }
)
