"""What makes a record of the line doubtful: pure, and from the record alone, so order does not matter."""

from collections.abc import Mapping
from typing import Any, Protocol

from bulou.ledger.terms import Entry
from bulou.lines.checkpoints.rules import payloads
from bulou.lines.checkpoints.terms import FEVER_C, OUTCOMES, PASSING, Direction, Kind, Outcome, ShiftStep

_DIRECTIONS = frozenset(direction.value for direction in Direction)
_THROUGH = frozenset({Outcome.ADMITTED, Outcome.ENTERED})


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it was sent, before it was reduced."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make the record doubtful; empty when it may stand. Never raises."""
    if entry.withdraws:
        return ()
    kind, payload = Kind(entry.kind), payloads.body(entry)
    found = []
    if payloads.left_out(context.payload):
        found.append("checkpoints.plain_details")
    if entry.outcome not in OUTCOMES[kind]:
        found.append("checkpoints.bad_outcome")
    elif kind in PASSING:
        found += _passing(kind, entry.outcome, payload)
    elif kind is Kind.SHIFT:
        found += _shift(entry.outcome, payload)
    elif kind is Kind.RECHECK:
        found += _recheck(entry.outcome, payload)
    return tuple(found)


def _passing(kind: Kind, outcome: str, payload: Mapping[str, Any]) -> list[str]:
    if kind is Kind.VISITOR and outcome == Outcome.LEFT:
        return []
    found = []
    if payloads.identity(payload, "post") is None:
        found.append("checkpoints.no_post")
    if kind is not Kind.VISITOR and payloads.word(payload, "direction") not in _DIRECTIONS:
        found.append("checkpoints.bad_direction")
    if payloads.count(payload, "n_persons") is None:
        found.append("checkpoints.bad_count")
    if outcome in _THROUGH and is_fever(payload):
        found.append("checkpoints.fever_admitted")
    if outcome == Outcome.TURNED_BACK:
        found += _told(payload)
    if outcome == Outcome.HANDED_OVER and not payloads.word(payload, "to"):
        found.append("checkpoints.receiver_missing")
    return found


def _recheck(outcome: str, payload: Mapping[str, Any]) -> list[str]:
    again = payloads.celsius(payload, "recheck_c")
    if outcome == Outcome.ADMITTED and (again is None or again >= FEVER_C):
        return ["checkpoints.fever_admitted"]
    return _told(payload) if outcome == Outcome.TURNED_BACK else []


def _told(payload: Mapping[str, Any]) -> list[str]:
    both = payloads.word(payload, "reason") and payloads.word(payload, "told")
    return [] if both else ["checkpoints.reason_missing"]


def _shift(outcome: str, payload: Mapping[str, Any]) -> list[str]:
    found = [] if payloads.identity(payload, "post") else ["checkpoints.no_post"]
    told = (payloads.count(payload, "passages"), payloads.count(payload, "persons"))
    if outcome == ShiftStep.CLOSED and None in told:
        found.append("checkpoints.bad_count")
    return found


def is_fever(payload: Mapping[str, Any]) -> bool:
    """Whether the last measurement says fever. A second one, under the arm, counts more (P-82)."""
    first, again = payloads.celsius(payload, "temperature_c"), payloads.celsius(payload, "recheck_c")
    last = first if again is None else again
    return last is not None and last >= FEVER_C
