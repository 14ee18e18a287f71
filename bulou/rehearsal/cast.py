"""People of a rehearsal: names, numbers and telephones that belong to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
FIRST_YEAR, YEARS = 1955, 50


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person, with the id that the phone of the finder made."""

    id: UUID
    name: str
    number: str
    telephone: str
    path: str


def person(n: int, path: str, identity: UUID, words: Mapping[str, Any]) -> Person:
    """The n-th person of a rehearsal; the same n is the same person."""
    random = Random(f"person:{n}")
    name = (
        random.choice(words["surnames"]) + random.choice(words["given"]) + random.choice(words["given"])[:1]
    )
    return Person(identity, name, id_number(n), f"100{n:08d}", path)


def id_number(n: int) -> str:
    """The n-th ID number with a right check digit: its place code is of no place, so it is nobody's.

    Births are dealt out over the years of adults: who needs something for their age is said at their doors.
    """
    rest, year = divmod(n, YEARS)
    rest, month = divmod(rest, 12)
    serial, day = divmod(rest, 28)
    head = f"999999{FIRST_YEAR + year}{month + 1:02d}{day + 1:02d}{serial + 1:03d}"
    return head + _CHECKS[sum(int(d) * w for d, w in zip(head, _WEIGHTS, strict=True)) % 11]
