"""Pure rules of intake: reading a batch, times, and what makes a record doubtful whatever its line says."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bulou.coverage.rules import excuse_until
from bulou.coverage.terms import Operation
from bulou.intake.terms import BATCH_LIMIT, Envelope, Wire
from bulou.kernel.problems import ProblemError
from bulou.ledger.terms import Entry

FUTURE = timedelta(minutes=5)  # a measured clock offset is exact to the length of one request
EARLY = timedelta(days=1)  # lists are handed out the evening before
RECORD_BYTES = 64 * 1024
_envelopes = msgspec.json.Decoder(Envelope)
_records = msgspec.json.Decoder(Wire)
_ids = msgspec.json.Decoder(dict[str, Any])


def read_batch(body: bytes) -> Envelope:
    """The batch with its records still raw.

    Raises:
        ProblemError: intake.unreadable_batch (400) for what is no batch, intake.too_many (413).
    """
    try:
        envelope = _envelopes.decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError("intake.unreadable_batch", status=400, why=str(error)[:200]) from None
    if len(envelope.records) > BATCH_LIMIT:
        raise ProblemError("intake.too_many", status=413, limit=BATCH_LIMIT)
    return envelope


def read_record(raw: msgspec.Raw) -> Wire | str:
    """The record, or in words why it cannot be read."""
    try:
        wire = _records.decode(raw)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        return str(error)[:200]
    if len(bytes(raw)) > RECORD_BYTES:
        return f"a record may have at most {RECORD_BYTES} bytes"
    if b"\\u0000" in bytes(raw):
        return "a text holds a NUL character"
    if sum(t is not None for t in (wire.corrects, wire.withdraws)) > 1:
        return "a record either corrects or withdraws another one"
    return wire


def claimed_id(raw: msgspec.Raw) -> str:
    """The id that an unreadable record claims, or an empty text: so that the phone can tell which it was."""
    try:
        return str(_ids.decode(raw).get("id", ""))[:64]
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return ""


def offset_ms(sent_at: datetime, received_at: datetime) -> int:
    """How far the phone's clock is behind the server's, in milliseconds, measured as the batch arrived."""
    return round((received_at - sent_at) / timedelta(milliseconds=1))


def effective(observed_at: datetime, clock_offset_ms: int) -> datetime | None:
    """When it really happened: the phone's time moved by its clock's error; None where that is no date."""
    try:
        at = observed_at.astimezone(UTC) + timedelta(milliseconds=clock_offset_ms)
    except OverflowError:
        return None
    return at if 2000 <= at.year <= 2200 else None


def time_problems(
    effective_at: datetime, received_at: datetime, operation: Operation | None
) -> tuple[str, ...]:
    """What is odd about the time of a record."""
    found = []
    if effective_at > received_at + FUTURE:
        found.append("intake.future_time")
    if operation is not None and effective_at < operation.opens_at - EARLY:
        found.append("intake.before_opening")
    if operation is not None and operation.closed_at is not None and effective_at > operation.closed_at:
        found.append("intake.after_closing")
    return tuple(found)


def office_problems(entry: Entry, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What a unit's excuse, removal or addition still lacks; nothing for other kinds."""
    if not entry.kind.startswith("unit."):
        return ()
    found = []
    if entry.kind == "unit.excused" and not excuse_until(payload.get("until")):
        found.append("intake.until_missing")
    if not str(payload.get("reason", "")).strip():
        found.append("intake.reason_missing")
    return tuple(found)


def untils(payloads: Mapping[UUID, Mapping[str, Any]], entries: Sequence[Entry]) -> dict[UUID, datetime]:
    """Ends of excuses that the records name themselves."""
    excuses = (e for e in entries if e.kind == "unit.excused")
    named = ((e.id, excuse_until(payloads.get(e.id, {}).get("until"))) for e in excuses)
    return {record: at for record, at in named if at is not None}
