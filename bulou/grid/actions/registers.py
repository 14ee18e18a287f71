"""Single changes of the registers at a desk: doors, sites, head counts, codes, and what rounds stand on."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import models, queries
from bulou.grid.rules import cells, naming, paths
from bulou.grid.terms import DwellingKind, Level, Need, Origin, PopulationKind, SiteType
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction as scoped
from bulou.ledger.actions import audit

BUILDING_LEVELS: Final = frozenset({Level.BUILDING, Level.UNIT})


@dataclass(frozen=True, slots=True)
class NewDoor:
    """A door as it is entered at a desk."""

    door: str
    floor: int | None = None
    kind: DwellingKind = DwellingKind.HOME
    needs_help: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site as it is entered at a desk."""

    type: SiteType
    name: str
    attributes: dict[str, str | float] = field(default_factory=dict)


def add_dwelling(actor: Actor, *, path: str, new: NewDoor, on: date, reason: str) -> UUID:
    """Add a door to an area from a day on; return its id.

    Raises:
        ProblemError: `grid.no_such_area` 404; `grid.door_taken` 409; `grid.door_malformed`,
            `grid.place_too_wide`, `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    read = cells.door(new.door)
    if read is None:
        raise ProblemError("grid.door_malformed", status=422, text=new.door[:60])
    with scoped(whole(paths.district(path))):
        leaf, building = _place(path, on, lowest=Level.COMMUNITY)
        row = models.Dwelling(
            id=ids.uuid7(), district=paths.district(path), path=path, area=leaf, building=building,
            floor=new.floor, door=read[0], sort=read[1], kind=new.kind, needs_help=sorted(new.needs_help),
            origin=Origin.OFFICE, valid_from=on,
        )  # fmt: skip
        _create(row, "grid.door_taken", door=row.door)
        _tell(actor, "grid.dwelling_added", row, {"door": row.door, "on": str(on), "reason": reason})
        return row.id


def close_dwelling(actor: Actor, *, dwelling_id: UUID, path: str, on: date, reason: str) -> None:
    """End a door from a day on (a house that was torn down, a flat joined with the next one).

    Rounds that were opened keep it in their frame until it is removed there with a reason.

    Raises:
        ProblemError: `grid.no_such_dwelling` 404, `grid.reason_missing` 422, `grid.not_yet_valid` 409.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    district = paths.district(path)
    with scoped(whole(district)):
        rows = models.Dwelling.objects.select_for_update()
        row = rows.filter(district=district, id=dwelling_id, valid_until=None).first()
        if row is None or not paths.covers(path, row.path):
            raise ProblemError("grid.no_such_dwelling", status=404)
        _require_after(row.valid_from, on, row.path)
        row.valid_until = on
        row.save(update_fields=["valid_until"])
        _tell(actor, "grid.dwelling_closed", row, {"door": row.door, "on": str(on), "reason": reason})


def add_site(actor: Actor, *, path: str, new: NewSite, on: date, reason: str) -> UUID:
    """Add a site to an area from a day on; return its id.

    Raises:
        ProblemError: `grid.no_such_area` 404; `grid.name_taken` 409; `grid.name_missing`,
            `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    name = naming.tidy(new.name)
    if not name:
        raise ProblemError("grid.name_missing", status=422)
    with scoped(whole(paths.district(path))):
        leaf, _ = _place(path, on, lowest=Level.DISTRICT)
        row = models.Site(
            id=ids.uuid7(), district=paths.district(path), path=path, area=leaf, type=new.type, name=name,
            attributes=new.attributes, origin=Origin.OFFICE, valid_from=on,
        )  # fmt: skip
        _create(row, "grid.name_taken", name=name)
        _tell(
            actor, "grid.site_added", row, {"name": name, "type": new.type, "on": str(on), "reason": reason}
        )
        return row.id


def close_site(actor: Actor, *, site_id: UUID, path: str, on: date, reason: str) -> None:
    """End a site from a day on.

    Raises:
        ProblemError: `grid.no_such_site` 404, `grid.reason_missing` 422, `grid.not_yet_valid` 409.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    district = paths.district(path)
    with scoped(whole(district)):
        rows = models.Site.objects.select_for_update()
        row = rows.filter(district=district, id=site_id, valid_until=None).first()
        if row is None or not paths.covers(path, row.path):
            raise ProblemError("grid.no_such_site", status=404)
        _require_after(row.valid_from, on, row.path)
        row.valid_until = on
        row.save(update_fields=["valid_until"])
        _tell(actor, "grid.site_closed", row, {"name": row.name, "on": str(on), "reason": reason})


