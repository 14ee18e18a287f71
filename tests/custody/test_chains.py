"""From hand to hand: both sides say so, nobody is ever without a keeper, what differs stays open."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as db
from psycopg.types.range import TimestamptzRange

from bulou.access.terms import Actor, Role
from bulou.custody import models, queries
from bulou.custody.terms import Chain, Keeper, Kind, LegState
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.protocols.terms import Rung
from tests.make.care import ESCORT, at, send_at
from tests.make.rounds import COMMUNITY, DISTRICT, someone, standings, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
GATE, BUS, HOME = DISTRICT, f"{DISTRICT}.001", COMMUNITY
GOODS = "goods-handover@1"


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with transaction(ALL):
        street()
        yield


@pytest.fixture
def gate() -> Actor:
    return someone(Role.CHECKPOINT, DISTRICT, team="gate 3", device=True)


@pytest.fixture
def escort() -> Actor:
    return someone(Role.WORKER, BUS, team="bus 2", device=True)


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5", device=True)


def opened(
    chain: UUID, items: list[UUID], *, protocol: str = ESCORT, kind: str = "person", **more: Any
) -> dict[str, Any]:
    """From the gate by bus to the community."""
    way = [
        {"from": {"path": GATE, "unit": "gate 3"}, "to": {"path": BUS, "unit": "bus 2"}},
        {"from": {"path": BUS, "unit": "bus 2"}, "to": {"path": HOME}},
    ]
    manifest = [{"type": kind, "id": str(item)} for item in items]
    return word("opened", chain, "requested", {"items": manifest, "legs": way} | more, GATE, 9, protocol)


def word(
    kind: str, chain: UUID, outcome: str, payload: dict[str, Any], area: str, hour: float,
    protocol: str = ESCORT,
) -> dict[str, Any]:  # fmt: skip
    when = at(0) + timedelta(hours=hour - 8)
    return {
        "id": str(ids.uuid7()), "kind": f"custody.{kind}", "subject": {"type": "custody", "id": str(chain)},
        "outcome": outcome, "payload": payload, "observed_at": when.isoformat(), "protocol": protocol,
        "area": area,
    }  # fmt: skip


def gave(chain: UUID, leg: int, hour: float, **more: Any) -> dict[str, Any]:
    return word("gave", chain, "departed", {"leg": leg} | more, GATE if leg == 1 else BUS, hour)


def took(chain: UUID, leg: int, hour: float, outcome: str = "accepted", **more: Any) -> dict[str, Any]:
    return word("received", chain, outcome, {"leg": leg} | more, BUS if leg == 1 else HOME, hour)


def of(chain: UUID) -> Chain:
    return queries.chain(ALL, chain)


def people(n: int) -> list[UUID]:
    return [ids.uuid7() for _ in range(n)]


def sent(actor: Actor, *records: dict[str, Any]) -> None:
    assert set(standings(send_at(actor, at(1, 8), *records))) == {"kept"}


def test_a_busload_of_sixty_goes_from_hand_to_hand(gate: Actor, escort: Actor, lin: Actor) -> None:
    chain, riders = ids.uuid7(), people(60)
    sent(gate, opened(chain, riders, registered=60), gave(chain, 1, 9.5, count=60))
    assert queries.keeper(DISTRICT, riders[0], at(0, 9, 20)) == Keeper(GATE, "gate 3")
    sent(escort, took(chain, 1, 9.75, count=60), gave(chain, 2, 10, count=60))
    sent(lin, took(chain, 2, 11, count=60))
    made = of(chain)
    assert (made.manifest, made.registered, made.received) == (60, 60, 60)
    assert (made.is_open, made.done_at) == (False, at(0, 11))
    names = [(row.keeper, row.since, row.until) for row in queries.keepers(DISTRICT, riders[7])]
    assert names == [
        (Keeper(GATE, "gate 3"), at(0, 9), at(0, 9, 45)),
        (Keeper(BUS, "bus 2"), at(0, 9, 45), at(0, 11)),
        (Keeper(HOME), at(0, 11), None),
    ]
    assert models.Keeping.objects.count() == 180
    assert replay_check().faults == ()


def test_five_leave_and_four_arrive_the_leg_stays_open_and_climbs(gate: Actor, escort: Actor) -> None:
    """Acceptance check 4 of the protocol library."""
    chain, riders = ids.uuid7(), people(5)
    sent(gate, opened(chain, riders), gave(chain, 1, 9.5, count=5))
    sent(escort, took(chain, 1, 10, count=4, missing=[str(riders[4])]))
    leg = of(chain).legs[0]
    assert (leg.state, leg.difference, leg.is_open) == (LegState.DIFFERENCE, 1, True)
    assert queries.keeper(DISTRICT, riders[0], at(0, 12)) == Keeper(BUS, "bus 2")
    assert queries.keeper(DISTRICT, riders[4], at(0, 12)) == Keeper(GATE, "gate 3")
    assert queries.rung(of(chain), leg, at(0, 11, 59)) is Rung.WORKER
    assert queries.rung(of(chain), leg, at(0, 12)) is Rung.DISTRICT_OFFICE
    assert [one.id for one in queries.chains(ALL).items] == [chain]
    sent(escort, took(chain, 1, 13, count=1))
    assert of(chain).legs[0].state is LegState.ACCEPTED


def test_a_count_that_nobody_explains_moves_nobody(gate: Actor, escort: Actor) -> None:
    chain, riders = ids.uuid7(), people(5)
    sent(gate, opened(chain, riders), gave(chain, 1, 9.5))
    sent(escort, took(chain, 1, 10, count=4))
    made = of(chain)
    assert made.legs[0].state is LegState.DIFFERENCE
    assert made.happened[-1].problem == "count_differs"
    assert {queries.keeper(DISTRICT, one, at(0, 12)) for one in riders} == {Keeper(GATE, "gate 3")}


def test_registered_and_manifest_must_agree_too(gate: Actor, escort: Actor, lin: Actor) -> None:
    chain = ids.uuid7()
    sent(gate, opened(chain, people(2), registered=3), gave(chain, 1, 9.5))
    sent(escort, took(chain, 1, 10), gave(chain, 2, 10.5))
    sent(lin, took(chain, 2, 11))
    assert all(not leg.is_open for leg in of(chain).legs)
    assert of(chain).is_open


def test_one_hand_alone_hands_nothing_over(gate: Actor) -> None:
    chain = ids.uuid7()
    both = someone(Role.STREET_OFFICER, DISTRICT, device=True, account=gate.account_id)
    sent(gate, opened(chain, people(1)), gave(chain, 1, 9.5))
    sent(both, took(chain, 1, 10))
    assert of(chain).legs[0].state is LegState.ONE_SIDED
    sent(both, took(chain, 1, 10.5, slip="T-0042"))
    assert (of(chain).legs[0].state, of(chain).legs[0].slip) == (LegState.ACCEPTED, "T-0042")


def test_a_paper_slip_speaks_for_both_where_there_is_no_phone(gate: Actor, escort: Actor) -> None:
    chain = ids.uuid7()
    sent(gate, opened(chain, people(1)))
    sent(escort, took(chain, 1, 10))
    assert of(chain).legs[0].state is LegState.ONE_SIDED
    sent(escort, took(chain, 1, 10.5, slip="T-0042"))
    assert of(chain).legs[0].state is LegState.ACCEPTED


def test_a_refused_leg_stays_open_and_with_its_giver(gate: Actor, escort: Actor) -> None:
    chain, riders = ids.uuid7(), people(2)
    sent(gate, opened(chain, riders), gave(chain, 1, 9.5))
    sent(escort, took(chain, 1, 10, "refused", reason="The bus is full"))
    leg = of(chain).legs[0]
    assert (leg.state, leg.reason, leg.difference) == (LegState.REFUSED, "The bus is full", 2)
    assert queries.keeper(DISTRICT, riders[0], at(5)) == Keeper(GATE, "gate 3")
    assert queries.rung(of(chain), leg, at(0, 12)) is Rung.DISTRICT_OFFICE


def test_the_wrong_side_cannot_speak(gate: Actor, escort: Actor) -> None:
    chain = ids.uuid7()
    sent(
        gate, opened(chain, people(1)), gave(chain, 1, 9.5), took(chain, 1, 10) | {"area": f"{DISTRICT}.002"}
    )
    made = of(chain)
    assert made.legs[0].state is LegState.ON_THE_WAY
    assert made.happened[-1].problem == "other_side"


def test_who_has_nothing_to_do_with_it_does_not_see_it(gate: Actor) -> None:
    chain = ids.uuid7()
    sent(gate, opened(chain, people(1)))
    next_door = Scope((DISTRICT,), (f"{DISTRICT}.002",))
    with transaction(next_door):
        assert queries.chains(next_door).items == ()
        with pytest.raises(ProblemError):
            queries.chain(next_door, chain)
    receiver = Scope((DISTRICT,), (COMMUNITY,))
    with transaction(receiver):
        assert queries.chain(receiver, chain).id == chain


def test_a_lot_of_goods_goes_the_same_way(gate: Actor, escort: Actor) -> None:
    chain, lots = ids.uuid7(), people(2)
    sent(gate, opened(chain, lots, protocol=GOODS, kind="lot"), gave(chain, 1, 9.5) | {"protocol": GOODS})
    sent(escort, took(chain, 1, 10, count=1, missing=[str(lots[1])]) | {"protocol": GOODS})
    assert of(chain).legs[0].difference == 1


def test_two_chains_of_one_person_make_one_row_of_keepers(gate: Actor, escort: Actor, lin: Actor) -> None:
    first, second, rider = ids.uuid7(), ids.uuid7(), people(1)
    sent(gate, opened(first, rider), gave(first, 1, 9.5))
    sent(escort, took(first, 1, 10))
    back = opened(second, rider) | {"observed_at": at(0, 12).isoformat()}
    sent(gate, back, gave(second, 1, 12.5))
    sent(escort, took(second, 1, 13))
    rows = queries.keepers(DISTRICT, rider[0])
    assert [row.until for row in rows[:-1]] == [row.since for row in rows[1:]]
    assert verify().faults == ()


@pytest.mark.parametrize("damage", ["gap", "overlap"])
def test_the_database_refuses_two_keepers_and_none(gate: Actor, escort: Actor, damage: str) -> None:
    chain, rider = ids.uuid7(), people(1)
    sent(gate, opened(chain, rider), gave(chain, 1, 9.5))
    sent(escort, took(chain, 1, 10))
    row = models.Keeping.objects.get(since=at(0, 10))
    begins = at(0, 11) if damage == "gap" else at(0, 9, 30)
    begins = at(0, 11) if damage == "gap" else at(0, 9, 30)
    with pytest.raises(IntegrityError), db.atomic():
        models.Keeping.objects.filter(since=row.since).update(valid=TimestamptzRange(begins, None))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM custody_keeping")
        assert cursor.fetchone() == (2,)


def test_the_office_is_told_at_once_what_does_not_fit(gate: Actor) -> None:
    chain = ids.uuid7()
    sent(gate, opened(chain, people(3)), gave(chain, 1, 9.5))
    desk = someone(Role.STREET_OFFICER, BUS, team="street 1")
    record = OfficeRecord(
        kind=Kind.RECEIVED, path=BUS, subject_type="custody", subject=chain, outcome="accepted",
        payload={"leg": 1, "count": 2}, protocol=ESCORT, observed_at=at(0, 10),
    )  # fmt: skip
    with pytest.raises(ProblemError) as refused:
        submit_office(desk, [record])
    assert refused.value.problem.code == "custody.count_differs"
