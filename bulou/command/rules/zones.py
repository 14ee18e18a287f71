"""Which level an area has, as a pure fold over the records about it: any order of arrival gives the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from bulou.command.rules.payloads import About, Decision, Why, told
from bulou.command.terms import (
    CHAIN,
    LAPSE,
    LARGE,
    LONGEST,
    RANKS,
    STRICT,
    Kind,
    Level,
    Zone,
    ZoneStanding,
)
from bulou.ledger.rules import live
from bulou.ledger.terms import Entry

Zones = tuple[Zone, ...]


def zone_id(path: str) -> UUID:
    """The subject of all records about one area: the same for whoever speaks first."""
    return uuid5(NAMESPACE_URL, f"bulou:zone:{path}")


def needs_two(level: Level, path: str, *, asked: bool = False) -> bool:
    """Whether one unit alone may not decide this: a level that keeps people in, over a community or more."""
    return asked or (level in STRICT and path.count(".") < LARGE)


def fold(entries: Sequence[Entry]) -> Zones:
    """Every decision about one area that counts, in the order in which they were made."""
    zones: Zones = ()
    for entry in live(entries):
        if problem(entry, zones) == "":
            zones = _APPLY[Kind(entry.kind)](zones, entry)
    return zones


def problem(entry: Entry, zones: Zones) -> str:
    """Why a record cannot count after what was decided before it: a problem code, or nothing."""
    if entry.subject != zone_id(entry.path):
        return "command.unreadable"
    return _PROBLEM[Kind(entry.kind)](entry, zones) if entry.kind in _PROBLEM else "command.unreadable"


def standing(zone: Zone, now: datetime) -> ZoneStanding:
    """Where a decision stands at a moment. It ends by the clock; no job has to run."""
    if zone.holds(now):
        return ZoneStanding.IN_FORCE
    if zone.refused_at is not None:
        return ZoneStanding.REFUSED
    if zone.begins is None:
        return _never(zone, now)
    if now < zone.begins:
        return ZoneStanding.COMING
    if zone.lifted_at is not None:
        return ZoneStanding.LIFTED
    return ZoneStanding.REPLACED if zone.replaced_by else ZoneStanding.ENDED


def strictest(zones: Iterable[Zone]) -> Zone | None:
    """Of those that hold on the way from the district down to a place, the one that binds."""
    return max(zones, key=lambda zone: (RANKS[zone.level], zone.path, zone.id), default=None)


def _never(zone: Zone, now: datetime) -> ZoneStanding:
    if zone.lifted_at is not None:
        return ZoneStanding.LIFTED
    if zone.replaced_by is not None:
        return ZoneStanding.REPLACED
    if zone.two_units and zone.second_at is None:
        return ZoneStanding.LAPSED if now >= zone.decided_at + LAPSE else ZoneStanding.PROPOSED
    return ZoneStanding.ENDED


def _decided(entry: Entry, zones: Zones) -> str:
    said = told(entry.payload, Decision)
    if said is None:
        return "command.unreadable"
    if said.level is Level.NORMAL:
        return "command.no_level"
    if said.until <= said.from_at or said.until <= entry.effective_at:
        return "command.times"
    if said.until - said.from_at > LONGEST:
        return "command.too_long"
    if not (said.law.strip() and said.number.strip() and said.issuer.strip()):
        return "command.law_missing"
    if not (said.reason.strip() and said.evidence.strip()):
        return "command.reason_missing"
    return "" if _new(said, entry.effective_at, zones) else "command.not_new"


def _new(said: Decision, at: datetime, zones: Zones) -> bool:
    """Whether a decision that goes on or gets stricter rests on something that was not said before."""
    begins = max(said.from_at, at)
    chain = _chain(begins, zones)
    if not chain:
        return True
    milder = RANKS[said.level] <= RANKS[chain[-1].level] and said.until <= max(z.until for z in chain)
    given = {_plain(zone.reason) for zone in chain}, {_plain(zone.evidence) for zone in chain}
    return milder or not (_plain(said.reason) in given[0] or _plain(said.evidence) in given[1])


def _chain(begins: datetime, zones: Zones) -> list[Zone]:
    """The decisions that this one would follow without a break of a week, oldest first."""
    chain: list[Zone] = []
    held = [(zone.ends, zone.begins, zone) for zone in zones if zone.ends and zone.begins]
    for ends, began, zone in sorted(held, key=lambda span: (span[0], span[2].id), reverse=True):
        if ends <= begins - CHAIN:
            break
        chain.append(zone)
        begins = min(begins, began)
    return sorted(chain, key=_order)


def _plain(words: str) -> str:
    return "".join(words.casefold().split())


def _confirmed(entry: Entry, zones: Zones) -> str:
    about = told(entry.payload, About)
    waiting = _waiting(about, entry, zones) if about else None
    if waiting is None or about is None:
        return "command.nothing_waits"
    if entry.kind == Kind.REFUSED and not about.reason.strip():
        return "command.reason_missing"
    same = entry.team.strip() == waiting.decided_team.strip() or not entry.team.strip()
    return "command.same_unit" if same or entry.author == waiting.decided_by else ""


def _waiting(about: About, entry: Entry, zones: Zones) -> Zone | None:
    found = next((zone for zone in zones if zone.id == about.decision), None)
    if found is None or standing(found, entry.effective_at) is not ZoneStanding.PROPOSED:
        return None
    return found


def _over(entry: Entry, zones: Zones) -> str:
    said = told(entry.payload, Why)
    if said is None or not said.reason.strip():
        return "command.reason_missing"
    return "" if any(_living(zone, entry.effective_at) for zone in zones) else "command.nothing_holds"


def _living(zone: Zone, at: datetime) -> bool:
    living = (ZoneStanding.PROPOSED, ZoneStanding.COMING, ZoneStanding.IN_FORCE)
    return standing(zone, at) in living


def _set(zones: Zones, entry: Entry) -> Zones:
    said = told(entry.payload, Decision)
    assert said is not None  # noqa: S101 - `problem` has read it
    zone = Zone(
        id=entry.id, district=entry.district, path=entry.path, level=said.level, from_at=said.from_at,
        until=said.until, law=said.law.strip(), number=said.number.strip(), issuer=said.issuer.strip(),
        reason=said.reason.strip(), evidence=said.evidence.strip(),
        measures=tuple(dict.fromkeys(said.measures)), note=said.note.strip(),
        decided_at=entry.effective_at, decided_by=entry.author, decided_team=entry.team,
        two_units=needs_two(said.level, entry.path, asked=said.two_units),
    )  # fmt: skip
    return (*zones, zone) if zone.two_units else _begun(zones, zone, entry.effective_at)


def _seconded(zones: Zones, entry: Entry) -> Zones:
    about = told(entry.payload, About)
    found = next(zone for zone in zones if about and zone.id == about.decision)
    told_by = replace(found, second_at=entry.effective_at, second_by=entry.author, second_team=entry.team)
    return _begun(tuple(zone for zone in zones if zone.id != found.id), told_by, entry.effective_at)


def _refused(zones: Zones, entry: Entry) -> Zones:
    about = told(entry.payload, About)
    assert about is not None  # noqa: S101 - `problem` has read it
    return tuple(
        replace(zone, refused_at=entry.effective_at, refused_why=about.reason.strip())
        if zone.id == about.decision
        else zone
        for zone in zones
    )


def _begun(zones: Zones, zone: Zone, at: datetime) -> Zones:
    """The decision holds; what was decided before it ends where it begins, what was decided later stays."""
    begins = max(filter(None, (zone.from_at, zone.decided_at, zone.second_at)))
    if begins >= zone.until:
        return _sorted((*zones, zone))
    zone = replace(zone, begins=begins, ends=zone.until)
    for later in (other for other in zones if other.begins and _order(other) > _order(zone)):
        assert later.begins is not None  # noqa: S101 - asked above
        zone = _cut(zone, later.begins, replaced_by=later.id)
    cut = (_replaced(other, zone, begins, at) if _order(other) < _order(zone) else other for other in zones)
    return _sorted((*cut, zone))


def _replaced(zone: Zone, by: Zone, begins: datetime, at: datetime) -> Zone:
    if standing(zone, at) is ZoneStanding.PROPOSED:
        return replace(zone, replaced_by=by.id)
    return _cut(zone, begins, replaced_by=by.id)


def _ended(zones: Zones, entry: Entry) -> Zones:
    said = told(entry.payload, Why)
    at, why = entry.effective_at, said.reason.strip() if said else ""
    return tuple(
        replace(_cut(zone, at), lifted_at=at, lifted_by=entry.author, lifted_why=why)
        if _living(zone, at)
        else zone
        for zone in zones
    )


def _cut(zone: Zone, at: datetime, *, replaced_by: UUID | None = None) -> Zone:
    """A decision that holds until a moment at most; one that had not begun by then never does."""
    if zone.begins is None or zone.ends is None or zone.ends <= at:
        return zone
    if zone.begins >= at:
        return replace(zone, begins=None, ends=None, replaced_by=replaced_by)
    return replace(zone, ends=at, replaced_by=replaced_by)


def _order(zone: Zone) -> tuple[datetime, UUID]:
    return zone.decided_at, zone.id


def _sorted(zones: Zones) -> Zones:
    return tuple(sorted(zones, key=_order))


_PROBLEM: Mapping[str, Callable[[Entry, Zones], str]] = {
    Kind.SET: _decided,
    Kind.SECONDED: _confirmed,
    Kind.REFUSED: _confirmed,
    Kind.ENDED: _over,
}
_APPLY: Mapping[Kind, Callable[[Zones, Entry], Zones]] = {
    Kind.SET: _set,
    Kind.SECONDED: _seconded,
    Kind.REFUSED: _refused,
    Kind.ENDED: _ended,
}
