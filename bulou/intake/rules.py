"""Pure rules of intake: reading a batch, times, and what makes a record doubtful whatever its line says."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bulou.coverage.rules import excuse_until
from bulou.coverage.terms import Operation
from bulou.intake.terms import BATCH_LIMIT, Envelope, Sealed, Wire
from bulou.kernel.problems import ProblemError
from bulou.ledger.terms import Entry

FUTURE = timedelta(minutes=5)  # a measured clock offset is exact to the length of one request
REVOKED = timedelta(seconds=5)  # and so is the moment of a revocation by that clock
EARLY = timedelta(days=1)  # lists are handed out the evening before
RECORD_BYTES = 64 * 1024
_envelopes = msgspec.json.Decoder(Envelope)
_records = msgspec.json.Decoder(Wire)
_ids = msgspec.json.Decoder(dict[str, Any])
MOST_ENVELOPES = 20_000
PAGE = re.compile(r"BULOU1/([0-9a-f-]{36})/([0-9]{1,3})/([0-9]{1,3})/([0-9A-Za-z/_-]{1,2000})")


class _Brought(msgspec.Struct, frozen=True):
    """One envelope in a file."""

    device: UUID
    id: UUID
    sealed: str


class _File(msgspec.Struct, frozen=True):
    """A file that a phone wrote of what it could not send."""

    bulou: str
    envelopes: list[_Brought]


_files = msgspec.json.Decoder(_File)


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
    told = bytes(raw)
    if len(told) > RECORD_BYTES:
        return f"a record may have at most {RECORD_BYTES} bytes"
    if b"\\u0000" in told:
        return "a text holds a NUL character"
    if wire.corrects is not None and wire.withdraws is not None:
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
    effective_at: datetime,
    received_at: datetime,
    operation: Operation | None,
    revoked_at: datetime | None = None,
) -> tuple[str, ...]:
    """What is odd about the time of a record."""
    found = []
    if effective_at > received_at + FUTURE:
        found.append("intake.future_time")
    if operation is not None and effective_at < operation.opens_at - EARLY:
        found.append("intake.before_opening")
    if operation is not None and operation.closed_at is not None and effective_at > operation.closed_at:
        found.append("intake.after_closing")
    if revoked_at is not None and effective_at > revoked_at + REVOKED:
        found.append("intake.after_revocation")
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
    excuses = [e for e in entries if e.kind == "unit.excused"]
    if not excuses:
        return {}
    named = ((e.id, excuse_until(payloads.get(e.id, {}).get("until"))) for e in excuses)
    return {record: at for record, at in named if at is not None}


def about(device: UUID, envelope: UUID) -> bytes:
    """What an envelope is bound to: it opens only as this one of this phone."""
    return f"bulou.sealed.1|{device}|{envelope}".encode()


def to_base64(content: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def from_base64(word: str) -> bytes:
    """The bytes of base64url without padding; empty where it is none."""
    try:
        return urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4))
    except (NotBase64Error, UnicodeError, ValueError):
        return b""


def parts(records: Sequence[msgspec.Raw]) -> Iterator[Sequence[msgspec.Raw]]:
    """The records in batches of at most the limit."""
    for at in range(0, len(records), BATCH_LIMIT):
        yield records[at : at + BATCH_LIMIT]


def sealed_in(content: bytes) -> list[Sealed]:
    """The envelopes of a file that a phone wrote, or of its scanned pages, one a line, in any order.

    Raises:
        ProblemError: intake.not_sealed (422), intake.pages_missing (422) with their numbers.
    """
    try:
        file = _files.decode(content)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return _scanned(content)
    if file.bulou != "sealed-outbox" or len(file.envelopes) > MOST_ENVELOPES:
        raise ProblemError("intake.not_sealed", status=422)
    return [Sealed(one.device, one.id, from_base64(one.sealed)) for one in file.envelopes]


def _scanned(content: bytes) -> list[Sealed]:
    packs: dict[str, tuple[int, dict[int, str]]] = {}
    for pack, page, pages, text in PAGE.findall(content.decode("ascii", "replace")):
        packs.setdefault(pack, (int(pages), {}))[1][int(page)] = text
    if not packs:
        raise ProblemError("intake.not_sealed", status=422)
    found = []
    for pack, (pages, texts) in packs.items():
        missing = [str(n) for n in range(1, pages + 1) if n not in texts]
        if missing:
            raise ProblemError("intake.pages_missing", status=422, pages=", ".join(missing))
        device, _, sealed = "".join(texts[n] for n in range(1, pages + 1)).partition("/")
        try:
            found.append(Sealed(UUID(device), UUID(pack), from_base64(sealed)))
        except ValueError:
            raise ProblemError("intake.not_sealed", status=422) from None
    return found
