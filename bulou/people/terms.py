"""The words of people: who was found, what is held about them under seal, who looked, when it goes (人员)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
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


class Trigger(StrEnum):
    """Why somebody's identity is asked for at all (登记事由); without one nothing is held."""

    RETURNEE = "returnee"
    INCOMER = "incomer"
    CONTACT = "contact"
    CASE = "case"
    SYMPTOM = "symptom"
    OWN_REQUEST = "own_request"
    ORDER = "order"


class Purpose(StrEnum):
    """What identity is used for (用途); it decides which fields may be shown. There is no thirteenth."""

    FOLLOW_UP = "follow_up"
    TRACING = "tracing"
    HANDOVER = "handover"
    ISOLATION = "isolation"
    TEST_ROUND = "test_round"
    MEDICAL = "medical"
    SUPPLY = "supply"
    APPEAL = "appeal"
    CORRECTION = "correction"
    DUPLICATES = "duplicates"
    OWN_DATA = "own_data"
    REGISTER = "register_kept"


class Keep(StrEnum):
    """How long identity is kept (保存类别): the clock starts when it is held or the last duty ends."""

    RETURNEE_CARD = "returnee_card"
    CONTACT_CHAIN = "contact_chain"
    TUBE = "tube"
    CASE_FILE = "case_file"
    STAY = "stay"
    ACT = "act"
    ROSTER = "roster"


class Field(StrEnum):
    """A field of identity (身份信息项)."""

    NAME = "name"
    NUMBER = "number"
    PHONES = "phones"
    ADDRESS = "address"


class Look(StrEnum):
    """How identity was read (查阅方式)."""

    LISTED = "listed"
    SEARCHED = "searched"
    OPENED = "opened"
    REVEALED = "revealed"
    PRINTED = "printed"


class Fate(StrEnum):
    """What became of somebody who was to be held (登记结果)."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KNOWN = "known"


class Alike(StrEnum):
    """Why two entries may be one person (疑似重复原因)."""

    NUMBER = "same_number"
    PHONE = "same_phone"
    NAME = "same_name_and_place"


class Disputed(StrEnum):
    """Where a fact stands that the person disputes (异议状态)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ImportKind(StrEnum):
    """Files of people (人员导入)."""

    RESIDENTS = "residents"
    RETURNEES = "returnees"
    CONTACTS = "contacts"
    VISITS = "visits"


class Kind(StrEnum):
    """What the vault tells the ledger (身份库记录): ids, classes and reasons, never a name."""

    HELD = "identity.held"
    REVEALED = "identity.revealed"
    DISPUTED = "identity.disputed"
    SETTLED = "identity.settled"
    PURGED = "identity.purged"
    IMPORTED = "identity.imported"


# Days after the last duty or, without one, after the day of holding. See docs/explanation/identity.md.
KEEP_DAYS: Final[Mapping[Keep, int]] = MappingProxyType(
    {
        Keep.RETURNEE_CARD: 28,
        Keep.CONTACT_CHAIN: 28,
        Keep.TUBE: 14,
        Keep.CASE_FILE: 90,
        Keep.STAY: 90,
        Keep.ACT: 3 * 365,
        Keep.ROSTER: 14,
    }
)
_CALL = frozenset({Field.NAME, Field.PHONES})
_VISIT = _CALL | {Field.ADDRESS}
PURPOSE_FIELDS: Final[Mapping[Purpose, frozenset[Field]]] = MappingProxyType(
    {
        Purpose.FOLLOW_UP: _VISIT,
        Purpose.TRACING: _VISIT,
        Purpose.HANDOVER: frozenset(Field),
        Purpose.ISOLATION: frozenset(Field),
        Purpose.TEST_ROUND: frozenset({Field.NAME, Field.NUMBER}),
        Purpose.MEDICAL: frozenset(Field),
        Purpose.SUPPLY: _VISIT,
        Purpose.APPEAL: _CALL,
        Purpose.CORRECTION: frozenset(Field),
        Purpose.DUPLICATES: frozenset({Field.NAME, Field.NUMBER, Field.PHONES}),
        Purpose.OWN_DATA: frozenset(Field),
        Purpose.REGISTER: frozenset(Field),
    }
)
REVEALED_FOR: Final = timedelta(seconds=10)
MOST_AT_ONCE: Final = 20
MOST_AN_HOUR: Final = 60
ORIGIN_FIELD: Final = "field"
ORIGIN_OFFICE: Final = "office"


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


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, in plain words: lives in memory only, as short as can be."""

    name: str
    number: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why identity is held: nothing is stored without all of it."""

    trigger: Trigger
    purpose: Purpose
    basis: str
    reason: str
    keep: Keep


