"""What one row of a division file says: a chain of areas, outermost first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bulou.grid.rules import cells, naming, paths
from bulou.grid.rules.columns import Columns
from bulou.grid.terms import LADDER, AreaKind, Level

CODE_LEVEL: Final[Mapping[int, Level]] = {
    2: Level.PROVINCE,
    4: Level.CITY,
    6: Level.DISTRICT,
    9: Level.STREET,
    12: Level.COMMUNITY,
}
"""Level of a division code by the number of its digits (GB/T 2260 and GB/T 10114)."""
CODED: Final = ((Level.STREET, 9), (Level.COMMUNITY, 12))
NAME_LENGTH: Final = 120


class RowError(Exception):
    """One row cannot be used; `field` is the field at fault."""

    def __init__(self, problem: str, field: str = "", **params: str | int) -> None:
        super().__init__(problem)
        self.code = problem
        self.field = field
        self.params = params


@dataclass(frozen=True, slots=True)
class Link:
    """What a row says of one area of the chain."""

    level: Level
    field: str
    code: str = ""
    name: str = ""
    kind: AreaKind | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What a row says: areas from the street down, and where to hang them."""

    district: str
    """Code of the district, empty when the row does not say."""
    district_name: str
    city: str
    city_code: str
    province_code: str
    above: str
    """Path or code of the area above the chain, empty when the row does not say."""
    path: str
    """Path that the last area is to have, empty when the row does not say."""
    links: tuple[Link, ...]
    valid_from: date | None
    heads: Mapping[str, int]
    """Head counts of the last area by kind."""


class Reader:
    """Reads rows of a division file by its columns."""

    def __init__(self, columns: Columns) -> None:
        """Remember where each field stands."""
        self.at = columns.at

    def chain(self, row: Sequence[str]) -> Chain:
        """Return what a row says.

        Raises:
            RowError: a cell that cannot be read, or no area at all.
        """
        links = self._named(row)
        path = self._cell(row, "path")
        own = self._own(row, links)
        if own is not None:
            links = [*self._codes_above(own, links), own]
        district = self._cell(row, "district_code")
        if not links and not district and not path:
            raise RowError("grid.row_without_name")
        for link in links:
            if len(link.name) > NAME_LENGTH:
                raise RowError("grid.name_too_long", link.field, limit=NAME_LENGTH)
        return Chain(
            district=district or _district_of(links, path),
            district_name=self._cell(row, "district"),
            city=self._cell(row, "city"),
            city_code=self._cell(row, "city_code"),
            province_code=self._cell(row, "province_code"),
            above=self._cell(row, "parent") or (_above(path) if links else path),
            path=path,
            links=tuple(links),
            valid_from=self._day(row),
            heads=self._heads(row),
        )

    def _cell(self, row: Sequence[str], field: str) -> str:
        index = self.at.get(field)
        return row[index].strip() if index is not None else ""

    def _named(self, row: Sequence[str]) -> list[Link]:
        links = []
        for level in LADDER[1:]:
            code, name = self._cell(row, f"{level}_code"), naming.tidy(self._cell(row, str(level)))
            if code or name:
                links.append(Link(level, str(level) if name else f"{level}_code", code, name))
        if links and not self._has_own(row):
            last = links[-1]
            kind = self._kind(row)
            links[-1] = Link(last.level, last.field, last.code, last.name, kind)
        return links

    def _has_own(self, row: Sequence[str]) -> bool:
        return bool(self._cell(row, "name") or self._cell(row, "code"))

    def _own(self, row: Sequence[str], links: Sequence[Link]) -> Link | None:
        """Return the area that the row names in its columns `name` and `code`, if it does."""
        code, name = self._cell(row, "code"), naming.tidy(self._cell(row, "name"))
        if not code and not name:
            return None
        kind = self._kind(row)
        level = self._level(row, code, kind, links)
        if level is Level.DISTRICT:
            return Link(level, "name", code, name, None)
        return Link(level, "name" if name else "code", code, name, kind)

    def _level(self, row: Sequence[str], code: str, kind: AreaKind | None, links: Sequence[Link]) -> Level:
        written = self._cell(row, "level")
        if written:
            try:
                return cells.level(written)
            except ValueError as error:
                raise RowError("grid.level_unknown", "level", text=written) from error
        if kind is not None and kind in cells.KIND_LEVEL:
            return cells.KIND_LEVEL[kind]
        if code.isdigit() and len(code) in CODE_LEVEL:
            return CODE_LEVEL[len(code)]
        path = self._cell(row, "path")
        if paths.is_path(path) and path.count(".") < len(LADDER):
            return LADDER[path.count(".")]
        if links and links[-1].level is not Level.UNIT:
            return LADDER[LADDER.index(links[-1].level) + 1]
        raise RowError("grid.code_malformed", "code", text=code)

    def _kind(self, row: Sequence[str]) -> AreaKind | None:
        written = self._cell(row, "kind")
        if not written:
            return None
        try:
            return cells.area_kind(written)
        except ValueError as error:
            raise RowError("grid.kind_unknown", "kind", text=written) from error

    @staticmethod
    def _codes_above(own: Link, links: Sequence[Link]) -> list[Link]:
        """Complete the chain above an area from its own code: the street of a village."""
        above = [link for link in links if LADDER.index(link.level) < _rung(own.level)]
        for level, digits in CODED:
            inside = own.code.isdigit() and len(own.code) > digits
            if inside and all(link.level is not level for link in above):
                above.insert(0, Link(level, "code", own.code[:digits]))
        return above

    def _day(self, row: Sequence[str]) -> date | None:
        written = self._cell(row, "valid_from")
        if not written:
            return None
        try:
            return cells.day(written)
        except ValueError as error:
            raise RowError("grid.day_malformed", "valid_from", text=written) from error

    def _heads(self, row: Sequence[str]) -> Mapping[str, int]:
        heads = {}
        for field in ("registered", "living"):
            written = self._cell(row, field)
            if written:
                try:
                    heads[field] = cells.count(written)
                except ValueError as error:
                    raise RowError("grid.number_malformed", field, text=written) from error
        return heads


def _above(path: str) -> str:
    return paths.parent(path) or ""


def _rung(level: Level) -> int:
    return LADDER.index(level) if level in LADDER else 0


def _district_of(links: Sequence[Link], path: str) -> str:
    for link in links:
        if link.code.isdigit() and len(link.code) in (6, 9, 12):
            return link.code[:6]
    return paths.district(path)
