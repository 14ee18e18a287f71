"""What a batch must know before its samples are checked: who lies in which tube, which tubes are sealed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from bulou.coverage.queries import units
from bulou.kernel import ids, sqlfiles
from bulou.lines.testing.models import Tube
from bulou.lines.testing.rules import payloads
from bulou.lines.testing.rules.walls import Book, Held
from bulou.lines.testing.terms import Kind, Pooling

ROOM = "bulou.lines.testing"


class About(Protocol):
    """What intake tells of a record before it is checked."""

    @property
    def kind(self) -> str:
        """The kind of the record."""

    @property
    def operation(self) -> UUID | None:
        """The round, where the record names one."""

    @property
    def subject(self) -> UUID | None:
        """The person, tube or bag."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it came."""

    @property
    def takes_back(self) -> UUID | None:
        """The record that this one withdraws or corrects."""


def book(district: str, about: Sequence[About]) -> Book:
    """What is known of the tubes and people of a batch. 3 queries, 2 more for households."""
    tubes: set[UUID] = set()
    people: set[tuple[UUID, UUID]] = set()
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    for one in about:
        operation = one.operation or payloads.round_of(one.payload)
        code = payloads.barcode(one.payload.get("tube"))
        if operation and code:
            tubes.add(payloads.tube_id(operation, code))
        if one.kind == Kind.SAMPLE and one.operation and one.subject:
            people.add((one.operation, one.subject))
            if payloads.pooling(one.payload) == Pooling.HOUSEHOLD:
                homes[one.operation].add(one.subject)
    made = Book(taken_back=frozenset(one.takes_back for one in about if one.takes_back))
    _members(district, made, sorted(tubes), sorted(people))
    for operation, subjects in homes.items():
        for person, home in households(district, operation, sorted(subjects)).items():
            made.households[operation, person] = home
    return made


def households(district: str, operation: UUID, subjects: Sequence[UUID]) -> dict[UUID, str]:
    """The door of each of these people of a round, as one word; left out where none is known. 2 queries."""
    labels = units.labels_of(district, operation, subjects)
    places = units.standings(district, [(operation, one) for one in subjects if labels.get(one)])
    return {person: f"{standing.path} {labels[person]}" for (_, person), standing in places.items()}


def _members(district: str, made: Book, tubes: Sequence[UUID], people: Sequence[tuple[UUID, UUID]]) -> None:
    if not tubes and not people:
        return
    values = {
        "district": district, "tubes": ids.array(tubes), "operations": ids.array([o for o, _ in people]),
        "persons": ids.array([p for _, p in people]),
    }  # fmt: skip
    wanted = set(tubes)
    for record, operation, person, tube, rule, size, position, household, last, _at in sqlfiles.prepared(
        sqlfiles.load(ROOM, "members"), values
    ):
        if record in made.taken_back:
            continue
        if last:
            made.lies_in[operation, person] = tube
        if tube in wanted:
            held = made.tubes.setdefault(tube, Held(rule, size, household))
            held.hold(person, position)
    rows = Tube.objects.filter(district=district, id__in=tubes)
    for tube, sealed_at in rows.values_list("id", "sealed_at"):
        made.tubes.setdefault(tube, Held()).sealed = sealed_at is not None
