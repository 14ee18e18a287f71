"""Passes are issued to doors and revoked by officers; each act is told in the ledger."""

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import queries as grid
from bulou.grid.terms import Dwelling
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction
from bulou.ledger import actions as ledger
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.queries import passes as reading
from bulou.lines.checkpoints.rules import passes as rules
from bulou.lines.checkpoints.terms import (
    LONGEST_VALIDITY,
    MOST_PASSES_AT_ONCE,
    MOST_PER_HOUSEHOLD,
    Claims,
    Pass,
)

KEY_FILE = "pass_signing_key"
STEP = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pass promises: how many a household gets, from when until when, how often one may go out."""

    per_household: int
    valid_from: date
    valid_until: date
    exits: int = 1
    days: int = 2


def signing_key(folder: Path | None = None) -> Ed25519PrivateKey:
    """The server's key for passes; made once, readable by the server alone. The backup carries it."""
    place = (folder or settings.BULOU_DATA) / KEY_FILE
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
    except FileExistsError:
        pass
    return Ed25519PrivateKey.from_private_bytes(place.read_bytes())


def issue_passes(actor: Actor, path: str, terms: Terms, *, dwelling: UUID | None = None) -> tuple[Pass, ...]:
    """Guarantees new passes for every door at or below the path, or for one door; in walking order.

    Earlier passes stay as they are: revoke them if they were lost.

    Raises:
        ProblemError: access.*, checkpoints.bad_validity, .bad_number, .bad_rule, .too_many, .no_doors (422).
    """
    require(actor, Verb.PASS_ISSUE, path)
    _refuse(terms, clock.local_date(clock.now()))
    scope = Scope((path.partition(".")[0],), (path,))
    with transaction(scope):
        doors = (grid.dwelling(scope, dwelling),) if dwelling else tuple(_doors(scope, path))
        if not doors:
            raise ProblemError("checkpoints.no_doors", status=422)
        if len(doors) * terms.per_household > MOST_PASSES_AT_ONCE:
            raise ProblemError("checkpoints.too_many", status=422, most=MOST_PASSES_AT_ONCE)
        key, at = signing_key(), clock.now()
        rows = [
            _row(actor, door, number, terms=terms, signed=(key, at))
            for door in doors
            for number in range(1, terms.per_household + 1)
        ]
        models.Pass.objects.bulk_create(rows, batch_size=STEP)
        ledger.audit(
            actor, kind="pass.issued", path=path, subject_type="pass",
            payload={
                "serials": [row.serial for row in rows], "per_household": terms.per_household,
                "valid_from": terms.valid_from.isoformat(), "valid_until": terms.valid_until.isoformat(),
                "exits": terms.exits, "days": terms.days,
            },
        )  # fmt: skip
    return tuple(reading.pass_of(row) for row in sorted(rows, key=lambda row: (row.path, row.id)))


def revoke_pass(actor: Actor, pass_id: UUID, path: str, *, reason: str) -> Pass:
    """Guarantees the pass opens no gate any more, from the next sync of each phone on.

    Raises:
        ProblemError: access.*, access.reason_missing (422), checkpoints.not_found (404),
            checkpoints.already_revoked (409).
    """
    require(actor, Verb.PASS_REVOKE, path)
    if not reason.strip():
        raise ProblemError("access.reason_missing", status=422)
    scope = Scope((path.partition(".")[0],), (path,))
    with transaction(scope):
        row = models.Pass.objects.select_for_update().filter(id=pass_id, district=scope.districts[0]).first()
        if row is None:
            raise ProblemError("checkpoints.not_found", status=404)
        if row.revoked_at is not None:
            raise ProblemError("checkpoints.already_revoked", status=409)
        row.revoked_at, row.revoked_by, row.reason = clock.now(), actor.account_id, reason.strip()[:200]
        row.save(update_fields=["revoked_at", "revoked_by", "reason"])
        ledger.audit(
            actor, kind="pass.revoked", path=row.path, subject_type="pass", subject=row.id,
            payload={"serial": row.serial},
        )  # fmt: skip
        return reading.pass_of(row)


def _refuse(terms: Terms, today: date) -> None:
    length = terms.valid_until - terms.valid_from
    if terms.valid_until < today or length.days < 0 or length > LONGEST_VALIDITY or terms.valid_from < today:
        raise ProblemError("checkpoints.bad_validity", status=422, most=LONGEST_VALIDITY.days)
    if not 1 <= terms.per_household <= MOST_PER_HOUSEHOLD:
        raise ProblemError("checkpoints.bad_number", status=422, most=MOST_PER_HOUSEHOLD)
    if not 0 <= terms.exits <= 9 or not 1 <= terms.days <= 9:
        raise ProblemError("checkpoints.bad_rule", status=422)


def _doors(scope: Scope, path: str) -> Iterator[Dwelling]:
    cursor: str | None = None
    left = MOST_PASSES_AT_ONCE + 1
    while left > 0:
        page = grid.dwellings(scope, path, cursor=cursor, limit=STEP)
        yield from page.items
        left -= len(page.items)
        cursor = page.next
        if cursor is None:
            return


def _row(
    actor: Actor, door: Dwelling, number: int, *, terms: Terms, signed: tuple[Ed25519PrivateKey, datetime]
) -> models.Pass:
    key, at = signed
    serial, check = rules.serial_text(secrets.token_bytes(6)), rules.check_of(door.door)
    claims = Claims(
        serial=serial, area_tag=rules.area_tag(door.area), valid_from=terms.valid_from,
        valid_until=terms.valid_until, number=number, exits=terms.exits, days=terms.days, check=check,
    )  # fmt: skip
    return models.Pass(
        id=ids.uuid7(), district=door.district, path=door.path, area=door.area, dwelling=door.dwelling_id,
        serial=serial, number=number, of=terms.per_household, valid_from=terms.valid_from,
        valid_until=terms.valid_until, exits=terms.exits, days=terms.days, check_letters=check,
        code=rules.encode(claims, key), issued_at=at, issued_by=actor.account_id, reason="",
    )  # fmt: skip


def printed(actor: Actor, path: str, pass_ids: Sequence[UUID]) -> tuple[Pass, ...]:
    """Guarantees that who prints passes may issue them; the passes to print, in walking order."""
    require(actor, Verb.PASS_ISSUE, path)
    scope = Scope((path.partition(".")[0],), (path,))
    with transaction(scope):
        return reading.by_ids(scope, pass_ids)
