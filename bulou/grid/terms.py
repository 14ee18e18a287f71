"""The words of the territory: areas, dwellings, sites and what an import of them answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from bulou.kernel.problems import Entry

NATION: Final = "0"  # district label of an import that holds many districts
DISTRICT_DIGITS: Final = 6  # length of a district's division code (GB/T 2260)


class Level(StrEnum):
    """Rungs of the area tree, outermost first (区-街道-社区-小区-楼-单元)."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    COMPOUND = "compound"
    BUILDING = "building"
    UNIT = "unit"


LADDER: Final = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.COMPOUND, Level.BUILDING, Level.UNIT)
"""The levels below one district, in the order in which a path's labels name them."""


class AreaKind(StrEnum):
    """What an area is called and who runs it; the level says where it stands in the tree.

    Street office, town, township, zone, farm (街道, 镇, 乡, 开发区, 农林场); community (社区), village
    (行政村); statistical area without people (虚拟生活区); compound with a manager, without one, old and open
    (有物业小区, 无物业小区, 老旧小区); hamlet (自然村); building and staircase (楼, 单元).
    """

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    ZONE = "zone"
    FARM = "farm"
    COMMUNITY = "community"
    VILLAGE = "village"
    PSEUDO = "pseudo"
    COMPOUND_MANAGED = "compound_managed"
    COMPOUND_UNMANAGED = "compound_unmanaged"
    COMPOUND_OLD = "compound_old"
    NATURAL_VILLAGE = "natural_village"
    BUILDING = "building"
    UNIT = "unit"


class AreaFlag(StrEnum):
    """What a reader of the name must know."""

    UNNAMED = "unnamed"  # Known by its code only; the file did not carry the name
    PSEUDO = "pseudo"  # Hidden from lists by default
    RARE_CHARACTERS = "rare_characters"  # private-use characters, which other machines show differently


class DwellingKind(StrEnum):
    """What stands behind a door; a station or an office is a unit that is no household (项目单位)."""

    HOME = "home"
    VACANT_KNOWN = "vacant_known"
    SHOP = "shop"
    DORMITORY = "dormitory"
    NON_HOUSEHOLD = "non_household"


class Need(StrEnum):
    """Why a door needs more than a knock (行动不便、独居老人 …)."""

    ELDERLY_ALONE = "elderly_alone"
    OVER_75 = "over_75"
    BEDRIDDEN = "bedridden"
    DISABLED = "disabled"
    INFANT = "infant"
    PREGNANT = "pregnant"
    NEAR_TERM = "near_term"
    DIALYSIS = "dialysis"
    MEDICINE = "medicine"
    LANGUAGE = "language"
    OTHER = "other"


class SiteType(StrEnum):
    """Places that are no home: every type that the five reports name.

    `venue` is any other business that an order may close (非生活必需经营场所), `compound_grounds` the open
    space of a compound as an object of disinfection.
    """

    CONSTRUCTION_SITE = "construction_site"
    PROJECT_UNIT = "project_unit"
    ENTERPRISE = "enterprise"
    OFFICE = "office"
    WAREHOUSE = "warehouse"
    SCHOOL = "school"
    TRAINING_BASE = "training_base"
    SHOP = "shop"
    MALL = "mall"
    MARKET = "market"
    RURAL_FAIR = "rural_fair"
    STALL_GROUP = "stall_group"
    ENTERTAINMENT_VENUE = "entertainment_venue"
    LODGING_VENUE = "lodging_venue"
    ESPORTS_HOTEL = "esports_hotel"
    CATERING = "catering"
    VENUE = "venue"
    SCENIC_SPOT = "scenic_spot"
    PARK = "park"
    GARDEN = "garden"
    SQUARE = "square"
    WETLAND_PARK = "wetland_park"
    MAIN_ROAD = "main_road"
    SECONDARY_ROAD = "secondary_road"
    VILLAGE_ROAD = "village_road"
    BRIDGE = "bridge"
    CROSSROADS = "crossroads"
    CHECKPOINT = "checkpoint"
    HIGHWAY_GATE = "highway_gate"
    TOLL_STATION = "toll_station"
    RAILWAY_STATION = "railway_station"
    HIGH_SPEED_STATION = "high_speed_station"
    BUS_STATION = "bus_station"
    AIRPORT = "airport"
    VILLAGE_ENTRANCE = "village_entrance"
    DISSUASION_STATION = "dissuasion_station"
    COMPOUND_GATE = "compound_gate"
    COMPOUND_GROUNDS = "compound_grounds"
    ISOLATION_SITE = "isolation_site"
    TEST_SITE = "test_site"
    FEVER_CLINIC = "fever_clinic"
    HOSPITAL = "hospital"
    TOWNSHIP_HOSPITAL = "township_hospital"
    VILLAGE_CLINIC = "village_clinic"
    PHARMACY = "pharmacy"
    PUBLIC_TOILET = "public_toilet"
    BIN = "bin"
    COMPACTOR = "compactor"
    TRANSFER_STATION = "transfer_station"
    RUBBISH_POINT = "rubbish_point"
    SCRAP_YARD = "scrap_yard"
    POULTRY_POINT = "poultry_point"
    SLAUGHTER_POINT = "slaughter_point"


