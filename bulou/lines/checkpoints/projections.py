"""Records to passages, shifts and patrols; the hours of a post are counted anew where one of them changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db import models as django_models

from bulou.custody.terms import Kind as Custody
from bulou.kernel import sqlfiles
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Kind as Shared
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.rules import folding
from bulou.lines.checkpoints.terms import PASSING, Kind, Passage, Shift, Walk

BATCH = 1_000
LOCKS = 64  # buckets of subjects: few enough for the lock table, enough that two phones rarely wait
KINDS = (
    *(kind.value for kind in Kind),
    Custody.RECEIVED.value,
    Shared.RECORD_ACCEPTED.value,
    Shared.RECORD_REJECTED.value,
)
Slot = tuple[UUID, datetime]
_COUNTS = (
    "n", "n_in", "n_out", "n_persons", "n_held", "n_turned_back", "n_handed_over", "n_referred",
    "n_emergency",
)  # fmt: skip


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees what these records speak about stands as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. About 12 queries, whatever the number of records.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, (subject.int % LOCKS for subject in subjects), "subject")
    before = _slots(models.Passage.objects.filter(district=district, id__in=subjects))
    _write(subjects, ledger.records_of(district, subjects=subjects))
    after = _slots(models.Passage.objects.filter(district=district, id__in=subjects))
    slots = sorted(before | after)
    _hold(district, {post.int % LOCKS for post, _ in slots}, "post")
    _count(district, slots)


def apply_received(district: str, entries: Sequence[Entry]) -> None:
    """The same for what receivers say of chains of custody, of which some began at a checkpoint.

    2 queries where none did. Whoever comes second sees what the first has said: both hold the subject.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, (subject.int % LOCKS for subject in subjects), "subject")
    passages = ledger.records_of(district, subjects=subjects, kinds=[kind.value for kind in PASSING])
    began = {entry.subject for entry in passages}
    apply(district, [entry for entry in entries if entry.subject in began])


def rebuild(district: str) -> None:
    """Guarantees the district's passages, hours, shifts and patrols are exactly what the ledger says."""
    models.Passage.objects.filter(district=district).delete()
    models.Handover.objects.filter(district=district).delete()
    models.Hour.objects.filter(district=district).delete()
    models.Shift.objects.filter(district=district).delete()
    models.Walk.objects.filter(district=district).delete()
    entries = ledger.records_of(district, kinds=KINDS)
    _write(sorted({entry.subject for entry in entries if entry.subject}), entries)
    _count(district, sorted(_slots(models.Passage.objects.filter(district=district))))


def _hold(district: str, buckets: Iterable[int], what: str) -> None:
    # Whoever comes second reads after the first has committed: neither overlooks the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('checkpoints.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [f"{what}.{district}", sorted(set(buckets))],
        )


def _slots(rows: "django_models.QuerySet[models.Passage]") -> set[Slot]:
    return {(post, _hour(at)) for post, at in rows.values_list("post", "at")}


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _write(subjects: Sequence[UUID], entries: Iterable[Entry]) -> None:
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            by_subject[entry.subject].append(entry)
    passages = {subject: folding.passage(told) for subject, told in by_subject.items()}
    shifts = {subject: folding.shift(told) for subject, told in by_subject.items()}
    walks = {subject: folding.walk(told) for subject, told in by_subject.items()}
    handed = {subject: one if one and one.to_path else None for subject, one in passages.items()}
    _store(models.Passage.objects, subjects, {k: _passage(v) for k, v in passages.items() if v})
    _store(models.Handover.objects, subjects, {k: _handover(v) for k, v in handed.items() if v})
    _store(models.Shift.objects, subjects, {k: _shift(v) for k, v in shifts.items() if v})
    _store(models.Walk.objects, subjects, {k: _walk(v) for k, v in walks.items() if v})


def _store(
    table: "django_models.Manager[Any]", subjects: Sequence[UUID], rows: Mapping[UUID, django_models.Model]
) -> None:
    gone = [subject for subject in subjects if subject not in rows]
    if gone:
        table.filter(pk__in=gone).delete()
    privacy = table.model.Privacy
    table.bulk_create(
        [rows[subject] for subject in sorted(rows)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=sorted({*privacy.open, *privacy.operational} - {"id"}),
    )


def _passage(one: Passage) -> models.Passage:
    return models.Passage(
        id=one.id, district=one.district, path=one.path, kind=one.kind, post=one.post, shift=one.shift,
        at=one.at, direction=one.direction, vehicle=one.vehicle, n_persons=one.n_persons, origin=one.origin,
        purpose=one.purpose, outcome=one.outcome, was_held=one.was_held, temperature_c=one.temperature_c,
        recheck_c=one.recheck_c, seconds=one.seconds, plate_tag=one.plate_tag, pass_tag=one.pass_tag,
        key_on=one.key_on, to_path=one.to_path, author=one.author, record=one.record,
        left_at=one.left_at, accepted_at=one.accepted_at,
    )  # fmt: skip


def _handover(one: Passage) -> models.Handover:
    return models.Handover(
        id=one.id, district=one.district, path=one.to_path, from_path=one.path, post=one.post, at=one.at,
        n_persons=one.n_persons, accepted_at=one.accepted_at, accepted_by=one.accepted_by,
    )  # fmt: skip


def _shift(one: Shift) -> models.Shift:
    return models.Shift(
        id=one.id, district=one.district, path=one.path, post=one.post, opened_at=one.opened_at,
        closed_at=one.closed_at, opened_by=one.opened_by, team=one.team, n_staff=one.n_staff,
        told_passages=one.told_passages, told_persons=one.told_persons, record=one.record,
    )  # fmt: skip


def _walk(one: Walk) -> models.Walk:
    return models.Walk(
        id=one.id, district=one.district, path=one.path, at=one.at, minutes=one.minutes, outcome=one.outcome,
        n_told=one.n_told, author=one.author, team=one.team, record=one.record,
    )  # fmt: skip


def _count(district: str, slots: Sequence[Slot]) -> None:
    if not slots:
        return
    posts, hours = [post for post, _ in slots], [hour for _, hour in slots]
    with connection.cursor() as cursor:
        cursor.execute(
            sqlfiles.load("bulou.lines.checkpoints", "hours"),
            {"district": district, "posts": posts, "hours": hours},
        )
        counted = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    empty = [_hour_id(slot) for slot in slots if slot not in counted]
    if empty:
        models.Hour.objects.filter(id__in=empty).delete()
    rows = [
        models.Hour(
            id=_hour_id(slot), district=district, path=numbers[0], post=slot[0], hour=slot[1],
            **dict(zip(_COUNTS, numbers[1:], strict=True)),
        )
        for slot, numbers in sorted(counted.items())
    ]  # fmt: skip
    models.Hour.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=["path", *_COUNTS]
    )


def _hour_id(slot: Slot) -> UUID:
    return uuid5(slot[0], slot[1].isoformat())
