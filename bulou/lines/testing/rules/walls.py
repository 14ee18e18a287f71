"""The walls of a sampling station: what may not go into a tube. The phone has the same rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from bulou.ledger.terms import Entry
from bulou.lines.testing.rules import payloads
from bulou.lines.testing.terms import SAMPLES, Kind, Outcome, Pooling, Result


@dataclass(slots=True)
class Held:
    """One tube as a station may see it: who is in it, how it was begun, whether it is sealed."""

    rule: str = ""
    size: int = 0
    household: str = ""
    persons: list[UUID] = field(default_factory=list)
    over: set[UUID] = field(default_factory=set)
    """Those whom the station itself counted beyond the size: whatever comes first, they take no place."""
    sealed: bool = False

    def hold(self, person: UUID, position: int | None) -> None:
        """Put somebody in, once."""
        if person not in self.persons:
            self.persons.append(person)
        if self.size and (position or 0) > self.size:
            self.over.add(person)

    def is_full(self, position: int | None) -> bool:
        """Whether nobody more fits at this place of the tube, by the size it was begun with."""
        if not self.size:
            return False
        beyond = position is not None and position > self.size
        return beyond or len(self.persons) - len(self.over) >= self.size


@dataclass(slots=True)
class Book:
    """What is known of the tubes and people of a batch; it grows as its records are checked."""

    tubes: dict[UUID, Held] = field(default_factory=dict)
    lies_in: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    """The tube in which a person's last sample of a round lies."""
    households: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    taken_back: frozenset[UUID] = frozenset()


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it came."""

    @property
    def book(self) -> Any:
        """What `queries.books` gathered for the batch."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make a sample doubtful; empty when it may stand. Never raises.

    Source: P-57 (pool sizes by zone, one person or one household where it is sealed), P-58 (5, 10, 20).
    """
    if entry.outcome not in SAMPLES or entry.subject is None or entry.operation is None:
        return ()
    code = payloads.barcode(context.payload.get("tube"))
    if not code:
        return ("testing.no_tube",)
    book = context.book if isinstance(context.book, Book) else Book()
    key = (entry.operation, entry.subject)
    tube = payloads.tube_id(entry.operation, code)
    held = book.tubes.setdefault(tube, Held())
    if entry.corrects:  # it stands where the corrected one stood
        held.persons = [one for one in held.persons if one != entry.subject]
        held.over.discard(entry.subject)
        book.lies_in.pop(key, None)
    found = [*_of_person(entry, context.payload, book, tube, held), *_of_tube(entry, context, book, held)]
    if entry.id in book.taken_back:
        return tuple(dict.fromkeys(found))
    if not held.persons:
        held.rule, held.size = payloads.pooling(context.payload), payloads.size(context.payload)
        held.household = book.households.get(key, "")
    held.hold(entry.subject, payloads.number(context.payload, "position"))
    if not found:
        book.lies_in[key] = tube
    return tuple(dict.fromkeys(found))


def _of_person(entry: Entry, payload: Mapping[str, Any], book: Book, tube: UUID, held: Held) -> Sequence[str]:
    assert entry.operation is not None and entry.subject is not None  # noqa: S101, PT018 - the caller has looked
    last = book.lies_in.get((entry.operation, entry.subject))
    if entry.subject in held.persons:
        return ("testing.twice_in_tube",)
    if entry.outcome == Outcome.RESAMPLED:
        again = payloads.barcode(payload.get("of_tube"))
        wrong = last is not None and last != payloads.tube_id(entry.operation, again)
        return ("testing.not_sampled_before",) if wrong else ()
    return ("testing.in_other_tube",) if last is not None and last != tube else ()


def _of_tube(entry: Entry, context: Known, book: Book, held: Held) -> Sequence[str]:
    found = ["testing.tube_sealed"] if held.sealed else []
    if entry.subject in held.persons:
        return found
    rule, mine = held.rule, payloads.pooling(context.payload)
    position = payloads.number(context.payload, "position")
    if not held.persons:
        return [*found, *_of_first(context.payload, position, mine)]
    if mine and rule and mine != rule:
        found.append("testing.mixed_pooling")
    if Pooling.SINGLE in (rule, mine):
        return [*found, "testing.single_only"]
    if rule == Pooling.HOUSEHOLD:
        assert entry.operation is not None and entry.subject is not None  # noqa: S101, PT018 - as above
        home = book.households.get((entry.operation, entry.subject), "")
        if home and held.household and home != held.household:
            return [*found, "testing.one_household"]
    elif held.is_full(position):
        found.append("testing.tube_full")
    return found


def _of_first(payload: Mapping[str, Any], position: int | None, pooling: str) -> Sequence[str]:
    """Of the first of a tube that arrives: it may be the one that was put in last, and too many."""
    pooled = pooling not in (Pooling.SINGLE, Pooling.HOUSEHOLD)
    return ("testing.tube_full",) if pooled and (position or 0) > payloads.size(payload) else ()


def check_tube(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes for what is said about tubes: sealed, taken, received, resulted. Never raises."""
    payload = context.payload
    operation = payloads.round_of(payload)
    if operation is None:
        return ("testing.no_round",)
    if entry.kind in (Kind.TAKEN, Kind.RECEIVED):
        told = payloads.number(payload, "n")
        codes = payloads.barcodes(payload)
        if not codes:
            return ("testing.no_tube",)
        return ("testing.other_count",) if told is not None and told != len(codes) else ()
    code = payloads.barcode(payload.get("tube"))
    if not code:
        return ("testing.no_tube",)
    book = context.book if isinstance(context.book, Book) else Book()
    held = book.tubes.get(payloads.tube_id(operation, code))
    if entry.kind == Kind.RESULT:
        if entry.outcome == Result.LOST and not payloads.word(payload, "reason"):
            return ("testing.reason_missing",)
        return () if held else ("testing.unknown_tube",)
    told = payloads.number(payload, "n")
    n = len(held.persons) if held else 0
    if held is not None:
        held.sealed = True
    return ("testing.other_count",) if told is not None and held is not None and told != n else ()
