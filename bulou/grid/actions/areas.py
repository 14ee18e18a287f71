"""Change the area tree: a change holds from a day on, has a reason, and leaves the days before alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import models, queries
from bulou.grid.actions import area_steps as steps
from bulou.grid.actions.area_steps import Change, NewArea
from bulou.grid.rules import naming, paths
from bulou.grid.terms import Area, AreaKind, Level
from bulou.kernel import scope
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole


@dataclass(frozen=True, slots=True)
class Part:
    """A piece that is split off: its name, and which areas right below the old one go to it."""

    name: str
    children: tuple[str, ...]
    kind: AreaKind | None = None


def add_district(actor: Actor, *, code: str, name: str, on: date, reason: str) -> Area:
    """Plant the root of a district's tree.

    Raises:
        ProblemError: `grid.path_taken` 409, `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, code)
    steps.require_words(reason, name)
    with scope.transaction(whole(code)):
        row = steps.version(
            None, code, naming.clean(name, Level.DISTRICT), Level.DISTRICT, Change(on, reason)
        )
        steps.insert([row])
        steps.tell(actor, "grid.area_added", row, {"name": row.name, "on": str(on), "reason": reason})
        return queries.area_of(row)


def add_area(actor: Actor, *, parent: str, new: NewArea, change: Change) -> Area:
    """Add an area below another from a day on.

    Raises:
        ProblemError: `grid.no_such_area` 404; `grid.name_taken`, `grid.path_taken` 409;
            `grid.level_not_below`, `grid.path_not_allowed`, `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, parent)
    steps.require_words(change.reason, new.name)
    with scope.transaction(whole(paths.district(parent))):
        above = steps.held(parent, change.on)
        row = steps.planned(above, new, change)
        steps.insert([row])
        steps.tell(
            actor, "grid.area_added", row, {"name": row.name, "on": str(change.on), "reason": change.reason}
        )
        return queries.area_of(row)


def rename_area(actor: Actor, *, path: str, name: str, kind: AreaKind | None = None, change: Change) -> Area:
    """Give an area another name, or kind, from a day on; asked about a day before, it keeps the old one.

    Raises:
        ProblemError: `grid.no_such_area` 404; `grid.later_change_exists`, `grid.not_yet_valid` 409;
            `grid.reason_missing` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    steps.require_words(change.reason, name)
    with scope.transaction(whole(paths.district(path))):
        old = steps.held(path, change.on)
        cleaned = naming.clean(name, Level(old.level))
        row = steps.copy(old, change)
        row.name, row.short_name, row.flags = cleaned.official, cleaned.short, list(cleaned.flags)
        row.pinyin = naming.pinyin(cleaned.short)
        row.kind = kind or (cleaned.kind if steps.names_kind(cleaned.kind, Level(old.level)) else old.kind)
        steps.close(path, change.on, below=False)
        steps.insert([row])
        payload = {"from": old.name, "to": row.name, "on": str(change.on), "reason": change.reason}
        steps.tell(actor, "grid.area_renamed", row, payload)
        return queries.area_of(row)


def move_area(actor: Actor, *, path: str, to: str, change: Change) -> str:
    """Hang an area with everything below it under another one of the district; return its new path.

    Doors and sites follow under new ids that name the old ones; what was asked about days before stays.

    Raises:
        ProblemError: as `rename_area`; also `grid.other_district`, `grid.into_itself`,
            `grid.level_not_below` 422.
    """
    require(actor, Verb.GRID_EDIT, path)
    require(actor, Verb.GRID_EDIT, to)
    steps.require_words(change.reason, "-")
    with scope.transaction(whole(paths.district(path))):
        old = steps.held(path, change.on)
        new_path = steps.move(old, to, change)
        steps.tell(
            actor, "grid.area_moved", old, {"to": new_path, "on": str(change.on), "reason": change.reason}
        )
        return new_path


def split_area(actor: Actor, *, path: str, parts: Sequence[Part], change: Change) -> tuple[str, ...]:
    """Split pieces off an area: new areas beside it take the named areas below it; return their paths.

    The area itself stays with everything that no part names, and with its history.

    Raises: as `add_area` and `move_area`.
    """
    require(actor, Verb.GRID_EDIT, path)
    steps.require_words(change.reason, *(part.name for part in parts))
    with scope.transaction(whole(paths.district(path))):
        old = steps.held(path, change.on)
        above = steps.held(paths.parent(path) or path, change.on)
        made = []
        for part in parts:
            row = steps.planned(
                above, NewArea(part.name, Level(old.level), part.kind or AreaKind(old.kind)), change
            )
            steps.insert([row])
            for child in part.children:
                if paths.parent(child) != path:
                    raise ProblemError("grid.level_not_below", status=422, level=child, above=path)
                steps.move(steps.held(child, change.on), row.path, change)
            made.append(row.path)
        steps.tell(
            actor, "grid.area_split", old, {"parts": made, "on": str(change.on), "reason": change.reason}
        )
        return tuple(made)


def merge_areas(actor: Actor, *, into: str, others: Sequence[str], change: Change) -> None:
    """Let an area take over everything in other areas of its level; these end on that day.

    Raises:
        ProblemError: as `move_area`; also `grid.doors_collide` 409 when two doors would be one.
    """
    steps.require_words(change.reason, "-")
    for path in (into, *others):
        require(actor, Verb.GRID_EDIT, path)
    with scope.transaction(whole(paths.district(into))):
        target = steps.held(into, change.on)
        for path in others:
            old = steps.held(path, change.on)
            if path == into or old.level != target.level:
                raise ProblemError("grid.into_itself", status=422)
            for child in steps.children(path, change.on):
                steps.move(child, into, change)
            steps.carry(path, into, target, change.on)
            steps.close(path, change.on, below=False)
        payload = {"from": list(others), "on": str(change.on), "reason": change.reason}
        steps.tell(actor, "grid.areas_merged", target, payload)


def end_area(actor: Actor, *, path: str, change: Change) -> None:
    """End an area that holds nothing any more; asked about days before, it is still there.

    Raises:
        ProblemError: as `rename_area`; also `grid.still_in_use` 409.
    """
    require(actor, Verb.GRID_EDIT, path)
    steps.require_words(change.reason, "-")
    district = paths.district(path)
    with scope.transaction(whole(district)):
        row = steps.held(path, change.on)
        n = len(steps.children(path, change.on))
        n += models.Dwelling.objects.filter(district=district, path=path, valid_until=None).count()
        n += models.Site.objects.filter(district=district, path=path, valid_until=None).count()
        if n:
            raise ProblemError("grid.still_in_use", path=path, n=n)
        steps.close(path, change.on, below=False)
        steps.tell(actor, "grid.area_ended", row, {"on": str(change.on), "reason": change.reason})
