"""What the product tells of testing rounds that are over: tubes, pools and their cases, the stop rule."""

from collections.abc import Callable, Mapping, Sequence

from bulou.cases import queries as cases
from bulou.coverage.queries import rounds
from bulou.coverage.terms import Operation
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.queries import totals
from bulou.rehearsal.stage import Stage

FOLLOW_UPS = ("pool-follow-up", "fever-referral")
MOST = 500
Played = Mapping[str, Operation]


def reported(stage: Stage, figure: str, names: Sequence[str]) -> object:
    """One figure over the rounds that were played; the office reads it, as its pages do."""
    scope = whole(stage.district.code)
    with transaction(scope):
        played = {name: rounds.operation(scope, stage.rounds[name]) for name in names}
        return FIGURES[figure](stage, played)


def _closed(_stage: Stage, played: Played) -> object:
    return sum(one.closed_at is not None for one in played.values())


def _unaccounted(stage: Stage, played: Played) -> object:
    """Tubes that the stations filled and that are not on every one of the lists after it, exactly once."""
    off = 0
    for name, one in played.items():
        told = totals.tubes(one, one.path)
        filled = stage.noted.get(f"{name}.tubes", 0)
        for n in (told.filled, told.sealed, told.taken, told.received, told.resulted + told.lost):
            off += abs(filled - n)
    return off


def _pools(_stage: Stage, played: Played) -> object:
    return sum(totals.tubes(one, one.path).pools for one in played.values())


def _without_result(_stage: Stage, played: Played) -> object:
    found = [pool for one in played.values() for pool in totals.pools(one, one.path)]
    return sum(pool.all_results_at is None for pool in found)


def _cases(stage: Stage, _played: Played) -> object:
    return len(cases.queue(whole(stage.district.code), FOLLOW_UPS, limit=MOST).items)


def _clean(stage: Stage, played: Played) -> object:
    """How many clean rounds in a row the advice about the last one counts."""
    last = max(played.values(), key=lambda one: one.opens_at)
    return totals.stop(whole(stage.district.code), last).clean


FIGURES: Mapping[str, Callable[[Stage, Played], object]] = {
    "testing_rounds_closed": _closed,
    "tubes_unaccounted": _unaccounted,
    "pools_found": _pools,
    "pools_without_second_results": _without_result,
    "pool_cases_open": _cases,
    "clean_rounds_in_a_row": _clean,
}
