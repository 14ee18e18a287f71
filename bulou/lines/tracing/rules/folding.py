"""What all records about one person come to: the same for any order, repetition and batching."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from bulou.kernel import clock
from bulou.ledger import rules as ledger
from bulou.ledger.terms import Entry
from bulou.lines.tracing.rules import payloads, regimes
from bulou.lines.tracing.terms import (
    MOST_PIECES,
    MOST_STAY,
    Case,
    CaseClass,
    Exposure,
    Facts,
    Kind,
    Placed,
    Regime,
    Visit,
)

ABOUT = frozenset({Kind.CASE, Kind.EXPOSURE, Kind.PLACED})


def facts(entries: Iterable[Entry]) -> Facts | None:
    """What the records about one person say, or None where nothing holds.

    Of cases and placements the latest holds; meetings add up, and the same meeting told twice is one.
    """
    live = [e for e in ledger.live(list(entries)) if e.kind in ABOUT]
    case: Case | None = None
    placed: Placed | None = None
    met: dict[UUID, Exposure] = {}
    path = ""
    for entry in live:
        told = payloads.read(entry.payload, payloads.SHAPES[entry.kind])
        if isinstance(told, payloads.CaseTold) and entry.outcome in set(CaseClass):
            case, path = _case(entry, told), entry.path
        elif isinstance(told, payloads.PlacedTold):
            placed, path = _placed(entry, told), entry.path
        elif isinstance(told, payloads.ExposureTold) and told.ended_at > told.began_at and entry.subject:
            one = _exposure(entry, entry.subject, told)
            met.setdefault(one.id, one)
            path = path or entry.path
    if not path:
        return None
    return Facts(path, case, tuple(met[one] for one in sorted(met)), placed)


def _case(entry: Entry, told: payloads.CaseTold) -> Case:
    return Case(
        CaseClass(entry.outcome), told.onset_on, told.sampled_on, clock.local_date(entry.effective_at),
        told.isolated_at, told.number,
    )  # fmt: skip


def _placed(entry: Entry, told: payloads.PlacedTold) -> Placed:
    return Placed(
        told.mode, entry.effective_at, told.site, told.checked_in_on, told.home_reason, told.passed_to,
        told.until_on, told.job, told.employer_known,
    )  # fmt: skip


def meeting_id(contact: UUID, told: payloads.ExposureTold) -> UUID:
    """The id of a meeting, made of what was told: the same meeting told twice is one."""
    began, ended = told.began_at.astimezone(UTC), told.ended_at.astimezone(UTC)
    said = (told.source, told.place, began, ended, told.way, told.protected)
    return uuid5(contact, "|".join(str(part) for part in said))


def _exposure(entry: Entry, contact: UUID, told: payloads.ExposureTold) -> Exposure:
    began, ended = told.began_at.astimezone(UTC), told.ended_at.astimezone(UTC)
    return Exposure(
        meeting_id(contact, told), contact, told.source, told.place, began, ended,
        told.way, told.protected, told.told_class or "", entry.path, entry.id,
    )  # fmt: skip


def visits(entries: Iterable[Entry], *, since: datetime | None) -> list[Visit]:
    """The visits that records about one person tell, in pieces of eight hours; those that were forgotten not.

    Where two say that somebody came to one place at one moment, the longer stay holds.
    """
    found: dict[tuple[UUID, datetime], Visit] = {}
    for entry in ledger.live([e for e in entries if e.kind == Kind.VISIT or e.accepts]):
        told = payloads.read(entry.payload, payloads.VisitTold) if entry.kind == Kind.VISIT else None
        if told is None or entry.subject is None or told.ended_at <= told.began_at:
            continue
        for began, ended in pieces(told.began_at.astimezone(UTC), told.ended_at.astimezone(UTC)):
            if since is not None and ended < since:
                continue
            key = (told.place, began)
            if key not in found or found[key].ended_at < ended:
                found[key] = Visit(entry.subject, told.place, began, ended, entry.path)
    return [found[key] for key in sorted(found)]


def pieces(began: datetime, ended: datetime) -> list[tuple[datetime, datetime]]:
    """A stay in pieces that are never longer than eight hours; a stay of more than a fortnight is none."""
    made: list[tuple[datetime, datetime]] = []
    while began < ended and len(made) < MOST_PIECES:
        made.append((began, min(ended, began + MOST_STAY)))
        began += MOST_STAY
    return made if began >= ended else []


def row_id(what: str, district: str) -> UUID:
    """The id of the one row of a district: the same in every rebuild."""
    return uuid5(NAMESPACE_OID, f"bulou.tracing.{what}.{district}")


def regime_of(entries: Sequence[Entry]) -> tuple[Regime, Entry | None]:
    """The rule that holds: the latest that somebody set, else the packaged one."""
    for entry in reversed(ledger.live([e for e in entries if e.kind == Kind.REGIME or e.accepts])):
        told = payloads.read(entry.payload, payloads.RegimeTold)
        found = regimes.named(told.key, _changes(told)) if told is not None else None
        if found is not None:
            return found, entry
    return regimes.default(), None


def _changes(told: payloads.RegimeTold) -> dict[str, int | None]:
    return {"lookback_days": told.lookback_days, "close_minutes": told.close_minutes}
