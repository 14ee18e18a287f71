"""Records to findings and visits: every touched subject is folded anew from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from django.db import connection

from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Kind as Shared
from bulou.lines.supervision import models
from bulou.lines.supervision.queries import clocks_of
from bulou.lines.supervision.rules import folding
from bulou.lines.supervision.terms import Inspection, Kind, Timeline

BATCH = 1_000
LOCKS = 64  # buckets of subjects: few enough for the lock table, enough that two phones rarely wait
KINDS = (*(kind.value for kind in Kind), Shared.RECORD_ACCEPTED.value, Shared.RECORD_REJECTED.value)
_FINDING = sorted({*models.Finding.Privacy.open, *models.Finding.Privacy.operational, "body"} - {"id"})
_INSPECTION = sorted({*models.Inspection.Privacy.open, *models.Inspection.Privacy.operational} - {"id"})


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the subjects of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 5 queries, whatever the number of records.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, subjects)
    _write(subjects, ledger.records_of(district, subjects=subjects))


def rebuild(district: str) -> None:
    """Guarantees the district's findings and visits are exactly what the ledger says."""
    models.Finding.objects.filter(district=district).delete()
    models.Inspection.objects.filter(district=district).delete()
    entries = ledger.records_of(district, kinds=KINDS)
    _write(sorted({entry.subject for entry in entries if entry.subject}), entries)


def _hold(district: str, subjects: Sequence[UUID]) -> None:
    # Whoever comes second reads the ledger after the first has committed: neither overlooks the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('supervision.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({subject.int % LOCKS for subject in subjects})],
        )


def _write(subjects: Sequence[UUID], entries: Iterable[Entry]) -> None:
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            by_subject[entry.subject].append(entry)
    findings = {subject: folding.fold(told, clocks_of(told)) for subject, told in by_subject.items()}
    visits = {subject: folding.fold_inspection(told) for subject, told in by_subject.items()}
    models.Finding.objects.filter(id__in=[s for s in subjects if findings.get(s) is None]).delete()
    models.Inspection.objects.filter(id__in=[s for s in subjects if visits.get(s) is None]).delete()
    models.Finding.objects.bulk_create(
        _finding_rows(findings), batch_size=BATCH, update_conflicts=True, unique_fields=["id"],
        update_fields=_FINDING,
    )  # fmt: skip
    models.Inspection.objects.bulk_create(
        _inspection_rows(visits), batch_size=BATCH, update_conflicts=True, unique_fields=["id"],
        update_fields=_INSPECTION,
    )  # fmt: skip


def _finding_rows(folded: Mapping[UUID, Timeline | None]) -> list[models.Finding]:
    found = [timeline.finding for timeline in folded.values() if timeline]
    return [
        models.Finding(
            id=one.id, district=one.district, path=one.path, severity=one.severity, stage=one.stage,
            covert=one.covert, found_at=one.found_at, told_at=one.told_at, due_at=one.due_at, owner=one.owner,
            closed_at=one.closed_at, sampled_at=one.sampled_at, record=one.record,
            body=msgspec.json.encode(one).decode(),
        )
        for one in sorted(found, key=lambda one: one.id)
    ]  # fmt: skip


def _inspection_rows(folded: Mapping[UUID, Inspection | None]) -> list[models.Inspection]:
    made = [one for one in folded.values() if one]
    return [
        models.Inspection(
            id=one.id, district=one.district, path=one.path, visit=one.visit, methods=list(one.methods),
            covert=one.covert, group=one.group, planned_on=one.planned_on, at=one.at, author=one.author,
            team=one.team, record=one.record,
        )
        for one in sorted(made, key=lambda one: one.id)
    ]  # fmt: skip
