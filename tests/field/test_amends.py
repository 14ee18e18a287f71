"""What comes back to a phone for amends: the other side of a conflict, and what its unit has to put right."""

from collections.abc import Iterator
from typing import Any

import pytest

from bulou.access.terms import Role
from bulou.doors.api import modes
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from tests.make import gates
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, standings, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with transaction(ALL):
        street(compounds=1, doors=1)
        yield


def finding(subject: str, kind: str, outcome: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(ids.uuid7()), "kind": f"supervision.{kind}", "subject": {"type": "finding", "id": subject},
        "outcome": outcome, "payload": payload, "observed_at": clock.now().isoformat(),
        "protocol": "finding-closure@1", "area": COMMUNITY,
    }  # fmt: skip


def test_both_sides_of_a_conflict_reach_the_phone_as_far_as_it_may_see_them() -> None:
    guard, other = (someone(Role.CHECKPOINT, COMMUNITY, device=True) for _ in range(2))
    first = gates.passage(gates.post(), n_persons=2)
    send(guard, first)
    assert standings(send(other, first | {"outcome": "emergency"})) == ["conflict"]
    [told] = modes.others(other, ALL)
    assert (told["record"], told["outcome"], told["mine"]) == (first["id"], "admitted", False)
    assert told["payload"] == {}, "what others wrote is for who may read records"
    assert modes.others(guard, ALL) == [], "nobody hears of it but whose record waits"
    assert standings(send(guard, first | {"outcome": "emergency"})) == ["conflict"]
    [own] = modes.others(guard, ALL)
    assert (own["mine"], own["payload"]["n_persons"]) == (True, 2)


def test_a_unit_takes_along_what_it_was_told_to_put_right() -> None:
    one = str(ids.uuid7())
    inspector = someone(Role.SUPERVISION, DISTRICT, team="supervision 5", device=True)
    officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5", device=True)
    send(inspector, finding(one, "finding", "found", {"severity": "serious", "text": "No list at the gate"}))
    assert modes.to_fix(officer, ALL) == [], "nobody has told the unit yet"
    send(inspector, finding(one, "told", "told", {"unit": "Community 5"}))
    [told] = modes.to_fix(officer, ALL)
    assert (told["id"], told["text"]) == (one, "No list at the gate")
    assert "finding-closure@1" in modes.forms(officer)
    assert modes.to_fix(someone(Role.WORKER, COMMUNITY, device=True), ALL) == []
    send(officer, finding(one, "fixed", "fixed", {"evidence": ["a list of today hangs there"]}))
    assert modes.to_fix(officer, ALL) == []
