"""The stop rule as advice, and a second round of one day only by a named decision."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from bulou.access.terms import Actor, Role
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.testing.actions import rounds
from bulou.lines.testing.actions.rounds import Decision
from bulou.lines.testing.rules import stopping
from bulou.lines.testing.rules.stopping import Advice, Past
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

DAY = date(2022, 4, 1)
SCOPE = whole(DISTRICT)


def past(*found: int, days: list[int] | None = None, **last: Any) -> list[Past]:
    """One round a day that found so many, or on the days that are named."""
    told = [
        Past(DAY + timedelta(days=n), DAY + timedelta(days=n), positive, 0)
        for n, positive in zip(days or range(len(found)), found, strict=True)
    ]
    if last:
        before = told[-1]
        values = {"ended_on": before.ended_on, "positive": before.positive, "without_result": 0} | last
        told[-1] = Past(before.began_on, **values)
    return told


@pytest.mark.parametrize(
    ("told", "after", "advice", "clean"),
    [
        ([], 0, Advice.NOT_KNOWN, 0),
        (past(2), 0, Advice.GO_ON, 0),
        (past(2, 0, 0), 0, Advice.GO_ON, 2),
        (past(0, 1, 0, 0), 0, Advice.GO_ON, 2),
        (past(2, 0, 0, 0), 0, Advice.WAIT, 3),
        (past(2, 0, 0, 0), 2, Advice.WAIT, 3),
        (past(2, 0, 0, 0), 3, Advice.ONE_MORE, 3),
        (past(2, 0, 0, 0, 0, days=[0, 1, 2, 3, 6]), 0, Advice.STOP, 4),
        (past(2, 0, 0, 0, 0, days=[0, 1, 2, 3, 5]), 0, Advice.WAIT, 4),
        (past(2, 0, 0, 0, 1, days=[0, 1, 2, 3, 6]), 0, Advice.GO_ON, 0),
        (past(0, 0, 0, ended_on=None), 0, Advice.NOT_KNOWN, 2),
        (past(0, 0, 0, without_result=3), 0, Advice.NOT_KNOWN, 2),
    ],
)
def test_three_clean_rounds_three_days_one_more_then_stop(
    told: list[Past], after: int, advice: Advice, clean: int
) -> None:
    on = (told[-1].began_on if told else DAY) + timedelta(days=after)
    made = stopping.advice(told, on)
    assert (made.advice, made.clean) == (advice, clean)
    if len(told) < 5:
        assert all(stopping.advice(list(other), on) == made for other in permutations(told))


def test_days_with_several_rounds_are_named() -> None:
    assert stopping.advice(past(0, 0, days=[1, 1]), DAY).crowded == (DAY + timedelta(days=1),)


@pytest.fixture
def command() -> Any:
    with transaction(SCOPE):
        street()
        make.residents(2)
        yield someone(Role.COMMAND, DISTRICT)


def ask(actor: Actor, path: str = COMMUNITY, **more: Any) -> Any:
    return rounds.decided(actor, protocol="testing-round", path=path, **({"opens_at": None} | more))


@pytest.mark.django_db
def test_a_second_round_of_the_day_needs_a_named_decision(command: Actor) -> None:
    first = make.round_of_tests(by=command, opens_at=clock.now())
    for path in (DISTRICT, COMMUNITY):  # all of the area, or a part of it
        with pytest.raises(ProblemError) as refused:
            ask(command, path)
        assert refused.value.problem.code == "testing.second_today"
    with pytest.raises(ProblemError):
        ask(command, decision=Decision(by="Liu, head of the office", reason=" "))
    operation = ask(command, decision=Decision(by="Liu, head of the office", reason="order 9: 20 new cases"))
    (told,) = ledger.records_alone(DISTRICT, [operation])
    assert told.kind == "testing.second_today"
    assert str(first.id).encode() in told.payload
    assert b"Liu" in told.payload


@pytest.mark.django_db
def test_the_next_day_and_other_protocols_are_not_asked(command: Actor) -> None:
    make.round_of_tests(by=command, opens_at=clock.now() - timedelta(days=1))
    assert ask(command)
    make.round_of_tests(by=command, opens_at=clock.now())
    assert rounds.decided(command, protocol="household-screening-round", path=COMMUNITY, opens_at=None)
