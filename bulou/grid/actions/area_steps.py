"""The steps that changes of the area tree are made of. Each assumes the transaction of the action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from bulou.access.terms import Actor
from bulou.grid import models, queries
from bulou.grid.rules import naming, paths
from bulou.grid.rules.tree import LEAF_LEVELS, PREFIX
from bulou.grid.terms import LADDER, AreaKind, Level
from bulou.kernel import ids, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.ledger.actions import audit

ROOM: Final = "bulou.grid"
NAME_LENGTH: Final = 120


@dataclass(frozen=True, slots=True)
class NewArea:
    """What a new area is called and what it is."""

    name: str
    level: Level
    kind: AreaKind | None = None
    label: str | None = None
    """Last label of its path; the next free one when it is not given."""


@dataclass(frozen=True, slots=True)
class Change:
    """From which day a change holds, and why."""

    on: date
    reason: str


def held(path: str, on: date) -> models.Area:
    """Return the version that holds on a day without an end; there must be no later one."""
    district = paths.district(path)
    versions = models.Area.objects.select_for_update().filter(
        district=district, path=path, valid__endswith=None
    )
    row = versions.first()
    if row is None:
        raise queries.no_such_area(path)
    if row.valid.lower > on:
        code = "grid.later_change_exists" if _was_there(row, on) else "grid.not_yet_valid"
        raise ProblemError(code, path=path)
    return row


def _was_there(row: models.Area, on: date) -> bool:
    return models.Area.objects.filter(district=row.district, area=row.area, valid__contains=on).exists()


def planned(above: models.Area, new: NewArea, change: Change) -> models.Area:
    """Return the first version of a new area below another; raise ProblemError when it cannot stand there."""
    if LADDER.index(new.level) <= LADDER.index(Level(above.level)):
        raise ProblemError("grid.level_not_below", status=422, level=new.level, above=above.level)
    cleaned = naming.clean(new.name, new.level)
    if new.kind is not None:
        cleaned = naming.CleanName(cleaned.official, cleaned.short, new.kind, cleaned.flags)
    siblings = models.Area.objects.filter(_below(above.path))
    same = siblings.filter(parent=above.area, name=cleaned.official, valid__contains=change.on)
    if same.exists():
        raise ProblemError("grid.name_taken", name=cleaned.official)
    label = new.label or _free_label(above.path, new.level)
    if not paths.LABEL.fullmatch(label):
        raise ProblemError("grid.path_not_allowed", status=422, path=label)
    return version(above, f"{above.path}.{label}", cleaned, new.level, change)


def _free_label(above: str, level: Level) -> str:
    """Return the next label below a path; labels of areas that have ended are not given again."""
    used = set(models.Area.objects.filter(_below(above)).values_list("path", flat=True))
    number = 1
    while f"{above}.{PREFIX[level]}{number:03d}" in used:
        number += 1
    return f"{PREFIX[level]}{number:03d}"


def version(
    above: models.Area | None, path: str, cleaned: naming.CleanName, level: Level, change: Change
) -> models.Area:
    """Return the first version of a new area."""
    return models.Area(
        id=ids.uuid7(), district=paths.district(path), area=ids.uuid7(), parent=above.area if above else None,
        level=level, path=path, name=cleaned.official, short_name=cleaned.short,
        pinyin="" if level in LEAF_LEVELS else naming.pinyin(cleaned.short), kind=cleaned.kind,
        valid=DateRange(change.on, None), flags=list(cleaned.flags), reason=change.reason.strip(),
    )  # fmt: skip


def copy(old: models.Area, change: Change) -> models.Area:
    """Return the next version of an area; it is no import's any more."""
    return models.Area(
        id=ids.uuid7(), district=old.district, area=old.area, parent=old.parent, level=old.level,
        path=old.path,
        name=old.name, short_name=old.short_name, pinyin=old.pinyin, kind=old.kind,
        valid=DateRange(change.on, None), flags=old.flags, reason=change.reason.strip(),
    )  # fmt: skip


def insert(rows: Sequence[models.Area]) -> None:
    """Write versions; raise `grid.path_taken` when a path is in use in their time."""
    try:
        with transaction.atomic():
            models.Area.objects.bulk_create(rows)
    except IntegrityError as error:
        raise ProblemError("grid.path_taken", path=rows[0].path) from error