@dataclass(frozen=True, slots=True)
class Asked:
    """Why identity is read."""

    purpose: Purpose
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be held; with an id where a device made one. `facts` is part of what is compared."""

    path: str
    identity: Identity
    person_id: UUID | None = None
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody else who may be the same person."""

    person_id: UUID
    alike: Alike


@dataclass(frozen=True, slots=True)
class Held:
    """What became of one row."""

    person_id: UUID
    fate: Fate
    duplicates: tuple[Duplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Masked:
    """Identity as lists show it."""

    person_id: UUID
    path: str
    name: str
    number: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findable:
    """A person as a station without a network can find them: masked (可查找人员)."""

    person_id: UUID
    name: str
    initials: str
    tails: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """Identity in plain words until a moment; fields that the purpose does not need are empty."""

    person_id: UUID
    identity: Identity
    fields: tuple[Field, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class HeldAbout:
    """What is held about one person, why, and until when; no names."""

    identity_id: UUID
    person_id: UUID
    path: str
    keep: Keep
    trigger: Trigger
    purpose: Purpose
    basis: str
    reason: str
    fields: tuple[Field, ...]
    held_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One look at somebody's identity."""

    at: datetime
    account: UUID
    role: str
    unit: str
    look: Look
    purpose: Purpose
    reason: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A fact that the person disputes; both values are kept under seal."""

    dispute_id: UUID
    person_id: UUID
    field: Field
    state: Disputed
    reason: str
    made_at: datetime
    settled_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one."""

    one: UUID
    other: UUID
    alike: Alike


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was destroyed in one night: counts and a hash, nobody's name."""

    certificate_id: UUID
    made_at: datetime
    n: int
    by_keep: Mapping[str, int]
    ids_hash: str
    keys_destroyed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row of a file was set aside; its cells go to the caller's own file and nowhere else."""

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
    rows: int
    stored: int
    unchanged: int
    quarantined: int
    changed: int
    sha256: str
    quarantine_file: str | None
    ignored_columns: tuple[str, ...]
    duplicates: int
    basis: str
    keep_until: date

    def __post_init__(self) -> None:
        """Refuse a receipt that does not balance."""
        if self.rows != self.stored + self.unchanged + self.quarantined:
            raise ValueError(f"{self.rows} != {self.stored} + {self.unchanged} + {self.quarantined}")


PROBLEMS: Final[Mapping[str, Entry]] = {
    "people.not_found": Entry(404, "There is no such person."),
    "people.nothing_held": Entry(404, "No identity is held about this person."),
    "people.reason_missing": Entry(422, "Give the reason."),
    "people.basis_missing": Entry(422, "Name the law or the order on which this rests."),
    "people.name_missing": Entry(422, "The name is missing."),
    "people.name_too_long": Entry(422, "The name has more than %(limit)s characters."),
    "people.number_wrong": Entry(422, "This is not an ID number: its check digit or its date is wrong."),
    "people.phone_wrong": Entry(422, "This is not a telephone number."),
    "people.purpose_does_not_need": Entry(403, "This purpose does not need that field."),
    "people.too_many_at_once": Entry(422, "At most %(limit)s people can be shown at once."),
    "people.too_many_this_hour": Entry(429, "%(limit)s people an hour can be shown. Wait a while."),
    "people.other_content": Entry(409, "This person is already held with another class or in another place."),
    "people.no_such_dispute": Entry(404, "There is no such objection."),
    "people.dispute_settled": Entry(409, "This objection is settled already."),
    "people.not_the_same_person": Entry(403, "Somebody else than the one who entered it has to decide this."),
    "people.keys_missing": Entry(503, "The key of this entry is not there. Ask the administrator."),
    "people.columns_missing": Entry(422, "The file has no column for: %(missing)s."),
    "people.no_header": Entry(422, "The file has no header row."),
    "people.day_malformed": Entry(422, "“%(text)s” is not a date."),
    "people.in_future": Entry(422, "This lies in the future."),
    "people.times_wrong": Entry(422, "The meeting ends before it begins."),
    "people.stay_wrong": Entry(422, "A stay ends after it began, and within a fortnight."),
    "people.no_clock": Entry(422, "The time of day is missing."),
    "people.too_old": Entry(422, "Visits are kept for %(days)s days. This one ended earlier."),
    "people.word_unknown": Entry(422, "“%(text)s” is not known here."),
    "people.twice_in_file": Entry(422, "Row %(first)s has the same person with other particulars."),
    "people.too_many_cells": Entry(422, "The row has more cells than the header."),
}
