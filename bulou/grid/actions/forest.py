"""The area trees that an import reads against and adds to; a few districts in memory at a time."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bulou.grid.rules import naming, paths
from bulou.grid.rules.tree import LEAF_LEVELS, Node, Tree
from bulou.grid.terms import AreaFlag, AreaKind, Level
from bulou.kernel import ids, sqlfiles
from bulou.kernel.scope import Scope, apply

ROOM: Final = "bulou.grid"
GROUP: Final = 2
"""Leading digits of districts that are read together: those of the province."""
NODES_HELD: Final = 8_000
"""Areas in memory before the ones read longest ago make room (about 1 kB each)."""
DISTRICTS_AT_ONCE: Final = 40
ROWS_PER_STATEMENT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Season:
    """What all writes of one import share."""

    import_id: UUID
    scheme: str
    on: date
    reason: str


@dataclass(slots=True)
class _Pending:
    """What is decided and not yet written."""

    areas: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    revised: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    codes: list[dict[str, Any]] = field(default_factory=list)
    heads: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    replaced: set[tuple[str, str]] = field(default_factory=set)


class Forest:
    """Trees by district, loaded when first asked for. Assumes the transaction of the import."""

    def __init__(self, season: Season, expected: Iterable[str] = ()) -> None:
        """Start with no tree; nothing is read yet. `expected`: districts that will be asked for."""
        self.season = season
        self._groups: dict[str, set[str]] = {}
        self._trees: dict[str, Tree] = {}
        self._heads: dict[tuple[str, str], tuple[int, date]] = {}
        self._pending = _Pending()
        self.touched: set[str] = set()
        for district in expected:
            self._groups.setdefault(district[:GROUP], set()).add(district)

    def tree(self, district: str) -> Tree:
        """Return the tree of a district; with the first of a group come all that are expected. 2 queries."""
        tree = self._trees.get(district)
        if tree is None:
            if sum(len(held.by_path) for held in self._trees.values()) > NODES_HELD:
                self.flush()
                self._trees.clear()
                self._heads.clear()
            wanted = self._groups.get(district[:GROUP], set()) | {district}
            self._load(sorted(wanted - self._trees.keys()))
            tree = self._trees[district]
        return tree

    def _load(self, districts: list[str]) -> None:
        apply(Scope(tuple(districts), tuple(districts)))
        for district in districts:
            self._trees[district] = Tree()
        values: dict[str, Any] = {"districts": districts, "scheme": self.season.scheme}
        with connection.cursor() as cursor:
            cursor.execute(sqlfiles.load(ROOM, "tree"), values)
            for district, path, held, *rest in cursor.fetchall():
                _grow(self._trees[district], path, rest if held else None)
            cursor.execute(sqlfiles.load(ROOM, "heads"), values)
            for path, kind, n, since in cursor.fetchall():
                self._heads[path, kind] = (n, since)

    def root(
        self, district: str, *, name: str, level: Level = Level.DISTRICT, above: UUID | None = None
    ) -> Node:
        """Return the root of a district's tree; it is planted when it is not there yet."""
        tree = self.tree(district)
        node = tree.by_path.get(district)
        if node is None:
            flags = () if name else (AreaFlag.UNNAMED,)
            node = Node(
                ids.uuid7(), district, level, naming.DEFAULT_KIND[level], name or district, name or district,
                self.season.on, flags, None, district,
            )  # fmt: skip
            self._plant(tree, node, above)
        elif name and AreaFlag.UNNAMED in node.flags:
            self.revise(node, name=name, short=name, flags=())
        return node

    def add(
        self, parent: Node, label: str, cleaned: naming.CleanName, level: Level, code: str, since: date
    ) -> Node:
        """Return a new area below its parent, to be written by the next flush."""
        node = Node(
            ids.uuid7(), f"{parent.path}.{label}", level, cleaned.kind, cleaned.official, cleaned.short,
            since, cleaned.flags, parent, code,
        )  # fmt: skip
        self._plant(self.tree(paths.district(parent.path)), node, parent.area)
        return node

    def _plant(self, tree: Tree, node: Node, above: UUID | None) -> None:
        tree.add(node)
        self._pending.areas[node.area] = _area_row(node, above)
        if node.code:
            self._pending.codes.append(_code_row(node, node.since))

    def revise(
        self, node: Node, *, name: str | None = None, short: str | None = None,
        flags: tuple[str, ...] | None = None, kind: AreaKind | None = None,
    ) -> None:  # fmt: skip
        """Give an area another name or kind from the import's day on; the days before keep what they had."""
        tree = self.tree(paths.district(node.path))
        if name is not None:
            tree.rename(node, name, short or name)
        node.flags = node.flags if flags is None else flags
        node.kind = kind or node.kind
        above = node.parent.area if node.parent else None
        if node.area in self._pending.areas:
            self._pending.areas[node.area] = _area_row(node, above)
            return
        since = max(node.since, self.season.on)
        self._pending.revised[node.area] = {**_area_row(node, above), "since": since.isoformat()}

    def code(self, node: Node, code: str) -> None:
        """Let an area have a code in the import's numbering."""
        node.code = code
        self.tree(paths.district(node.path)).by_code[code] = node
        self._pending.codes.append(_code_row(node, max(node.since, self.season.on)))

    def head(self, node: Node, kind: str, n: int, since: date) -> bool:
        """Set a head count; return whether that changed anything."""
        known = self._heads.get((node.path, kind))
        if known is not None and known[0] == n:
            return False
        if known is not None and (node.path, kind) not in self._pending.heads:
            self._pending.replaced.add((node.path, kind))
        self._pending.heads[node.path, kind] = {
            "district": paths.district(node.path), "path": node.path, "kind": kind, "n": n,
            "since": since.isoformat(),
        }  # fmt: skip
        self._heads[node.path, kind] = (n, since)
        return True

    def flush(self) -> None:
        """Write everything decided so far. A few statements for each 40 districts."""
        pending, self._pending = self._pending, _Pending()
        areas = (*pending.areas.values(), *pending.revised.values())
        touched = sorted({row["district"] for row in (*areas, *pending.codes, *pending.heads.values())})
        # Row-level security reads the list of districts anew for each row: short lists are faster.
        for start in range(0, len(touched), DISTRICTS_AT_ONCE):
            part = tuple(touched[start : start + DISTRICTS_AT_ONCE])
            apply(Scope(part, part))
            self._flush(pending, frozenset(part))
        self.touched.update(touched)

    def _flush(self, pending: _Pending, districts: frozenset[str]) -> None:
        revised = _of(districts, pending.revised.values())
        for row in revised:
            keep = {
                "district": row["district"],
                "areas": [UUID(row["area"])],
                "import": self.season.import_id,
            }
            self._run("area_keep", keep)
            for statement in ("area_close", "area_drop"):
                self._run(statement, {"district": row["district"], "area": row["area"], "on": row["since"]})
        self._write("area_write", [*revised, *_of(districts, pending.areas.values())])
        self._write("code_write", _of(districts, pending.codes))
        for key in pending.replaced:
            row = pending.heads[key]
            if row["district"] in districts:
                self._run("head_keep", {**row, "import": self.season.import_id})
                self._run("head_close", {**row, "on": row["since"]})
        self._write("head_write", _of(districts, pending.heads.values()))

    def _write(self, statement: str, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            part = json.dumps(rows[start : start + ROWS_PER_STATEMENT], ensure_ascii=False)
            self._run(
                statement,
                {
                    "rows": part, "import": self.season.import_id, "scheme": self.season.scheme,
                    "reason": self.season.reason,
                },
            )  # fmt: skip

    @staticmethod
    def _run(statement: str, values: dict[str, Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sqlfiles.load(ROOM, statement), values)


def _of(districts: frozenset[str], rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["district"] in districts]


def _grow(tree: Tree, path: str, row: list[Any] | None) -> None:
    """Add a row of sql/tree.sql to a tree; without the row the path has ended and its label stays taken."""
    above = paths.parent(path)
    parent = tree.by_path.get(above) if above else None
    if row is None:
        if parent is not None:
            parent.taken.add(path.rsplit(".", 1)[1])
        return
    if above is not None and parent is None:
        return  # hangs below an area that has ended; nothing can be added there
    area, level, kind, name, short, flags, since, code = row
    tree.add(Node(area, path, Level(level), AreaKind(kind), name, short, since, tuple(flags), parent, code))


def _area_row(node: Node, above: UUID | None) -> dict[str, Any]:
    pinyin = "" if node.level in LEAF_LEVELS or not node.name else naming.pinyin(node.short)
    return {
        "district": paths.district(node.path), "area": str(node.area),
        "parent": str(above) if above else None,
        "level": node.level, "path": node.path, "name": node.name, "short_name": node.short, "pinyin": pinyin,
        "kind": node.kind, "since": node.since.isoformat(), "flags": list(node.flags),
    }  # fmt: skip


def _code_row(node: Node, since: date) -> dict[str, Any]:
    return {
        "district": paths.district(node.path), "area": str(node.area), "code": node.code,
        "since": since.isoformat(),
    }  # fmt: skip
