"""Take a whole import out of the register again."""

from typing import Any, Final
from uuid import UUID

from django.db import connection

from bulou.access import rules
from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import models
from bulou.grid.terms import ImportState
from bulou.kernel import clock, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger.actions import audit

ROOM: Final = "bulou.grid"
OWN_ROWS: Final = (
    (models.Dwelling, "import_id"),
    (models.Site, "import_id"),
    (models.Population, "source"),
    (models.Code, "source"),
    (models.Area, "source"),
)
RESTORED: Final = ("undo_restore_area", "undo_restore_head", "undo_restore_dwelling", "undo_restore_site")
REASONS: Final = ("grid.import_is_held", "grid.import_has_later_changes", "grid.import_has_followers")


def undo_import(actor: Actor, *, import_id: UUID, reason: str) -> None:
    """Remove what an import added and put back what it changed; its receipt stays, marked as undone.

    Raises:
        ProblemError: `grid.no_such_import` 404, `grid.reason_missing` 422; `grid.import_not_done`,
            `grid.import_is_held` (a round stands on its rows), `grid.import_has_later_changes`,
            `grid.import_has_followers` 409. Nothing is changed then.
    """
    with transaction(rules.scope(actor.grants, Verb.GRID_UNDO, clock.now())):
        found = models.Import.objects.select_for_update().filter(id=import_id).first()
        if found is None:
            raise ProblemError("grid.no_such_import", status=404)
        require(actor, Verb.GRID_UNDO, found.path)
        if not reason.strip():
            raise ProblemError("grid.reason_missing", status=422)
        if found.state != ImportState.DONE:
            raise ProblemError("grid.import_not_done", state=found.state)
        for step in (_require_free, _take_out):
            for district in found.districts:
                with transaction(whole(district)):
                    step(found, district)
        found.state, found.undone_at = ImportState.UNDONE, clock.now()
        found.save(update_fields=["state", "undone_at"])
        audit(
            actor, kind="grid.import_undone", path=found.path, subject_type="import", subject=import_id,
            payload={"file_name": found.file_name, "sha256": found.sha256, "stored": found.stored,
                     "reason": reason.strip()},
        )  # fmt: skip


def _require_free(found: models.Import, district: str) -> None:
    values: dict[str, Any] = {"district": district, "import": found.id, "made_at": found.made_at}
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "undo_reasons"), values)
        figures = cursor.fetchone() or (0, 0, 0)
    for code, n in zip(REASONS, figures, strict=True):
        if n:
            raise ProblemError(code, n=int(n))


def _take_out(found: models.Import, district: str) -> None:
    for table, column in OWN_ROWS:
        table.objects.filter(**{"district": district, column: found.id}).delete()
    values: dict[str, Any] = {"district": district, "import": found.id}
    with connection.cursor() as cursor:
        for statement in RESTORED:
            cursor.execute(sqlfiles.load(ROOM, statement), values)