class Origin(StrEnum):
    """By which way a row came into the register."""

    IMPORT = "import"
    FIELD = "field"
    OFFICE = "office"


class PopulationKind(StrEnum):
    """Two denominators that differ by a third (户籍人口, 实际居住人数)."""

    REGISTERED = "registered"
    LIVING = "living"


class ImportKind(StrEnum):
    """What a file holds, one row each."""

    AREAS = "areas"
    DWELLINGS = "dwellings"
    SITES = "sites"


class ImportState(StrEnum):
    """Where an import stands."""

    DONE = "done"
    UNDONE = "undone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Area:
    """One area as it is, or was, on one day."""

    area_id: UUID
    district: str
    path: str
    parent_id: UUID | None
    level: Level
    kind: AreaKind
    name: str
    short_name: str
    flags: tuple[str, ...]
    valid_from: date
    valid_until: date | None  # first day on which it no longer holds


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One door."""

    dwelling_id: UUID
    district: str
    path: str
    area: str
    building: str
    floor: int | None
    door: str
    sort: str
    kind: DwellingKind
    needs_help: tuple[str, ...]
    origin: Origin
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Site:
    """One place that is no home."""

    site_id: UUID
    district: str
    path: str
    area: str
    type: SiteType
    name: str
    attributes: Mapping[str, object]
    origin: Origin
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class GridCounts:
    """What a part of the territory holds on one day; pseudo areas are not counted."""

    streets: int = 0
    communities: int = 0
    villages: int = 0
    compounds: int = 0
    buildings: int = 0
    units: int = 0
    dwellings: int = 0
    homes: int = 0
    sites: Mapping[SiteType, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of the search: an area, a door or a site."""

    what: str  # area, dwelling or site
    subject_id: UUID
    path: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row was set aside. `row` counts as a spreadsheet does, blank rows and titles included."""

    row: int
    column: str
    code: str
    params: Mapping[str, str | int]
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of every row of a file: rows = stored + unchanged + quarantined, always."""

    import_id: UUID
    kind: ImportKind
    rows: int  # rows that hold anything, without the header
    stored: int  # new rows, and rows that changed what was known (`changed` of them)
    unchanged: int
    quarantined: int
    changed: int
    sha256: str
    quarantine_file: str | None
    ignored_columns: tuple[str, ...]
    first_problems: tuple[RowProblem, ...]

    def __post_init__(self) -> None:
        """Refuse a receipt that does not balance."""
        if self.rows != self.stored + self.unchanged + self.quarantined:
            raise ValueError(f"{self.rows} != {self.stored} + {self.unchanged} + {self.quarantined}")


