"""Who stands on the register as a key person is watched, once, without anybody typing it in."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.intake.actions.following import follow_registered, give_to_doctors
from bulou.intake.table import REBUILD
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.screening.actions.teams import name_member, plan_team
from bulou.lines.screening.terms import FOUR, Kind, TeamRole
from bulou.people.models import DutyEnd, Identity
from bulou.watches import models
from bulou.watches.queries import due, watches
from bulou.watches.queries.due import Whose
from tests.make import access as make
from tests.make import care, people, register
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


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


@pytest.fixture
def key() -> UUID:
    """A key person whose name is held, watched by the register."""
    with transaction(ALL):
        street()
        register.set_rule()
        person = people.hold("Somebody", number=people.number(3)).person_id
        today = clock.local_date(clock.now()).isoformat()
        stays = [{**register.WUHAN, "from_on": "2020-01-10", "to_on": "2020-01-20"}]
        register.say(
            someone(Role.COMMUNITY_OFFICER, COMMUNITY), Kind.PERSON, person, trigger="returnee",
            channel="at_door", stays=stays, arrived_on=today,
        )  # fmt: skip
        follow_registered()
    return person


def worker() -> UUID | None:
    return models.Watch.objects.get().worker


def test_the_doctor_of_the_team_has_the_watch_on_the_own_list(key: UUID) -> None:
    with transaction(ALL):
        lin = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        assert give_to_doctors() == 0
        first, second = (make.person(name, Role.WORKER, COMMUNITY).account_id for name in ("bai", "cao"))
        plan_team(lin, path=COMMUNITY, roles=FOUR, reason="the plan")
        name_member(lin, role=TeamRole.DOCTOR, account=first, person_id=key)
        assert (give_to_doctors(), give_to_doctors(), worker()) == (1, 0, first)
        assert due.due(DISTRICT, clock.now(), Whose(account=first), until=clock.now() + timedelta(days=1))
        watch = models.Watch.objects.get().id
        care.say(
            lin, "watch.assigned", watch, "given", when=clock.now(), path=COMMUNITY,
            payload={"worker": str(second)},
        )  # fmt: skip
        assert (give_to_doctors(), worker()) == (0, second)  # an officer's word stands


def test_what_is_held_about_somebody_is_kept_as_long_as_the_watch_and_no_longer(key: UUID) -> None:
    with transaction(ALL):
        watch = models.Watch.objects.get()
        last = clock.local_date(watch.until - timedelta(seconds=1))
        assert watches.last_days(DISTRICT, [key]) == {key: last}
        assert told() == {key: last}
        with clock.frozen(clock.now() + timedelta(seconds=1)):
            lin = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
            care.say(lin, "watch.ended", watch.id, "in_error", when=clock.now(), path=COMMUNITY)
        today = clock.local_date(clock.now())
        assert told() == {key: today}
        held = Identity.objects.get(person=key).expires_at
        REBUILD["watches"](DISTRICT)
        assert told() == {key: today}
        assert Identity.objects.get(person=key).expires_at == held


def told() -> dict[UUID, date]:
    rows = DutyEnd.objects.filter(district=DISTRICT, source="watch")
    return dict(rows.values_list("person", "until"))
