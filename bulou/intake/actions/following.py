"""What the register owes: every key person on it is watched. The system says so itself, by records."""

from datetime import datetime
from uuid import UUID, uuid5

from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Verb
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel import scope as scopes
from bulou.ledger import queries as ledger
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
