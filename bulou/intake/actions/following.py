"""What is owed by itself: key persons and people in isolation are watched. The system says so, by records."""

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
from bulou.lines.screening.queries import register
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
            records = [_of_stay(one) for one in stays.unwatched(district)]
            if records:
                office.submit_office(actor, records)
        begun += len(records)
    return begun


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


def _of_stay(stay: Stay) -> OfficeRecord:
    slug = STAY_PROTOCOL if stay.site else HOME_PROTOCOL
    return OfficeRecord(
        kind=Kind.STARTED, path=stay.path, subject_type="watch", subject=stay.watch, outcome="started",
        id=uuid5(stay.watch, Kind.STARTED), protocol=protocols.latest(slug).reference,
        observed_at=stay.arrived_at,
        payload={
            "person": str(stay.person), "regime": stay.regime, "phase": stay.phase,
            "from": stay.counted_from.isoformat(), "reason": "isolation",
        },
    )  # fmt: skip
