"""Who is handed on at a checkpoint has a keeper until the other side accepts; who is referred has a case."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.cases import queries as cases
from bulou.cases.terms import FEVER
from bulou.custody import queries as custody
from bulou.custody.terms import Chain, Keeper, LegState
from bulou.doors.api import modes
from bulou.intake.actions.proving import replay_check, verify
from bulou.kernel import clock, ids
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.checkpoints import models
from tests.make import gates as make
from tests.make.care import ESCORT
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NOON = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
FAR = f"{DISTRICT}.001.006"


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with transaction(ALL):
        street(compounds=1, doors=1)
        yield


@pytest.fixture
def guard() -> Actor:
    return someone(Role.CHECKPOINT, COMMUNITY, team="gate 3", device=True)


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, FAR, team="community 6", device=True)


def handed(post: UUID, **more: Any) -> dict[str, Any]:
    return make.passage(post, "handed_over", at=NOON, **{"to": FAR, "n_persons": 3, **more})


def word(outcome: str, chain: UUID, payload: dict[str, Any], minutes: int = 30) -> dict[str, Any]:
    return {
        "id": str(ids.uuid7()), "kind": "custody.received", "subject": {"type": "custody", "id": str(chain)},
        "outcome": outcome, "payload": {"leg": 1} | payload, "protocol": ESCORT, "area": FAR,
        "observed_at": (NOON + timedelta(minutes=minutes)).isoformat(),
    }  # fmt: skip


def chain(passage: UUID) -> Chain:
    return custody.chain(ALL, passage)


def accepted() -> list[datetime | None]:
    """When each hand-over of the gates was accepted."""
    return list(models.Handover.objects.values_list("accepted_at", flat=True))


def test_who_is_handed_on_stays_with_the_gate_until_the_community_accepts(guard: Actor, lin: Actor) -> None:
    post, passage = make.post(), ids.uuid7()
    send(guard, handed(post, subject=passage))
    there = Scope((DISTRICT,), (FAR,))
    [found] = custody.chains(there).items
    assert (found.id, found.manifest, found.current.state) == (passage, 3, LegState.ON_THE_WAY)
    [item, *_] = found.items
    assert custody.keeper(DISTRICT, item.id, NOON + timedelta(minutes=5)) == Keeper(make.GATE)
    [taken] = modes.care(lin, ALL).handovers
    assert (taken["id"], len(taken["items"]), taken["legs"][0]["receive"]) == (str(passage), 3, True)
    send(lin, word("accepted", passage, {"count": 3}))
    assert not chain(passage).is_open
    assert custody.keeper(DISTRICT, item.id, NOON + timedelta(minutes=31)) == Keeper(FAR)
    assert accepted() == [NOON + timedelta(minutes=30)], "the gate's own list says so, too"


def test_what_is_short_or_refused_stays_open(guard: Actor, lin: Actor) -> None:
    post, short, refused = make.post(), ids.uuid7(), ids.uuid7()
    send(guard, handed(post, subject=short), handed(post, subject=refused))
    lost = str(chain(short).items[1].id)
    send(
        lin,
        word("accepted", short, {"count": 2, "missing": [lost]}),
        word("refused", refused, {"reason": "no room"}),
    )
    assert (chain(short).current.state, chain(short).current.difference) == (LegState.DIFFERENCE, 1)
    assert (chain(refused).current.state, chain(refused).is_open) == (LegState.REFUSED, True)
    assert accepted() == [None, None]


def test_the_desk_of_gates_accepts_for_the_chain(guard: Actor, lin: Actor) -> None:
    passage = ids.uuid7()
    send(guard, handed(make.post(), subject=passage))
    send(
        lin, make.record("received", "accepted", {}, subject=passage, at=NOON + timedelta(hours=1), area=FAR)
    )
    assert not chain(passage).is_open


def test_a_hand_over_that_was_taken_back_leaves_no_chain(guard: Actor) -> None:
    passage = ids.uuid7()
    first = handed(make.post(), subject=passage)
    send(guard, first)
    send(guard, first | {"id": str(ids.uuid7()), "withdraws": first["id"], "payload": {}})
    assert custody.chains(ALL).items == ()


@pytest.mark.parametrize("how", ["referred", "again", "handed"])
def test_a_fever_at_a_gate_is_a_case_that_stays_open(guard: Actor, how: str) -> None:
    post, passage = make.post(), ids.uuid7()
    hot = {"at": NOON, "subject": passage, "temperature_c": 37.6}
    told = {
        "referred": [make.passage(post, "referred", **hot, recheck_c=37.8)],
        "again": [
            make.passage(post, "held", **hot),
            make.record("recheck", "referred", {"recheck_c": 37.9}, subject=passage, at=NOON),
        ],
        "handed": [handed(post, subject=passage, temperature_c=37.6)],
    }[how]
    send(guard, *told)
    [case] = cases.cases(ALL).items
    assert (case.id, case.about, case.protocol.partition("@")[0]) == (UUID(told[-1]["id"]), passage, FEVER)
    assert case.path == make.GATE
    assert [one["id"] for one in modes.care(guard, ALL).cases] == [str(case.id)]


def test_a_second_measurement_that_clears_opens_nothing(guard: Actor) -> None:
    passage = ids.uuid7()
    held = make.passage(make.post(), "held", at=NOON, subject=passage, temperature_c=37.6)
    send(guard, held, make.record("recheck", "admitted", {"recheck_c": 36.6}, subject=passage, at=NOON))
    assert cases.cases(ALL).items == ()


@pytest.mark.parametrize("seed", range(4))
def test_any_order_gives_the_same_and_a_rebuild_too(guard: Actor, lin: Actor, seed: int) -> None:
    post, passage, ill, gone = make.post(), ids.uuid7(), ids.uuid7(), ids.uuid7()
    mistaken = handed(post, subject=gone)
    told = [
        (guard, handed(post, subject=passage)),
        (lin, word("accepted", passage, {"count": 3})),
        (guard, make.passage(post, "held", at=NOON, subject=ill, temperature_c=37.6)),
        (guard, make.record("recheck", "referred", {"recheck_c": 37.9}, subject=ill, at=NOON)),
        (guard, mistaken),
        (guard, make.passage(post, at=NOON, subject=gone) | {"corrects": mistaken["id"]}),
    ]
    random.Random(seed).shuffle(told)
    for actor, record in told:
        send(actor, record)
    assert [one.id for one in custody.chains(ALL, done=True).items] == [passage]
    assert custody.chains(ALL).items == ()
    assert [one.about for one in cases.cases(ALL).items] == [ill]
    assert accepted() == [NOON + timedelta(minutes=30)]
    assert replay_check().faults == ()
    assert verify().faults == ()
