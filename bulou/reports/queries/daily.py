"""The daily report of an area: every figure from records and registers as they stood that evening."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Account, Operation
from bulou.grid import queries as grid
from bulou.grid.terms import Level, PopulationKind
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.protocols import queries as protocols
from bulou.reports import rules
from bulou.reports.queries import classes, followed, inspected
from bulou.reports.queries.evening import Evening
from bulou.reports.terms import DailyReport, Figure, Line, ListLink, RoundLine, Unit

INSTANT = timedelta(microseconds=1)


def daily(scope: Scope, path: str, on: date) -> DailyReport:
    """The report of an area and a day, by everything known now. No personal names.

    Cost: about 20 queries, 1 more per round of the day; a past day reads the records of its rounds.

    Raises:
        ProblemError: grid.no_such_area (404) outside the scope, reports.in_future (409).
    """
    if not scope.covers(path):
        raise grid.no_such_area(path)
    now = clock.now()
    if not rules.has_begun(on, now):
        raise ProblemError("reports.in_future", status=409)
    start, end = clock.day_bounds(on)
    district = path.partition(".")[0]
    evening = Evening(Scope((district,), (path,)), district, path, on, start, end, min(end, now))
    operations = rounds.open_on(evening.scope, start, end)
    named = grid.area_at(district, path, on)
    disinfection, by_object = classes.disinfection(evening, operations)
    closures, by_site = classes.closures(evening)
    supervision, findings = inspected.supervision(evening)
    return DailyReport(
        district=district, path=path, place=named.name if named else path, on=on, as_of=evening.as_of,
        made_at=now, area=_area(evening), rounds=_rounds(evening, operations), disinfection=disinfection,
        disinfection_classes=by_object, closures=closures, closure_classes=by_site, supervision=supervision,
        findings=findings, quality=_quality(evening, now), people=followed.people(evening),
    )  # fmt: skip


def _area(evening: Evening) -> tuple[Figure, ...]:
    counts = grid.counts(evening.scope, evening.path, evening.on)
    people = {p.kind: p.n for p in grid.populations(evening.scope, evening.path, evening.on)}
    levels = (
        ("grid.streets", counts.streets, Level.STREET.value, ""),
        ("grid.communities", counts.communities, Level.COMMUNITY.value, "community"),
        ("grid.villages", counts.villages, Level.COMMUNITY.value, "village"),
        ("grid.compounds", counts.compounds, Level.COMPOUND.value, ""),
        ("grid.buildings", counts.buildings, Level.BUILDING.value, ""),
    )
    found = [
        evening.figure(key, n, "grid.areas", level=level, **({"kind": kind} if kind else {}))
        for key, n, level, kind in levels
    ]
    found.append(evening.figure("grid.dwellings", counts.dwellings, "grid.dwellings"))
    for kind in (PopulationKind.REGISTERED, PopulationKind.LIVING):
        link = evening.figure("", None, "grid.populations", kind=kind.value).link
        found.append(Figure(f"population.{kind.value}", people.get(kind), link, Unit.PEOPLE))
    return tuple(found)


def account_of(evening: Evening, operation: Operation, *, depth: int) -> Account:
    """The account of a round at the end of the day; on the day itself, as it stands now."""
    if not evening.is_past:
        return accounts.account(evening.scope, operation, path=evening.path, depth=depth)
    at = evening.end - INSTANT
    return accounts.past_account(evening.scope, operation, at=at, path=evening.path, depth=depth)


def _rounds(evening: Evening, operations: Sequence[Operation]) -> tuple[RoundLine, ...]:
    made = [(operation, account_of(evening, operation, depth=1)) for operation in operations]
    seen = [(operation, account) for operation, account in made if account.expected]
    paths = {child.path for _, account in seen for child in account.children}
    names = grid.tree_names(evening.scope, paths, evening.on)
    return tuple(_round(evening, operation, account, names) for operation, account in seen)


def _round(evening: Evening, operation: Operation, account: Account, names: Mapping[str, str]) -> RoundLine:
    closed = operation.closed_at is not None and operation.closed_at < evening.end
    return RoundLine(
        operation=operation.id, protocol=operation.protocol,
        titles=tuple(sorted(protocols.compiled(operation.protocol).titles.items())),
        state=operation.state.value if closed else "open", opens_at=operation.opens_at,
        due_at=operation.due_at,
        close_reason=operation.close_reason if closed else "", figures=_account(evening, operation, account),
        parts=tuple(
            Line(child.path, names.get(child.path, child.path), _sums(operation, child))
            for child in account.children
        ),
    )  # fmt: skip


def _account(evening: Evening, operation: Operation, account: Account) -> tuple[Figure, ...]:
    def missed(why: str, n: int) -> Figure:
        link = ListLink("coverage.missed", (*_of(operation, account.path), ("why", why)))
        return Figure(f"round.open_{why}", n, link)

    by = account.open_by
    reasons = (
        ("untried", by.untried), ("absent", by.absent), ("refused", by.refused),
        ("unreachable", by.unreachable), ("handed_over", by.handed_over),
    )  # fmt: skip
    alerts = ListLink("coverage.units", (*_of(operation, account.path), ("alert", "yes")))
    return (
        *_sums(operation, account),
        *(missed(why, n) for why, n in reasons),
        Figure("round.alerts", account.alerts, alerts),
    )


def _sums(operation: Operation, account: Account) -> tuple[Figure, ...]:
    where = _of(operation, account.path)
    parts = (("done", account.done), ("excused", account.excused), ("moved", account.moved))
    return (
        Figure("round.expected", account.expected, ListLink("coverage.units", where)),
        *(Figure(f"round.{s}", n, ListLink("coverage.units", (*where, ("state", s)))) for s, n in parts),
        Figure("round.open", account.open, ListLink("coverage.missed", where)),
    )


def _of(operation: Operation, path: str) -> tuple[tuple[str, str], ...]:
    return (("operation", str(operation.id)), ("path", path))


def _quality(evening: Evening, now: datetime) -> tuple[Figure, ...]:
    found = ledger.quality(evening.scope, evening.path, before=now)
    return (
        evening.figure("quality.doubtful", found.doubtful, "intake.doubtful"),
        evening.figure("quality.conflicts", found.conflicts, "intake.conflicts"),
        evening.figure("quality.missing", found.missing, "intake.gaps"),
    )
