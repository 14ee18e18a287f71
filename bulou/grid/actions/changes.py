"""What is known about a door or a site changes at a desk: the ledger keeps what it was, and why."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import models
from bulou.grid.actions.registers import NewDoor, NewSite
from bulou.grid.rules import cells, naming, paths
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction as scoped
from bulou.ledger.actions import audit


def change_dwelling(actor: Actor, *, dwelling_id: UUID, path: str, to: NewDoor, reason: str) -> None:
    """Change the number, floor, kind or needs of a door. Rounds that are open keep it in their frame.

    Raises:
        ProblemError: `grid.no_such_dwelling` 404; `grid.door_taken` 409; `grid.door_malformed`,
            `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    read = cells.door(to.door)
    if read is None:
        raise ProblemError("grid.door_malformed", status=422, text=to.door[:60])
    district = paths.district(path)
    with scoped(whole(district)):
        rows = models.Dwelling.objects.select_for_update()
        row = rows.filter(district=district, id=dwelling_id, valid_until=None).first()
        if row is None or not paths.covers(path, row.path):
            raise ProblemError("grid.no_such_dwelling", status=404)
        new = {
            "door": read[0], "sort": read[1], "floor": to.floor, "kind": str(to.kind),
            "needs_help": sorted(str(need) for need in to.needs_help),
        }  # fmt: skip
        changed = _write(row, new, "grid.door_taken", {"door": read[0]})
        if changed:
            _tell(actor, "grid.dwelling_changed", row, changed, reason)


def change_site(actor: Actor, *, site_id: UUID, path: str, to: NewSite, reason: str) -> None:
    """Change the name, type or attributes of a site; attributes that are not named stay.

    Raises:
        ProblemError: `grid.no_such_site` 404; `grid.name_taken` 409; `grid.name_missing`,
            `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    name = naming.tidy(to.name)
    if not name:
        raise ProblemError("grid.name_missing", status=422)
    district = paths.district(path)
    with scoped(whole(district)):
        rows = models.Site.objects.select_for_update()
        row = rows.filter(district=district, id=site_id, valid_until=None).first()
        if row is None or not paths.covers(path, row.path):
            raise ProblemError("grid.no_such_site", status=404)
        new = {"name": name, "type": str(to.type), "attributes": {**row.attributes, **to.attributes}}
        changed = _write(row, new, "grid.name_taken", {"name": name})
        if changed:
            _tell(actor, "grid.site_changed", row, changed, reason)


def _write(
    row: models.Dwelling | models.Site, new: dict[str, Any], taken: str, params: dict[str, str]
) -> dict[str, Any]:
    """Store what differs; return what it was and what it is, without the key for sorting."""
    differs = {field: value for field, value in new.items() if getattr(row, field) != value}
    told = {field: [getattr(row, field), value] for field, value in differs.items() if field != "sort"}
    for field, value in differs.items():
        setattr(row, field, value)
    if differs:
        try:
            with transaction.atomic():
                row.save(update_fields=[*differs])
        except IntegrityError as error:
            raise ProblemError(taken, status=409, where=None, **params) from error
    return told


def _tell(
    actor: Actor, kind: str, row: models.Dwelling | models.Site, changed: dict[str, Any], reason: str
) -> None:
    what = "dwelling" if isinstance(row, models.Dwelling) else "site"
    payload = {"changed": changed, "reason": reason}
    audit(actor, kind=kind, path=row.path, subject_type=what, subject=row.id, payload=payload)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ProblemError("grid.reason_missing", status=422)
