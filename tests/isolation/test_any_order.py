"""Order does not matter: any order, duplication and batching gives the same sites, rooms, homes and stays."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db
from hypothesis import given
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.intake.actions.proving import replay_check
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.ledger.terms import Entry
from bulou.lines.isolation import models
from bulou.lines.isolation.rules import sites, stays
from bulou.lines.isolation.terms import Group, Kind, StayState, room_of
from tests.make import isolation as make
from tests.make.lines import entry
from tests.make.rounds import DISTRICT, send, someone, street

NOW = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
PLAN = {"person": str(UUID(int=9)), "regime": "cn-v9", "from": "2026-10-20"}
TABLES = (
    models.Site, models.Check, models.Duty, models.Room, models.Turned, models.Stay, models.Night,
    models.Home,
)  # fmt: skip


def wire(kind: Kind, subject: UUID, outcome: str, minute: int, **payload: Any) -> dict[str, Any]:
    """A record as a phone writes it."""
    told = make.tell(kind, subject, outcome)
    protocol = {Kind.READINESS: make.READY, Kind.HOME_CHECK: make.ENTRY}.get(kind, "")
    return {
        "id": str(ids.uuid7()), "kind": kind.value, "outcome": outcome,
        "subject": {"type": told.subject_type, "id": str(subject)},
        "payload": payload, "protocol": protocol, "area": make.HOTEL,
        "observed_at": (NOW + timedelta(minutes=minute)).isoformat(),
    }  # fmt: skip


def story(site: UUID, door: UUID, seed: int) -> list[dict[str, Any]]:
    """Arrivals, changes, departures, cleanings and checks, in an order that phones would not keep."""
    chance = random.Random(seed)
    ready = dict.fromkeys(make.POINTS, True)
    records = [
        wire(Kind.READINESS, site, "passed", chance.randrange(200), **ready),
        wire(Kind.READINESS, site, "failed", chance.randrange(200), **ready | {"waste_company": False}),
        wire(Kind.HOME_CHECK, door, "suitable", chance.randrange(200), **dict.fromkeys(make.AT_HOME, True)),
        wire(Kind.HOME_CHECK, door, "unsuitable", chance.randrange(200), residents=2),
    ]
    for n in range(3):
        stay, number = ids.uuid7(), chance.choice(["101", "102"])
        room, other = room_of(site, number), room_of(site, "103")
        where = {"dwelling": str(door)} if n == 2 else {"site": str(site)}
        plan = {"person": str(ids.uuid7()), "regime": "cn-v9", "from": "2026-10-20"} | where
        plan["ground"] = chance.choice(["act", "consent"])
        away = chance.choice(["hospital", "escorted", "not_come"])
        cleaned, used = chance.choice(["disinfected", "inspected"]), chance.choice(["in_use", "out_of_use"])
        records += [
            wire(Kind.EXPECTED, stay, "expected", chance.randrange(100), **plan),
            wire(Kind.ARRIVED, stay, "arrived", chance.randrange(100), room=str(room)),
            wire(Kind.CHANGED_ROOM, stay, "changed", chance.randrange(300), room=str(other), reason="x"),
            wire(Kind.LEFT, stay, away, 150 + chance.randrange(99), reason="x"),
            wire(Kind.TURNOVER, room, cleaned, chance.randrange(400)),
            wire(Kind.TURNOVER, room, used, chance.randrange(400), reason="x"),
        ]
    earlier = chance.choice(records[4:])
    records.append(earlier | {"id": str(ids.uuid7()), "withdraws": earlier["id"]})
    return records


def rows() -> list[Any]:
    return [list(model.objects.order_by(model._meta.pk.name).values()) for model in TABLES]


def play(phones: Sequence[Actor], records: Sequence[dict[str, Any]], order: random.Random) -> None:
    handed = [(phones[n % len(phones)], record) for n, record in enumerate(records)]
    handed += [pair for pair in handed if order.random() < 0.3]
    order.shuffle(handed)
    while handed:
        phone, size = handed[0][0], order.randrange(1, 9)
        batch = [record for one, record in handed[:size] if one is phone]
        handed = [pair for n, pair in enumerate(handed) if n >= size or pair[0] is not phone]
        send(phone, *batch, sent_at=NOW + timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [7, 2022])
def test_any_order_and_duplication_gives_the_same_tables_and_a_replay_finds_them(seed: int) -> None:
    with clock.frozen(NOW + timedelta(days=1)), transaction(whole(DISTRICT)):
        made = street()
        site = make.opened(make.officer(), numbers=("101", "102", "103"))
        phones = [someone(Role.STREET_OFFICER, DISTRICT, device=True, team=f"team {n}") for n in range(2)]
        records = story(site, made.all_doors[0], seed)
        found = []
        for shuffle in range(2):
            with db.atomic():
                play(phones, records, random.Random(seed + shuffle))
                found.append(rows())
                assert [f for f in replay_check().faults if f.room == "isolation"] == []
                db.set_rollback(True)
        assert found[0] == found[1]
        assert all(found[0])


def told(kind: Kind, minute: int, outcome: str, subject: UUID, **payload: Any) -> Entry:
    return entry(
        kind.value, at=NOW + timedelta(minutes=minute), subject=subject, outcome=outcome, payload=payload,
        subject_type="stay",
    )  # fmt: skip


@given(st.randoms(use_true_random=False))
def test_the_fold_of_a_stay_does_not_depend_on_the_order(chance: random.Random) -> None:
    stay, site = UUID(int=7), UUID(int=8)
    known = [
        told(Kind.EXPECTED, 0, "expected", stay, **PLAN, site=str(site)),
        told(Kind.ARRIVED, 10, "arrived", stay, room=str(room_of(site, "1"))),
        told(Kind.CHANGED_ROOM, 20, "changed", stay, room=str(room_of(site, "2"))),
        told(Kind.RELEASED, 30, "released", stay, serial="J-1"),
        told(Kind.LEFT, 40, "alone", stay),
        told(Kind.CHANGED_ROOM, 50, "changed", stay, room=str(room_of(site, "3"))),
    ]  # fmt: skip
    mixed = known * 2
    chance.shuffle(mixed)
    folded = stays.stay(mixed)
    assert folded == stays.stay(known)
    assert folded is not None
    assert (folded.state, folded.serial, [n.room for n in folded.nights]) == (
        StayState.GONE, "J-1", [room_of(site, "1"), room_of(site, "2")],
    )  # fmt: skip
    assert folded.nights[-1].until == NOW + timedelta(minutes=40)


def test_nobody_arrives_who_was_not_expected_and_nobody_is_released_before_arriving() -> None:
    stay = UUID(int=7)
    assert stays.stay([told(Kind.ARRIVED, 10, "arrived", stay)]) is None
    coming = told(Kind.EXPECTED, 0, "expected", stay, **PLAN, dwelling=str(stay))
    early = told(Kind.RELEASED, 5, "released", stay, serial="J-1")
    folded = stays.stay([coming, early])
    assert folded is not None
    assert folded.state is StayState.EXPECTED
    absent = stays.stay([coming, told(Kind.LEFT, 20, "not_come", stay, reason="ill"), early])
    assert absent is not None
    assert absent.state is StayState.NOT_COME


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 3)), max_size=8))
def test_a_site_never_has_two_heads_at_once(given_duties: list[tuple[int, int, int]]) -> None:
    site = UUID(int=8)
    known = [
        told(
            Kind.DUTY, at, "given", site, account=str(UUID(int=who)), group=Group.HEAD.value,
            **{"from": (NOW + timedelta(minutes=since)).isoformat()},
        )
        for at, since, who in given_duties
    ]  # fmt: skip
    made = sites.site(known, {})
    heads = sorted(made.duties, key=lambda one: one.since) if made else []
    for one, following in pairwise(heads):
        assert one.until is not None
        assert one.until <= following.since
    if given_duties:
        assert heads
        assert heads[-1].until is None
