"""Rows of a file of people: which column is what, and what the cells mean."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from bulou.grid.rules import cells as read
from bulou.grid.rules import words
from bulou.grid.rules.chains import RowError
from bulou.grid.rules.columns import Columns, folded
from bulou.grid.rules.places import PLACE_FIELDS
from bulou.grid.terms import Need
from bulou.kernel import clock
from bulou.people.rules import names
from bulou.people.terms import Identity, ImportKind, Trigger

IDENTITY: Final = frozenset({"name", "surname", "given", "number", "phone", "address"})
FACTS: Final = frozenset(
    {"from_place", "from_code", "left_on", "arrived_on", "contact", "transport", "trip", "trigger"}
)
MEETING: Final = frozenset({"source", "met_from", "met_until", "met_way", "told_class"})
VISIT: Final = frozenset({"venue", "came", "left"})
FIELDS: Final[Mapping[ImportKind, frozenset[str]]] = {
    ImportKind.RESIDENTS: IDENTITY | frozenset(PLACE_FIELDS) | {"door", "needs"},
    ImportKind.RETURNEES: IDENTITY | FACTS | frozenset(PLACE_FIELDS),
    ImportKind.CONTACTS: IDENTITY | MEETING | frozenset(PLACE_FIELDS),
    ImportKind.VISITS: IDENTITY | VISIT | frozenset(PLACE_FIELDS),
}
# What a head means in a list of visits that over other lists means something like it.
ALIKE: Final = {"met_from": "came", "met_until": "left", "arrived_on": "came", "left_on": "left"}
SEARCHED_ROWS: Final = 10
LONGEST_STAY: Final = timedelta(days=14)
_PHONES: Final = re.compile(r"[,;/\u3001\uff0c\uff1b|\n]+")
_CLOCK: Final = re.compile(r"(?:^|[ T])([01]?\d|2[0-3])[:\uff1a]([0-5]\d)")
_CJK: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is understood; the place is found by the caller."""

    identity: Identity
    facts: Mapping[str, object]
    key: tuple[str, ...]
    door: tuple[str, str] | None = None  # as it is written on sheets, and its sort key
    needs: tuple[Need, ...] = ()


def match(header: Sequence[str], kind: ImportKind, mapping: Mapping[str, str]) -> Columns:
    """Match a header: the caller's own choice first, then the words for people, then those for places."""
    chosen = {folded(word): field for word, field in mapping.items()}
    at: dict[str, int] = {}
    ignored: list[str] = []
    for index, label in enumerate(header):
        word = folded(label)
        field = chosen[word] if word in chosen else _known().get(word, "")
        field = ALIKE.get(field, field) if kind is ImportKind.VISITS else field
        if field in FIELDS[kind] and field not in at:
            at[field] = index
        elif label.strip():
            ignored.append(label.strip())
    return Columns(at, tuple(ignored), len(header), tuple(label.strip() for label in header))


def header_row(rows: Sequence[Sequence[str]], kind: ImportKind, mapping: Mapping[str, str]) -> int:
    """Return the index of the header among the first rows: the one with most known words, else the first."""
    known = [len(match(row, kind, mapping).at) for row in rows]
    best = max(known, default=0)
    return known.index(best) if best > 1 else 0


def missing(columns: Columns, kind: ImportKind) -> tuple[str, ...]:
    """Return the fields without which nobody can be held, or of a visit nothing can be said."""
    fields = columns.at.keys()
    lacking = [] if "name" in fields or {"surname", "given"} <= fields else ["name"]
    if kind is ImportKind.VISITS:
        lacking += sorted({"came", "left"} - fields)
    return tuple(lacking)


def row(cells: Sequence[str], columns: Columns, kind: ImportKind) -> Row:
    """Return what a row says.

    Raises:
        RowError: with the code of the problem and the field.
    """
    said = {field: cells[at].strip() for field, at in columns.at.items()}
    identity = _identity(said)
    facts = _facts(said) if kind is ImportKind.RETURNEES else {}
    key = ("number", identity.number) if identity.number else (names.folded(identity.name), *identity.phones)
    if kind is ImportKind.CONTACTS:  # somebody who met two people, or one twice, stands in two rows
        facts = _meeting(said)
        key = (*key, *(str(value) for value in facts.values()))
    if kind is ImportKind.VISITS:
        facts = visit(said)
        key = (*key, *(str(value) for value in facts.values()))
    door = read.door(said["door"]) if said.get("door") else None
    return Row(identity, facts, key, door, _needs(said.get("needs", "")))


def _needs(cell: str) -> tuple[Need, ...]:
    try:
        return read.needs(cell)
    except ValueError:
        raise RowError("people.word_unknown", "needs", text=cell[:40]) from None


def _identity(said: Mapping[str, str]) -> Identity:
    name = names.tidy(said.get("name", "")) or _joined(said.get("surname", ""), said.get("given", ""))
    if not name:
        raise RowError("people.name_missing", "name")
    if len(name) > names.NAME_LENGTH:
        raise RowError("people.name_too_long", "name", limit=names.NAME_LENGTH)
    number = names.number(said["number"]) if said.get("number") else ""
    if number is None:
        raise RowError("people.number_wrong", "number")
    phones = [names.phone(one) for one in _PHONES.split(said.get("phone", "")) if one.strip()]
    if None in phones:
        raise RowError("people.phone_wrong", "phone")
    address = names.tidy(said.get("address", ""))[: names.ADDRESS_LENGTH]
    return Identity(name, number, tuple(dict.fromkeys(one for one in phones if one)), address)


