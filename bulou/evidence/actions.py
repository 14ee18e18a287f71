"""Writes of evidence: keep a photo once, destroy it when its time is over."""

import os
import tempfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from bulou.access import rules as access
from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Actor, Verb
from bulou.evidence import models, queries, rules
from bulou.evidence.terms import MOST_A_DAY, REFUSALS, Answered, Handed, Kind
from bulou.kernel import clock
from bulou.kernel import scope as scopes
from bulou.kernel.pictures.clean import Picture, clean
from bulou.kernel.pictures.limits import Limits, PictureError
from bulou.kernel.problems import ProblemError
from bulou.ledger.actions import audit

LIMITS = Limits()
AT_ONCE = 200
LEFT_OVER = timedelta(days=1)


def keep(actor: Actor, photo: Handed) -> Answered:
    """Guarantees the photo is on disk and in the table once, drawn anew from its pixels, and in the ledger.

    Repeatable: the same id with the same bytes is a duplicate, however often it comes, before or after its
    record. What the ledger keeps is the hash, so that a photo cannot be exchanged unseen.

    Raises:
        ProblemError: access.* for who may submit nowhere, evidence.* for what is no photo; nothing is kept.
    """
    held = access.held_paths(actor.grants, Verb.RECORD_SUBMIT, clock.now())
    path = rules.filed_under(photo.area, held) or photo.area
    require(actor, Verb.RECORD_SUBMIT, path)
    sent = sha256(photo.content).hexdigest()
    district = access.district_of(path)
    with scopes.transaction(scopes.whole(district)):
        if _is_there(district, photo, sent):
            return Answered.DUPLICATE
        _not_too_many(district, actor.account_id)
    picture = _clean(photo.content)
    _store(queries.file_of(district, picture.sha256), picture.content)
    try:
        with scopes.transaction(scopes.whole(district)):
            _insert(actor, photo, path, sent, picture)
    except IntegrityError:
        with scopes.transaction(scopes.whole(district)):
            if not _is_there(district, photo, sent):
                raise ProblemError("evidence.other_content", status=409) from None
        return Answered.DUPLICATE
    return Answered.KEPT


def discard_due(district: str) -> int:
    """Guarantees photos of the district whose time is over are destroyed; returns how many. The rows stay.

    Acts as the system; the ledger says which. A file that another photo still needs stays.
    """
    now, done = clock.now(), 0
    while True:
        with scopes.transaction(scopes.whole(district)):
            rows = models.Attachment.objects.select_for_update(skip_locked=True)
            due = list(rows.filter(district=district, discarded_at=None, keep_until__lte=now)[:AT_ONCE])
            for row in due:
                row.discarded_at = now
                row.save(update_fields=["discarded_at"])
                audit(
                    system_actor(district),
                    kind=Kind.DISCARDED,
                    path=row.path,
                    subject_type="attachment",
                    subject=row.id,
                    payload={"record": str(row.record), "sha256": row.sha256},
                )
            hashes = {row.sha256 for row in due}
            others = models.Attachment.objects.filter(
                district=district, sha256__in=hashes, discarded_at=None
            ).values_list("sha256", flat=True)
            for gone in hashes - set(others):
                queries.file_of(district, gone).unlink(missing_ok=True)
        done += len(due)
        if len(due) < AT_ONCE:
            _sweep(district)
            return done


def _sweep(district: str) -> None:
    """Destroys files of which no row tells: the act that should have written it was taken back, or died."""
    before = (clock.now() - LEFT_OVER).timestamp()
    folder = Path(settings.MEDIA_ROOT) / district
    old = [file for file in folder.glob("*/*") if file.stat().st_mtime < before]
    with scopes.transaction(scopes.whole(district)):
        rows = models.Attachment.objects.filter(district=district, discarded_at=None)
        for start in range(0, len(old), AT_ONCE):
            some = old[start : start + AT_ONCE]
            told = set(rows.filter(sha256__in=[file.stem for file in some]).values_list("sha256", flat=True))
            for file in some:
                if file.stem not in told:
                    file.unlink(missing_ok=True)


def _is_there(district: str, photo: Handed, sent: str) -> bool:
    row = models.Attachment.objects.filter(id=photo.id).first()
    if row is None:
        return False
    if (row.district, row.record, row.sent_sha256) != (district, photo.record, sent):
        raise ProblemError("evidence.other_content", status=409)
    return True


def _not_too_many(district: str, author: UUID) -> None:
    start, _end = clock.day_bounds(clock.local_date(clock.now()))
    today = models.Attachment.objects.filter(district=district, author=author, received_at__gte=start)
    if today.count() >= MOST_A_DAY:
        raise ProblemError("evidence.too_many_today", status=429, limit=MOST_A_DAY)


def _clean(content: bytes) -> Picture:
    try:
        return clean(content, LIMITS)
    except PictureError as error:
        code = REFUSALS[error.why]
        status = {"evidence.too_large": 413, "evidence.not_a_picture": 415}.get(code, 422)
        raise ProblemError(code, status=status, limit=LIMITS.file_bytes) from error


def _store(file: Path, content: bytes) -> None:
    """Write the file whole or not at all, and on the disk before the answer says so."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".new-", delete=False) as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _insert(actor: Actor, photo: Handed, path: str, sent: str, picture: Picture) -> None:
    now = clock.now()
    models.Attachment.objects.create(
        id=photo.id, district=access.district_of(path), path=path, record=photo.record, sha256=picture.sha256,
        sent_sha256=sent, n_bytes=len(picture.content), width=picture.width, height=picture.height,
        author=actor.account_id, device=actor.device_id, received_at=now,
        keep_until=rules.keep_until(now, settings.BULOU_PHOTO_DAYS),
    )  # fmt: skip
    audit(
        actor,
        kind=Kind.KEPT,
        path=path,
        subject_type="attachment",
        subject=photo.id,
        payload={"record": str(photo.record), "sha256": picture.sha256, "sent_sha256": sent},
    )
