"""Drafting and signing reports: of a day, of a round."""

import os
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection
from django.db.models import Max

from bulou.access import rules as access
from bulou.access.actions.gate import require
from bulou.access.rules import ROLE_VERBS
from bulou.access.terms import Actor, Verb
from bulou.coverage.queries import rounds as operations
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction
from bulou.ledger import actions as ledger
from bulou.reports import models, rules
from bulou.reports.queries import archive, rounds
from bulou.reports.queries.daily import daily
from bulou.reports.queries.testing import end_of_round
from bulou.reports.terms import Archived, ArchivedRound, Paper, State

KEY_FILE = "report_signing_key"


def draft_daily(actor: Actor, *, path: str, on: date) -> Archived:
    """Guarantees the archive holds a fresh draft of that area and day; an earlier draft is replaced.

    Raises:
        ProblemError: access.*, reports.in_future, reports.already_signed (409).
    """
    require(actor, Verb.REPORT_SIGN, path)
    scope = _scope(path)
    with transaction(scope):
        _hold(path)
        before = models.Daily.objects.filter(path=path, on=on).first()
        if before and before.state == State.SIGNED:
            raise ProblemError("reports.already_signed", status=409, number=before.number or 0)
        report = daily(scope, path, on)
        content = rules.pack(report)
        row = models.Daily(
            id=before.id if before else ids.uuid7(), district=scope.districts[0], path=path,
            place=report.place, on=on, state=State.DRAFT, content=content.decode(),
            sha256=rules.digest(content), made_by=actor.account_id, made_at=report.made_at,
        )  # fmt: skip
        row.save(force_insert=before is None, force_update=before is not None)
        return archive.from_row(row)


def sign_daily(actor: Actor, report_id: UUID, *, seen: str) -> Archived:
    """Guarantees the draft that the signer has read stands in the archive for ever, numbered and signed.

    `seen` is the SHA-256 of what was shown; another draft made meanwhile is not signed unread.

    Raises:
        ProblemError: reports.not_found (404), access.*, reports.changed, reports.day_not_over,
            reports.already_signed (409).
    """
    now = clock.now()
    readable = access.scope(actor.grants, Verb.REPORT_VIEW, now)
    with transaction(readable):
        draft = archive.archived(readable, report_id)
        require(actor, Verb.REPORT_SIGN, draft.path)
        _hold(draft.path)
        draft = archive.archived(readable, report_id)
        _refuse_unready(draft, seen, now)
        row = models.Daily.objects.get(id=report_id)
        row.number = _next_number(models.Daily, draft)
        _sign(actor, row, draft, now)
        return archive.from_row(row)


def draft_round(actor: Actor, operation_id: UUID, *, path: str) -> ArchivedRound:
    """Guarantees the archive holds a fresh draft of that round in that area; an earlier draft is replaced.

    Raises:
        ProblemError: access.*, coverage.not_found, reports.not_found (404), reports.already_signed (409).
    """
    require(actor, Verb.REPORT_SIGN, path)
    scope = _scope(path)
    with transaction(scope):
        _hold(path)
        operation = operations.operation(scope, operation_id)
        report = end_of_round(scope, operation, path)
        before = models.OfRound.objects.filter(operation=operation_id, path=path).first()
        if before and before.state == State.SIGNED:
            raise ProblemError("reports.already_signed", status=409, number=before.number or 0)
        content = rules.pack(report)
        row = models.OfRound(
            id=before.id if before else ids.uuid7(), district=scope.districts[0], path=path,
            place=report.place, on=clock.local_date(operation.opens_at), operation=operation_id,
            state=State.DRAFT, content=content.decode(), sha256=rules.digest(content),
            made_by=actor.account_id, made_at=report.made_at,
        )  # fmt: skip
        row.save(force_insert=before is None, force_update=before is not None)
        return rounds.from_row(row)


def sign_round(actor: Actor, report_id: UUID, *, seen: str) -> ArchivedRound:
    """Guarantees the draft that the signer has read stands in the archive for ever, numbered and signed.

    Raises:
        ProblemError: reports.not_found (404), access.*, reports.changed, reports.round_open,
            reports.already_signed (409).
    """
    now = clock.now()
    readable = access.scope(actor.grants, Verb.REPORT_VIEW, now)
    with transaction(readable):
        draft = rounds.archived_round(readable, report_id)
        require(actor, Verb.REPORT_SIGN, draft.path)
        _hold(draft.path)
        draft = rounds.archived_round(readable, report_id)
        _refuse_signed_or_changed(draft, seen)
        if not rounds.signable(draft):
            raise ProblemError("reports.round_open", status=409)
        row = models.OfRound.objects.get(id=report_id)
        row.number = _next_number(models.OfRound, draft)
        _sign(actor, row, draft, now)
        return rounds.from_row(row)


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The server's key for reports; made once, readable by the server alone."""
    place = folder / KEY_FILE
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
    except FileExistsError:
        pass
    return Ed25519PrivateKey.from_private_bytes(place.read_bytes())


def _sign(actor: Actor, row: models.Daily | models.OfRound, draft: Paper, now: datetime) -> None:
    """Put a name to the draft; its number is in the row already."""
    number = row.number or 0
    row.year = draft.on.year
    row.state = State.SIGNED
    row.signed_by, row.signed_at = actor.account_id, now
    row.signed_role = _role(actor, draft.path, now)
    key = signing_key(settings.BULOU_DATA)
    message = rules.signed_words(draft.sha256, path=draft.path, on=draft.on, number=number, signed_at=now)
    row.signature, row.key = key.sign(message).hex(), key.public_key().public_bytes_raw().hex()
    row.save(force_update=True)
    ledger.audit(
        actor, kind="report.signed", path=draft.path, subject_type="report", subject=draft.id,
        payload={"on": draft.on.isoformat(), "number": number, "sha256": draft.sha256},
    )  # fmt: skip


def _refuse_signed_or_changed(draft: Paper, seen: str) -> None:
    if draft.state is State.SIGNED:
        raise ProblemError("reports.already_signed", status=409, number=draft.number or 0)
    if seen != draft.sha256:
        raise ProblemError("reports.changed", status=409)


def _refuse_unready(draft: Archived, seen: str, now: datetime) -> None:
    _refuse_signed_or_changed(draft, seen)
    if not rules.is_over(draft.on, draft.made_at) or not rules.is_over(draft.on, now):
        raise ProblemError("reports.day_not_over", status=409)


def _next_number(table: type[models.Daily] | type[models.OfRound], draft: Paper) -> int:
    of_year = table.objects.filter(path=draft.path, year=draft.on.year)
    return (of_year.aggregate(last=Max("number"))["last"] or 0) + 1


def _role(actor: Actor, path: str, at: datetime) -> str:
    held = access.roles_at(actor.grants, path, at)
    return next((role.value for role in sorted(held) if Verb.REPORT_SIGN in ROLE_VERBS[role]), "")


def _hold(path: str) -> None:
    # Two drafts, two signatures or two numbers for one area wait for each other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.daily'), hashtext(%s))", [path])


def _scope(path: str) -> Scope:
    return Scope((path.partition(".")[0],), (path,))
