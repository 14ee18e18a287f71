"""Reads of the line's own rows for its fold: whom it moves, and what is known around them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.lines.tracing import models
from bulou.lines.tracing.rules import regimes
from bulou.lines.tracing.terms import Case, CaseClass, Exposure, Facts, Placed, Regime, Way


def regime(district: str) -> Regime:
    """The rule in force. 1 query."""
    row = models.Rule.objects.filter(district=district).first()
    changes = {"lookback_days": row.lookback_days, "close_minutes": row.close_minutes} if row else {}
    return (regimes.named(row.key, changes) if row else None) or regimes.default()


def rule_set(district: str) -> tuple[datetime, UUID, str] | None:
    """When, by whom and why the rule was set; None where the packaged one holds. 1 query."""
    row = models.Rule.objects.filter(district=district).first()
    return (row.set_at, row.set_by, row.reason) if row else None


def everybody(district: str) -> list[UUID]:
    """All cases and contacts of a district, sorted. 1 query."""
    rows = models.Person.objects.filter(district=district).order_by("id")
    return list(rows.values_list("id", flat=True))


def reached(district: str, persons: Iterable[UUID]) -> set[UUID]:
    """Whom these people met as sources, and whom those met: whose class may hang on them. 2 queries."""
    rows = models.Exposure.objects.filter(district=district)
    first = set(rows.filter(source__in=list(persons)).values_list("contact", flat=True))
    return first | set(rows.filter(source__in=list(first)).values_list("contact", flat=True))


def around(district: str, persons: Sequence[UUID]) -> dict[UUID, Facts]:
    """The facts of these people, of those they met, and of those whom these met. 4 queries."""
    met = _met(district, persons)
    sources = _sources(met)
    met |= _met(district, sources - met.keys())
    wanted = set(persons) | sources | _sources(met)
    found: dict[UUID, Facts] = {}
    for row in models.Person.objects.filter(district=district, id__in=sorted(wanted)):
        found[row.id] = Facts(row.path, case_of(row), tuple(met.get(row.id, ())), placed_of(row))
    return found


def _met(district: str, persons: Iterable[UUID]) -> dict[UUID, list[Exposure]]:
    wanted = sorted(persons)
    found: dict[UUID, list[Exposure]] = defaultdict(list)
    rows = (
        models.Exposure.objects.filter(district=district, contact__in=wanted).order_by("id") if wanted else ()
    )
    for row in rows:
        found[row.contact].append(exposure_of(row))
    return {one: found.get(one, []) for one in wanted}


def _sources(met: dict[UUID, list[Exposure]]) -> set[UUID]:
    return {one.source for exposures in met.values() for one in exposures if one.source is not None}


def exposure_of(row: models.Exposure) -> Exposure:
    """A row as a value."""
    return Exposure(
        row.id, row.contact, row.source, row.place, row.began_at, row.ended_at, Way(row.way), row.protected,
        row.told_class, row.path, row.record,
    )  # fmt: skip


def case_of(row: models.Person) -> Case | None:
    """What was told about a case; None for who was never one."""
    if not row.case_class or row.reported_on is None:
        return None
    return Case(
        CaseClass(row.case_class), row.onset_on, row.sampled_on, row.reported_on, row.isolated_at, row.number
    )


def placed_of(row: models.Person) -> Placed | None:
    """Who looks after a contact; None where nobody has said so."""
    told: Any = row.placed
    return msgspec.convert(told, Placed) if told else None
