"""An objection gets an answer by somebody else, in time, and frees at once where it was right."""

from datetime import timedelta

import pytest

from bulou.access.terms import Role
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts, appeals
from bulou.lines.restrictions.terms import Appeal, Channel, Outcome, Restriction, Standing
from tests.make import restrictions as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
HERE = Scope((DISTRICT,), (COMMUNITY,))


def held() -> Restriction:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis()))
    return now_of(act.id)


def now_of(act: object) -> Restriction:
    with transaction(HERE):
        rows = [r for a in queries.acts(HERE) for r in queries.of_act(HERE, a.id, clock.now())]
    return rows[0]


def newest(restriction: Restriction) -> Appeal:
    with transaction(whole(DISTRICT)):
        return queries.appeals_of(DISTRICT, [restriction.id])[-1]


def test_whoever_decided_cannot_answer_and_what_was_wrong_ends_at_once() -> None:
    one = held()
    told = appeals.object_by_code(DISTRICT, one.id, "I was not there")
    assert told.open
    assert told.due_at - told.received_at == timedelta(hours=24)
    decider = make.street()
    own = someone(Role.STREET_OFFICER, COMMUNITY, account=one.act.proposer)
    with pytest.raises(ProblemError, match=r"restrictions\.own_decision"):
        appeals.answer(own, told.id, path=COMMUNITY, outcome=Outcome.UPHELD, words="no")
    appeals.answer(decider, told.id, path=COMMUNITY, outcome=Outcome.OVERTURNED, words="a mix-up of names")
    assert now_of(one.act.id).standing is Standing.LIFTED
    with pytest.raises(ProblemError, match=r"restrictions\.answered"):
        appeals.answer(decider, told.id, path=COMMUNITY, outcome=Outcome.UPHELD, words="no")


def test_the_second_answer_comes_from_outside_the_command_line() -> None:
    one = held()
    sun = someone(Role.SUPERVISION, DISTRICT, team="supervision")
    told = appeals.object_for(
        make.street(), one.id, path=COMMUNITY, words="my mother needs me", channel=Channel.PHONE
    )
    with pytest.raises(ProblemError, match=r"restrictions\.not_answered"):
        appeals.take_further(DISTRICT, told.id)
    appeals.answer(make.street(), told.id, path=COMMUNITY, outcome=Outcome.UPHELD, words="the test is due")
    assert not newest(one).open
    appeals.take_further(DISTRICT, told.id)
    assert newest(one).open
    with pytest.raises(ProblemError, match="access"):
        appeals.review(make.street(), told.id, path=COMMUNITY, outcome=Outcome.UPHELD, words="no")
    appeals.review(sun, told.id, path=DISTRICT, outcome=Outcome.OVERTURNED, words="home is enough")
    assert now_of(one.act.id).standing is Standing.LIFTED


@pytest.mark.parametrize(("words", "code"), [("  ", "words_missing"), ("x" * 4_001, "too_many_words")])
def test_an_objection_needs_words(words: str, code: str) -> None:
    with pytest.raises(ProblemError, match=rf"restrictions\.{code}"):
        appeals.object_by_code(DISTRICT, held().id, words)


def test_an_overdue_first_answer_is_counted() -> None:
    appeals.object_by_code(DISTRICT, held().id, "too long")
    with transaction(HERE):
        assert queries.late_appeals(HERE, clock.now()) == 0
        assert queries.late_appeals(HERE, clock.now() + timedelta(hours=25)) == 1
