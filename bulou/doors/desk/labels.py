"""The words of the rooms as officers read them; terms.py may not know Django, so they stand here."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.access.terms import Role, TextSize
from bulou.coverage.terms import RoundState, State
from bulou.grid.terms import AreaKind, DwellingKind, ImportKind, ImportState, Level, Need, SiteType
from bulou.lines.disinfection.terms import Caution
from bulou.lines.supervision.terms import Method, Severity, Stage

Words = Mapping[str, object]

# Which pages belong to which noun on the left.
PAGES_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "today": frozenset({"today"}),
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
                "rename_area",
                "split_area",
                "merge_areas",
                "subject",
                "add_area",
            }
        ),
        "imports": frozenset({"imports", "import_new", "import_check", "import_page"}),
        "disinfection": frozenset({"disinfection"}),
        "findings": frozenset({"findings", "finding"}),
        "reports": frozenset({"reports", "daily"}),
        "settings": frozenset({"accounts", "account", "account_new"}),
        "devices": frozenset({"devices", "device_new"}),
    }
)

_HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def html_lang(language: str) -> str:
    """Return the language tag of a page: zh-hans is written zh-Hans."""
    return _HTML_LANG.get(language, language)


TEXT_SIZES = MappingProxyType(
    {
        TextSize.NORMAL: _("Normal text"),
        TextSize.LARGE: _("Large text"),
        TextSize.LARGEST: _("Largest text"),
    }
)

ROLES = MappingProxyType(
    {
        Role.COMMAND: _("Command office"),
        Role.STREET_OFFICER: _("Street officer"),
        Role.COMMUNITY_OFFICER: _("Community officer"),
        Role.WORKER: _("Worker"),
        Role.CREW: _("Crew"),
        Role.SUPERVISION: _("Supervision"),
        Role.DATA_CLERK: _("Data clerk"),
        Role.VIEWER: _("Viewer"),
        Role.SYSTEM_ADMIN: _("System administrator"),
        Role.SERVICE: _("Service"),
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
        RoundState.OPEN: _("open"),
        RoundState.CLOSED: _("closed"),
        RoundState.CLOSED_SHORT: _("closed short"),
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
        Level.PROVINCE: _("Province"),
        Level.CITY: _("City"),
        Level.DISTRICT: _("District"),
        Level.STREET: _("Street"),
        Level.COMMUNITY: _("Community"),
        Level.COMPOUND: _("Compound"),
        Level.BUILDING: _("Building"),
        Level.UNIT: pgettext_lazy("part of a building", "Unit"),
    }
)

AREA_KINDS = MappingProxyType(
    {
        AreaKind.PROVINCE: _("Province"),
        AreaKind.CITY: _("City"),
        AreaKind.DISTRICT: _("District"),
        AreaKind.STREET: _("Street office"),
        AreaKind.TOWN: _("Town"),
        AreaKind.TOWNSHIP: _("Township"),
        AreaKind.ZONE: _("Development zone"),
        AreaKind.FARM: _("State farm"),
        AreaKind.COMMUNITY: _("Residents' community"),
        AreaKind.VILLAGE: _("Administrative village"),
        AreaKind.PSEUDO: _("Statistical area"),
        AreaKind.COMPOUND_MANAGED: _("Compound with a manager"),
        AreaKind.COMPOUND_UNMANAGED: _("Compound without a manager"),
        AreaKind.COMPOUND_OLD: _("Old open compound"),
        AreaKind.NATURAL_VILLAGE: _("Natural village"),
        AreaKind.BUILDING: _("Building"),
        AreaKind.UNIT: pgettext_lazy("part of a building", "Unit"),
    }
)

DWELLING_KINDS = MappingProxyType(
    {
        DwellingKind.HOME: _("Home"),
        DwellingKind.VACANT_KNOWN: _("Known to be vacant"),
        DwellingKind.SHOP: _("Shop"),
        DwellingKind.DORMITORY: _("Dormitory"),
        DwellingKind.NON_HOUSEHOLD: _("No household"),
    }
)

NEEDS = MappingProxyType(
    {
        Need.ELDERLY_ALONE: _("old and alone"),
        Need.DISABLED: _("disabled"),
        Need.INFANT: _("infant"),
        Need.PREGNANT: _("pregnant"),
        Need.DIALYSIS: _("dialysis"),
        Need.MEDICINE: _("medicine"),
        Need.LANGUAGE: _("another language"),
        Need.OTHER: _("other help"),
    }
)

SITE_TYPES = MappingProxyType(
    {
        SiteType.CONSTRUCTION_SITE: _("Construction site"),
        SiteType.PROJECT_UNIT: _("Project unit"),
        SiteType.ENTERPRISE: _("Enterprise"),
        SiteType.OFFICE: _("Office"),
        SiteType.WAREHOUSE: _("Warehouse"),
        SiteType.SCHOOL: _("School"),
        SiteType.TRAINING_BASE: _("Training base"),
        SiteType.SHOP: _("Shop"),
        SiteType.MALL: _("Mall"),
        SiteType.MARKET: _("Market"),
        SiteType.RURAL_FAIR: _("Rural fair"),
        SiteType.STALL_GROUP: _("Group of stalls"),
        SiteType.ENTERTAINMENT_VENUE: _("Entertainment venue"),
        SiteType.LODGING_VENUE: _("Lodging"),
        SiteType.ESPORTS_HOTEL: _("E-sports hotel"),
        SiteType.CATERING: _("Catering"),
        SiteType.VENUE: _("Other venue"),
        SiteType.SCENIC_SPOT: _("Scenic spot"),
        SiteType.PARK: _("Park"),
        SiteType.GARDEN: _("Garden"),
        SiteType.SQUARE: _("Square"),
        SiteType.WETLAND_PARK: _("Wetland park"),
        SiteType.MAIN_ROAD: _("Main road"),
        SiteType.SECONDARY_ROAD: _("Secondary road"),
        SiteType.VILLAGE_ROAD: _("Village road"),
        SiteType.BRIDGE: _("Bridge"),
        SiteType.CROSSROADS: _("Crossroads"),
        SiteType.CHECKPOINT: _("Checkpoint"),
        SiteType.HIGHWAY_GATE: _("Highway gate"),
        SiteType.TOLL_STATION: _("Toll station"),
        SiteType.RAILWAY_STATION: _("Railway station"),
        SiteType.HIGH_SPEED_STATION: _("High-speed station"),
        SiteType.BUS_STATION: _("Bus station"),
        SiteType.AIRPORT: _("Airport"),
        SiteType.VILLAGE_ENTRANCE: _("Village entrance"),
        SiteType.DISSUASION_STATION: _("Dissuasion station"),
        SiteType.COMPOUND_GATE: _("Compound gate"),
        SiteType.COMPOUND_GROUNDS: _("Compound grounds"),
        SiteType.ISOLATION_SITE: _("Isolation site"),
        SiteType.TEST_SITE: _("Test site"),
        SiteType.FEVER_CLINIC: _("Fever clinic"),
        SiteType.HOSPITAL: _("Hospital"),
        SiteType.TOWNSHIP_HOSPITAL: _("Township hospital"),
        SiteType.VILLAGE_CLINIC: _("Village clinic"),
        SiteType.PHARMACY: _("Pharmacy"),
        SiteType.PUBLIC_TOILET: _("Public toilet"),
        SiteType.BIN: _("Bin"),
        SiteType.COMPACTOR: _("Compactor"),
        SiteType.TRANSFER_STATION: _("Transfer station"),
        SiteType.RUBBISH_POINT: _("Rubbish point"),
        SiteType.SCRAP_YARD: _("Scrap yard"),
        SiteType.POULTRY_POINT: _("Poultry point"),
        SiteType.SLAUGHTER_POINT: _("Slaughter point"),
    }
)

IMPORT_KINDS = MappingProxyType(
    {
        ImportKind.AREAS: _("Areas"),
        ImportKind.DWELLINGS: _("Doors"),
        ImportKind.SITES: _("Sites"),
    }
)

IMPORT_STATES = MappingProxyType(
    {
        ImportState.CHECKED: _("checked only"),
        ImportState.DONE: _("done"),
        ImportState.UNDONE: _("undone"),
        ImportState.FAILED: _("failed"),
    }
)

SEVERITIES = MappingProxyType(
    {
        Severity.CRITICAL: _("critical"),
        Severity.SERIOUS: _("serious"),
        Severity.ORDINARY: _("ordinary"),
    }
)

STAGES = MappingProxyType(
    {
        Stage.FOUND: _("found"),
        Stage.TOLD: _("told"),
        Stage.PLANNED: _("planned"),
        Stage.FIXED: _("fixed, to be re-checked"),
        Stage.REOPENED: _("reopened"),
        Stage.CLOSED: _("closed"),
    }
)

METHODS = MappingProxyType(
    {
        Method.OPEN: _("open visit"),
        Method.SECRET: _("unannounced visit"),
        Method.DAY: _("by day"),
        Method.NIGHT: _("by night"),
        Method.PAPERS: _("papers read"),
        Method.INTERVIEW: _("people asked"),
    }
)

CAUTIONS = MappingProxyType(
    {
        Caution.MASS_SPRAYING: _("spraying outdoors"),
        Caution.RAIN: _("in the rain"),
        Caution.ABOVE_PREVENTIVE_DOSE: _("stronger than a preventive dose"),
    }
)

# Record kinds as a timeline names them.
KINDS: Words = MappingProxyType(
    {
        "screening.visit": _("Visit"),
        "disinfection.job": _("Disinfection"),
        "disinfection.signoff": _("Sign-off of a disinfection"),
        "supervision.inspection": _("Inspection"),
        "supervision.finding": _("Finding"),
        "supervision.told": _("Told"),
        "supervision.plan": _("Plan and owner"),
        "supervision.fixed": _("Fixed"),
        "supervision.recheck": _("Re-check"),
        "supervision.reason": _("Reason for staying open"),
        "closure.check": _("Check of a closure"),
        "unit.added": _("Added to the round"),
        "unit.removed": _("Removed from the round"),
        "unit.excused": _("Excused"),
        "record.accepted": _("Record accepted"),
        "record.rejected": _("Record rejected"),
        "round.opened": _("Round opened"),
        "round.closed": _("Round closed"),
    }
)


def of(words: Mapping[str, object], key: str) -> str:
    """Return the word for a key, or the key itself where no word was written yet."""
    return str(words.get(key, key))
