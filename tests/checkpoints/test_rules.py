"""Checks of passages, what may stand in the ledger, and the fold of one passage."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.intake.terms import CheckContext
from bulou.lines.checkpoints.rules import checks, folding, payloads
from bulou.lines.checkpoints.terms import Kind, Outcome
from bulou.protocols import queries as protocols
from tests.make.lines import after, entry

POST = str(UUID(int=7))
GOOD = {"post": POST, "direction": "in", "n_persons": 2}
TOLD = {"reason": "no_pass", "told": "back"}


def problems(kind: str, outcome: str, payload: dict[str, Any]) -> tuple[str, ...]:
    kept = payloads.reduce(payload)
    made = entry(f"checkpoint.{kind}", outcome=outcome, payload=kept)
    return checks.check(made, CheckContext(None, payload, {}))


@pytest.mark.parametrize(
    ("kind", "outcome", "payload", "expected"),
    [
        ("passage", "admitted", GOOD, ()),
        ("passage", "admitted", GOOD | {"temperature_c": 37.2}, ()),
        ("passage", "admitted", GOOD | {"temperature_c": 37.3}, ("fever_admitted",)),
        ("passage", "admitted", GOOD | {"temperature_c": 37.9, "recheck_c": 36.8}, ()),
        ("passage", "admitted", GOOD | {"temperature_c": 36.9, "recheck_c": 37.3}, ("fever_admitted",)),
        ("passage", "held", GOOD | {"temperature_c": 38}, ()),
        ("passage", "referred", GOOD | {"temperature_c": 38, "recheck_c": 38.1}, ()),
        ("passage", "emergency", GOOD | {"temperature_c": 39.5}, ()),
        ("passage", "handed_over", GOOD, ("receiver_missing",)),
        ("passage", "handed_over", GOOD | {"to": "220303.001.005"}, ()),
        ("passage", "handed_over", GOOD | {"to": "220303.001.005", "temperature_c": 38}, ()),
        ("passage", "turned_back", GOOD, ("reason_missing",)),
        ("passage", "turned_back", GOOD | {"reason": "no_pass"}, ("reason_missing",)),
        ("passage", "turned_back", GOOD | TOLD, ()),
        ("passage", "entered", GOOD, ("bad_outcome",)),
        ("passage", "admitted", {}, ("no_post", "bad_direction", "bad_count")),
        ("passage", "admitted", GOOD | {"n_persons": -1}, ("plain_details", "bad_count")),
        ("passage", "admitted", GOOD | {"plate": "A12345"}, ("plain_details",)),
        ("household_entry", "admitted", GOOD | {"pass_tag": "0" * 32, "pass_result": "valid"}, ()),
        ("visitor", "entered", {"post": POST, "n_persons": 1}, ()),
        ("visitor", "left", {}, ()),
        ("recheck", "admitted", {"recheck_c": 36.9}, ()),
        ("recheck", "admitted", {}, ("fever_admitted",)),
        ("recheck", "admitted", {"recheck_c": 37.3}, ("fever_admitted",)),
        ("recheck", "referred", {"recheck_c": 37.8}, ()),
        ("received", "accepted", {}, ()),
        ("received", "perhaps", {}, ("bad_outcome",)),
        ("shift", "opened", {"post": POST, "n_staff": 3}, ()),
        ("shift", "closed", {"post": POST}, ("bad_count",)),
        ("shift", "closed", {"post": POST, "passages": 4, "persons": 9}, ()),
        ("patrol", "clear", {"minutes": 40}, ()),
    ],
)
def test_what_makes_a_record_doubtful(
    kind: str, outcome: str, payload: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert problems(kind, outcome, payload) == tuple(f"checkpoints.{code}" for code in expected)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from([*payloads.PLAIN, "plate", "names", "x"]), anything, max_size=8))
def test_nothing_that_could_name_somebody_gets_through_and_nothing_breaks(payload: dict[str, Any]) -> None:
    kept = payloads.reduce(payload)
    assert not set(kept) & {"plate", "names", "phone", "note", "x"}
    assert payloads.reduce(kept) == kept
    for value in kept.values():
        assert not isinstance(value, list | dict)
        assert not isinstance(value, str) or value.isascii()
    for kind in Kind:
        for outcome in ("admitted", "closed", "left"):
            checks.check(entry(kind, outcome=outcome, payload=kept), CheckContext(None, payload, {}))


def test_the_form_and_the_ledger_agree_on_what_is_personal() -> None:
    """What the form calls personal is sealed; everything else may stand in the ledger as it is."""
    found = dict(protocols.documents())
    for name in ("checkpoint/checkpoint-passage.v1.yaml", "checkpoint/street-patrol.v1.yaml"):
        for field in found[name].form:
            assert (field.key in payloads.PLAIN) is (field.privacy != "personal"), field.key


def test_a_hold_is_settled_by_the_second_measurement() -> None:
    person = uuid4()
    held = entry("checkpoint.passage", subject=person, outcome="held", payload=GOOD | {"temperature_c": 37.6})
    again = entry(
        "checkpoint.recheck", subject=person, outcome="admitted", payload={"recheck_c": 36.9},
        at=after(minutes=6),
    )  # fmt: skip
    for order in ([held, again], [again, held]):
        told = folding.passage(order)
        assert told is not None
        assert (told.outcome, told.was_held, told.recheck_c) == (Outcome.ADMITTED, True, 36.9)
    assert folding.passage([again]) is None


def test_only_the_named_receiver_accepts_a_hand_over() -> None:
    people, there = uuid4(), "220303.001.006"
    sent = entry("checkpoint.passage", subject=people, outcome="handed_over", payload=GOOD | {"to": there})
    for path, accepted in ((there, True), ("220303.001.007", False)):
        said = entry(
            "checkpoint.received", subject=people, outcome="accepted", path=path, at=after(minutes=30)
        )
        told = folding.passage([said, sent])
        assert told is not None
        assert (told.accepted_at is not None) is accepted
        assert told.outcome is Outcome.HANDED_OVER


def test_a_corrected_passage_stays_where_it_was_and_a_withdrawn_one_goes() -> None:
    one = entry("checkpoint.passage", subject=(who := uuid4()), outcome="admitted", payload=GOOD)
    right = entry(
        "checkpoint.passage", subject=who, outcome="turned_back", payload=GOOD | TOLD, corrects=one.id,
        at=after(hours=3),
    )  # fmt: skip
    told = folding.passage([right, one])
    assert told is not None
    assert (told.outcome, told.at) == (Outcome.TURNED_BACK, one.effective_at)
    gone = entry("checkpoint.passage", subject=who, withdraws=right.id, at=after(hours=4))
    assert folding.passage([gone, right, one]) is None


def test_a_shift_is_what_its_two_ends_say() -> None:
    one = uuid4()
    opened = entry("checkpoint.shift", subject=one, outcome="opened", payload={"post": POST, "n_staff": 3})
    closed = entry(
        "checkpoint.shift", subject=one, outcome="closed", at=after(hours=8),
        payload={"post": POST, "passages": 40, "persons": 71},
    )  # fmt: skip
    told = folding.shift([closed, opened])
    assert told is not None
    assert (told.n_staff, told.told_passages, told.told_persons) == (3, 40, 71)
    assert (told.opened_at, told.closed_at) == (opened.effective_at, closed.effective_at)
    alone = folding.shift([closed])
    assert alone is not None
    assert alone.opened_at is None


def test_a_day_is_a_day() -> None:
    assert payloads.day({"key": "2026-02-30"}, "key") is None
    assert payloads.day({"key": "2026-02-03"}, "key") == date(2026, 2, 3)
