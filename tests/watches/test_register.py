"""Who stands on the register as a key person is watched, once, without anybody typing it in."""

from datetime import timedelta

import pytest

from bulou.access.terms import Role
from bulou.intake.actions.following import follow_registered
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.screening.terms import Kind
from bulou.watches import models
from bulou.watches.queries import due
from tests.make import register
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db


def test_a_key_person_on_the_register_is_watched_and_only_once() -> None:
    with transaction(whole(DISTRICT)):
        street()
        lin = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        register.set_rule()
        key, other = ids.uuid7(), ids.uuid7()
        today = clock.local_date(clock.now()).isoformat()
        stays = [{**register.WUHAN, "from_on": "2020-01-10", "to_on": "2020-01-20"}]
        register.say(
            lin, Kind.PERSON, key, trigger="returnee", channel="at_door", stays=stays, arrived_on=today
        )
        register.say(lin, Kind.PERSON, other, trigger="returnee", channel="at_door")
        assert follow_registered() == 1
        assert follow_registered() == 0
        (row,) = models.Watch.objects.all()
        assert (row.person, row.path) == (key, COMMUNITY)
        later = clock.now() + timedelta(days=30)
        assert [one.person for one in due.over(DISTRICT, later, COMMUNITY).items] == [key]
