"""The words of people: somebody who was found and stands in no register. No name, no number, no face."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from bulou.kernel.problems import Entry


class PlaceKind(StrEnum):
    """Where somebody without a door was found (滞留游客, 露营车 …)."""

    DWELLING = "dwelling"
    VEHICLE = "vehicle"
    PARK = "park"
    STATION = "station"
    WORKSITE = "worksite"
    LODGING = "lodging"
    STREET = "street"
    OTHER = "other"


ORIGIN_FIELD: Final = "field"
PROBLEMS: Final[Mapping[str, Entry]] = {
    "people.not_found": Entry(404, "There is no such person."),
}


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody whom a record found; the id was made by the finder's device."""

    person_id: UUID
    district: str
    path: str
    area: str
    place_kind: PlaceKind
    found_at: datetime
    origin: str = ORIGIN_FIELD
