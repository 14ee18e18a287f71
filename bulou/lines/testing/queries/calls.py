"""Reads of a testing day under way: where each batch of a site stands, what to do next, all from records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Func, IntegerField

from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.testing import models
from bulou.lines.testing.queries.plans import Kept, done
from bulou.lines.testing.rules import batches, calling
from bulou.lines.testing.rules.batches import Batch, Measured, Next, State
from bulou.lines.testing.rules.planning import SLOT_MINUTES, Site

MOST_SITES: Final = 200
BEFORE: Final = timedelta(days=2)
"""A plan belongs to a round that opens within so many days of its publishing."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The queue of one site of a plan as somebody last counted it."""

    plan: UUID
    site: int
    path: str
    waiting: int
    samplers: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """One site: its batches, its queue, the advice, and the new times of what is still to come."""

    site: Site
    subject: UUID
    states: tuple[State, ...]
    queue: Measured
    next: Next
    still_to_come: tuple[Batch, ...]


def boards(kept: Kept, sites: Sequence[Site], *, operation: UUID | None, now: datetime) -> tuple[Board, ...]:
    """Where these sites of a plan stand now. 2 queries in the open scope.

    `operation` is the round whose samples count as done; without one nobody is done.
    """
    subjects = {batches.site_id(kept.id, s.number): s for s in sites}
    about: dict[UUID, list[Entry]] = {}
    for entry in ledger.records_alone(kept.district, sorted(subjects)):
        if entry.subject:
            about.setdefault(entry.subject, []).append(entry)
    sampled = done(kept.district, kept.path, operation) if operation else {}
    buildings = calling.by_site(kept.plan.sites, kept.buildings)
    return tuple(
        _board(kept, site, batches_of(kept, site, buildings), about.get(subject, []), sampled, now)
        for subject, site in subjects.items()
    )


def queues(scope: Scope, path: str, since: datetime) -> tuple[Counted, ...]:
    """The queues of the newest published plan of an area as they were last counted, the longest first.

    2 queries; a plan of more than 200 sites is read site by site on its own page only.
    """
    rows = models.Plan.objects.filter(
        district=path.partition(".")[0], published_at__gte=since - BEFORE
    ).order_by("-published_at")
    sites = Func(F("plan__sites"), function="jsonb_array_length", output_field=IntegerField())
    found = next(
        (row for row in rows.values_list("id", "district", "path", sites) if _one_in_other(row[2], path)),
        None,
    )
    if found is None or found[3] > MOST_SITES:
        return ()
    plan, district, _, n = found
    numbers = {batches.site_id(plan, one): one for one in range(1, n + 1)}
    about: dict[UUID, list[Entry]] = {}
    for entry in ledger.records_alone(district, sorted(numbers)):
        if entry.subject and scope.covers(entry.path) and _one_in_other(entry.path, path):
            about.setdefault(entry.subject, []).append(entry)
    made = []
    for subject, entries in about.items():
        counts = [told for told in calling.told(entries) if told.waiting is not None]
        if counts:
            last = max(counts, key=lambda told: (told.at, told.record))
            made.append(
                Counted(plan, numbers[subject], entries[0].path, last.waiting or 0, last.samplers, last.at)
            )
    return tuple(sorted(made, key=lambda one: (-one.waiting, one.site)))


def _one_in_other(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def subject_of(kept: Kept, site: Site) -> UUID:
    """What records about a site of a plan are about."""
    return batches.site_id(kept.id, site.number)


def batches_of(
    kept: Kept, site: Site, buildings: Mapping[int, tuple[batches.Building, ...]] | None = None
) -> tuple[Batch, ...]:
    """The batches of one site as the plan calls them; nothing is read."""
    found = buildings or calling.by_site(kept.plan.sites, kept.buildings)
    per_hour = site.per_slot * 60 / SLOT_MINUTES
    return batches.batches(
        found.get(site.number, ()), per_slot=site.per_slot, per_hour=per_hour, starts_at=kept.wishes.starts_at
    )


def _board(
    kept: Kept,
    site: Site,
    made: tuple[Batch, ...],
    about: Sequence[Entry],
    sampled: Mapping[tuple[str, str], int],
    now: datetime,
) -> Board:
    told = calling.told(about)
    states = batches.fold(made, told, calling.done_by_batch(made, sampled))
    queue = batches.measured(told, states, samplers=site.samplers, per_hour=float(kept.wishes.swabs_per_hour))
    following = batches.following(
        states, queue, limit_minutes=kept.wishes.waiting_limit_minutes, now=max(now, kept.wishes.starts_at)
    )
    first = following.at or now
    return Board(
        site, batches.site_id(kept.id, site.number), states, queue, following,
        batches.replanned(states, queue, first),
    )  # fmt: skip
