"""What is owed by itself: key persons and people in isolation are watched. The system says so, by records."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Verb
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel import scope as scopes
from bulou.ledger import queries as ledger
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import HOME_PROTOCOL, STAY_PROTOCOL, Stay
from bulou.lines.screening.queries import register, teams
from bulou.lines.screening.terms import TeamRole
from bulou.protocols import queries as protocols
from bulou.watches.queries import watches
from bulou.watches.terms import Kind

SLUG = "key-person-watch"
REGIME = "cn-2020"  # fourteen days, as the register's rule says; another one is a change with a reason
MOST = 2_000  # in one transaction; the rest follows a minute later


def follow_registered() -> int:
    """Guarantees every key person on a register is watched; returns how many watches began.

    Repeatable: a watch and its record have ids made of the person and the day, and who is watched already, by
    whichever protocol, is left alone. 2 queries per district where nobody is new.
    """
    begun = 0
    for district in ledger.districts():
        actor = system_actor(district)
        require(actor, Verb.WATCH_START, district)
        with scopes.transaction(scopes.whole(district)):
            wanted = register.to_watch(district)
            watched = watches.watched(district, [one.person for one in wanted])
            records = [
                _started(one.person, one.path, one.since) for one in wanted if one.person not in watched
            ][:MOST]
            if records:
                office.submit_office(actor, records)
        begun += len(records)
    return begun


def follow_isolated() -> int:
    """Guarantees everybody who has arrived in isolation is watched; returns how many watches began.

    Repeatable: watch and record have ids made of the stay. The days count from what the stay says. 3 queries
    per district where nobody is new.
    """
    begun = 0
    for district in ledger.districts():
        actor = system_actor(district)
        require(actor, Verb.WATCH_START, district)
        with scopes.transaction(scopes.whole(district)):
            records = [
                replace(watch_of_stay(one, one.arrived_at or clock.now()), id=uuid5(one.watch, Kind.STARTED))
                for one in stays.unwatched(district)
                if one.regime in protocols.latest(STAY_PROTOCOL if one.site else HOME_PROTOCOL).regimes
            ]
            if records:
                office.submit_office(actor, records)
        begun += len(records)
    return begun


def watch_of_stay(stay: Stay, at: datetime) -> OfficeRecord:
    """The record that begins the watch of somebody in isolation; the same whoever writes it first."""
    slug = STAY_PROTOCOL if stay.site else HOME_PROTOCOL
    return OfficeRecord(
        kind=Kind.STARTED, path=stay.path, subject_type="watch", subject=stay.watch, outcome="started",
        protocol=protocols.latest(slug).reference, observed_at=at,
        payload={
            "person": str(stay.person), "regime": stay.regime, "phase": stay.phase,
            "from": stay.counted_from.isoformat(), "reason": "isolation",
        },
    )  # fmt: skip


def give_to_doctors() -> int:
    """Guarantees the watch of a key person is given to the doctor of the team; returns how many were given.

    Repeatable, and never against an officer: each doctor is given a watch once, and only one that nobody has
    or that was given in this way. 7 queries per district.
    """
    given = 0
    for district in ledger.districts():
        actor = system_actor(district)
        require(actor, Verb.WATCH_CHANGE, district)
        with scopes.transaction(scopes.whole(district)):
            records = _to_give(district)[:MOST]
            if records:
                office.submit_office(actor, records)
        given += len(records)
    return given


def _to_give(district: str) -> list[OfficeRecord]:
    found = watches.open_under(district, SLUG)
    if not found:
        return []
    named = teams.answering(district, {one.person for one in found}, clock.now())
    doctors = {
        person: one.account for person, team in named.items() for one in team if one.role is TeamRole.DOCTOR
    }
    asked = [(one, doctors[one.person]) for one in found if doctors.get(one.person, one.worker) != one.worker]
    ours = {_given(one.watch, who) for one, doctor in asked for who in (doctor, one.worker) if who}
    told = ledger.by_ids(district, sorted(ours))
    return [
        OfficeRecord(
            id=_given(one.watch, doctor), kind=Kind.ASSIGNED, path=one.path, subject_type="watch",
            subject=one.watch, outcome="given", payload={"worker": str(doctor)}, protocol=one.protocol,
        )
        for one, doctor in asked
        if _given(one.watch, doctor) not in told
        and (one.worker is None or _given(one.watch, one.worker) in told)
    ]  # fmt: skip


def _given(watch: UUID, doctor: UUID) -> UUID:
    return uuid5(watch, f"{Kind.ASSIGNED}:{doctor}")


def watch_of(person: UUID, since: datetime) -> UUID:
    """The id of the watch of a key person who came on a day; the same for whoever asks."""
    return uuid5(person, f"{SLUG}:{clock.local_date(since).isoformat()}")


def _started(person: UUID, path: str, since: datetime) -> OfficeRecord:
    watch = watch_of(person, since)
    return OfficeRecord(
        kind=Kind.STARTED, path=path, subject_type="watch", subject=watch, outcome="started",
        id=uuid5(watch, Kind.STARTED), protocol=protocols.latest(SLUG).reference,
        payload={
            "person": str(person), "regime": REGIME, "from": clock.local_date(since).isoformat(),
            "reason": "on the register",
        },
    )  # fmt: skip
