"""Records to jobs: every touched object of a round is folded anew from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from django.db import connection

from bulou.coverage.queries import accounts as coverage
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Kind as Shared
from bulou.lines.disinfection import models, rules
from bulou.lines.disinfection.queries import cautions_of
from bulou.lines.disinfection.terms import Job, Kind

BATCH = 1_000
LOCKS = 64  # buckets of objects: few enough for the lock table, enough that two phones rarely wait
KINDS = (*(kind.value for kind in Kind), Shared.RECORD_ACCEPTED.value, Shared.RECORD_REJECTED.value)
_COLUMNS = sorted({*models.Job.Privacy.open, *models.Job.Privacy.operational} - {"id"})


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the objects of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 1 query for the locks, 3 per round in the batch.
    """
    touched: dict[UUID, set[UUID]] = defaultdict(set)
    for entry in entries:
        if entry.operation and entry.subject:
            touched[entry.operation].add(entry.subject)
    _hold(district, {subject for subjects in touched.values() for subject in subjects})
    for operation in sorted(touched):
        subjects = sorted(touched[operation])
        _write(operation, subjects, ledger.records_of(district, operation=operation, subjects=subjects))


def rebuild(district: str) -> None:
    """Guarantees the district's jobs are exactly what the ledger says; one round in memory at a time."""
    models.Job.objects.filter(district=district).delete()
    for operation in coverage.operation_ids(district):
        entries = ledger.records_of(district, operation=operation, kinds=KINDS)
        _write(operation, (), entries)


def _hold(district: str, subjects: Iterable[UUID]) -> None:
    # Whoever comes second reads the ledger after the first has committed: neither overlooks the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('disinfection.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({subject.int % LOCKS for subject in subjects})],
        )


def _write(operation: UUID, subjects: Sequence[UUID], entries: Iterable[Entry]) -> None:
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            by_subject[entry.subject].append(entry)
    jobs = {subject: rules.fold(told, warn=cautions_of) for subject, told in by_subject.items()}
    gone = [subject for subject in subjects if jobs.get(subject) is None]
    models.Job.objects.filter(operation=operation, subject__in=gone).delete()
    rows = [_row(job) for _, job in sorted(jobs.items()) if job]
    models.Job.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS
    )


def _row(job: Job) -> models.Job:
    return models.Job(
        id=uuid5(job.operation, str(job.subject)), district=job.district, operation=job.operation,
        subject=job.subject, subject_type=job.subject_type, path=job.path, worker=job.worker, team=job.team,
        crew=list(job.crew), agent=job.agent, concentration_mg_l=job.concentration_mg_l, method=job.method,
        area_m2=job.area_m2, litres=job.litres, cautions=list(job.cautions), done_at=job.done_at,
        record=job.record, verdict=job.verdict, signed_by=job.signed_by, signed_team=job.signed_team,
        signed_at=job.signed_at, signoff=job.signoff,
    )  # fmt: skip
