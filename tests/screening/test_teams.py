"""Teams: every role around a key person has a name on every day, or says since when it has none."""

from datetime import timedelta
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.screening.actions.teams import end_member, name_member, plan_team
from bulou.lines.screening.queries import teams
from bulou.lines.screening.terms import FIVE, THREE, TeamRole
from tests.make import register as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
DOCTOR, POLICE = TeamRole.DOCTOR, TeamRole.POLICE


def lin(path: str = COMMUNITY) -> Actor:
    return someone(Role.COMMUNITY_OFFICER, path)


def key_people(n: int) -> list[UUID]:
    persons = [ids.uuid7() for _ in range(n)]
    phone = someone(Role.WORKER, COMMUNITY, device=True)
    make.set_rule()
    began = clock.now() - timedelta(hours=20)
    send(phone, *(make.came(person, stays=[make.WUHAN], at=began) for person in persons))
    return persons


def who(person: UUID, role: TeamRole, **ago: float) -> UUID | None:
    at = clock.now() - timedelta(**ago)
    found = teams.answering(DISTRICT, [person], at)[person]
    return next((one.account for one in found if one.role is role), None)


def test_roles_are_those_of_the_nearest_plan_and_three_without_one() -> None:
    with transaction(ALL):
        (person,) = key_people(1)
        assert set(teams.of_person(ALL, person, clock.now()).empty) == set(THREE)
        plan_team(someone(Role.COMMAND, DISTRICT), path=DISTRICT, roles=FIVE, reason="order 5")
        assert set(teams.of_person(ALL, person, clock.now()).empty) == set(FIVE)
        plan_team(lin(), path=COMMUNITY, roles=[DOCTOR], reason="few staff")
        assert set(teams.of_person(ALL, person, clock.now()).empty) == {DOCTOR}


def test_who_is_named_for_the_person_goes_before_who_is_named_for_the_area() -> None:
    with transaction(ALL):
        (person,) = key_people(1)
        area, own = ids.uuid7(), ids.uuid7()
        name_member(lin(), role=POLICE, account=area, path=COMMUNITY)
        assert who(person, POLICE) == area
        name_member(lin(), role=POLICE, account=own, person_id=person)
        assert who(person, POLICE) == own
        end_member(lin(), role=POLICE, person_id=person)
        assert who(person, POLICE) == area


def test_who_answered_on_any_day_has_an_exact_answer() -> None:
    with transaction(ALL):
        (person,) = key_people(1)
        first, second = ids.uuid7(), ids.uuid7()
        now = clock.now()
        name_member(lin(), role=POLICE, account=first, person_id=person, since=now - timedelta(days=5))
        name_member(lin(), role=POLICE, account=second, person_id=person, since=now - timedelta(days=2))
        assert who(person, POLICE, days=6) is None
        assert who(person, POLICE, days=3) == first
        assert who(person, POLICE, days=1) == second
        with pytest.raises(ProblemError, match="overlap"):
            name_member(lin(), role=POLICE, account=first, person_id=person, since=now - timedelta(days=9))


def test_a_role_that_is_empty_for_twelve_hours_is_an_item() -> None:
    with transaction(ALL):
        (person,) = key_people(1)
        now = clock.now()
        name_member(
            lin(), role=POLICE, account=ids.uuid7(), person_id=person, since=now - timedelta(hours=19),
            until=now - timedelta(hours=3),
        )  # fmt: skip
        due = {gap.role: gap.is_due for gap in teams.gaps(ALL, DISTRICT, now)}
        assert due == {TeamRole.TOWNSHIP_CADRE: True, TeamRole.VILLAGE_CADRE: True, POLICE: False}
        later = {gap.role: gap.is_due for gap in teams.gaps(ALL, DISTRICT, now + timedelta(hours=9))}
        assert later[POLICE]


def test_a_twenty_first_person_needs_a_reason_that_is_kept() -> None:
    with transaction(ALL):
        persons = key_people(21)
        doctor = ids.uuid7()
        for person in persons[:20]:
            name_member(lin(), role=POLICE, account=doctor, person_id=person)
        with pytest.raises(ProblemError, match="too_many_for_one"):
            name_member(lin(), role=POLICE, account=doctor, person_id=persons[20])
        assert teams.loads(DISTRICT, clock.now())[doctor] == 20
        with pytest.raises(ProblemError, match="too_many_for_one"):
            name_member(lin(), role=TeamRole.VILLAGE_CADRE, account=doctor, path=COMMUNITY)
        name_member(lin(), role=POLICE, account=doctor, person_id=persons[20], override="no other police")
        assert teams.loads(DISTRICT, clock.now())[doctor] == 21


def test_a_role_that_nobody_planned_is_refused_and_so_is_a_foreign_officer() -> None:
    with transaction(ALL):
        (person,) = key_people(1)
        with pytest.raises(ProblemError, match="role_not_planned"):
            name_member(lin(), role=TeamRole.VOLUNTEER, account=ids.uuid7(), person_id=person)
        stranger = someone(Role.STREET_OFFICER, f"{DISTRICT}.002")
        with pytest.raises(ProblemError, match="not_found"):
            name_member(stranger, role=POLICE, account=ids.uuid7(), person_id=person)
        with pytest.raises(ProblemError, match="access"):
            plan_team(stranger, path=COMMUNITY, roles=FIVE, reason="x")
