"""Order does not matter: any order, duplication and batching gives the same watches, cases and keepers."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.cases.models import Case
from bulou.custody.models import Carried, Chain, Keeping, Span
from bulou.intake.actions.proving import replay_check, verify
from bulou.kernel import ids
from bulou.kernel.scope import transaction, whole
from bulou.watches.models import Slot, Watch
from bulou.watches.terms import Kind
from tests.make.care import DAY0, FEVER, HOME, PLACE, at, seen, send_at
from tests.make.rounds import DISTRICT, someone, street
from tests.make.rounds import standings as standings_of

pytestmark = pytest.mark.django_db
TABLES = (Watch, Slot, Case, Chain, Carried, Keeping, Span)
OUTCOMES = ("seen_ok", "seen_not_ok", "not_seen", "not_attempted")


def beginning(watch: UUID, regime: str = "cn-v9") -> dict[str, Any]:
    payload = {"person": str(ids.uuid7()), "regime": regime, "from": DAY0.isoformat()}
    record = seen(watch, "started", when=at(0, 9), kind=Kind.STARTED, protocol=HOME)
    return record | {"payload": payload}


def story(seed: int) -> list[dict[str, Any]]:
    """Two watches and their cases, with corrections and withdrawals, as phones might write them."""
    chance = random.Random(seed)
    watches = [ids.uuid7(), ids.uuid7()]
    records = [beginning(watch) for watch in watches]
    for n in range(14):
        watch, when = chance.choice(watches), at(1 + n // 3, 8 + 4 * (n % 3), chance.randrange(50))
        outcome = chance.choice(OUTCOMES)
        made = seen(watch, outcome, when=when, protocol=HOME)
        if outcome == "seen_ok":
            made["payload"] |= {"temperature_c": chance.choice([36.4, 37.3, 38.8])}
            made["payload"] |= {"channel": chance.choice(["door", "self_report"])}
        earlier = [r for r in records if r["subject"]["id"] == str(watch) and r["kind"] == Kind.SEEN]
        if earlier and chance.random() < 0.3:
            made |= {chance.choice(["corrects", "withdraws"]): chance.choice(earlier)["id"]}
        elif earlier and chance.random() < 0.2:
            about = seen(watch, "confirmed", when=when, kind=Kind.CONFIRMED, protocol=HOME)
            records.append(about | {"payload": {"record": chance.choice(earlier)["id"]}})
        records.append(made)
    alarms = [
        r for r in records if r["payload"].get("temperature_c", 0) > 37 or r["outcome"] == "seen_not_ok"
    ]
    steps = ("isolated", "reported", "disinfected")
    return records + [
        _step(alarm, outcome, chance) for alarm in alarms for outcome in chance.sample(steps, 2)
    ]


def _step(alarm: dict[str, Any], outcome: str, chance: random.Random) -> dict[str, Any]:
    return {
        "id": str(ids.uuid7()), "kind": "case.step", "subject": {"type": "case", "id": alarm["id"]},
        "outcome": outcome, "payload": {}, "observed_at": at(5, 8, chance.randrange(50)).isoformat(),
        "protocol": FEVER, "area": PLACE,
    }  # fmt: skip


def handovers(seed: int) -> list[dict[str, Any]]:
    """Two chains that share a person; counts that fit and counts that do not."""
    chance = random.Random(seed)
    riders = [str(ids.uuid7()) for _ in range(3)]
    records = []
    for n in range(2):
        chain, shared = str(ids.uuid7()), riders[: 2 + n]
        way = [
            {"from": {"path": DISTRICT}, "to": {"path": PLACE}},
            {"from": {"path": PLACE}, "to": {"path": DISTRICT}},
        ]
        opened = {"items": [{"id": rider} for rider in shared], "legs": way}
        said = [("opened", "requested", opened)]
        for leg in (1, 2):
            said.append(("gave", "departed", {"leg": leg}))
            missing = [r for r in shared if chance.random() < 0.3]
            said.append(("received", "accepted", {"leg": leg, "missing": missing, "slip": f"T-{leg}"}))
            said.append(
                ("received", chance.choice(["accepted", "arrived"]), {"leg": leg, "slip": f"T-{leg}"})
            )
        for minute, (kind, outcome, payload) in enumerate(said):
            here = PLACE if (payload.get("leg"), kind) in ((1, "received"), (2, "gave")) else DISTRICT
            when = at(n, 9) + timedelta(minutes=10 * minute + chance.randrange(9))
            records.append({
                "id": str(ids.uuid7()), "kind": f"custody.{kind}", "outcome": outcome, "payload": payload,
                "subject": {"type": "custody", "id": chain}, "observed_at": when.isoformat(),
                "protocol": "escort-handover@1", "area": here,
            })  # fmt: skip
    return records


def play(phones: list[Actor], records: list[dict[str, Any]], order: random.Random) -> None:
    """Hands the records in: shuffled, some twice, in batches of any size; each by the phone that wrote it."""
    handed = [(phones[n % len(phones)], record) for n, record in enumerate(records)]
    handed += [pair for pair in handed if order.random() < 0.3]
    order.shuffle(handed)
    while handed:
        phone, size = handed[0][0], order.choice((1, 3, 9, 27))
        batch = [record for one, record in handed[:size] if one is phone]
        handed = [pair for n, pair in enumerate(handed) if n >= size or pair[0] is not phone]
        send_at(phone, at(9), *batch)


def rows() -> list[Any]:
    return [list(model.objects.order_by(model._meta.pk.name).values()) for model in TABLES]


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_any_order_and_duplication_gives_the_same_tables_and_a_replay_finds_them(seed: int) -> None:
    with db.atomic():
        with transaction(whole(DISTRICT)):
            street()
            phones = [someone(Role.STREET_OFFICER, DISTRICT, device=True, team=f"team {n}") for n in range(2)]
            records = [*story(seed), *handovers(seed)]
            found = []
            for shuffle in range(3):
                with db.atomic():
                    play(phones, records, random.Random(seed + shuffle))
                    found.append(rows())
                    assert replay_check().faults == ()
                    assert verify().faults == ()
                    db.set_rollback(True)
            assert all(found[0])
            assert found[0] == found[1] == found[2]
        db.set_rollback(True)


def test_a_changed_row_is_noticed() -> None:
    with transaction(whole(DISTRICT)):
        street()
        phone = someone(Role.STREET_OFFICER, DISTRICT, device=True)
        watch = ids.uuid7()
        reading = seen(watch, when=at(1, 8, 30), protocol=HOME, temperature_c=38.0)
        answer = send_at(phone, at(2), reading, beginning(watch))
        assert standings_of(answer) == ["kept", "kept"]
        assert replay_check().faults == verify().faults == ()
        Slot.objects.all().delete()
        assert {fault.room for fault in replay_check().faults} == {"watches"}
        assert {fault.room for fault in verify().faults} == {"watches"}
