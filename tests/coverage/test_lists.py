"""Lists behind the figures: every open door is on the missed list once, on exactly one page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.coverage.queries import accounts, rounds, units
from bulou.coverage.queries.units import MissedFilter
from bulou.coverage.terms import Account, Operation, State
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope
from bulou.kernel.scope import apply, whole
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
C1, C2, C3 = (f"{make.COMMUNITY}.c{n}" for n in (1, 2, 3))


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    apply(ALL)


def mixed() -> tuple[Operation, list[UUID]]:
    """Three compounds of ten doors in every state; two of the excuses end within the hour."""
    doors = make.street(compounds=3, doors=10).all_doors
    operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    outcomes = [
        "done",
        "absent_notice_left",
        "refused",
        "unreachable",
        "moved_pending",
        "done_with_alert",
        None,
    ]
    payloads: dict[str, dict[str, Any]] = {
        "unreachable": {"met": "nobody", "reason": "locked"},
        "moved_pending": {"met": "nobody", "moved_to": "next street"},
        "refused": {"met": "adult"},
        "done_with_alert": make.DONE,
    }
    records = [
        make.visit(operation, door, outcome, payload=payloads.get(outcome))
        for n, door in enumerate(doors)
        if (outcome := outcomes[n % len(outcomes)])
    ]
    assert set(make.standings(make.send(wang, *records))) == {"kept"}
    officer = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)
    until = (clock.now() + timedelta(hours=1)).isoformat()
    excuses = [
        OfficeRecord(
            kind="unit.excused", path=make.COMMUNITY, operation=operation.id, subject_type="dwelling",
            subject=door, payload={"reason": "away", "until": until},
        )
        for door in (doors[6], doors[1])
    ]  # fmt: skip
    removed = OfficeRecord(
        kind="unit.removed", path=make.COMMUNITY, operation=operation.id, subject_type="dwelling",
        subject=doors[13], payload={"reason": "pulled down"},
    )  # fmt: skip
    submit_office(officer, [*excuses, removed])
    return operation, doors


def paged(operation: Operation, size: int, scope: Scope = ALL, only: MissedFilter = units.ALL) -> list[UUID]:
    seen: list[UUID] = []
    cursor: str | None = None
    while True:
        page = units.missed(scope, operation, only=only, limit=size, cursor=cursor)
        assert len(page.items) <= size
        seen += [m.subject for m in page.items]
        if page.next is None:
            assert page.total == len(seen)
            return seen
        assert len(page.items) == size
        cursor = page.next


@pytest.mark.parametrize("size", [1, 3, 7, 100])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=2)])
def test_pages_of_the_missed_list_leave_nothing_out_and_repeat_nothing(size: int, later: timedelta) -> None:
    operation, _ = mixed()
    with clock.frozen(clock.now() + later):
        seen = paged(operation, size)
        assert len(seen) == len(set(seen)) == accounts.account(ALL, operation).open
        whole_list = list(units.all_missed(ALL, operation))
        assert seen == [m.subject for m in whole_list]
        walking = [(m.path, m.sort, m.subject) for m in whole_list]
        assert walking == sorted(walking)


def test_the_list_may_change_between_two_pages_without_a_repeat() -> None:
    operation, _ = mixed()
    first = units.missed(ALL, operation, limit=5)
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    make.send(wang, *[make.visit(operation, m.subject) for m in first.items])
    second = units.missed(ALL, operation, limit=500, cursor=first.next)
    assert not {m.subject for m in first.items} & {m.subject for m in second.items}
    assert second.total == len(second.items)


@pytest.mark.parametrize("why", ["untried", "absent", "refused", "unreachable", "handed_over"])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=2)])
def test_each_reason_on_the_board_has_its_list(why: str, later: timedelta) -> None:
    operation, _ = mixed()
    with clock.frozen(clock.now() + later):
        only = MissedFilter(why=units.whys([why]))
        seen = paged(operation, 2, only=only)
        assert len(seen) == getattr(accounts.account(ALL, operation).open_by, why)


def test_filters_cut_the_list_and_its_total() -> None:
    operation, doors = mixed()
    some = (doors[2], doors[9], doors[0])
    assert set(paged(operation, 1, only=MissedFilter(subjects=some))) == {doors[2], doors[9]}
    assert paged(operation, 5, only=MissedFilter(building="no such building")) == []
    assert paged(operation, 5, only=MissedFilter(alert=True)) == []
    with pytest.raises(ProblemError, match=r"coverage\.bad_filter"):
        units.whys(["absent", "lazy"])
    with pytest.raises(ProblemError, match=r"paging\.bad_cursor"):
        units.missed(ALL, operation, cursor="nonsense")


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=2)])
def test_the_rows_behind_a_figure_are_as_many_as_the_figure_says(later: timedelta) -> None:
    operation, _ = mixed()
    with clock.frozen(clock.now() + later):
        board = accounts.account(ALL, operation)
        every = [s for s in State if s is not State.REMOVED]
        figures = {
            (State.DONE,): board.done,
            (State.EXCUSED,): board.excused,
            (State.MOVED,): board.moved,
            (State.ABSENT, State.REFUSED): board.open_by.absent + board.open_by.refused,
            tuple(every): board.expected,
        }
        for states, figure in figures.items():
            pages, cursor = [], None
            while True:
                page = units.listed(ALL, operation, states=states, limit=4, cursor=cursor)
                assert page.total == figure
                pages += [u.subject for u in page.items]
                cursor = page.next
                if cursor is None:
                    break
            assert len(pages) == len(set(pages)) == figure, states
        assert units.listed(ALL, operation, states=every, alert=True).total == board.alerts > 0


def test_a_scope_sees_its_own_part_of_the_round_and_the_parts_add_up() -> None:
    operation, _ = mixed()
    parts = [Scope((make.DISTRICT,), (c,)) for c in (C1, C2, C3)]
    for one in parts:
        apply(one)
        board = accounts.account(one, operation)
        assert board.expected == accounts.account(one, operation, path=one.paths[0]).expected
        assert len(paged(operation, 3, one)) == board.open
        assert {m.path for m in units.all_missed(one, operation)} == set(one.paths)
        assert [t.area for t in accounts.tiles(one, operation)] == list(one.paths)
    apply(ALL)
    boards = [accounts.account(one, operation) for one in parts]
    assert sum(b.expected for b in boards) == accounts.account(ALL, operation).expected
    stranger = Scope((make.DISTRICT,), (f"{make.DISTRICT}.002",))
    with pytest.raises(ProblemError, match=r"coverage\.not_found"):
        rounds.operation(Scope(("110101",), ("110101",)), operation.id)
    assert units.missed(stranger, operation).total == 0


def test_areas_named_twice_or_in_each_other_count_once() -> None:
    operation, _ = mixed()
    nested = Scope((make.DISTRICT,), (make.COMMUNITY, C1, f"{make.DISTRICT}.001"))
    assert accounts.account(nested, operation).expected == accounts.account(ALL, operation).expected
    assert units.missed(nested, operation).total == accounts.account(ALL, operation).open
    assert len(paged(operation, 4, nested)) == accounts.account(ALL, operation).open


def test_names_that_begin_alike_do_not_hide_each_other() -> None:
    """A hyphen sorts before the dot: `c1-b` stands between `c1` and `c1.b2`."""
    operation, _ = mixed()
    both = Scope((make.DISTRICT,), (C1, f"{C1}-b"))
    assert len(paged(operation, 3, both)) == accounts.account(ALL, operation, path=C1).open > 0


def test_tiles_are_the_compounds_of_the_board() -> None:
    operation, _ = mixed()
    board: Account = accounts.account(ALL, operation, depth=4)
    compounds = board.children[0].children[0].children
    tiles = accounts.tiles(ALL, operation)
    assert [(t.area, t.expected, t.open, t.alerts) for t in tiles] == [
        (c.path, c.expected, c.open, c.alerts) for c in compounds
    ]
    before = accounts.versions(ALL, operation)
    assert before == accounts.versions(ALL, operation)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert accounts.versions(ALL, operation) != before


def test_rounds_are_listed_newest_first_page_by_page() -> None:
    make.street(compounds=2, doors=1)
    now = clock.now()
    made = [make.screening(opens_at=now - timedelta(days=n)) for n in range(5)]
    made.append(make.screening(path=C2, opens_at=now - timedelta(days=9)))
    seen, cursor = [], None
    while True:
        page, cursor = rounds.operations(ALL, cursor=cursor, limit=2)
        seen += [o.id for o in page]
        if cursor is None:
            break
    assert seen == [o.id for o in made]
    assert [o.id for o in rounds.operations(ALL, path=C2)[0]] == [made[-1].id]
    assert len(rounds.operations(ALL, state="open", protocol="household-screening-round")[0]) == 6
    assert rounds.operations(ALL, state="closed")[0] == []
    mine = Scope((make.DISTRICT,), (C1,))
    assert made[-1].id not in {o.id for o in rounds.operations(mine)[0]}
    assert len(rounds.operations(mine)[0]) == 5
    assert [o.id for o in rounds.open_on(ALL, now - timedelta(days=8), now - timedelta(days=3, hours=1))] == [
        made[-1].id,
        made[4].id,
    ]
