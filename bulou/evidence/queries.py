"""Reads of evidence: which photos a record has, and the photo itself. Inside a transaction with a scope."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bulou.evidence import models
from bulou.evidence.terms import Attachment
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry


def attachment(scope: Scope, attachment_id: UUID) -> tuple[Attachment, Entry]:
    """One photo and the record that it belongs to. 2 queries.

    A photo whose record has not arrived is nobody's yet; who may see the record may see the photo.

    Raises:
        ProblemError: evidence.not_found (404), the same for absent, not yours and still without a record.
    """
    row = models.Attachment.objects.filter(district__in=scope.districts, id=attachment_id).first()
    entry = ledger.by_ids(row.district, [row.record]).get(row.record) if row else None
    if row is None or entry is None or not scope.covers(entry.path):
        raise ProblemError("evidence.not_found", status=404)
    return _attachment(row), entry


def of_records(scope: Scope, records: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """The photos of records that the reader may see, by record, oldest first. 1 query.

    Assumes: the caller has read the records under the same scope.
    """
    wanted = sorted(set(records))
    rows = models.Attachment.objects.filter(district__in=scope.districts, record__in=wanted).order_by("id")
    found: dict[UUID, list[Attachment]] = {}
    for row in rows if wanted else ():
        found.setdefault(row.record, []).append(_attachment(row))
    return found


def content(one: Attachment) -> bytes:
    """The photo as JPEG. No query.

    Raises:
        ProblemError: evidence.discarded (410) when its time is over.
    """
    if one.discarded_at is not None:
        raise ProblemError("evidence.discarded", status=410)
    return file_of(one.district, one.sha256).read_bytes()


def file_of(district: str, sha256: str) -> Path:
    """Where a photo lies: named by its own hash, in the folder of its district."""
    return Path(settings.MEDIA_ROOT) / district / sha256[:2] / f"{sha256}.jpg"


def _attachment(row: models.Attachment) -> Attachment:
    return Attachment(
        id=row.id, district=row.district, path=row.path, record=row.record, sha256=row.sha256,
        sent_sha256=row.sent_sha256, n_bytes=row.n_bytes, width=row.width, height=row.height,
        author=row.author, device=row.device, received_at=row.received_at, keep_until=row.keep_until,
        discarded_at=row.discarded_at,
    )  # fmt: skip
