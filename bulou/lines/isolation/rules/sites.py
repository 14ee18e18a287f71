"""A site, a room and a household as pure folds over their records: any order of arrival gives the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.lines.isolation.rules import payloads
from bulou.lines.isolation.terms import (
    ABOUT_SITE,
    Check,
    Duty,
    DutyStep,
    Group,
    Home,
    Kind,
    Night,
    Room,
    RoomState,
    Site,
    Turned,
    Turnover,
    room_of,
)
from bulou.protocols.terms import Compiled, FieldType

Book = Mapping[str, Compiled]
"""Protocol versions by their reference; a check is judged by the version it was made under."""


def site(entries: Sequence[Entry], book: Book) -> Site | None:
    """What a site is told to be; None where nobody has said anything that is in force."""
    told = [entry for entry in live(entries) if entry.kind in ABOUT_SITE]
    if not told or told[0].subject is None:
        return None
    subject, phone = told[0].subject, ""
    rooms: dict[str, Room] = {}
    for entry in told:
        said = payloads.read(entry, payloads.SiteTold) if entry.kind == Kind.SITE else None
        if said is None:
            continue
        phone = said.phone if said.phone is not None else phone
        for spec in said.rooms:
            rooms.pop(spec.number, None)
            if not spec.gone:
                rooms[spec.number] = _room(subject, spec)
    checks = tuple(check for entry in told if (check := _check(entry, book)))
    return Site(
        id=subject, district=told[0].district, path=told[0].path, phone=phone,
        rooms=tuple(sorted(rooms.values(), key=lambda room: room.number)), checks=checks,
        duties=_duties(subject, told),
    )  # fmt: skip


def turned(entries: Sequence[Entry]) -> Turned | None:
    """What was done with a room. It counts as clean when somebody else has looked after the disinfection."""
    told = [entry for entry in live(entries) if entry.kind == Kind.TURNOVER]
    if not told or told[0].subject is None:
        return None
    done = [(entry.effective_at, entry.author) for entry in told if entry.outcome == Turnover.DISINFECTED]
    looked = [(entry.effective_at, entry.author) for entry in told if entry.outcome == Turnover.INSPECTED]
    clean = [at for at, by in done if any(later > at and other != by for later, other in looked)]
    use = [entry for entry in told if entry.outcome in (Turnover.OUT_OF_USE, Turnover.IN_USE)]
    said = payloads.read(use[-1], payloads.TurnoverTold) if use else None
    out = bool(use) and use[-1].outcome == Turnover.OUT_OF_USE
    return Turned(
        room=told[0].subject, district=told[0].district, path=told[0].path,
        disinfected_at=max((at for at, _ in done), default=None), clean_at=max(clean, default=None),
        out_of_use=out, reason=said.reason if said is not None and out else "",
    )  # fmt: skip


def room_state(nights: Sequence[Night], turned: Turned | None) -> tuple[RoomState, bool, str]:
    """Where a room stands, whether it was disinfected since the last departure, why it is out of use.

    A room is to be cleaned from the moment somebody left it until two people have said that it is clean.
    `board.sql` counts by the same rule.
    """
    left_at = max((night.until for night in nights if night.until is not None), default=None)
    done_at = turned.disinfected_at if turned is not None else None
    clean_at = turned.clean_at if turned is not None else None
    disinfected = left_at is not None and done_at is not None and done_at >= left_at
    reason = turned.reason if turned is not None else ""
    if any(night.until is None for night in nights):
        return RoomState.OCCUPIED, disinfected, reason
    if turned is not None and turned.out_of_use:
        return RoomState.OUT_OF_USE, disinfected, reason
    dirty = left_at is not None and (clean_at is None or clean_at < left_at)
    return (RoomState.TO_CLEAN if dirty else RoomState.FREE), disinfected, reason


def home(entries: Sequence[Entry], book: Book) -> Home | None:
    """The file of a household: what the latest entry check found."""
    told = [e for e in live(entries) if e.kind == Kind.HOME_CHECK and _closes(e, book) is not None]
    if not told or told[-1].subject is None:
        return None
    last, subject = told[-1], told[-1].subject
    said = payloads.read(last, payloads.HomeTold) or payloads.HomeTold()
    return Home(
        dwelling=subject, district=last.district, path=last.path, checked_at=last.effective_at,
        suitable=bool(_closes(last, book)),
        lacking=lacking(book[last.protocol], payloads.body(last)), residents=max(said.residents, 0),
        author=last.author,
    )  # fmt: skip


def lacking(compiled: Compiled, answers: Mapping[str, object]) -> tuple[str, ...]:
    """The points of a checklist that are not there, in the order of the list."""
    asked = [field.key for field in compiled.form.fields if field.type is FieldType.BOOL]
    return tuple(key for key in asked if answers.get(key) is not True)


def ready(checks: Sequence[Check], at: datetime) -> bool:
    """Whether people may be taken in at a moment: the latest check until then was passed and still holds."""
    before = [check for check in checks if check.at <= at]
    return bool(before) and max(before, key=lambda check: (check.at, check.id)).holds(at)


def _room(site_id: UUID, spec: payloads.RoomSpec) -> Room:
    return Room(
        room_of(site_id, spec.number), site_id, spec.number, spec.floor, spec.zone, spec.area, spec.beds,
        spec.barrier_free,
    )  # fmt: skip


def _closes(entry: Entry, book: Book) -> bool | None:
    """Whether the outcome of a check is the good one; None where it is none of its protocol."""
    compiled = book.get(entry.protocol)
    outcome = compiled.outcomes.get(entry.outcome) if compiled else None
    if compiled is None or outcome is None or outcome.record != entry.kind:
        return None
    return outcome.closes and not compiled.form.problems(payloads.body(entry), entry.outcome)


def _check(entry: Entry, book: Book) -> Check | None:
    passed = _closes(entry, book) if entry.kind == Kind.READINESS else None
    if passed is None:
        return None
    compiled = book[entry.protocol]
    return Check(
        entry.id, entry.effective_at, passed, lacking(compiled, payloads.body(entry)),
        entry.effective_at + compiled.due if passed else None, entry.author,
    )  # fmt: skip


def _duties(site_id: UUID, told: Sequence[Entry]) -> tuple[Duty, ...]:
    """Who was on duty when. A new head ends the one before; nobody does one thing twice at a time."""
    duties: list[Duty] = []
    for entry in (one for one in told if one.kind == Kind.DUTY):
        said = payloads.read(entry, payloads.DutyTold)
        if said is None:
            continue
        given = entry.outcome == DutyStep.GIVEN
        ends = (said.since or entry.effective_at) if given else (said.until or entry.effective_at)
        duties = [
            replace(one, until=ends) if _gives_way(one, said, given=given) and _reaches(one, ends) else one
            for one in duties
        ]
        if given:
            duties.append(Duty(entry.id, site_id, said.account, said.group, ends, said.until))
    return tuple(_apart([one for one in duties if one.until is None or one.since < one.until]))


def _gives_way(one: Duty, said: payloads.DutyTold, *, given: bool) -> bool:
    if one.group is not said.group:
        return False
    return one.account == said.account or (given and said.group is Group.HEAD)


def _reaches(one: Duty, at: datetime) -> bool:
    return one.since <= at and (one.until is None or at < one.until)


def _apart(duties: Sequence[Duty]) -> list[Duty]:
    """Heads one after the other, in whatever order they were named: the later one takes over."""
    ordered = sorted(duties, key=lambda one: (one.since, one.id))
    heads = [one for one in ordered if one.group is Group.HEAD]
    for one, following in pairwise(heads):
        if one.until is None or one.until > following.since:
            ordered[ordered.index(one)] = replace(one, until=following.since)
    return ordered
