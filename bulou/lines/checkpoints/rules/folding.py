"""Passages, shifts and patrols as a pure fold over the set of their records: any order gives the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bulou.custody.terms import Kind as Custody
from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.lines.checkpoints.rules import payloads
from bulou.lines.checkpoints.terms import (
    PASSING,
    Acceptance,
    Direction,
    Kind,
    Outcome,
    Passage,
    Patrol,
    Shift,
    ShiftStep,
    Walk,
)

_DIRECTIONS = {direction.value: direction for direction in Direction}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_OPEN = frozenset({Outcome.HELD})
RECEIVING = frozenset({Kind.RECEIVED.value, Custody.RECEIVED.value})
"""The receiver speaks at the desk of gates, or of the chain of custody that the passage opened."""


def passage(entries: Sequence[Entry]) -> Passage | None:
    """The passage as it stands; None where no record of the passage itself is in force.

    A second measurement settles a hold; only the side that was named as receiver accepts a hand-over.
    """
    speaking = live(entries)
    heads = [e for e in speaking if e.kind in PASSING and e.outcome != Outcome.LEFT]
    if not heads:
        return None
    told = _begun(heads[0])
    for entry in speaking:
        told = _stepped(told, entry)
    return told


def _begun(entry: Entry) -> Passage:
    payload = payloads.body(entry)
    assert entry.subject is not None  # noqa: S101 - the caller folds by subject
    outcome = _OUTCOMES.get(entry.outcome, Outcome.ADMITTED)
    return Passage(
        id=entry.subject, district=entry.district, path=entry.path, kind=Kind(entry.kind),
        post=payloads.identity(payload, "post") or entry.subject,
        shift=payloads.identity(payload, "shift"), at=entry.effective_at,
        direction=_DIRECTIONS.get(payloads.word(payload, "direction"), Direction.IN),
        vehicle=payloads.word(payload, "vehicle"), n_persons=payloads.count(payload, "n_persons") or 0,
        origin=payloads.word(payload, "origin"), purpose=payloads.word(payload, "purpose"), outcome=outcome,
        was_held=outcome in _OPEN, temperature_c=payloads.celsius(payload, "temperature_c"),
        recheck_c=payloads.celsius(payload, "recheck_c"), seconds=payloads.count(payload, "seconds") or 0,
        plate_tag=payloads.word(payload, "plate_tag"), pass_tag=payloads.word(payload, "pass_tag"),
        key_on=payloads.day(payload, "key"), to_path=payloads.word(payload, "to"), author=entry.author,
        record=entry.id,
    )  # fmt: skip


def _stepped(told: Passage, entry: Entry) -> Passage:
    if entry.kind == Kind.RECHECK and entry.outcome in _OUTCOMES:
        return _rechecked(told, entry, payloads.body(entry))
    if entry.kind in RECEIVING and told.outcome is Outcome.HANDED_OVER and _there(entry, told):
        accepted = entry.outcome == Acceptance.ACCEPTED and not payloads.missing(entry)
        at = entry.effective_at if accepted else None
        return replace(told, accepted_at=at, accepted_by=entry.author if accepted else None)
    if entry.kind == Kind.VISITOR and entry.outcome == Outcome.LEFT:
        return replace(told, left_at=entry.effective_at)
    return told


def _there(entry: Entry, told: Passage) -> bool:
    return f"{entry.path}.".startswith(f"{told.to_path}.")


def _rechecked(told: Passage, entry: Entry, payload: Mapping[str, Any]) -> Passage:
    outcome = _OUTCOMES[entry.outcome]
    if told.kind is Kind.VISITOR and outcome is Outcome.ADMITTED:
        outcome = Outcome.ENTERED
    return replace(
        told,
        outcome=outcome,
        recheck_c=payloads.celsius(payload, "recheck_c"),
    )


def shift(entries: Sequence[Entry]) -> Shift | None:
    """The shift as it stands; one that only its end is known of counts from its end."""
    speaking = [e for e in live(entries) if e.kind == Kind.SHIFT]
    opened = next((e for e in speaking if e.outcome == ShiftStep.OPENED), None)
    closed = next((e for e in reversed(speaking) if e.outcome == ShiftStep.CLOSED), None)
    head = opened or closed
    if head is None or head.subject is None:
        return None
    payload, told = payloads.body(head), payloads.body(closed) if closed else {}
    return Shift(
        id=head.subject, district=head.district, path=head.path,
        post=payloads.identity(payload, "post") or head.subject, opened_at=_at(opened),
        closed_at=_at(closed), opened_by=head.author, team=head.team,
        n_staff=payloads.count(payload, "n_staff") or 1, told_passages=payloads.count(told, "passages"),
        told_persons=payloads.count(told, "persons"), record=head.id,
    )  # fmt: skip


def walk(entries: Sequence[Entry]) -> Walk | None:
    """The patrol as it stands; None where no record of it is in force."""
    speaking = [e for e in live(entries) if e.kind == Kind.PATROL]
    if not speaking or speaking[0].subject is None:
        return None
    entry, payload = speaking[0], payloads.body(speaking[0])
    return Walk(
        id=speaking[0].subject, district=entry.district, path=entry.path, at=entry.effective_at,
        minutes=payloads.count(payload, "minutes") or 0,
        outcome=Patrol.FOUND if entry.outcome == Patrol.FOUND else Patrol.CLEAR,
        n_told=payloads.count(payload, "n_told") or 0, author=entry.author, team=entry.team, record=entry.id,
    )  # fmt: skip


def _at(entry: Entry | None) -> datetime | None:
    return entry.effective_at if entry else None
