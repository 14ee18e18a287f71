"""People in care on the phone, under node: what I tell moves slots, hand-overs, cases and rooms at once."""

from typing import Any

import pytest

from bulou.protocols.queries import documents
from bulou.protocols.rules.compiling import for_phone
from tests.field.test_screens import NODE, asked

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")
KEY, FEVER, ESCORT = "key-person-watch@1", "fever-referral@1", "escort-handover@1"
SUPPLY = "supply-request@1"
FILES = {
    KEY: "watch/key-person-watch", FEVER: "case/fever-referral", ESCORT: "custody/escort-handover",
    SUPPLY: "case/supply-request",
}  # fmt: skip
NOW = "2026-10-24T08:00:00Z"  # four in the afternoon


def protocols() -> list[dict[str, Any]]:
    found = dict(documents())
    return [{"protocol": key, "body": for_phone(found[f"{file}.v1.yaml"])} for key, file in FILES.items()]


def slot(hour: int, **more: Any) -> dict[str, Any]:
    return {
        "watch": "w1", "who": "a1b2c3", "name": "", "path": "d.s.c", "place": "Community 5", "protocol": KEY,
        "track": "visit", "slot": f"visit@2026-10-24T{hour:02}:00", "state": None, "mine": False,
        "due_at": f"2026-10-24T{hour - 8:02}:00:00Z",
    } | more  # fmt: skip


def own(n: int, kind: str, subject: str, outcome: str, protocol: str, **more: Any) -> dict[str, Any]:
    record = {
        "id": f"r{n}", "kind": kind, "subject": {"type": "x", "id": subject}, "outcome": outcome,
        "payload": {}, "protocol": protocol, "observed_at": "2026-10-24T07:50:00Z", "area": "d.s.c",
    } | more  # fmt: skip
    return {"id": f"r{n}", "record": record, "state": "waiting"}


def care(**given: Any) -> dict[str, Any]:
    found: dict[str, Any] = asked(("care", {"protocols": protocols(), "now": NOW} | given))[0]
    return found


def test_a_slot_whose_turn_is_over_is_not_offered() -> None:
    found = care(slots=[slot(8), slot(14), slot(20)])
    assert found["slots"] == [["visit@2026-10-24T14:00", False], ["visit@2026-10-24T20:00", False]]


def test_what_was_told_closes_its_slot_or_leaves_it_open() -> None:
    told = {"slot": "visit@2026-10-24T14:00"}
    well = own(1, "watch.seen", "w1", "seen_ok", KEY, **told, payload={"temperature_c": 36.5})
    away = own(1, "watch.seen", "w1", "not_seen", KEY, **told)
    assert care(slots=[slot(14)], own=[well])["slots"] == [["visit@2026-10-24T14:00", True]]
    assert care(slots=[slot(14)], own=[away])["slots"] == [["visit@2026-10-24T14:00", False]]


def test_a_reading_of_37_3_opens_the_case_before_the_office_knows() -> None:
    ill = own(1, "watch.seen", "w1", "seen_ok", KEY, payload={"temperature_c": 37.3})
    step = own(2, "case.step", "r1", "isolated", FEVER)
    assert care(slots=[slot(14)], own=[ill])["cases"] == [["r1", []]]
    assert care(slots=[slot(14)], own=[ill, step])["cases"] == [["r1", ["isolate_here"]]]
    back = own(3, "watch.seen", "w1", "seen_ok", KEY, withdraws="r1")
    assert care(slots=[slot(14)], own=[ill, back])["cases"] == [["r1", []]], "others close it"


def test_an_escort_takes_over_and_hands_over_without_a_network() -> None:
    leg = {"giver": "", "receiver": "", "due_at": None, "vehicle": "", "reason": ""}
    gate = leg | {
        "n": 1, "giver_path": "g", "receiver_path": "b", "state": "on_the_way", "give": False,
        "receive": True,
    }  # fmt: skip
    home = leg | {
        "n": 2, "giver_path": "b", "receiver_path": "h", "state": "requested", "give": True, "receive": False,
    }  # fmt: skip
    items = [{"id": f"p{n}", "type": "person", "label": str(n)} for n in range(3)]
    chain = {"id": "c1", "protocol": ESCORT, "opened_at": NOW, "items": items, "legs": [gate, home]}
    took = own(1, "custody.received", "c1", "accepted", ESCORT, payload={"leg": 1, "count": 3})
    gave = own(2, "custody.gave", "c1", "departed", ESCORT, payload={"leg": 2, "count": 3})
    short = own(
        1, "custody.received", "c1", "accepted", ESCORT, payload={"leg": 1, "count": 2, "missing": ["p1"]}
    )
    assert care(handovers=[chain])["chains"] == [[1, "on_the_way", "receive", 3]]
    assert care(handovers=[chain], own=[took])["chains"] == [[2, "requested", "give", 3]]
    assert care(handovers=[chain], own=[took, gave])["chains"] == [[2, "on_the_way", "", 3]]
    assert care(handovers=[chain], own=[short])["chains"] == [[1, "difference", "receive", 1]]


def test_a_guest_takes_the_room_and_nobody_inspects_what_he_has_disinfected() -> None:
    rooms = [
        {"id": f"m{n}", "number": f"10{n}", "state": state} for n, state in ((1, "free"), (2, "to_clean"))
    ]
    site = {"id": "s1", "name": "", "path": "d", "guests": [{"stay": "t1", "needs": []}], "rooms": rooms}
    came = own(1, "isolation.arrived", "t1", "arrived", "", payload={"room": "m1"})
    clean, looked = (
        own(n, "isolation.turnover", "m2", what, "") for n, what in ((2, "disinfected"), (3, "inspected"))
    )
    assert care(sites=[site], own=[came])["sites"] == [[0, ["occupied", "to_clean"]]]
    assert care(sites=[site], own=[looked])["sites"] == [[1, ["free", "free"]]]
    assert care(sites=[site], own=[clean, looked])["sites"] == [[1, ["free", "to_clean"]]]


def test_a_room_that_was_changed_has_to_be_cleaned_and_who_left_is_gone() -> None:
    rooms = [{"id": f"m{n}", "number": f"10{n}", "state": ("occupied", "free")[n - 1]} for n in (1, 2)]
    here = {"stay": "t1", "watch": "w1", "room": "101", "needs": []}
    site = {"id": "s1", "name": "", "path": "d", "guests": [], "staying": [here], "rooms": rooms}
    moved = own(1, "isolation.changed_room", "t1", "changed", "", payload={"room": "m2", "reason": "noise"})
    found = care(sites=[site], own=[moved])
    assert (found["staying"], found["sites"]) == ([["t1", "102"]], [[0, ["to_clean", "occupied"]]])
    left = own(2, "isolation.left", "t1", "hospital", "")
    found = care(sites=[site], own=[moved, left])
    assert (found["staying"], found["sites"]) == ([], [[0, ["to_clean", "free"]]])


def test_what_is_asked_for_stands_open_at_once_and_a_check_speaks_for_its_home() -> None:
    asks = own(1, "case.opened", "c1", "opened", SUPPLY, payload={"need": "medicine"})
    taken = own(2, "case.step", "c1", "taken", SUPPLY)
    assert care(own=[asks])["cases"] == [["c1", []]]
    assert care(own=[asks, taken])["cases"] == [["c1", ["take"]]]
    home = {"dwelling": "d1", "suitable": None}
    passed = own(3, "isolation.home_check", "d1", "suitable", "home-entry-check@1")
    assert care(homes=[home])["homes"] == [["d1", None]]
    assert care(homes=[home], own=[passed])["homes"] == [["d1", True]]