@dataclass(frozen=True, slots=True)
class Import:
    """One import as the list of imports shows it."""

    import_id: UUID
    district: str
    path: str
    kind: ImportKind
    file_name: str
    sha256: str
    rows: int
    stored: int
    unchanged: int
    quarantined: int
    state: ImportState
    made_by: UUID
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """A door or place first met in the field; its id was made by the finder's device."""

    id: UUID
    subject_type: str
    path: str
    name: str
    building: str
    kind: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a door or place stands, as a round needs to know it."""

    id: UUID
    path: str
    area: str
    building: str
    label: str
    sort: str


PROBLEMS: Final[Mapping[str, Entry]] = {
    # Of a whole request or file.
    "grid.no_such_area": Entry(404, "There is no such area: %(path)s."),
    "grid.no_such_dwelling": Entry(404, "There is no such door."),
    "grid.no_such_site": Entry(404, "There is no such site."),
    "grid.no_such_import": Entry(404, "There is no such import."),
    "grid.columns_missing": Entry(422, "The file has no column for: %(missing)s."),
    "grid.no_header": Entry(422, "The file has no header row."),
    "grid.one_district_only": Entry(422, "Doors and sites are imported into one district at a time."),
    "grid.reason_missing": Entry(422, "Give the reason."),
    "grid.path_not_allowed": Entry(422, "This is not an area path: %(path)s."),
    "grid.name_missing": Entry(422, "The name is missing."),
    "grid.level_not_below": Entry(422, "A %(level)s cannot stand below a %(above)s."),
    "grid.path_taken": Entry(409, "The path %(path)s is in use on that day."),
    "grid.name_taken": Entry(409, "%(name)s is already there."),
    "grid.door_taken": Entry(409, "The door %(door)s is already there."),
    "grid.later_change_exists": Entry(409, "A later change of %(path)s is already known."),
    "grid.not_yet_valid": Entry(409, "%(path)s does not exist yet on that day."),
    "grid.still_in_use": Entry(409, "%(path)s still holds areas, doors or sites (%(n)s)."),
    "grid.other_district": Entry(422, "A district never changes; hand the area over instead."),
    "grid.into_itself": Entry(422, "An area cannot move into itself."),
    "grid.doors_collide": Entry(409, "%(n)s doors would stand twice, such as %(door)s."),
    "grid.import_not_done": Entry(409, "This import cannot be undone: it is %(state)s."),
    "grid.import_is_held": Entry(409, "A round stands on %(n)s rows of this import."),
    "grid.import_has_later_changes": Entry(409, "%(n)s rows of this import were changed later."),
    "grid.import_has_followers": Entry(409, "%(n)s doors, sites or areas of others stand in it."),
    # Of one row of a file.
    "grid.too_many_cells": Entry(422, "The row has more cells than the header."),
    "grid.outside_area": Entry(422, "The row belongs to %(place)s, outside the chosen area."),
    "grid.row_without_name": Entry(422, "The row names no area."),
    "grid.unknown_area": Entry(422, "“%(name)s” is not known here. Similar: %(nearest)s."),
    "grid.unknown_path": Entry(422, "There is no area with the path or code %(path)s."),
    "grid.ambiguous_area": Entry(422, "“%(name)s” can be %(n)s areas here. Say which street or community."),
    "grid.place_too_wide": Entry(422, "A door needs at least its community or village."),
    "grid.code_malformed": Entry(422, "“%(text)s” is not a division code."),
    "grid.code_differs": Entry(422, "“%(name)s” has the code %(known)s here, not %(number)s."),
    "grid.code_has_other_name": Entry(422, "The code %(number)s belongs to “%(known)s” here."),
    "grid.level_unknown": Entry(422, "“%(text)s” is no level."),
    "grid.kind_unknown": Entry(422, "“%(text)s” is no known kind."),
    "grid.door_missing": Entry(422, "The door is missing."),
    "grid.door_malformed": Entry(422, "“%(text)s” is not a door."),
    "grid.floor_malformed": Entry(422, "“%(text)s” is not a floor."),
    "grid.need_unknown": Entry(422, "“%(text)s” is no known need."),
    "grid.number_malformed": Entry(422, "“%(text)s” is not a number."),
    "grid.day_malformed": Entry(422, "“%(text)s” is not a date."),
    "grid.name_too_long": Entry(422, "The name has more than %(limit)s characters."),
    "grid.twice_in_file": Entry(422, "Row %(first)s has the same door or site with other particulars."),
}
