"""What makes a record of a watch doubtful, or is refused at a desk; and whether the tables agree."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import connection

from bulou.kernel import sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Compiled
from bulou.watches.rules import folding, payloads, release
from bulou.watches.terms import CLOSED, RELEASED, Kind


class Known(Protocol):
    """What intake knows when it checks: the payload, and the records of each subject that asked for them."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it came."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """Entries by subject."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make the record doubtful; empty when it may stand. Never raises."""
    try:
        compiled = protocols.compiled(entry.protocol)
    except ProblemError:
        return ("intake.unknown_protocol",)
    kind = Kind(entry.kind)
    if kind in compiled.records:
        return _formed(entry, compiled, context)
    return _CHECKS[kind](entry, compiled)


def _formed(entry: Entry, compiled: Compiled, context: Known) -> tuple[str, ...]:
    found = compiled.form.problems(dict(context.payload), entry.outcome)
    if not found and entry.outcome not in compiled.records[entry.kind]:
        found = ("watches.other_kind",)
    if not found and entry.kind == Kind.ENDED and entry.outcome == RELEASED:
        found = cannot_release(
            entry, compiled, context.history.get(entry.subject, ()) if entry.subject else ()
        )
    return found


def cannot_release(entry: Entry, compiled: Compiled, known: Sequence[Entry]) -> tuple[str, ...]:
    """The conditions that do not hold; of the cases about the watch another room knows."""
    made = folding.fold(known, protocols.known(sorted({e.protocol for e in known if e.protocol})))
    if made is None:
        return ("watches.not_found",)
    unmet = release.unmet(made.watch, made.slots, compiled, at=entry.effective_at, author=entry.author)
    return tuple(f"watches.cannot_release:{one.value}" for one in unmet)


def _shape(shape: type[msgspec.Struct]) -> Callable[[Entry, Compiled], tuple[str, ...]]:
    def look(entry: Entry, compiled: Compiled) -> tuple[str, ...]:
        told = payloads.read(entry, shape)
        if told is None:
            missing = next((f for f in shape.__struct_encode_fields__ if f not in payloads.body(entry)), "")
            return (f"watches.bad_payload:{missing}",)
        regime = getattr(told, "regime", None)
        if regime is not None and regime not in compiled.regimes:
            return ("watches.unknown_regime",)
        if isinstance(told, payloads.Changed) and not told.reason.strip():
            return ("watches.reason_missing",)
        return ()

    return look


def _any(_entry: Entry, _compiled: Compiled) -> tuple[str, ...]:
    return ()


_CHECKS: Mapping[Kind, Callable[[Entry, Compiled], tuple[str, ...]]] = {
    Kind.STARTED: _shape(payloads.Started),
    Kind.REGIME_CHANGED: _shape(payloads.Changed),
    Kind.ASSIGNED: _shape(payloads.Assigned),
    Kind.CONFIRMED: _shape(payloads.Confirmed),
    Kind.MOVED: _any,
    Kind.SEEN: lambda *_: ("watches.other_kind",),
    Kind.TESTED: lambda *_: ("watches.other_kind",),
    Kind.ENDED: lambda *_: ("watches.other_kind",),
}


def out_of_step(district: str) -> list[str]:
    """Slots without their watch, and watches whose last closed slot is not the last one; at most 100."""
    with connection.cursor() as cursor:
        parameters: dict[str, str | int] = {"district": district, "closed": int(CLOSED)}
        cursor.execute(sqlfiles.load("bulou.watches", "out_of_step"), parameters)
        return [row[0] for row in cursor.fetchall()]