def _joined(surname: str, given: str) -> str:
    """A name of two columns: without a space in Chinese, given name first elsewhere."""
    both = names.tidy(f"{surname} {given}")
    return both.replace(" ", "") if _CJK.search(both) else names.tidy(f"{given} {surname}")


def _facts(said: Mapping[str, str]) -> dict[str, object]:
    left, arrived = (_day(said, field) for field in ("left_on", "arrived_on"))
    stay = {
        "place": names.tidy(said.get("from_place", ""))[:60],
        "code": re.sub(r"\D", "", said.get("from_code", ""))[:12],
        "left_on": left.isoformat() if left else None,
    }
    told = {
        "trigger": _meaning("trigger", said.get("trigger", "")) or Trigger.RETURNEE.value,
        "channel": "by_file",
        "stays": [{k: v for k, v in stay.items() if v}] if stay["place"] or stay["code"] else [],
        "arrived_on": arrived.isoformat() if arrived else None,
        "contact": _meaning("contact", said.get("contact", "")) or "unknown",
        "transport": names.tidy(said.get("transport", ""))[:60],
        "trip": names.tidy(said.get("trip", ""))[:60],
    }
    return {key: value for key, value in told.items() if value}


def _meeting(said: Mapping[str, str]) -> dict[str, object]:
    """Whom somebody met, from when until when: where only a day is told, the whole day."""
    began = _moment(said, "met_from") or _moment(said, "met_until")
    if began is None:
        raise RowError("people.day_malformed", "met_until", text="")
    ended = _moment(said, "met_until") or began
    if ended[1] <= began[0]:
        raise RowError("people.times_wrong", "met_until")
    told = {
        "source": names.tidy(said.get("source", ""))[: names.NAME_LENGTH],
        "began_at": began[0].isoformat(),
        "ended_at": ended[1].isoformat(),
        "way": _word("met_way", said) or "other_way",
        "told_class": _word("told_class", said),
    }
    return {key: value for key, value in told.items() if value}


def visit(said: Mapping[str, str]) -> dict[str, object]:
    """Where somebody was, from when until when, to the minute; of the end the time of day is enough.

    Raises:
        RowError: people.day_malformed, people.no_clock, people.stay_wrong.
    """
    began = _minute("came", said, said.get("came", ""))
    text = said.get("left", "")
    if not text:
        raise RowError("people.no_clock", "left")
    alone = _CLOCK.match(text)
    ended = _minute("left", said, f"{clock.local_date(began)} {text}" if alone else text)
    if alone and ended < began:  # past midnight
        ended += timedelta(days=1)
    if not began < ended <= began + LONGEST_STAY:
        raise RowError("people.stay_wrong", "left")
    return {
        "venue": names.tidy(said.get("venue", "")),
        "began_at": began.isoformat(),
        "ended_at": ended.isoformat(),
    }


def _minute(field: str, said: Mapping[str, str], text: str) -> datetime:
    found = _moment({**said, field: text}, field)
    if found is None:
        raise RowError("people.day_malformed", field, text="")
    if _CLOCK.search(text) is None:
        raise RowError("people.no_clock", field)
    return found[0]


def _word(field: str, said: Mapping[str, str]) -> str:
    text = said.get(field, "")
    if not text:
        return ""
    found = _values().get((field, text.casefold()), "")
    if not found:
        raise RowError("people.word_unknown", field, text=text[:40])
    return found


def _moment(said: Mapping[str, str], field: str) -> tuple[datetime, datetime] | None:
    """The beginning and the end of what is told: a minute, or a day."""
    day = _day(said, field)
    if day is None:
        return None
    clocked = _CLOCK.search(said[field])
    if clocked is None:
        return clock.day_bounds(day)
    at = clock.day_bounds(day)[0] + timedelta(hours=int(clocked[1]), minutes=int(clocked[2]))
    return at, at + timedelta(minutes=1)


def _day(said: Mapping[str, str], field: str) -> date | None:
    if not said.get(field):
        return None
    try:
        return read.day(re.split("[ T]", said[field])[0])
    except ValueError:
        raise RowError("people.day_malformed", field, text=said[field][:40]) from None


def _meaning(of: str, word: str) -> str:
    return _values().get((of, word.strip().casefold()), word if word in set(Trigger) else "")


def default_basis(kind: ImportKind) -> str:
    """Return the basis that an import names when the caller gives none."""
    return _values()["basis", kind.value]


@cache
def _known() -> Mapping[str, str]:
    places = {folded(w): f for w, f in words.meanings("header").items() if f in PLACE_FIELDS or f == "door"}
    return places | {folded(word): field for word, field in _table("headers")}


@cache
def _values() -> Mapping[tuple[str, str], str]:
    return {(of, word): means for of, word, means in _table("values")}


def _table(name: str) -> list[list[str]]:
    text = (files("bulou.people") / "library" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]
