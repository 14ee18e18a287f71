"""What a row of a register says beside its place: doors and sites."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from bulou.grid.actions.register_rows import escaped
from bulou.grid.rules import cells as read
from bulou.grid.rules import naming
from bulou.grid.rules.chains import NAME_LENGTH, RowError
from bulou.grid.rules.columns import Columns
from bulou.grid.rules.tree import Node
from bulou.grid.terms import LADDER, Level

Value = TypeVar("Value")
NULL: Final = "\\N"
NUMBERS: Final = frozenset({"area_m2", "capacity", "length_m", "lon", "lat"})
WORDS: Final = ("address", "hours", "unit_in_charge", "note")
_NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,8})?")


class Doors:
    """Reads doors."""

    name = "dwelling"
    stage = "stage_dwelling"

    def __init__(self, columns: Columns) -> None:
        """Keep the fields that the file has."""
        known = ("floor", "door", "kind", "needs_help", "valid_from")
        self.fields = tuple(field for field in known if field in columns.at)

    def check_place(self, node: Node) -> None:
        """Raise RowError above the community: such a door could not be counted anywhere."""
        if LADDER.index(node.level) < LADDER.index(Level.COMMUNITY):
            raise RowError("grid.place_too_wide")

    def line(self, cells: Sequence[str]) -> str:
        """Return floor, door, sort key, kind, needs and first day as COPY text."""
        said = dict(zip(self.fields, cells, strict=True))
        written = said.get("door", "").strip()
        if not written:
            raise RowError("grid.door_missing", "door")
        door = read.door(written)
        if door is None:
            raise RowError("grid.door_malformed", "door", text=written[:60])
        floor = _read(read.floor, said, "floor", "grid.floor_malformed")
        kind = _read(read.dwelling_kind, said, "kind", "grid.kind_unknown")
        needs = _read(read.needs, said, "needs_help", "grid.need_unknown")
        return "\t".join(
            (
                NULL if floor is None else str(floor), escaped(door[0]), escaped(door[1]), str(kind),
                "{" + ",".join(needs) + "}", _since(said),
            )
        )  # fmt: skip


class Sites:
    """Reads sites."""

    name = "site"
    stage = "stage_site"

    def __init__(self, columns: Columns) -> None:
        """Keep the fields that the file has."""
        known = ("kind", "name", *sorted(NUMBERS), *WORDS, "valid_from")
        self.fields = tuple(field for field in known if field in columns.at)

    def check_place(self, node: Node) -> None:
        """Sites stand anywhere: a road crosses streets, an airport serves a district."""

    def line(self, cells: Sequence[str]) -> str:
        """Return type, name, attributes and first day as COPY text."""
        said = {field: cell.strip() for field, cell in zip(self.fields, cells, strict=True)}
        kind = _read(read.site_type, said, "kind", "grid.kind_unknown")
        name = naming.tidy(said.get("name", "")) or said.get("address", "")
        if not name:
            raise RowError("grid.name_missing", "name")
        if len(name) > NAME_LENGTH:
            raise RowError("grid.name_too_long", "name", limit=NAME_LENGTH)
        attributes: dict[str, str | float] = {field: said[field] for field in WORDS if said.get(field)}
        for field in sorted(NUMBERS):
            if said.get(field):
                attributes[field] = _number(said[field], field)
        content = json.dumps(attributes, ensure_ascii=False, sort_keys=True)
        return f"{kind}\t{escaped(name)}\t{escaped(content)}\t{_since(said)}"


def _read(reader: Callable[[str], Value], said: Mapping[str, str], field: str, problem: str) -> Value:
    cell = said.get(field, "")
    try:
        return reader(cell)
    except ValueError as error:
        raise RowError(problem, field, text=cell.strip()[:60]) from error


def _number(cell: str, field: str) -> float:
    text = read.folded(cell).replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise RowError("grid.number_malformed", field, text=cell[:60])
    number = float(text)
    return int(number) if number.is_integer() else number


def _since(said: Mapping[str, str]) -> str:
    if not said.get("valid_from", "").strip():
        return NULL
    return str(_read(read.day, said, "valid_from", "grid.day_malformed"))
