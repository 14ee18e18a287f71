"""Nobody is kept whom nothing holds, and nobody is let go whom an act of law holds."""

from uuid import UUID

import pytest

from bulou.intake.actions.office import submit_office
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import Kind, Release
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.queries import of_act
from bulou.lines.restrictions.terms import Measure
from tests.make import isolation as make
from tests.make import restrictions
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
LET_GO = {"serial": "J-2", "reason": "the act was lifted"}


def ordered(person: UUID) -> UUID:
    """An act of law that keeps this person at a site, in force; returns the restriction."""
    wanted = restrictions.proposal([restrictions.facts(person)], restrictions.basis(), measure=Measure.HOTEL)
    made = acts.propose(restrictions.street(), wanted)
    (one,) = of_act(ALL, made.id, clock.now())
    return one.id


def freed(stay: UUID) -> None:
    submit_office(make.officer(), [make.tell(Kind.RELEASED, stay, Release.FREED.value, LET_GO)])


def test_an_act_in_force_takes_in_and_holds_until_it_is_lifted() -> None:
    with transaction(ALL):
        street()
        officer, person = make.officer(), ids.uuid7()
        restriction = ordered(person)
        site = make.opened(officer)
        stay = make.guest(officer, site, "101", ground="act", person=str(person))
        with pytest.raises(ProblemError) as error:
            freed(stay)
        assert error.value.problem.code == "isolation.act_in_force"
        assert [one.id for one in stays.held_by_act(ALL)] == [stay]
        acts.lift(restrictions.street(), restriction, path=COMMUNITY, why="the test was wrong")
        freed(stay)
        assert make.stay_of(stay).release is Release.FREED
        assert stays.held_by_act(ALL) == ()
