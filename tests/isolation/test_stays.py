"""A site opens, a busload moves in, rooms turn over, people go home; what may not be is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.intake.actions.following import follow_isolated
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.proving import replay_check, verify
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.queries import board as boards
from bulou.lines.isolation.queries import sites, stays
from bulou.lines.isolation.terms import Board, Group, Kind, RoomState, StayState
from bulou.watches.queries import watches
from tests.make import isolation as make
from tests.make.rounds import DISTRICT, send, someone, standings, street

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with clock.frozen(NOW), transaction(ALL):
        street()
        yield


@pytest.fixture
def lin() -> Actor:
    return make.officer()


@pytest.fixture
def medic() -> Actor:
    return someone(Role.WORKER, make.HOTEL, team="hotel one")


def board(site: UUID, at: datetime = NOW) -> Board:
    return boards.board(DISTRICT, [site], at)[site]


def states(site: UUID) -> dict[str, RoomState]:
    return {row.room.number: row.state for row in sites.rooms(DISTRICT, site)}


def refused(actor: Actor, record: object) -> str:
    with pytest.raises(ProblemError) as error:
        submit_office(actor, [record])  # type: ignore[list-item]
    return error.value.problem.code


def test_nobody_moves_in_before_the_site_has_passed(lin: Actor, medic: Actor) -> None:
    site = make.hotel()
    submit_office(
        lin,
        [
            make.furnished(site, make.rooms(["101"])),
            make.inspected(site, lacking=["waste_company"], at=NOW - timedelta(hours=1)),
        ],
    )
    coming = make.expected(site)
    submit_office(lin, [coming])
    stay = coming.subject
    assert stay is not None
    assert (board(site).ready, board(site).lacking, board(site).expected) == (False, 1, 1)
    assert refused(medic, make.arrived(stay, site, "101")) == "isolation.site_not_ready"
    submit_office(lin, [make.inspected(site)])
    submit_office(medic, [make.arrived(stay, site, "101")])
    assert (board(site).ready, board(site).staying, board(site).free, board(site).early) == (True, 1, 0, 0)


def test_a_pass_holds_thirty_days(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin)
    assert sites.ready(DISTRICT, site, NOW)
    assert sites.ready(DISTRICT, site, NOW + timedelta(days=29, hours=23))
    assert not sites.ready(DISTRICT, site, NOW + timedelta(days=30))


def test_a_phone_that_took_somebody_in_too_early_is_believed_and_somebody_looks_at_it(lin: Actor) -> None:
    site = make.hotel()
    submit_office(lin, [make.furnished(site, make.rooms(["101"]))])
    coming = make.expected(site)
    submit_office(lin, [coming])
    phone = someone(Role.WORKER, make.HOTEL, device=True)
    told = make.arrived(coming.subject or ids.uuid7(), site, "101")
    answer = send(phone, {
        "id": str(ids.uuid7()), "kind": told.kind, "subject": {"type": "stay", "id": str(told.subject)},
        "outcome": "arrived", "payload": dict(told.payload), "observed_at": NOW.isoformat(),
    })  # fmt: skip
    assert standings(answer) == ["doubtful"]
    assert answer.results[0].problems == ["isolation.site_not_ready"]
    assert (board(site).staying, board(site).early) == (1, 1)


def test_a_site_has_one_head_and_an_empty_head_is_seen(lin: Actor) -> None:
    site, first, second = make.hotel(), ids.uuid7(), ids.uuid7()
    assert board(site).head is None
    submit_office(lin, [make.on_duty(site, first)])
    assert sites.head(DISTRICT, site, NOW) == first
    later = NOW + timedelta(days=2)
    submit_office(lin, [make.on_duty(site, second, since=later)])
    assert sites.head(DISTRICT, site, NOW + timedelta(days=1)) == first
    assert sites.head(DISTRICT, site, later) == second
    submit_office(lin, [make.on_duty(site, ids.uuid7(), Group.SECURITY)])
    assert (board(site).staff, len(sites.duties(DISTRICT, site, since=NOW))) == (2, 3)
    assert len(sites.duties(DISTRICT, site, since=later)) == 2


def test_a_room_turns_over_with_two_pairs_of_eyes(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin, numbers=("101",))
    stay = make.guest(lin, site, "101")
    assert states(site) == {"101": RoomState.OCCUPIED}
    gone = NOW + timedelta(hours=1)
    with clock.frozen(gone):
        submit_office(medic, [make.tell(Kind.LEFT, stay, "hospital", at=gone)])
    assert states(site) == {"101": RoomState.TO_CLEAN}
    coming = make.expected(site)
    submit_office(lin, [coming])
    assert refused(medic, make.arrived(coming.subject or stay, site, "101")) == "isolation.room_not_free"
    with clock.frozen(gone + timedelta(hours=3)):
        submit_office(medic, [make.turned(site, "101", "disinfected", at=gone + timedelta(hours=1))])
        submit_office(medic, [make.turned(site, "101", "inspected", at=gone + timedelta(hours=2))])
        assert states(site) == {"101": RoomState.TO_CLEAN}
        assert sites.rooms(DISTRICT, site)[0].disinfected
        submit_office(lin, [make.turned(site, "101", "inspected", at=gone + timedelta(hours=2))])
        assert states(site) == {"101": RoomState.FREE}
        submit_office(medic, [make.turned(site, "101", "out_of_use", reason="the tap leaks")])
        assert states(site) == {"101": RoomState.OUT_OF_USE}
        submit_office(medic, [make.turned(site, "101", "in_use", at=gone + timedelta(hours=3, minutes=1))])
        assert states(site) == {"101": RoomState.FREE}


def test_a_family_shares_a_room_and_strangers_do_not(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin, numbers=("101", "102"), beds=2)
    mother = make.guest(lin, site, "101", party="family 1")
    child = make.expected(site, party="family 1")
    stranger = make.expected(site)
    submit_office(lin, [child, stranger])
    assert refused(medic, make.arrived(stranger.subject or mother, site, "101")) == "isolation.room_not_free"
    submit_office(medic, [make.arrived(child.subject or mother, site, "101")])
    third = make.expected(site, party="family 1")
    submit_office(lin, [third])
    assert refused(medic, make.arrived(third.subject or mother, site, "101")) == "isolation.room_not_free"
    assert make.stay_of(mother).room == make.stay_of(child.subject or mother).room


def test_guests_live_in_the_medical_zone_only(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin, numbers=("101",), zone="living", area="clean")
    coming = make.expected(site)
    submit_office(lin, [coming])
    refusal = refused(medic, make.arrived(coming.subject or site, site, "101"))
    assert refusal == "isolation.not_a_guest_room"


def test_without_an_act_of_law_or_consent_nobody_is_taken_in(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin)
    coming = make.expected(site, ground="act")
    submit_office(lin, [coming])
    assert refused(medic, make.arrived(coming.subject or site, site, "101")) == "isolation.no_act"


def test_the_system_owes_everybody_who_arrived_a_watch(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin)
    coming = make.expected(site)
    submit_office(lin, [coming])
    submit_office(medic, [make.arrived(coming.subject or site, site, "101")])
    assert (follow_isolated(), follow_isolated()) == (1, 0)
    stay = make.stay_of(coming.subject or site)
    made = watches.watch(ALL, stay.watch)
    assert (made.watch.protocol, made.watch.regime, made.watch.person) == (make.STAY, "cn-v9", stay.person)
    assert made.watch.plan.ends_at == clock.day_bounds(make.day(7))[1]


def test_rules_that_do_not_exist_are_no_rules(lin: Actor) -> None:
    site = make.opened(lin)
    assert refused(lin, make.expected(site, regime="cn-99")) == "isolation.bad_payload"


def test_a_home_is_looked_at_before_isolation_begins_there(lin: Actor) -> None:
    door = street_door()
    coming = make.expected(None, dwelling=str(door))
    submit_office(lin, [coming])
    assert coming.subject is not None
    assert refused(lin, make.arrived(coming.subject)) == "isolation.home_not_suitable"
    answers = dict.fromkeys(make.AT_HOME, True) | {"residents": 3}
    bad = answers | {"goods_and_medicine": False}
    submit_office(
        lin,
        [
            make.tell(
                Kind.HOME_CHECK, door, "unsuitable", bad, protocol=make.ENTRY, at=NOW - timedelta(hours=1)
            )
        ],
    )
    found = stays.home(DISTRICT, door)
    assert found is not None
    assert (found.suitable, found.lacking) == (False, ("goods_and_medicine",))
    assert (
        refused(lin, make.tell(Kind.HOME_CHECK, door, "suitable", bad, protocol=make.ENTRY))
        == "form.contradicts"
    )
    submit_office(lin, [make.tell(Kind.HOME_CHECK, door, "suitable", answers, protocol=make.ENTRY)])
    submit_office(lin, [make.arrived(coming.subject)])
    assert [one.state for one in stays.of_home(ALL, door)] == [StayState.STAYING]
    found = stays.home(DISTRICT, door)
    assert found is not None
    assert (found.suitable, found.residents) == (True, 3)


def street_door() -> UUID:
    return ids.uuid7()


def test_replay_finds_the_same_sites_and_stays(lin: Actor, medic: Actor) -> None:
    site = make.opened(lin)
    stay = make.guest(lin, site, "101", party="family 1", needs=["barrier_free"])
    submit_office(medic, [make.tell(Kind.LEFT, stay, "hospital")])
    submit_office(medic, [make.turned(site, "101", "disinfected")])
    assert replay_check().faults == verify().faults == ()
