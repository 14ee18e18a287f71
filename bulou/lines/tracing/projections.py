"""Records to chains and visits: who is touched is folded anew, and judged with all whom that moves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from bulou.kernel import clock
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Kind as Shared
from bulou.lines.tracing import models
from bulou.lines.tracing.queries import stored
from bulou.lines.tracing.rules import classing, folding, quality
from bulou.lines.tracing.terms import (
    Audit,
    ContactClass,
    Exposure,
    Facts,
    Judged,
    Kind,
    Mode,
    Placed,
    Regime,
    Visit,
)
from bulou.people import projections as people

BATCH: Final = 1_000
NOBODY: Final = Judged(ContactClass.UNLINKED)
LOCKS: Final = 64  # buckets of people: two phones rarely wait for each other
REVIEWS: Final = (Shared.RECORD_ACCEPTED.value, Shared.RECORD_REJECTED.value)
CHAIN: Final = (Kind.CASE.value, Kind.EXPOSURE.value, Kind.PLACED.value, *REVIEWS)
_PERSON: Final = sorted(
    {f.name for f in models.Person._meta.concrete_fields} - {"id"}  # noqa: SLF001 - Django's public API
)
_EXPOSURE: Final = sorted(
    {f.name for f in models.Exposure._meta.concrete_fields} - {"id"}  # noqa: SLF001 - as above
)


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees chains, visits and the rule stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them, with the whole district in scope. About 15 statements
    whatever the number of records; a new rule judges everybody of the district anew.
    """
    kinds = _kinds(district, entries)
    if kinds[Kind.VISIT]:
        apply_visits(district, sorted(kinds[Kind.VISIT]))
    if kinds[Kind.REGIME] or kinds[Kind.CASE]:
        _hold(district)
    if kinds[Kind.REGIME]:
        _write_rule(district, ledger.records_of(district, kinds=[Kind.REGIME, *REVIEWS]))
    if kinds[Kind.CASE]:
        _write(district, sorted(kinds[Kind.CASE]))
    if kinds[Kind.REGIME]:
        _judge(district, stored.everybody(district))


def _kinds(district: str, entries: Sequence[Entry]) -> dict[Kind, set[UUID]]:
    """Who is spoken about, by the table that it moves; a review moves what its target moves."""
    targets = ledger.by_ids(district, [e.accepts for e in entries if e.accepts])
    found: dict[Kind, set[UUID]] = defaultdict(set)
    for entry in entries:
        kind = targets[entry.accepts].kind if entry.accepts in targets else entry.kind
        group = Kind(kind) if kind in {Kind.VISIT, Kind.REGIME} else Kind.CASE
        found[group].add(entry.subject or entry.id)
    return found


def rebuild(district: str) -> None:
    """Guarantees the district's chains, visits and rule are exactly what the ledger says."""
    before = stored.everybody(district)
    for table in (models.Person, models.Exposure, models.Visit, models.Rule, models.Forgotten):
        table.objects.filter(district=district).delete()
    cut = forgotten_before(ledger.records_of(district, kinds=[Audit.FORGOTTEN]))
    if cut is not None:
        row = folding.row_id("forgotten", district)
        models.Forgotten.objects.create(id=row, district=district, before=cut)
    _write_rule(district, ledger.records_of(district, kinds=[Kind.REGIME, *REVIEWS]))
    visitors = ledger.subjects_of(district, kinds=[Kind.VISIT])
    for start in range(0, len(visitors), BATCH):
        apply_visits(district, visitors[start : start + BATCH])
    subjects = ledger.subjects_of(district, kinds=[Kind.CASE, Kind.EXPOSURE, Kind.PLACED])
    for start in range(0, len(subjects), BATCH):
        _store(district, subjects[start : start + BATCH])
    people.duties(district, dict.fromkeys(sorted(set(before) - set(subjects))), source="tracing")
    _judge(district, stored.everybody(district))


def forgotten_before(entries: Iterable[Entry]) -> datetime | None:
    """The latest moment before which visits were forgotten."""
    told = [msgspec.json.decode(entry.payload)["before"] for entry in entries]
    return max((datetime.fromisoformat(one) for one in told), default=None)


def _hold(district: str) -> None:
    # Two records of one chain in two transactions: the second reads after the first has committed.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tracing.chain'), hashtext(%s))", [district])


