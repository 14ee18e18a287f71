"""Supervision in the daily report: what was visited, what was found, what is open and why."""

from collections.abc import Mapping, Sequence

from bulou.grid import queries as grid
from bulou.grid.terms import Level
from bulou.kernel import reach
from bulou.lines.supervision import queries as supervision_queries
from bulou.lines.supervision.rules.checks import overdue
from bulou.lines.supervision.terms import Finding
from bulou.reports import rules
from bulou.reports.queries.evening import Evening
from bulou.reports.terms import Figure, FindingLine


def supervision(evening: Evening) -> tuple[tuple[Figure, ...], tuple[FindingLine, ...]]:
    """Figures of the day's visits and findings, and a line per finding that was open, found or closed then.

    A finding of a secret visit is counted at once and gets its line when its unit has been told. 6 queries.
    """
    visits = supervision_queries.inspections(evening.scope, evening.on, path=evening.path)
    places = sorted({visit.path for visit in visits if visit.visit == "done"})
    findings = supervision_queries.on_day(evening.scope, evening.on, path=evening.path)
    shown = [one for one in findings if not one.covert or one.told_at]
    names = grid.tree_names(evening.scope, {one.path for one in shown}, evening.on)
    counted = (*_visited(evening, places, sum(visit.visit == "done" for visit in visits)),)
    return (*counted, *_found(evening, findings)), tuple(_line(evening, one, names) for one in shown)


def _visited(evening: Evening, places: Sequence[str], n_visits: int) -> tuple[Figure, ...]:
    above = sorted({path for place in places for path in reach.lineage(place)})
    areas = grid.areas(evening.district, above, evening.on)
    levels = [area.level for area in areas.values()]
    return (
        evening.figure("supervision.inspections", n_visits, "supervision.inspections"),
        *(
            evening.figure(
                key,
                sum(one is wanted for one in levels),
                "supervision.inspections",
                level=wanted.value,
            )
            for key, wanted in (
                ("supervision.communities_inspected", Level.COMMUNITY),
                ("supervision.compounds_inspected", Level.COMPOUND),
            )
        ),
    )


def _found(evening: Evening, findings: Sequence[Finding]) -> tuple[Figure, ...]:
    still_open = [one for one in findings if one.is_open]
    sums = (
        ("findings", sum(evening.start <= one.found_at for one in findings), "found"),
        ("findings_closed", len(findings) - len(still_open), "closed"),
        ("findings_open", len(still_open), "open"),
        ("findings_overdue", sum(overdue(one, evening.as_of) for one in still_open), "overdue"),
        (
            "findings_without_owner_or_reason",
            sum(one.owner is None or not one.reason_on(evening.on) for one in still_open),
            "without_owner_or_reason",
        ),
    )
    return tuple(
        evening.figure(f"supervision.{key}", n, "supervision.findings", state=state) for key, n, state in sums
    )


def _line(evening: Evening, one: Finding, names: Mapping[str, str]) -> FindingLine:
    below = [path for path in reach.lineage(one.path) if rules.lies_in(path, evening.path)]
    own = [path for path in below if path != evening.path] or below
    return FindingLine(
        finding=one.id, place=" ".join(names.get(path, path) for path in own), path=one.path,
        severity=one.severity.value, text=one.text, stage=one.stage.value, found_at=one.found_at,
        due_at=one.due_at, is_overdue=overdue(one, evening.as_of),
        owner_unit=one.owner_unit or one.told_unit, reason=one.reason_on(evening.on),
    )  # fmt: skip
