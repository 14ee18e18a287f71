"""What the board showed at a past moment, and what was true then by everything that is known now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.coverage.queries import accounts
from bulou.coverage.terms import Account
from bulou.intake import queries as intake
from bulou.intake.actions.office import review, submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import apply, whole
from tests.make import objects
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    apply(ALL)


def figures(a: Account) -> tuple[int, int, int, int, int, int]:
    assert a.expected == a.done + a.excused + a.moved + a.open
    return a.expected, a.done, a.excused, a.moved, a.open, a.alerts


def test_the_board_of_every_past_moment_can_be_shown_again() -> None:
    began = clock.now()
    with clock.frozen(began):
        doors = make.street(compounds=2, doors=4).all_doors
        operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    li = make.someone(Role.WORKER, f"{make.COMMUNITY}.c2", device=True)
    officer = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)
    done = make.visit(operation, doors[0], at=began)
    door = ids.uuid7()
    new = {"id": str(door), "area": f"{make.COMMUNITY}.c1", "label": "99"}
    found = make.visit(operation, door, at=began) | {"subject": {"type": "dwelling", "new": new}}
    foreign = make.visit(operation, doors[1], at=began)  # in c1, by somebody of c2: doubtful
    sent: list[Callable[[], object]] = [
        lambda: make.send(wang, done, make.visit(operation, doors[2], "absent_notice_left", at=began)),
        lambda: make.send(li, foreign),
        lambda: make.send(wang, found),
        lambda: make.send(wang, make.visit(operation, doors[2], "done_with_alert", payload=make.DONE)),
        lambda: make.send(wang, make.visit(operation, doors[0], "", payload={}) | {"withdraws": done["id"]}),
        lambda: review(officer, record_id=UUID(foreign["id"]), path=make.COMMUNITY, accept=True, reason="s"),
        lambda: submit_office(
            officer,
            [
                OfficeRecord(
                    kind="unit.excused", path=make.COMMUNITY, operation=operation.id, subject_type="dwelling",
                    subject=doors[3],
                    payload={"reason": "away", "until": (began + 7.5 * HOUR).isoformat()},
                )
            ],
        ),
        lambda: None,
    ]  # fmt: skip
    shown: list[tuple[datetime, Account]] = []
    for n, act in enumerate(sent, start=1):
        with clock.frozen(began + n * HOUR):
            act()
            shown.append((clock.now(), accounts.account(ALL, operation, depth=4)))
    with clock.frozen(began + 30 * HOUR):
        for at, board in shown:
            again = intake.account(ALL, operation.id, depth=4, as_of=at)
            assert again == board, at
        before = intake.account(ALL, operation.id, as_of=began + HOUR / 2)
        assert figures(before) == (8, 0, 0, 0, 8, 0)
    assert [figures(board)[:5] for _, board in shown] == [
        (8, 1, 0, 0, 7),
        (8, 1, 0, 0, 7),
        (9, 2, 0, 0, 7),
        (9, 3, 0, 0, 6),
        (9, 2, 0, 0, 7),
        (9, 3, 0, 0, 6),
        (9, 3, 1, 0, 5),
        (9, 3, 0, 0, 6),  # the excuse is over
    ]


def test_a_day_is_counted_by_when_it_happened_with_everything_known_today() -> None:
    tuesday = clock.now()
    evening, thursday = tuesday + 8 * HOUR, tuesday + 48 * HOUR
    with clock.frozen(tuesday):
        doors = make.street(compounds=1, doors=5).all_doors
        operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    li = make.someone(Role.WORKER, f"{make.COMMUNITY}.c9", device=True)
    officer = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)
    in_time = make.visit(operation, doors[0], at=tuesday)
    wrong = make.visit(operation, doors[1], at=tuesday)
    foreign = make.visit(operation, doors[2], at=tuesday)
    late = make.visit(operation, doors[3], at=tuesday + HOUR)
    with clock.frozen(tuesday + 2 * HOUR):
        make.send(wang, in_time, wrong)
        make.send(li, foreign)
    with clock.frozen(evening):
        assert figures(accounts.account(ALL, operation)) == (5, 2, 0, 0, 3, 0)
    with clock.frozen(thursday):
        make.send(wang, late)  # a phone that was offline
        correction = make.visit(operation, doors[1], "refused", at=thursday, payload={"met": "adult"})
        make.send(wang, correction | {"corrects": wrong["id"]})
        review(officer, record_id=UUID(foreign["id"]), path=make.COMMUNITY, accept=True, reason="seen")
        make.send(wang, make.visit(operation, doors[4], at=thursday))
        truth = accounts.past_account(ALL, operation, at=evening)
        assert figures(truth) == (5, 3, 0, 0, 2, 0)
        assert truth.open_by.refused == 1
        shown = accounts.past_account(ALL, operation, at=evening, known_at=evening)
        assert figures(shown) == (5, 2, 0, 0, 3, 0)
        assert figures(accounts.account(ALL, operation)) == (5, 4, 0, 0, 1, 0)


def test_objects_are_counted_by_class_and_the_classes_add_up() -> None:
    make.street(compounds=1, doors=1)
    parks = objects.sites("park", 3)
    markets = objects.sites("market", 2)
    operation = objects.object_round(("park", "market"))
    crew = make.someone(Role.CREW, make.DISTRICT, device=True)
    objects.work(crew, operation, [parks[0], markets[0]])
    classes = accounts.by_type(ALL, operation, at=clock.now() + HOUR)
    assert [(c.type, c.expected, c.done, c.open) for c in classes] == [("market", 2, 1, 1), ("park", 3, 1, 2)]
    whole_round = accounts.account(ALL, operation)
    assert sum(c.expected for c in classes) == whole_round.expected
    assert sum(c.done for c in classes) == whole_round.done
    assert accounts.by_type(ALL, operation, at=clock.now(), path=f"{make.DISTRICT}.002") == []
