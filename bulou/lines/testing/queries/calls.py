"""Reads of a testing day under way: where each batch of a site stands, what to do next, all from records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.testing.queries.plans import Kept, done
from bulou.lines.testing.rules import batches, calling
from bulou.lines.testing.rules.batches import Batch, Measured, Next, State
from bulou.lines.testing.rules.planning import SLOT_MINUTES, Site


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
