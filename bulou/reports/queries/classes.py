"""Figures by class of object: what was disinfected and signed off, what is closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from bulou.coverage.queries import accounts, folding, rounds
from bulou.coverage.terms import Operation, State
from bulou.grid import queries as grid
from bulou.kernel import sqlfiles
from bulou.lines.disinfection import queries as disinfection_queries
from bulou.lines.disinfection import rules as disinfection_rules
from bulou.lines.disinfection.terms import Job, Totals
from bulou.reports import rules
from bulou.reports.queries.evening import Evening
from bulou.reports.terms import Figure, Line, ListLink, Unit

ROOM = "bulou.reports"
DISINFECTION = "disinfection-round"
CLOSURE_CHECK = "closure-check-round"


def disinfection(
    evening: Evening, operations: Sequence[Operation]
) -> tuple[tuple[Figure, ...], tuple[Line, ...]]:
    """Figures of the day's disinfection rounds, and a line per class of objects. 3 queries a round."""
    expected: Counter[str] = Counter()
    still_open: Counter[str] = Counter()
    jobs: list[Job] = []
    for operation in operations:
        if _slug(operation) == DISINFECTION:
            at = evening.as_of
            for kind in accounts.by_type(evening.scope, operation, at=at, path=evening.path):
                expected[kind.type] += kind.expected
                still_open[kind.type] += kind.open
            jobs += disinfection_queries.jobs_at(
                evening.scope, evening.district, operation.id, at=evening.end, path=evening.path
            )
    known = {s: t.value for s, t in grid.site_types(evening.district, [job.subject for job in jobs]).items()}
    by_class = {part.object_class: part for part in disinfection_rules.totals(jobs, known)}
    whole = disinfection_rules.total(list(by_class.values()))
    lines = tuple(
        Line(kind, kind, _work(evening, by_class.get(kind, Totals(kind)), expected[kind], still_open[kind]))
        for kind in sorted({*expected, *by_class})
    )
    return _work(evening, whole, expected.total(), still_open.total()), lines


def _work(evening: Evening, sums: Totals, expected: int, still_open: int) -> tuple[Figure, ...]:
    where: tuple[tuple[str, str], ...] = (("path", evening.path), ("on", evening.on.isoformat()))
    if sums.object_class:
        where = (*where, ("class", sums.object_class))

    def figure(key: str, value: int, query: str, *more: tuple[str, str], unit: Unit = Unit.COUNT) -> Figure:
        return Figure(f"disinfection.{key}", value, ListLink(query, (*where, *more)), unit)

    jobs = "disinfection.jobs"
    return (
        figure("expected", expected, "coverage.units"),
        figure("done", sums.jobs, jobs),
        figure("open", still_open, "coverage.missed"),
        figure("signed_off_by_other", sums.signed_off_by_other, jobs, ("verdict", "passed")),
        figure("waiting", sums.waiting, jobs, ("waiting", "yes")),
        figure("failed", sums.failed, jobs, ("verdict", "failed")),
        figure("with_cautions", sums.with_cautions, jobs, ("cautioned", "yes")),
        figure("area_m2", round(sums.area_m2), jobs, unit=Unit.SQUARE_METRES),
        figure("litres", round(sums.litres), jobs, unit=Unit.LITRES),
    )


def closures(evening: Evening) -> tuple[tuple[Figure, ...], tuple[Line, ...]]:
    """What is closed that evening by the words of the orders, and a line for each: ordered, closed, open.

    Counts every closure round that had begun by then, ended ones too: a closed market stays closed when its
    round is over. A place in several rounds counts once, as its newest round has it. 1 query, 2 more a round.
    """
    latest: dict[UUID, tuple[str, State]] = {}
    for operation in reversed(_closure_rounds(evening)):
        latest |= {
            subject: unit
            for subject, unit in _units(evening, operation).items()
            if unit[1] is not State.REMOVED
        }
    ordered: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for kind, state in latest.values():
        group = rules.closure_group(kind)
        ordered[group] += 1
        done[group] += state is State.DONE
    groups = [group for group in rules.CLOSURES if ordered[group]]
    figures = tuple(_closure(evening, group, done[group]) for group in groups)
    lines = tuple(
        Line(
            group,
            group,
            (
                _closure(evening, "ordered", ordered[group], group),
                _closure(evening, "closed", done[group], group),
                _closure(evening, "not_confirmed", ordered[group] - done[group], group),
            ),
        )
        for group in groups
    )
    return figures, lines


def _closure(evening: Evening, key: str, value: int, group: str = "") -> Figure:
    where = (("path", evening.path), ("on", evening.on.isoformat()), ("group", group or key))
    return Figure(f"closures.{key}", value, ListLink("coverage.units", (*where, ("protocol", CLOSURE_CHECK))))


def _closure_rounds(evening: Evening) -> list[Operation]:
    found: list[Operation] = []
    cursor: str | None = None
    while True:
        page, cursor = rounds.operations(evening.scope, protocol=CLOSURE_CHECK, cursor=cursor, limit=200)
        found += [operation for operation in page if operation.opens_at < evening.end]
        if cursor is None:
            return found


def _units(evening: Evening, operation: Operation) -> Mapping[UUID, tuple[str, State]]:
    """The class and state of each unit of a round at the end of the day. Grain: one per unit. 1 query."""
    at = evening.as_of
    parameters = folding.fold_parameters(
        operation.district, operation.id, folding.outcome_map(operation.protocol), effective_until=at
    )
    statement = sqlfiles.load(ROOM, "unit_classes")
    for mark in ("fold", "joined"):
        statement = statement.replace(f"/*{mark}*/", sqlfiles.load(folding.ROOM, mark))
    with folding.whole_round() as cursor:
        cursor.execute(statement, {**parameters, "at": at, "path": evening.path})
        return {subject: (kind, State(state)) for subject, kind, state in cursor.fetchall()}


def _slug(operation: Operation) -> str:
    return operation.protocol.partition("@")[0]