def close(path: str, on: date, *, below: bool) -> None:
    """End the versions of a path (and all below it) on a day; what began on that day never held."""
    low, past = paths.bounds(path) if below else (path, path)
    values: dict[str, Any] = {
        "district": paths.district(path), "path": path, "below": low, "past": past, "on": on,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in ("closed_subtree", "dropped_subtree"):
            cursor.execute(sqlfiles.load(ROOM, statement), values)


def children(path: str, on: date) -> list[models.Area]:
    """Return the areas right below a path on a day."""
    rows = models.Area.objects.filter(_below(path), valid__contains=on).order_by("path")
    return [row for row in rows if paths.parent(row.path) == path]


def _below(path: str) -> Q:
    low, past = paths.bounds(path)
    return Q(district=paths.district(path), path__gte=low, path__lt=past)


def move(old: models.Area, to: str, change: Change) -> str:
    """Hang an area with all below it under another path; return its new path."""
    if paths.district(to) != old.district:
        raise ProblemError("grid.other_district", status=422)
    if paths.covers(old.path, to):
        raise ProblemError("grid.into_itself", status=422)
    above = held(to, change.on)
    if LADDER.index(Level(old.level)) <= LADDER.index(Level(above.level)):
        raise ProblemError("grid.level_not_below", status=422, level=old.level, above=above.level)
    label = old.path.rsplit(".", 1)[1]
    if models.Area.objects.filter(district=old.district, path=f"{to}.{label}").exists():
        label = _free_label(to, Level(old.level))
    new_path = f"{to}.{label}"
    inside = models.Area.objects.filter(Q(district=old.district, path=old.path) | _below(old.path))
    rows = []
    for row in inside.filter(valid__contains=change.on):
        if row.valid.upper is not None:
            raise ProblemError("grid.later_change_exists", path=row.path)
        moved = copy(row, change)
        moved.path = paths.moved(row.path, old.path, new_path)
        moved.parent = above.area if row.path == old.path else row.parent
        rows.append(moved)
    close(old.path, change.on, below=True)
    insert(rows)
    _carry_below(old, new_path, change.on)
    return new_path


def _carry_below(old: models.Area, new_path: str, on: date) -> None:
    """Take doors, sites and head counts of a moved area to its new path."""
    low, past = paths.bounds(old.path)
    above = paths.parent(new_path) or new_path
    values: dict[str, Any] = {
        "district": old.district, "path": old.path, "below": low, "past": past, "on": on, "to": new_path,
        "leaf": above if Level(old.level) in LEAF_LEVELS else new_path,
        "is_leaf": Level(old.level) in LEAF_LEVELS,
    }  # fmt: skip
    _run_carry(values)


def carry(path: str, into: str, target: models.Area, on: date) -> None:
    """Take the doors, sites and head counts that stand in one area itself into another."""
    leaf = into if Level(target.level) not in LEAF_LEVELS else paths.parent(into)
    values: dict[str, Any] = {
        "district": target.district, "path": path, "below": path, "past": path, "on": on, "to": into,
        "leaf": leaf, "is_leaf": True,
    }  # fmt: skip
    _require_no_twins(values)
    _run_carry(values)


def _require_no_twins(values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "twin_doors"), values)
        n, door = cursor.fetchone() or (0, "")
    if n:
        raise ProblemError("grid.doors_collide", n=int(n), door=str(door))


def _run_carry(values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in ("carry_dwellings", "carry_sites", "carry_heads"):
            cursor.execute(sqlfiles.load(ROOM, statement), values)


def names_kind(kind: AreaKind, level: Level) -> bool:
    """Tell whether a name says of what kind the area is, so that a new name changes the kind."""
    return level in (Level.STREET, Level.COMMUNITY) and kind is not naming.DEFAULT_KIND[level]


def require_words(reason: str, *names: str) -> None:
    """Return only if there is a reason and every name is one."""
    if not reason.strip():
        raise ProblemError("grid.reason_missing", status=422)
    for name in names:
        if not naming.tidy(name):
            raise ProblemError("grid.name_missing", status=422)
        if len(name) > NAME_LENGTH:
            raise ProblemError("grid.name_too_long", status=422, limit=NAME_LENGTH)


def tell(actor: Actor, kind: str, row: models.Area, payload: dict[str, Any]) -> UUID:
    """Put a change into the ledger."""
    return audit(actor, kind=kind, path=row.path, subject_type="area", subject=row.area, payload=payload)