def set_population(actor: Actor, *, path: str, kind: PopulationKind, n: int, on: date, reason: str) -> None:
    """Give an area its head count from a day on; the days before keep theirs.

    Raises:
        ProblemError: `grid.no_such_area` 404, `grid.later_change_exists` 409, `grid.number_malformed`,
            `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    if n < 0:
        raise ProblemError("grid.number_malformed", status=422, text=n)
    district = paths.district(path)
    with scoped(whole(district)):
        area = _area(path, on)
        rows = models.Population.objects.filter(district=district, path=path, kind=kind)
        _make_room(rows, on, path)
        models.Population.objects.create(
            id=ids.uuid7(), district=district, path=path, kind=kind, n=n, valid=DateRange(on, None)
        )
        payload = {"kind": kind, "n": n, "on": str(on), "reason": reason}
        audit(
            actor, kind="grid.population_set", path=path, subject_type="area", subject=area, payload=payload
        )


def set_code(actor: Actor, *, path: str, scheme: str, code: str, on: date, reason: str) -> None:
    """Give an area its code in one numbering from a day on; the code it had ends.

    Raises:
        ProblemError: `grid.no_such_area` 404; `grid.later_change_exists`, `grid.code_has_other_name` 409;
            `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    _require_reason(reason)
    district = paths.district(path)
    with scoped(whole(district)):
        area = _area(path, on)
        _make_room(models.Code.objects.filter(district=district, area=area, scheme=scheme), on, path)
        row = models.Code(
            id=ids.uuid7(), district=district, area=area, scheme=scheme, code=code, valid=DateRange(on, None)
        )
        _create(row, "grid.code_has_other_name", number=code, known=scheme)
        payload = {"scheme": scheme, "code": code, "on": str(on), "reason": reason}
        _tell_area(actor, "grid.code_set", path, area, payload)


# --- Steps


def _area(path: str, on: date) -> UUID:
    area = queries.area_at(paths.district(path), path, on)
    if area is None:
        raise queries.no_such_area(path)
    return area.area_id


def _place(path: str, on: date, *, lowest: Level) -> tuple[str, str]:
    """Return where doors of an area are counted, and the name of its building."""
    steps = queries.breadcrumbs(path, on)
    if not steps or steps[-1].path != path:
        raise queries.no_such_area(path)
    if lowest is Level.COMMUNITY and steps[-1].level in (Level.DISTRICT, Level.STREET):
        raise ProblemError("grid.place_too_wide", status=422)
    building = " ".join(step.short_name for step in steps if step.level in BUILDING_LEVELS)
    leaf = [step.path for step in steps if step.level not in BUILDING_LEVELS][-1]
    return leaf, building


def _make_room(rows: Any, on: date, path: str) -> None:
    """End the open row on a day; one that began on that very day is removed."""
    row = rows.select_for_update().filter(valid__endswith=None).first()
    if row is None:
        return
    if row.valid.lower > on:
        raise ProblemError("grid.later_change_exists", path=path)
    if row.valid.lower == on:
        row.delete()
        return
    row.valid = DateRange(row.valid.lower, on)
    row.save(update_fields=["valid"])


def _create(row: models.Dwelling | models.Site | models.Code, taken: str, **params: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ProblemError(taken, status=409, where=None, **params) from error


def _tell(actor: Actor, kind: str, row: models.Dwelling | models.Site, payload: dict[str, Any]) -> None:
    what = "dwelling" if isinstance(row, models.Dwelling) else "site"
    audit(actor, kind=kind, path=row.path, subject_type=what, subject=row.id, payload=payload)


def _tell_area(actor: Actor, kind: str, path: str, area: UUID, payload: dict[str, Any]) -> None:
    audit(actor, kind=kind, path=path, subject_type="area", subject=area, payload=payload)


def _require_after(began: date, on: date, path: str) -> None:
    if on < began:
        raise ProblemError("grid.not_yet_valid", path=path)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ProblemError("grid.reason_missing", status=422)
