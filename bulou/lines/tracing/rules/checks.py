"""What makes a record of tracing doubtful: pure, and from the record alone, so order does not matter."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bulou.ledger.terms import Entry
from bulou.lines.tracing.rules import payloads, regimes
from bulou.lines.tracing.terms import ILL, MOST_PIECES, MOST_STAY, CaseClass, Kind

SLACK = timedelta(minutes=10)


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The decoded answers."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make the record doubtful; empty when it may stand."""
    if entry.withdraws:
        return ()
    kind = Kind(entry.kind)
    told = payloads.read(context.payload, payloads.SHAPES[kind])
    if told is None or (entry.subject is None and kind is not Kind.REGIME):
        return ("tracing.not_understood:payload",)
    if isinstance(told, payloads.CaseTold):
        return _case(entry, told)
    if isinstance(told, payloads.ExposureTold):
        itself = told.source is not None and told.source == entry.subject
        return ("tracing.itself",) if itself else _times(entry, told.began_at, told.ended_at)
    if isinstance(told, payloads.VisitTold):
        found = _times(entry, told.began_at, told.ended_at)
        too_long = told.ended_at - told.began_at > MOST_STAY * MOST_PIECES
        return found or (("tracing.too_long",) if too_long else ())
    if isinstance(told, payloads.RegimeTold):
        return _regime(told)
    return ()


def _case(entry: Entry, told: payloads.CaseTold) -> tuple[str, ...]:
    if entry.outcome not in set(CaseClass):
        return ("tracing.not_understood:outcome",)
    counted = told.onset_on or told.sampled_on
    return ("tracing.no_onset",) if entry.outcome in ILL and counted is None else ()


def _regime(told: payloads.RegimeTold) -> tuple[str, ...]:
    if not told.reason.strip():
        return ("tracing.reason_missing",)
    return () if told.key in regimes.packaged() else ("tracing.no_such_regime",)


def _times(entry: Entry, began: datetime, ended: datetime) -> tuple[str, ...]:
    if ended <= began:
        return ("tracing.times_wrong",)
    return ("tracing.in_future",) if began > entry.received_at + SLACK else ()
