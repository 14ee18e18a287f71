"""Reads of single watches: where they stand, one watch with everything, the watches of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max

from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Compiled, Predicate
from bulou.watches import models
from bulou.watches.rules import folding, release
from bulou.watches.terms import POSITIVE, SlotState, Timeline

_MOMENT = timedelta(microseconds=1)  # what ends at midnight was the day before


def watch(scope: Scope, watch_id: UUID) -> Timeline:
    """One watch with slots, ends and steps. 2 queries.

    Raises:
        ProblemError: watches.not_found (404), the same for absent and not yours.
    """
    rows = models.Watch.objects.filter(id=watch_id, district__in=scope.districts)
    row = rows.only("district", "path").first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("watches.not_found", status=404)
    told = ledger.records_alone(row.district, [watch_id])
    made = folding.fold(told, protocols.known(sorted({e.protocol for e in told if e.protocol})))
    if made is None:
        raise ProblemError("watches.not_found", status=404)
    return made


def unmet(made: Timeline, *, at: datetime, author: UUID, cases: int) -> tuple[Predicate, ...]:
    """What stands against releasing it now, by whoever asks; no query once the protocol is known."""
    compiled = compiled_of(made)
    return release.unmet(made.watch, made.slots, compiled, at=at, author=author, cases=cases)


def compiled_of(made: Timeline) -> Compiled:
    """The protocol version of a watch."""
    return protocols.compiled(made.watch.protocol)


def paths(district: str, subjects: Sequence[UUID]) -> dict[UUID, str]:
    """Where these watches stand; unknown ones are left out. 1 query."""
    found = models.Watch.objects.filter(district=district, id__in=subjects).values_list("id", "path")
    return dict(found)


def watched(district: str, persons: Sequence[UUID]) -> set[UUID]:
    """Who of these is or was watched. 1 query."""
    rows = models.Watch.objects.filter(district=district, person__in=persons)
    return set(rows.values_list("person", flat=True))


def persons_of(district: str, subjects: Sequence[UUID]) -> set[UUID]:
    """Who is followed by these watches. 1 query."""
    rows = models.Watch.objects.filter(district=district, id__in=subjects)
    return set(rows.values_list("person", flat=True))


def last_days(district: str, persons: Sequence[UUID] | None = None) -> dict[UUID, date]:
    """The last day on which each of these people is or was followed; without names everybody. 1 query."""
    rows = models.Watch.objects.filter(district=district)
    if persons is not None:
        rows = rows.filter(person__in=persons)
    until = rows.values_list("person").annotate(last=Max("until"))
    return {person: clock.local_date(last - _MOMENT) for person, last in until}


@dataclass(frozen=True, slots=True)
class Given:
    """An open watch, and to whom it is given by name."""

    watch: UUID
    person: UUID
    path: str
    protocol: str
    worker: UUID | None


def open_under(district: str, slug: str) -> tuple[Given, ...]:
    """The open watches of a protocol, whichever version. 1 query."""
    rows = models.Watch.objects.filter(district=district, is_open=True, protocol__startswith=f"{slug}@")
    found = rows.order_by("id").values_list("id", "person", "path", "protocol", "worker")
    return tuple(Given(*row) for row in found)


def of_person(district: str, person: UUID) -> tuple[UUID, ...]:
    """All watches of a person, newest first. 1 query."""
    rows = models.Watch.objects.filter(district=district, person=person).order_by("-started_at", "id")
    return tuple(rows.values_list("id", flat=True))


def is_open(district: str, watch: UUID) -> bool | None:
    """Whether a watch is still open; None where there is none. 1 query."""
    rows = models.Watch.objects.filter(district=district, id=watch).values_list("is_open", flat=True)
    return next(iter(rows), None)


def positives(
    district: str, subjects: Sequence[UUID], *, until: datetime
) -> dict[UUID, tuple[datetime, ...]]:
    """When a test of these watches was positive, oldest first; watches without any are left out. 1 query."""
    rows = models.Slot.objects.filter(
        district=district, watch__in=subjects, outcome=POSITIVE, state=SlotState.SEEN_ILL, at__lte=until
    )
    found: dict[UUID, tuple[datetime, ...]] = {}
    for watch, at in rows.order_by("at").values_list("watch", "at"):
        found[watch] = (*found.get(watch, ()), at)
    return found


def ends(district: str, subjects: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the days of these watches are over; unknown ones are left out. 1 query."""
    found = models.Watch.objects.filter(district=district, id__in=subjects).values_list("id", "ends_at")
    return dict(found)
