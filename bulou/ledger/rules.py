"""Pure rules of the ledger: what a record's content is, which records are in force, how seals chain."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import structs

from bulou.ledger.terms import Entry, Kind, Standing

_encode = msgspec.json.Encoder().encode
# Doubts that depend on what had arrived by then. A record with no other doubt speaks all the same (a visit
# counts as soon as its unit is there): were they final, the state would depend on the order of arrival.
#
# The third is no doubt about what happened: the answers ask for attention and the outcome does not say so.
# The visit counts, its unit gets the alert (ADR 31), and the record waits for a person all the same.
UNSAID_ALERT = "coverage.unsaid_alert"
# Those of isolation doubt the circumstances, not the fact: who sleeps in a room that was not ready is there.
CONTEXTUAL = frozenset(
    {
        "coverage.not_in_frame",
        "intake.other_subject",
        UNSAID_ALERT,
        "isolation.site_not_ready",
        "isolation.room_not_free",
        "isolation.not_expected",
        "isolation.no_act",
        "isolation.home_not_suitable",
        "isolation.no_site",
        "isolation.no_room",
        "isolation.not_a_guest_room",
        "isolation.not_staying",
        "isolation.not_released",
    }
)


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


def ranges(numbers: Iterable[int]) -> str:
    """The numbers as the text of an int8multirange: runs of neighbours are one range."""
    ordered = sorted(set(numbers))
    runs: list[str] = []
    first = 0
    for n, number in enumerate(ordered):
        if n + 1 == len(ordered) or ordered[n + 1] != number + 1:
            runs.append(f"[{ordered[first]},{number}]")
            first = n + 1
    return "{" + ",".join(runs) + "}"


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


def counts(entry: Entry) -> bool:
    """Whether a record speaks by itself, whatever else arrives: kept, or only its alert was not said."""
    return entry.standing is Standing.KEPT or entry.problems == (UNSAID_ALERT,)


def live(entries: Sequence[Entry]) -> list[Entry]:
    """The records in force, sorted by (effective time, id); the same for any order of arrival.

    Out of force is what is corrected or withdrawn, what is doubtful and accepted by nobody, and a
    correction or withdrawal of somebody else's record that neither comes from a desk nor was accepted
    there. A record speaks only about records of its own subject and round. A correction stands at the time
    of what it corrects. Withdrawing a correction withdraws the whole fact: the earlier version does not
    come back by itself.
    """
    accepted = {t for e in entries if (t := e.accepts) and e.kind == Kind.RECORD_ACCEPTED}
    rejected = {t for e in entries if (t := e.accepts) and e.kind == Kind.RECORD_REJECTED}
    by_id = {e.id: e for e in entries}
    speaking: list[Entry] = []
    gone: set[UUID] = set()
    for e in entries:
        if not _speaks(e, accepted, rejected):
            continue
        target = _target(e, by_id)
        if target is None:
            speaking.append(e)
        elif e.author == target.author or e.device is None or e.id in accepted:
            speaking.append(e)
            gone.add(target.id)
    kept = [e for e in speaking if e.id not in gone and e.withdraws is None and e.accepts is None]
    dated = [structs.replace(e, effective_at=_origin(e, by_id)) if e.corrects else e for e in kept]
    return sorted(dated, key=lambda e: (e.effective_at, e.id))


def _speaks(entry: Entry, accepted: set[UUID], rejected: set[UUID]) -> bool:
    if entry.id in rejected:
        return False
    if entry.standing is Standing.KEPT or entry.id in accepted:
        return True
    return bool(entry.problems) and CONTEXTUAL.issuperset(entry.problems)


def _target(entry: Entry, by_id: Mapping[UUID, Entry]) -> Entry | None:
    wanted = entry.corrects or entry.withdraws
    target = by_id.get(wanted) if wanted and wanted != entry.id else None
    same = target and (target.subject, target.operation) == (entry.subject, entry.operation)
    return target if same else None


def _origin(entry: Entry, by_id: Mapping[UUID, Entry]) -> datetime:
    seen = {entry.id}
    while entry.corrects and (target := _target(entry, by_id)) and target.id not in seen:
        entry = target
        seen.add(entry.id)
    return entry.effective_at


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
