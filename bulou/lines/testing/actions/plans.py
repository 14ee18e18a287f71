"""What people do to plans: keep a version, publish one. A published version never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Max

from bulou.access.actions.gate import require
from bulou.access.rules import covers, district_of
from bulou.access.terms import Actor, Verb
from bulou.coverage.terms import Operation
from bulou.grid import queries as grid
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger.actions import audit
from bulou.lines.testing import models
from bulou.lines.testing.queries import plans
from bulou.lines.testing.queries.plans import Kept, Source
from bulou.lines.testing.rules import heads, planning, queueing
from bulou.lines.testing.rules.calling import Kind
from bulou.lines.testing.rules.heads import Counted
from bulou.lines.testing.rules.planning import Plan, Wishes, Zone


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody turned on the page: area, count, wishes, zones."""

    path: str
    source: Source
    wishes: Wishes
    operation: UUID | None = None
    zones: Mapping[str, Zone] = field(default_factory=dict)
    rest: Zone = Zone.OTHER
    title: str = ""
    series: UUID | None = None


def worked_out(draft: Draft, *, at: datetime) -> tuple[Plan, tuple[Counted, ...]]:
    """Return the plan of a draft, and the count it rests on; nothing is written. 4 queries."""
    counted = plans.counted(draft.path, clock.local_date(at), draft.source, draft.operation)
    areas = {c.area for c in counted}
    districts = Scope((district_of(draft.path),), (draft.path,))
    names = grid.tree_names(districts, areas, clock.local_date(at)) if areas else {}
    made = heads.places(counted, names, draft.zones, draft.rest)
    return planning.plan(made, draft.wishes, ordered_at=at), counted


def keep(actor: Actor, draft: Draft) -> UUID:
    """Guarantees the plan is kept as a new version, in the ledger, with the count it rests on.

    Raises:
        ProblemError: access.*, testing.nobody_to_plan_for (409), testing.no_such_plan (404).
    """
    require(actor, Verb.TASK_ASSIGN, draft.path)
    now = clock.now()
    made, counted = worked_out(draft, at=now)
    if not made.n_persons:
        raise ProblemError("testing.nobody_to_plan_for", status=409)
    played = queueing.play(made.sites, draft.wishes)
    district = district_of(draft.path)
    series = draft.series or ids.uuid7()
    row = models.Plan.objects.create(
        id=ids.uuid7(), district=district, path=draft.path, series=series,
        version=_next(district, draft.path, series) if draft.series else 1, title=draft.title.strip(),
        source=draft.source.value, operation=draft.operation, wishes=msgspec.to_builtins(draft.wishes),
        zones={"": draft.rest.value, **{path: zone.value for path, zone in draft.zones.items()}},
        plan={**msgspec.to_builtins(made), "played": msgspec.to_builtins(played)},
        buildings=msgspec.to_builtins(counted),
        made_by=actor.account_id, made_at=now, published_by=None, published_at=None,
    )  # fmt: skip
    told = {
        "version": row.version,
        "persons": made.n_persons,
        "sites": len(made.sites),
        "series": str(series),
    }
    audit(
        actor, kind=Kind.KEPT, path=row.path, subject_type="testing_plan", subject=row.id, payload=told
    )  # fmt: skip
    return row.id


def publish(actor: Actor, kept: Kept) -> None:
    """Guarantees this version of the plan holds and stays as it is.

    Raises:
        ProblemError: access.*, testing.plan_published (409).
    """
    require(actor, Verb.ROUND_OPEN, kept.path)
    rows = models.Plan.objects.filter(district=kept.district, id=kept.id, published_at=None)
    if not rows.update(published_at=clock.now(), published_by=actor.account_id):
        raise ProblemError("testing.plan_published", status=409)
    told = {"version": kept.version, "series": str(kept.series)}
    audit(
        actor, kind=Kind.PUBLISHED, path=kept.path, subject_type="testing_plan", subject=kept.id, payload=told
    )  # fmt: skip


def choose(actor: Actor, kept: Kept, operation: Operation) -> None:
    """Guarantees this round is sampled by this plan: by its newest published version, now and later.

    Raises:
        ProblemError: access.*, testing.plan_not_for_this (409): a draft, of another area, or a closed round.
    """
    require(actor, Verb.ROUND_OPEN, operation.path)
    if kept.published_at is None or operation.closed_at or not covers(kept.path, operation.path):
        raise ProblemError("testing.plan_not_for_this", status=409)
    models.PlanOfRound.objects.update_or_create(
        district=operation.district, operation=operation.id,
        defaults={
            "path": operation.path, "series": kept.series, "chosen_by": actor.account_id,
            "chosen_at": clock.now(),
        },
    )  # fmt: skip
    told = {"series": str(kept.series), "version": kept.version}
    audit(
        actor, kind=Kind.CHOSEN, path=operation.path, subject_type="round", subject=operation.id, payload=told
    )  # fmt: skip


def _next(district: str, path: str, series: UUID) -> int:
    """The number of the next version; a plan stays with its area."""
    rows = models.Plan.objects.filter(district=district, series=series, path=path)
    last = rows.aggregate(last=Max("version"))["last"]
    if last is None:
        raise ProblemError("testing.no_such_plan", status=404)
    return int(last) + 1
