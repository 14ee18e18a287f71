"""Lists of contacts and of visits that came in as files: the ledger tells of each; what each of them told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.tracing import models
from bulou.lines.tracing.rules import folding, payloads
from bulou.lines.tracing.terms import KEEP_DAYS, Audit, Kind, List
from bulou.people.terms import ImportKind
from bulou.people.terms import Kind as Vault

TOLD: Final = {ImportKind.CONTACTS.value: Kind.EXPOSURE, ImportKind.VISITS.value: Kind.VISIT}
LONGEST: Final = timedelta(days=1)
"""No import lasts longer: so far around it lie the records that it made."""


def lists(scope: Scope, path: str) -> tuple[List, ...]:
    """The lists taken in at or below a path while what they told is kept, the newest first. 2 queries."""
    if not scope.covers(path):
        return ()
    below = Scope(scope.districts, (path,))
    return tuple(one for one in _lists(path.partition(".")[0]) if below.covers(one.path))


def one_list(scope: Scope, list_id: UUID) -> List:
    """Return one list. 2 queries.

    Raises:
        ProblemError: tracing.no_such_list 404, also for lists outside the scope.
    """
    for district in scope.districts:
        for one in _lists(district):
            if one.list_id == list_id and scope.covers(one.path):
                return one
    raise ProblemError("tracing.no_such_list", status=404)


def told_by(district: str, one: List) -> list[Entry]:
    """The records that a list made and nobody has withdrawn, in order. 2 queries."""
    kind = TOLD[ImportKind.VISITS if one.of_visits else ImportKind.CONTACTS]
    since, until = one.made_at - LONGEST, one.made_at + timedelta(minutes=1)
    found = [
        entry
        for entry in ledger.records_of(district, kinds=[kind], since=since, until=until)
        if not entry.withdraws and _payload(entry).get("listed_in") == str(one.list_id)
    ]
    gone = ledger.spoken_about(district, [entry.id for entry in found])
    return [entry for entry in found if entry.id not in gone]


def new_visits(district: str, told: Sequence[tuple[UUID, Mapping[str, object]]]) -> list[bool]:
    """Which of these visits are not known yet; the second of two alike is known. 1 query."""
    read = [(one, payloads.read(said, payloads.VisitTold)) for one, said in told]
    rows = models.Visit.objects.filter(district=district, person__in=sorted({one for one, _ in read}))
    known: dict[tuple[UUID, UUID, datetime], datetime] = {
        (person, place, began): ended
        for person, place, began, ended in rows.values_list("person", "place", "began_at", "ended_at")
    }
    fresh = []
    for one, said in read:
        pieces = folding.pieces(said.began_at, said.ended_at) if said else []
        keys = {(one, said.place, began): ended for began, ended in pieces} if said else {}
        fresh.append(any(key not in known or known[key] < ended for key, ended in keys.items()))
        known |= {key: max(ended, known.get(key, ended)) for key, ended in keys.items()}
    return fresh


def _lists(district: str) -> list[List]:
    since = clock.now() - timedelta(days=KEEP_DAYS)
    back = {
        entry.subject: entry.effective_at
        for entry in ledger.records_of(district, kinds=[Audit.TAKEN_BACK], since=since)
    }
    made = ledger.records_of(district, kinds=[Vault.IMPORTED], since=since)
    found = [_list(entry, _payload(entry), back) for entry in reversed(made)]
    return [one for one in found if one is not None]


def _list(entry: Entry, said: Mapping[str, Any], back: Mapping[UUID | None, datetime]) -> List | None:
    if entry.subject is None or said.get("kind") not in TOLD:
        return None
    return List(
        entry.subject, said["kind"] == ImportKind.VISITS, entry.path, entry.effective_at, entry.author,
        said["rows"], said["stored"], said["unchanged"], said["quarantined"], back.get(entry.subject),
    )  # fmt: skip


def _payload(entry: Entry) -> Mapping[str, Any]:
    said = msgspec.json.decode(entry.payload)
    return said if isinstance(said, dict) else {}
