"""Pure rules of the ledger: what a record's content is, which records are in force, how seals chain."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from bulou.ledger.terms import Entry, Kind, Standing

_encode = msgspec.json.Encoder().encode
# A record whose only doubts are these speaks as soon as the doubt is gone (the unit came after the visit to
# it): were they final, the state would depend on the order of arrival.
CONTEXTUAL = frozenset({"coverage.not_in_frame"})


def digest(entry: Entry) -> bytes:
    """Content hash (32 bytes) of what the sender said; not transport (receipt, clock offset)."""
    said = (
        entry.id,
        entry.kind,
        entry.operation,
        entry.subject_type,
        entry.subject,
        entry.slot,
        entry.outcome,
        entry.observed_at.astimezone(UTC),
        entry.device,
        entry.device_seq,
        entry.author,
        entry.protocol,
        entry.based_on,
        entry.corrects,
        entry.withdraws,
        entry.accepts,
    )
    return hashlib.sha256(_encode(said) + entry.payload).digest()


def leaf(entry: Entry) -> bytes:
    """Hash of the whole stored row: content, and what the server added to it."""
    added = (
        entry.district,
        entry.path,
        entry.team,
        str(entry.clock_offset_ms),
        _instant(entry.effective_at),
        _instant(entry.received_at),
        entry.standing,
        ",".join(entry.problems),
    )
    return hashlib.sha256(digest(entry) + "\x1f".join(added).encode()).digest()


def seal(previous: bytes, leaves: Iterable[bytes]) -> bytes:
    """Hash of a seal: hash(previous seal, ordered record digests)."""
    chain = hashlib.sha256(previous)
    for one in leaves:
        chain.update(one)
    return chain.digest()


def live(entries: Sequence[Entry]) -> list[Entry]:
    """The records in force, sorted by (effective time, id); the same for any order of arrival.

    A record is out of force when it is corrected or withdrawn, or doubtful and accepted by nobody.
    Withdrawing a correction withdraws the whole fact: the earlier version does not come back by itself.
    """
    accepted = {t for e in entries if (t := e.accepts) and e.kind == Kind.RECORD_ACCEPTED}
    rejected = {t for e in entries if (t := e.accepts) and e.kind == Kind.RECORD_REJECTED}
    speaking = [e for e in entries if _speaks(e, accepted, rejected)]
    authors = {e.id: e.author for e in entries}
    gone: set[UUID] = set()
    for e in speaking:
        target = e.corrects or e.withdraws
        # by its author, by the office, or accepted by an officer
        if target and (e.device is None or e.id in accepted or authors.get(target) == e.author):
            gone.add(target)
    kept = [e for e in speaking if e.id not in gone and e.withdraws is None and e.accepts is None]
    return sorted(kept, key=lambda e: (e.effective_at, e.id))


def _speaks(entry: Entry, accepted: set[UUID], rejected: set[UUID]) -> bool:
    if entry.id in rejected:
        return False
    if entry.standing is Standing.KEPT or entry.id in accepted:
        return True
    return bool(entry.problems) and CONTEXTUAL.issuperset(entry.problems)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
