"""Where a door or a site stands, by what its row says."""

from collections.abc import Sequence
from typing import Final, Protocol

from bulou.grid.rules import naming, paths
from bulou.grid.rules.chains import RowError
from bulou.grid.rules.columns import Columns
from bulou.grid.rules.tree import Node, Tree, find, nearest
from bulou.grid.terms import LADDER, Level

PLACE_FIELDS: Final = (
    "path", "code", "district_code", "district", "street_code", "street", "community_code", "community",
    "compound_code", "compound", "building", "unit",
)  # fmt: skip
"""Fields that say where a row belongs; rows that agree in all of them stand in the same area."""
NOTHING: Final = frozenset({"", "-", "/", "\\"})


class Maker(Protocol):
    """Makes an area that a row names below a known one."""

    def __call__(self, above: Node, level: Level, name: str) -> Node:
        """Return the new area."""


class Places:
    """Finds the area of a row in the tree of its district."""

    def __init__(self, tree: Tree, root: Node, columns: Columns, make: Maker, *, compounds: bool) -> None:
        """`make` makes an area that is not known yet: see `_may_make`; `compounds` allows them anywhere."""
        self.tree = tree
        self.root = root
        self.make = make
        self.compounds = compounds
        self._filled: set[str] = set()
        self.fields = tuple(field for field in PLACE_FIELDS if field in columns.at)
        self.at = tuple(columns.at[field] for field in self.fields)

    def find(self, cells: Sequence[str]) -> Node:
        """Return the area of a row; `cells` are those of `fields`, in that order.

        Raises:
            RowError: unknown, ambiguous, or outside the chosen area.
        """
        said = {field: cell.strip() for field, cell in zip(self.fields, cells, strict=True) if cell.strip()}
        node = self._start(said)
        for level in LADDER[1:]:
            name, code = said.get(level, ""), said.get(f"{level}_code", "")
            if (name in NOTHING and not code) or _rung(level) <= _rung(node.level):
                continue
            node = self._step(node, level, name, code)
        if not paths.covers(self.root.path, node.path):
            raise RowError("grid.outside_area", "", place=node.short)
        return node

    def _start(self, said: dict[str, str]) -> Node:
        district = said.get("district_code", "")
        if district and district != paths.district(self.root.path):
            raise RowError("grid.outside_area", "district_code", place=said.get("district", district))
        for field in ("path", "code"):
            if text := said.get(field, ""):
                node = self.tree.by_path.get(text) or self.tree.by_code.get(text)
                if node is None:
                    raise RowError("grid.unknown_path", field, path=text)
                return node
        return self.root

    def _step(self, above: Node, level: Level, name: str, code: str) -> Node:
        if code:
            node = self.tree.by_code.get(code)
            if node is None:
                raise RowError("grid.unknown_path", f"{level}_code", path=code)
            return node
        found = find(above, level, name) or self._find_cleaned(above, level, name)
        if len(found) > 1:
            found = [node for node in found if node.parent is above] or found
        if len(found) > 1:
            raise RowError("grid.ambiguous_area", level, name=name, n=len(found))
        if found:
            return found[0]
        if self._may_make(above, level):
            return self.make(above, level, naming.tidy(name))
        similar = ", ".join(nearest(above, level, name)) or "-"
        raise RowError("grid.unknown_area", level, name=name, nearest=similar)

    def _may_make(self, above: Node, level: Level) -> bool:
        """Decide whether a name that is not known is a new area rather than a slip of the pen.

        Buildings and staircases have numbers for names and are made. A compound is made in a community that
        has none yet: that is its first register. Where others are known a new one has to be asked for.
        """
        if _rung(above.level) < _rung(Level.COMMUNITY):
            return False
        if level is not Level.COMPOUND:
            return _rung(level) > _rung(Level.COMPOUND)
        if not any(node.level is Level.COMPOUND for node in above.children.values()):
            self._filled.add(above.path)
        return self.compounds or above.path in self._filled

    @staticmethod
    def _find_cleaned(above: Node, level: Level, name: str) -> list[Node]:
        """Look for a name that repeats the names of areas above it, those between it and `above` too."""
        names = [*(node.name for node in reversed(list(above.above()))), above.name]
        cleaned = naming.clean(name, level, names)
        found = find(above, level, cleaned.official) or find(above, level, cleaned.short)
        for between in above.children.values() if not found else ():
            rest = naming.strip_above(cleaned.official, [between.name])
            if rest != cleaned.official and _rung(between.level) < _rung(level):
                return find(between, level, rest)
        return found


def _rung(level: Level) -> int:
    return LADDER.index(level) if level in LADDER else 0
