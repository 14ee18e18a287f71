"""Corrections and withdrawals: by whom, about what, and the same in any order of arrival."""

import itertools
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Operation, State
from bulou.intake import queries as intake
from bulou.intake.actions.office import review, submit_office
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import apply, whole
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
REFUSED = {"met": "adult"}


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    apply(ALL)


def prepared(doors: int = 2) -> tuple[Operation, list[UUID], Actor, Actor]:
    made = make.street(compounds=1, doors=doors).all_doors
    wang, li = (make.someone(Role.WORKER, make.COMMUNITY, device=True) for _ in range(2))
    return make.screening(), made, wang, li


def state(operation: Operation, door: UUID) -> State:
    return units.unit(ALL, operation.id, door).state


def agrees() -> bool:
    return verify().faults == replay_check().faults == ()


def told(operation: Operation, door: UUID, about: str, way: str, outcome: str = "done") -> dict[str, Any]:
    if way == "withdraws":
        return make.visit(operation, door, "", payload={}) | {"withdraws": about}
    return make.visit(operation, door, outcome) | {"corrects": about}


@pytest.mark.parametrize("way", ["corrects", "withdraws"])
def test_a_strangers_word_moves_nothing_whichever_arrives_first(way: str) -> None:
    operation, (door, _), wang, li = prepared()
    now = clock.now()
    seen = make.visit(operation, door, "refused", payload=REFUSED)
    word = told(operation, door, seen["id"], way)
    states = []
    for first in (True, False):
        with db.atomic(), clock.frozen(now):
            steps = [(wang, seen), (li, word)]
            for actor, record in steps if first else steps[::-1]:
                make.send(actor, record, sent_at=now)
            states.append((state(operation, door), accounts.account(ALL, operation).done))
            assert agrees()
            db.set_rollback(True)
    assert states == [(State.REFUSED, 0)] * 2


@pytest.mark.parametrize("way", ["corrects", "withdraws"])
def test_an_officer_who_accepts_a_strangers_word_gives_it_force(way: str) -> None:
    operation, (door, _), wang, li = prepared()
    seen = make.visit(operation, door, "refused", payload=REFUSED)
    make.send(wang, seen)
    answer = make.send(li, told(operation, door, seen["id"], way))
    assert answer.results[0].problems == ["intake.not_yours"]
    (waiting,) = intake.doubtful(ALL)
    officer = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)
    review(officer, record_id=waiting.id, path=make.COMMUNITY, accept=True, reason="both were there")
    assert state(operation, door) is (State.DONE if way == "corrects" else State.UNTRIED)
    assert agrees()


def test_an_officer_corrects_at_the_desk_and_not_by_phone() -> None:
    operation, (door, other), wang, _ = prepared()
    seen, second = make.visit(operation, door), make.visit(operation, other)
    make.send(wang, seen, second)
    grants = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY, device=True)
    by_phone = make.send(grants, told(operation, door, seen["id"], "withdraws"))
    assert by_phone.results[0].problems == ["intake.not_yours"]
    assert state(operation, door) is State.DONE
    desk = make.someone(Role.DATA_CLERK, make.COMMUNITY)
    word = OfficeRecord(kind="screening.visit", path=make.COMMUNITY, withdraws=UUID(second["id"]))
    submit_office(desk, [word])
    assert state(operation, other) is State.UNTRIED
    assert agrees()
    with pytest.raises(ProblemError) as refused:
        submit_office(make.someone(Role.WORKER, make.COMMUNITY), [word])
    assert refused.value.status == 403


def test_a_word_about_another_door_is_told_apart_and_moves_nothing_there() -> None:
    operation, (door, other), wang, _ = prepared()
    now = clock.now()
    seen = make.visit(operation, door)
    word = told(operation, other, seen["id"], "corrects")
    states = []
    for first in (True, False):
        with db.atomic(), clock.frozen(now):
            for record in (seen, word) if first else (word, seen):
                answer = make.send(wang, record, sent_at=now)
                if record is word and first:
                    assert answer.results[0].problems == ["intake.other_subject"]
            states.append((state(operation, door), state(operation, other)))
            assert agrees()
            db.set_rollback(True)
    assert states == [(State.DONE, State.DONE)] * 2


def test_a_chain_of_corrections_ends_the_same_in_every_order() -> None:
    operation, (door, _), wang, _ = prepared()
    now = clock.now()
    first = make.visit(operation, door)
    second = told(operation, door, first["id"], "corrects") | {"outcome": "refused", "payload": REFUSED}
    third = told(operation, door, second["id"], "corrects", "absent_notice_left")
    seen = set()
    for order in itertools.permutations((first, second, third)):
        with db.atomic(), clock.frozen(now):
            for record in order:
                make.send(wang, record, sent_at=now)
            unit = units.unit(ALL, operation.id, door)
            seen.add((unit.state, str(unit.record), unit.attempts, unit.last_attempt_at))
            assert agrees()
            db.set_rollback(True)
    assert [(s, r, n) for s, r, n, _ in seen] == [(State.ABSENT, third["id"], 1)]


def test_only_kinds_of_the_protocol_settle_a_door() -> None:
    operation, (door, _), _, _ = prepared()
    crew = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY, device=True)
    stray = make.visit(operation, door) | {"kind": "disinfection.signoff", "payload": {}}
    make.send(crew, stray)
    for waiting in intake.doubtful(ALL):
        review(crew, record_id=waiting.id, path=make.COMMUNITY, accept=True, reason="a slip")
    assert state(operation, door) is State.UNTRIED
    assert agrees()
