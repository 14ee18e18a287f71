"""The end-of-round report of testing: people, tubes, times, the missed, the unknown, advice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median, quantiles

from bulou.access.rules import covers
from bulou.cases import queries as cases
from bulou.cases.terms import Case
from bulou.coverage.queries import accounts
from bulou.coverage.terms import Account, Operation
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import boards, plans, totals, unknown
from bulou.lines.testing.rules import chasing
from bulou.lines.testing.rules import unknown as estimates
from bulou.lines.testing.rules.chasing import Chase
from bulou.lines.testing.rules.unknown import Lists
from bulou.lines.testing.terms import POOL_SLUG, SLUG
from bulou.protocols import queries as protocols
from bulou.reports.terms import Estimated, Figure, Line, ListLink, RoundReport, Unit

COMPOUND_LABELS = 4
MOST_PARTS = 200
"""A table of more areas than that is read by nobody; then it stands one level higher."""


def end_of_round(scope: Scope, operation: Operation, path: str) -> RoundReport:
    """The report of a testing round in one area, by everything known now. No personal names.

    The account is that of the closing; while the round is open, of now. Cost: about 20 queries; it reads the
    round's tubes and samples, and for a closed round its records.

    Raises:
        ProblemError: reports.not_found (404) for what is no testing round, or outside of it or of the scope.
    """
    inside = scope.covers(path) and covers(operation.path, path)
    if operation.protocol.partition("@")[0] != SLUG or not inside:
        raise ProblemError("reports.not_found", status=404)
    now = clock.now()
    account = _account(scope, operation, path)
    chase = chasing.chase(
        opens_at=operation.opens_at, due_at=operation.due_at, now=now, missing=account.open, found=0
    )
    board = boards.board(scope, operation, path=path)
    parts = _parts(account)
    on = clock.local_date(operation.opens_at)
    names = grid.tree_names(scope, {path, *(part.path for part in parts)}, on)
    tubes = totals.tubes(operation, path)
    found = totals.found(operation, path, chase)
    stop = totals.stop(scope, operation)
    made = _Maker(operation, path)
    return RoundReport(
        district=operation.district, path=path, place=names.get(path, path), operation=operation.id,
        protocol=operation.protocol, titles=_titles(operation), state=operation.state.value,
        opens_at=operation.opens_at, due_at=operation.due_at, closed_at=operation.closed_at,
        close_reason=operation.close_reason, as_of=account.as_of, made_at=now,
        account=made.account(account), frame=made.frame(totals.frame(operation, path)),
        parts=tuple(
            Line(p.path, names.get(p.path, p.path), made.sums(p)) for p in sorted(parts, key=lambda p: p.path)
        ),
        hours=tuple(made.hour(hour, n) for hour, n in board.hours.items() if n),
        tubes=made.tubes(tubes), tubes_balance=tubes.balanced,
        lost=tuple(made.lost(one) for one in totals.lost(operation, path)),
        pools=made.pools(tubes, found),
        steps=(
            *(made.step(one) for one in totals.steps(operation, path)),
            *_pool_steps(made, scope, totals.pools(operation, path)),
        ),
        sites=tuple(made.site(one) for one in totals.sites(operation, path)),
        chase=made.chase(chase, found, account.open),
        chase_begins_at=chase.begins_at, half_by=chase.half_by, all_by=chase.all_by,
        unknown=_unknown(made, scope, operation),
        advice=stop.advice.value, clean_rounds=stop.clean, not_before=stop.not_before, crowded=stop.crowded,
    )  # fmt: skip


def _titles(operation: Operation) -> tuple[tuple[str, str], ...]:
    titles = protocols.compiled(operation.protocol).titles
    return tuple((language, operation.title or title) for language, title in sorted(titles.items()))


def _account(scope: Scope, operation: Operation, path: str) -> Account:
    depth = max(1, COMPOUND_LABELS - len(path.split(".")))
    if operation.closed_at is None:
        return accounts.account(scope, operation, path=path, depth=depth)
    return accounts.past_account(scope, operation, at=operation.closed_at, path=path, depth=depth)


def _parts(account: Account) -> tuple[Account, ...]:
    """The areas below, as deep as they fit on paper: compounds, else communities, else streets."""
    level = account.children
    while level:
        deeper = tuple(child for one in level for child in (one.children or (one,)))
        if deeper == level or len(deeper) > MOST_PARTS:
            return level
        level = deeper
    return ()


class _Maker:
    """Makes figures of one round and area, each with the list behind it."""

    def __init__(self, operation: Operation, path: str) -> None:
        self._operation = str(operation.id)
        self.path = path

    def link(self, query: str, *, path: str = "", **params: str) -> ListLink:
        """The list behind a figure."""
        where = (("operation", self._operation), ("path", path or self.path))
        return ListLink(query, (*where, *sorted(params.items())))

    def figure(
        self, key: str, value: int | None, query: str, unit: Unit = Unit.COUNT, **params: str
    ) -> Figure:  # fmt: skip
        """One number."""
        return Figure(f"testing.{key}", value, self.link(query, **params), unit)

    def sums(self, account: Account) -> tuple[Figure, ...]:
        """Expected = done + excused + moved + open, of one area."""
        at = account.path
        parts = (("done", account.done), ("excused", account.excused), ("moved", account.moved))
        return (
            Figure("round.expected", account.expected, self.link("coverage.units", path=at)),
            *(Figure(f"round.{s}", n, self.link("coverage.units", path=at, state=s)) for s, n in parts),
            Figure("round.open", account.open, self.link("coverage.missed", path=at)),
        )

    def account(self, account: Account) -> tuple[Figure, ...]:
        """The account of the whole, with what is open by reason."""
        by = account.open_by
        whys = (
            ("untried", by.untried), ("absent", by.absent), ("refused", by.refused),
            ("unreachable", by.unreachable), ("handed_over", by.handed_over),
        )  # fmt: skip
        return (
            *self.sums(account),
            *(Figure(f"round.open_{why}", n, self.link("coverage.missed", why=why)) for why, n in whys),
        )

    def frame(self, frame: totals.Frame) -> tuple[Figure, ...]:
        """Where those who were expected come from."""
        told = (
            ("opening", frame.opening), ("found", frame.found), ("office", frame.office),
            ("removed", frame.removed),
        )  # fmt: skip
        return tuple(
            self.figure(f"frame_{key}", n, "coverage.units", Unit.PEOPLE, origin=key) for key, n in told
        )

    def hour(self, hour: datetime, n: int) -> Line:
        """Who was sampled in one hour."""
        at = hour.astimezone(clock.DISTRICT_ZONE)
        figure = self.figure("sampled", n, "testing.board", Unit.PEOPLE, hour=f"{at:%Y-%m-%dT%H}")
        return Line(at.isoformat(), f"{at:%m-%d %H:%M}", (figure,))

    def tubes(self, one: totals.Tubes) -> tuple[Figure, ...]:
        """Every tube accounted for."""
        told = (
            ("filled", one.filled, ""), ("in_tubes", one.people, ""), ("sealed", one.sealed, ""),
            ("couriered", one.taken, ""), ("received", one.received, ""),
            ("resulted", one.resulted, "resulted"), ("lost", one.lost, "lost"),
            ("at_site", one.at_site, "filling,sealed"), ("with_courier", one.with_courier, "taken"),
            ("at_laboratory", one.at_laboratory, "received"), ("never_couriered", one.never_taken, ""),
            ("other_count", one.other_count, ""),
        )  # fmt: skip
        return tuple(
            self.figure(
                f"tubes_{key}", n, "testing.tubes", Unit.PEOPLE if key == "in_tubes" else Unit.COUNT,
                **({"stage": stage} if stage else {}),
            )
            for key, n, stage in told
        )  # fmt: skip

    def lost(self, one: totals.Lost) -> Line:
        """Tubes lost for one reason, and the people in them."""
        figures = (
            self.figure("tubes_lost", one.tubes, "testing.tubes", stage="lost"),
            self.figure("tubes_in_tubes", one.people, "testing.tubes", Unit.PEOPLE, stage="lost"),
        )
        return Line(one.reason or "-", one.reason or "–", figures)

    def pools(self, tubes: totals.Tubes, found: totals.Found) -> tuple[Figure, ...]:
        """Positive and grey pools, and what became of the people in them."""
        told = (
            ("pools", tubes.pools, Unit.COUNT), ("in_pools", found.in_pools, Unit.PEOPLE),
            ("in_pools_again", found.in_pools_again, Unit.PEOPLE),
            ("again", found.sampled_again, Unit.PEOPLE), ("positive", tubes.positive, Unit.COUNT),
        )  # fmt: skip
        return tuple(
            self.figure(
                f"pools_{key}" if key != "pools" else "pools", n, "testing.tubes", unit, positive="yes"
            )
            for key, n, unit in told
        )

    def step(self, one: totals.Took) -> Line:
        """How long one step took."""
        return Line(
            one.step, one.step,
            (
                self.figure("step_n", one.n, "testing.tubes"),
                self.figure("step_median", _minutes(one.median), "testing.tubes", Unit.MINUTES),
                self.figure("step_ninth", _minutes(one.ninth), "testing.tubes", Unit.MINUTES),
            ),
        )  # fmt: skip

    def site(self, one: totals.Waited) -> Line:
        """How long the tubes of one site waited for a courier."""
        ninth = None if one.ninth is None else _minutes(one.ninth)
        middle = None if one.median is None else _minutes(one.median)
        return Line(
            one.site or "-", one.site or "–",
            (
                self.figure("tubes_filled", one.tubes, "testing.tubes", site=one.site),
                self.figure("tubes_in_tubes", one.people, "testing.tubes", Unit.PEOPLE, site=one.site),
                self.figure("step_median", middle, "testing.tubes", Unit.MINUTES, site=one.site),
                self.figure("step_ninth", ninth, "testing.tubes", Unit.MINUTES, site=one.site),
                self.figure("tubes_at_site", one.not_taken, "testing.tubes", site=one.site,
                            stage="filling,sealed"),
            ),
        )  # fmt: skip

    def chase(self, chase: Chase, found: totals.Found, still: int) -> tuple[Figure, ...]:
        """Who was missing as the chase began, and by when they were found (P-62)."""
        at_begin = found.by_half + found.by_all + found.later + still
        told = (
            ("at_begin", at_begin), ("wanted", -(-at_begin // 2)), ("by_half", found.by_half),
            ("by_all", found.by_half + found.by_all), ("later", found.later),
        )  # fmt: skip
        return (
            *(self.figure(f"chase_{key}", n, "testing.board", Unit.PEOPLE) for key, n in told),
            self.figure("chase_open", still, "coverage.missed", Unit.PEOPLE),
        )

    def estimated(self, of: str, told: Lists) -> Estimated | None:
        """How many stand on neither list; nothing where a list is empty."""
        made = estimates.estimate(told)
        if made is None:
            return None
        figures = (
            ("first", made.first), ("second", made.second), ("both", made.both), ("seen", made.seen),
            ("total", round(made.total)), ("unseen", made.unseen), ("unseen_low", made.unseen_low),
            ("unseen_high", made.unseen_high),
        )  # fmt: skip
        return Estimated(
            of, tuple(doubt.value for doubt in made.doubts),
            tuple(
                self.figure(f"unknown_{key}", n, "testing.unknown", Unit.PEOPLE, of=of) for key, n in figures
            ),
        )  # fmt: skip


def _pool_steps(made: _Maker, scope: Scope, found: Sequence[totals.Pool]) -> list[Line]:
    """The clocks of positive pools: the steps of their cases, the second samples, their results."""
    times: dict[str, list[float]] = {}
    for pool in found:
        _took(times, "again", pool.resulted_at, pool.first_again_at)
        _took(times, "again_results", pool.resulted_at, pool.all_results_at)
    tubes = [pool.tube for pool in found]
    for case in cases.all_about(scope, tubes, slugs=(POOL_SLUG,)) if tubes else ():
        for step, at in _settled(case):
            _took(times, f"case_{step}", case.opened_at, at)
    return [made.step(totals.Took(f"pool_{step}", len(one), *_tenths(one))) for step, one in times.items()]


def _settled(case: Case) -> Iterable[tuple[str, datetime]]:
    return ((step.key, step.settled_at) for step in case.steps if step.settled_at is not None)


def _took(times: dict[str, list[float]], step: str, since: datetime, until: datetime | None) -> None:
    if until is not None and until >= since:
        times.setdefault(step, []).append((until - since).total_seconds())


def _tenths(told: Sequence[float]) -> tuple[float, float]:
    if len(told) == 1:
        return told[0], told[0]
    return median(told), quantiles(told, n=10, method="inclusive")[8]


def _unknown(made: _Maker, scope: Scope, operation: Operation) -> tuple[Estimated, ...]:
    """Against those who were known before, and against the round before."""
    path = made.path
    register = unknown.whole(unknown.between_register_and_round(operation, path), path)
    told: Mapping[str, Lists] = {"register": register}
    before = next(
        (
            one
            for one in plans.last_rounds(scope, path, most=20)
            if one.opens_at < operation.opens_at and one.id != operation.id
        ),
        None,
    )
    if before is not None:
        told = {**told, "round": unknown.whole(unknown.between_rounds(before, operation, path), path)}
    found = (made.estimated(of, lists) for of, lists in told.items())
    return tuple(one for one in found if one is not None)


def _minutes(seconds: float) -> int:
    return round(seconds / 60)