def apply_visits(district: str, persons: Sequence[UUID]) -> None:
    """Guarantees the visits of these people are what the ledger says. 4 queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('tracing.visit.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({one.int % LOCKS for one in persons})],
        )
    since = models.Forgotten.objects.filter(district=district).values_list("before", flat=True).first()
    told: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ledger.records_of(district, subjects=persons, kinds=[Kind.VISIT, *REVIEWS]):
        if entry.subject:
            told[entry.subject].append(entry)
    models.Visit.objects.filter(district=district, person__in=list(persons)).delete()
    made = [visit for one in persons for visit in folding.visits(told.get(one, ()), since=since)]
    models.Visit.objects.bulk_create([_visit(district, one) for one in made], batch_size=5 * BATCH)


def _visit(district: str, one: Visit) -> models.Visit:
    return models.Visit(
        district=district, path=one.path, person=one.person, place=one.place, began_at=one.began_at,
        ended_at=one.ended_at,
    )  # fmt: skip


def _write_rule(district: str, entries: Sequence[Entry]) -> None:
    regime, record = folding.regime_of(entries)
    models.Rule.objects.filter(district=district).delete()
    if record is not None:
        models.Rule.objects.create(
            id=record.id, district=district, key=regime.key, lookback_days=regime.lookback_days,
            close_minutes=regime.close_minutes, set_at=record.effective_at, set_by=record.author,
            reason=str(msgspec.json.decode(record.payload).get("reason", "")),
        )  # fmt: skip


def _write(district: str, subjects: Sequence[UUID]) -> None:
    """Fold these people; judge them, those whom they met, and those whom these met."""
    moved = set(subjects) | stored.reached(district, subjects)
    _store(district, subjects)
    moved |= stored.reached(district, subjects)
    _judge(district, sorted(moved))


def _store(district: str, subjects: Sequence[UUID]) -> None:
    """Write what was told about these people alone."""
    told: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ledger.records_of(district, subjects=subjects, kinds=CHAIN):
        if entry.subject:
            told[entry.subject].append(entry)
    facts = {one: folding.facts(told.get(one, ())) for one in subjects}
    known = {one: said for one, said in facts.items() if said is not None}
    gone = [one for one in subjects if one not in known]
    models.Person.objects.filter(district=district, id__in=gone).delete()
    people.duties(district, dict.fromkeys(gone), source="tracing")
    models.Exposure.objects.filter(district=district, contact__in=list(subjects)).delete()
    models.Exposure.objects.bulk_create(
        [_exposure(district, one) for said in known.values() for one in said.exposures], batch_size=BATCH
    )
    models.Person.objects.bulk_create(
        [_person(district, one, said) for one, said in sorted(known.items())], batch_size=BATCH,
        update_conflicts=True, unique_fields=["id"], update_fields=_PERSON,
    )  # fmt: skip


def _exposure(district: str, one: Exposure) -> models.Exposure:
    return models.Exposure(
        id=one.id, district=district, path=one.path, contact=one.contact, source=one.source, place=one.place,
        began_at=one.began_at, ended_at=one.ended_at, way=one.way, protected=one.protected,
        told_class=one.told_class, record=one.record,
    )  # fmt: skip


def _person(district: str, person: UUID, facts: Facts) -> models.Person:
    case, placed = facts.case, facts.placed
    return models.Person(
        id=person, district=district, path=facts.path, case_class=case.standing if case else "",
        onset_on=case.onset_on if case else None, sampled_on=case.sampled_on if case else None,
        reported_on=case.reported_on if case else None, isolated_at=case.isolated_at if case else None,
        number=case.number if case else "", klass="", minutes=0, n_exposures=len(facts.exposures),
        mode=placed.mode if placed else Mode.TRACED, mode_since=placed.since if placed else None,
        placed=_told(placed), checks=[],
    )  # fmt: skip


def _told(placed: Placed | None) -> dict[str, Any] | None:
    return msgspec.to_builtins(placed) if placed is not None else None


def _judge(district: str, persons: Sequence[UUID]) -> None:
    """Write what the rule makes of these people. 5 queries for each 1,000."""
    regime = stored.regime(district)
    for start in range(0, len(persons), BATCH):
        _judge_some(district, persons[start : start + BATCH], regime)


def _judge_some(district: str, persons: Sequence[UUID], regime: Regime) -> None:
    known = stored.around(district, persons)
    rows = list(models.Person.objects.filter(district=district, id__in=list(persons)))
    ends: dict[UUID, date | None] = {}
    for row in rows:
        judged = classing.judge(row.id, known, regime)
        found = quality.found(known[row.id], judged) if judged else ()
        row.klass = judged.klass if judged else ""
        said = judged or NOBODY
        row.via, row.root, row.exposure, row.minutes = said.via, said.root, said.exposure, said.minutes
        row.first_at, row.last_at, row.end_on = said.first_at, said.last_at, said.end_on
        row.checks = [one.value for one in found]
        last = clock.local_date(row.last_at) if row.last_at else None
        ends[row.id] = row.end_on or last
    models.Person.objects.bulk_update(rows, _JUDGED, batch_size=BATCH)
    people.duties(district, ends, source="tracing")


_JUDGED: Final = (
    "klass", "via", "root", "exposure", "minutes", "first_at", "last_at", "end_on", "checks",
)  # fmt: skip
