"""The words of the rooms as officers read them; terms.py may not know Django, so they stand here."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.coverage.terms import State
from bulou.doors.desk.care_words import (  # noqa: F401 - a test looks for all words here
    CARE_KINDS,
    LEG_STATES,
    SLOT_STATES,
    TIMINGS,
)
from bulou.doors.desk.command_words import COMMAND_KINDS
from bulou.doors.desk.gate_words import (  # noqa: F401 - a test looks for all words here
    ACCEPTANCES,
    DIRECTIONS,
    PASS_STATES,
    PASSAGES,
    PATROLS,
    SHIFT_STEPS,
)
from bulou.doors.desk.isolation_words import ISOLATION_KINDS, ISOLATION_PAGES
from bulou.doors.desk.restriction_words import (  # noqa: F401 - the same
    CHANNELS,
    EVIDENCES,
    MEASURES,
    OUTCOMES,
    STANDINGS,
)
from bulou.doors.desk.site_words import SITE_TYPES as SITE_TYPES
from bulou.doors.desk.testing_plan_words import PLAN_KINDS
from bulou.doors.desk.testing_words import (  # noqa: F401 - a test looks for all words here
    POOLINGS,
    RESULTS,
    TESTING_KINDS,
    TUBE_STAGES,
)
from bulou.doors.desk.tracing_words import TRACING_KINDS

Words = Mapping[str, object]
"""Words by the value of an enum; a test holds that every value has one."""

# Which pages belong to which noun on the left.
PAGES_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "today": frozenset({"today"}),
        "views": frozenset({"views", "view_new"}),
        "rounds": frozenset(
            {"rounds", "open_round", "board", "missed", "units", "close_round", "sheets", "assign"}
        ),
        "review": frozenset({"doubtful", "conflicts", "gaps", "doubtful_one", "conflict"}),
        "registers": frozenset(
            {
                "areas",
                "area_page",
                "dwellings",
                "sites",
                "add_area",
                "rename_area",
                "split_area",
                "merge_areas",
                "move_area",
                "end_area",
                "add_door",
                "change_door",
                "end_door",
                "add_site",
                "change_site",
                "end_site",
                "set_people",
                "set_duty",
                "subject",
            }
        ),
        "people": frozenset(
            {
                "people",
                "person",
                "person_new",
                "people_register",
                "people_doubles",
                "risk_rule",
                "people_destroyed",
                "person_team",
            }
        ),
        "teams": frozenset({"teams"}),
        "restrictions": frozenset(
            {"restrictions", "restriction", "restriction_new", "basis_new", "objection", "restriction_notice"}
        ),
        "watches": frozenset({"watches", "watch", "watch_new"}),
        "cases": frozenset({"cases", "case"}),
        "zones": frozenset({"zones", "zone", "zone_new"}),
        "orders": frozenset({"orders", "order", "order_new"}),
        "tracing": frozenset(f"tracing{of}" for of in ("", "_one", "_quality", "_lists", "_list", "_came")),
        "custody": frozenset({"custody", "custody_new", "custody_chain"}),
        "isolation": ISOLATION_PAGES,
        "imports": frozenset({"imports", "import_new", "import_check", "import_page"}),
        "gates": frozenset({"gates", "passage", "accept_handover"}),
        "passes": frozenset({"passes", "pass_issue", "pass_sheet", "pass_revoke"}),
        "testing": frozenset(
            f"testing{of}" for of in ("", "_missed", "_tubes", "_tube", "_results", "_report")
        ),
        "disinfection": frozenset({"disinfection"}),
        "testing_plans": frozenset(
            {
                "testing_unknown",
                *(f"testing_plan{of}" for of in ("", "s", "_new", "_calls", "_notices", "_home")),
            }
        ),
        "findings": frozenset({"findings", "finding"}),
        "reports": frozenset({"reports", "daily"}),
        "settings": frozenset({"accounts", "account", "account_new"}),
        "proposals": frozenset({"proposals", "proposal_refuse"}),
        "glass": frozenset({"glass", "glass_one", "glass_take"}),
        "devices": frozenset({"devices", "enrol_devices", "device_revoke", "hand_in"}),
        "arrivals": frozenset({"arrivals"}),
    }
)

_HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def html_lang(language: str) -> str:
    """Return the language tag of a page: zh-hans is written zh-Hans."""
    return _HTML_LANG.get(language, language)


TEXT_SIZES = MappingProxyType(
    {
        "normal": _("Normal text"),
        "large": _("Large text"),
        "largest": _("Largest text"),
    }
)

ROLES = MappingProxyType(
    {
        "command": _("Command office"),
        "street_officer": _("Street officer"),
        "community_officer": _("Community officer"),
        "worker": _("Worker"),
        "crew": _("Crew"),
        "checkpoint": _("Checkpoint staff"),
        "supervision": _("Supervision"),
        "data_clerk": _("Data clerk"),
        "viewer": _("Viewer"),
        "system_admin": _("System administrator"),
        "service": _("Service"),
    }
)

STATES = MappingProxyType(
    {
        State.UNTRIED: _("not tried yet"),
        State.ABSENT: _("absent"),
        State.REFUSED: _("refused"),
        State.UNREACHABLE: _("unreachable"),
        State.HANDED_OVER: _("handed over, not accepted"),
        State.EXCUSED: _("excused"),
        State.MOVED: _("moved"),
        State.DONE: _("done"),
        State.REMOVED: _("removed"),
    }
)

ROUND_STATES = MappingProxyType(
    {
        "open": _("open"),
        "closed": _("closed"),
        "closed_short": _("closed short"),
    }
)

# One definition per figure: shown on hover and focus, and listed at the end of the page.
EXPECTED = _("Expected")
DONE = _("Done")
EXCUSED = _("Excused")
MOVED = _("Moved")
OPEN = _("Open")
ALERTS = _("Alerts")

DEFINITIONS = MappingProxyType(
    {
        "expected": _(
            "All units of the round: the list frozen at its opening, with every later addition and removal."
        ),
        "done": _("Settled by a record whose result closes the unit."),
        "excused": _("Closed for a reason that expires; when it expires, the unit is open again."),
        "moved": _("Handed over, and the receiver has accepted."),
        "open": _("Everything else: somebody still owes it."),
        "alert": _("Units with a record that asks for action, open or not."),
    }
)

WHY_DEFINITIONS = MappingProxyType(
    {
        State.UNTRIED: _("Nobody has been there yet."),
        State.ABSENT: _("Nobody was at home; a revisit is due."),
        State.REFUSED: _("Somebody was there and did not want to."),
        State.UNREACHABLE: _("The place could not be reached or found."),
        State.HANDED_OVER: _("Handed over; until the receiver accepts, the sender still owes it."),
    }
)

LEVELS = MappingProxyType(
    {
        "province": _("Province"),
        "city": _("City"),
        "district": _("District"),
        "street": _("Street"),
        "community": _("Community"),
        "compound": _("Compound"),
        "building": _("Building"),
        "unit": pgettext_lazy("part of a building", "Unit"),
    }
)

AREA_KINDS = MappingProxyType(
    {
        "province": _("Province"),
        "city": _("City"),
        "district": _("District"),
        "street": _("Street office"),
        "town": _("Town"),
        "township": _("Township"),
        "zone": _("Development zone"),
        "farm": _("State farm"),
        "community": _("Residents' community"),
        "village": _("Administrative village"),
        "pseudo": _("Statistical area"),
        "compound_managed": _("Compound with a manager"),
        "compound_unmanaged": _("Compound without a manager"),
        "compound_old": _("Old open compound"),
        "natural_village": _("Natural village"),
        "building": _("Building"),
        "unit": pgettext_lazy("part of a building", "Unit"),
    }
)

SCHEMES = MappingProxyType({"nbs": _("National code of statistics")})

DWELLING_KINDS = MappingProxyType(
    {
        "home": _("Home"),
        "vacant_known": _("Known to be vacant"),
        "shop": _("Shop"),
        "dormitory": _("Dormitory"),
        "non_household": _("No household"),
    }
)

NEEDS = MappingProxyType(
    {
        "elderly_alone": _("old and alone"),
        "over_75": _("over 75"),
        "bedridden": _("bedridden"),
        "disabled": _("disabled"),
        "infant": _("infant"),
        "pregnant": _("pregnant"),
        "near_term": _("near birth"),
        "dialysis": _("dialysis"),
        "medicine": _("medicine"),
        "language": _("another language"),
        "other": _("other help"),
    }
)

IMPORT_KINDS = MappingProxyType(
    {
        "areas": _("Areas"),
        "dwellings": _("Doors"),
        "sites": _("Sites"),
    }
)

IMPORT_STATES = MappingProxyType(
    {
        "done": _("done"),
        "undone": _("undone"),
        "failed": _("failed"),
    }
)

SEVERITIES = MappingProxyType(
    {
        "critical": _("critical"),
        "serious": _("serious"),
        "ordinary": _("ordinary"),
    }
)

STAGES = MappingProxyType(
    {
        "found": _("found"),
        "told": _("told"),
        "planned": _("planned"),
        "fixed": _("fixed, to be re-checked"),
        "reopened": _("reopened"),
        "closed": pgettext_lazy("finding", "closed"),
    }
)

METHODS = MappingProxyType(
    {
        "open": _("open visit"),
        "secret": _("unannounced visit"),
        "day": _("by day"),
        "night": _("by night"),
        "papers": _("papers read"),
        "interview": _("people asked"),
    }
)

DUTY_ROLES = MappingProxyType(
    {
        "lead": _("Leads"),
        "worker": pgettext_lazy("capacity", "Worker"),
        "doctor": _("Doctor"),
        "police": _("Police"),
        "manager": _("Property manager"),
    }
)

CAUTIONS = MappingProxyType(
    {
        "chlorine_mixed": _("chlorine mixed with something"),
        "people_sprayed": _("with people there"),
        "mass_spraying": _("spraying outdoors"),
        "air_outdoors": _("air outdoors"),
        "open_water": _("into open water"),
        "rain": _("in the rain"),
        "above_preventive_dose": _("stronger than a preventive dose"),
        "below_dose": _("too weak"),
        "contact_short": _("contact time too short"),
    }
)

# Record kinds as a timeline names them.
KINDS: Words = MappingProxyType(
    {
        **CARE_KINDS,
        **COMMAND_KINDS,
        **ISOLATION_KINDS,
        **PLAN_KINDS,
        **TRACING_KINDS,
        "screening.visit": _("Visit"),
        **TESTING_KINDS,
        "disinfection.job": _("Disinfection"),
        "disinfection.signoff": _("Sign-off of a disinfection"),
        "supervision.inspection": _("Inspection"),
        "supervision.finding": _("Finding"),
        "supervision.told": _("Told"),
        "supervision.plan": _("Plan and owner"),
        "supervision.fixed": _("Fixed"),
        "supervision.recheck": _("Re-check"),
        "supervision.reason": _("Reason for staying open"),
        "supervision.closure_check": _("Check of a closure"),
        "checkpoint.shift": _("Shift at a checkpoint"),
        "checkpoint.passage": _("Passage"),
        "checkpoint.household_entry": _("Passage with a pass"),
        "checkpoint.visitor": _("Visitor"),
        "checkpoint.recheck": _("Temperature taken again"),
        "checkpoint.received": _("Hand-over accepted"),
        "checkpoint.patrol": _("Patrol"),
        "screening.person": _("Registered"),
        "screening.person_left": _("Off the register"),
        "screening.person_classed": _("Classed by hand"),
        "screening.risk_rule": _("Risk rule"),
        "screening.merge_proposed": _("Merge proposed"),
        "screening.merged": _("Merged"),
        "screening.merge_refused": _("Not merged"),
        "screening.unmerged": _("Merge undone"),
        "unit.added": _("Added to the round"),
        "unit.removed": _("Removed from the round"),
        "unit.excused": _("Excused"),
        "unit.moved": _("Moved"),
        "record.accepted": _("Record accepted"),
        "record.rejected": _("Record rejected"),
        "round.opened": _("Round opened"),
        "round.closed": _("Round closed"),
    }
)


def of(words: Mapping[str, object], key: str) -> str:
    """Return the word for a key, or the key itself where no word was written yet."""
    return str(words.get(key, key))
