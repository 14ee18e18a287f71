"""The register and the watches in the daily report."""

from typing import Any

import pytest

from bulou.access.terms import Role
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.screening.actions import teams
from bulou.lines.screening.terms import Kind, TeamRole
from bulou.reports.queries.daily import daily
from tests.make import care, register
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street(compounds=1, doors=1)
        yield


def people(day: int) -> dict[str, int | None]:
    report = daily(SCOPE, DISTRICT, clock.local_date(care.at(day)))
    return {figure.key.partition(".")[2]: figure.value for figure in report.people}


def test_the_register_of_an_evening_counts_key_persons_and_empty_teams() -> None:
    register.set_rule()
    one, other = ids.uuid7(), ids.uuid7()
    worker = someone(Role.WORKER, DISTRICT, device=True)
    send(worker, register.came(one, at=care.at(0, 9), stays=[register.WUHAN], arrived_on="2020-01-20"))
    send(worker, register.came(other, at=care.at(1, 9), stays=[{"place": "青岛"}]))
    lin = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
    said = [people(0), people(1)]
    assert [day["people"] for day in said] == [1, 2]
    assert [day["key_persons"] for day in said] == [1, 1]
    assert [day["key_persons_without_team"] for day in said] == [1, 1]
    teams.plan_team(lin, path=COMMUNITY, roles=[TeamRole.POLICE], reason="order 3", since=care.at(0, 10))
    teams.name_member(lin, role=TeamRole.POLICE, account=lin.account_id, path=COMMUNITY, since=care.at(0, 10))
    assert people(0)["key_persons_without_team"] == 0
    register.say(lin, Kind.LEFT, other, outcome="gone_away", reason="went on to Jinan")
    assert people(1)["people"] == 2, "that evening the person was still there"


def test_a_day_of_watches_says_what_was_due_settled_missed_and_alarming() -> None:
    doctor = someone(Role.WORKER, DISTRICT, device=True)
    watch = care.start(someone(Role.COMMUNITY_OFFICER, COMMUNITY), when=care.at(0, 7))
    send(
        doctor,
        care.seen(watch, when=care.at(0, 8, 10)),
        care.seen(watch, "seen_not_ok", when=care.at(0, 14, 10), temperature_c=37.6),
        care.seen(watch, "not_seen", when=care.at(0, 20, 10)),
    )
    wanted = {"watched": 1, "due": 3, "settled": 2, "missed": 1, "alarming": 1}
    assert wanted.items() <= people(0).items()
    wanted = {"watched": 1, "due": 3, "settled": 0, "missed": 3, "alarming": 0}
    assert wanted.items() <= people(14).items()
    over = people(15)
    assert (over["watched"], over["due"]) == (0, 0)
