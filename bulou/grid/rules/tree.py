"""The areas of one district in memory, while a file is read against them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from bulou.grid.rules import naming
from bulou.grid.terms import LADDER, AreaFlag, AreaKind, Level

PREFIX: Final = {
    Level.STREET: "s",
    Level.COMMUNITY: "v",
    Level.COMPOUND: "c",
    Level.BUILDING: "b",
    Level.UNIT: "u",
}
DIGITS: Final = {Level.COMPOUND: 3, Level.BUILDING: 2, Level.UNIT: 1}
CODE_DIGITS: Final = {Level.STREET: slice(6, 9), Level.COMMUNITY: slice(9, 12)}
SEARCHED: Final = 20_000
LEAF_LEVELS: Final = frozenset({Level.BUILDING, Level.UNIT})


@dataclass(slots=True, eq=False)
class Node:
    """One area; `children` by label."""

    area: UUID
    path: str
    level: Level
    kind: AreaKind
    name: str
    short: str
    since: date
    flags: tuple[str, ...] = ()
    parent: "Node | None" = None
    code: str = ""
    children: dict[str, "Node"] = field(default_factory=dict)
    spelled: dict[str, list["Node"]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    """Labels of areas that have ended; they are not given again."""
    highest: int = 0

    def above(self) -> Iterator["Node"]:
        """Yield the areas above, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def leaf(self) -> str:
        """Path where the doors of this area are counted: the compound, or the nearest area above it."""
        node = self
        while node.level in LEAF_LEVELS and node.parent is not None:
            node = node.parent
        return node.path

    @property
    def building(self) -> str:
        """Name of the building and unit, as sheets print it; empty above that."""
        names = []
        node: Node | None = self
        while node is not None and node.level in LEAF_LEVELS:
            names.append(node.short)
            node = node.parent
        return " ".join(reversed(names))


class Tree:
    """Areas of one district, found by path, code or name. Not for use by two threads."""

    def __init__(self) -> None:
        """Start empty."""
        self.by_path: dict[str, Node] = {}
        self.by_code: dict[str, Node] = {}

    def add(self, node: Node) -> None:
        """Put a node below its parent; the parent is there already."""
        self.by_path[node.path] = node
        if node.code:
            self.by_code[node.code] = node
        if node.parent is None:
            return
        label = node.path.rsplit(".", 1)[1]
        node.parent.children[label] = node
        number = label[1:]
        if label.startswith(PREFIX.get(node.level, "?")) and number.isdigit():
            node.parent.highest = max(node.parent.highest, int(number))
        self._spell(node, spellings(node.name, node.short, node.level))

    def rename(self, node: Node, name: str, short: str) -> None:
        """Let the node be found by its new name as well."""
        known = spellings(node.name, node.short, node.level)
        node.name, node.short = name, short
        self._spell(node, spellings(name, short, node.level) - known)

    @staticmethod
    def _spell(node: Node, written: set[str]) -> None:
        """Make a node findable from its parent; down to compounds also from every area above.

        Buildings and staircases have numbers for names, so they mean something below their own parent only.
        """
        places = tuple(node.above())
        if node.level in LEAF_LEVELS:
            places = places[:1]
        for spelling in written:
            entry = f"{node.level}:{spelling}"
            for place in places:
                place.spelled.setdefault(entry, []).append(node)

    def label(self, parent: Node, level: Level, code: str, name: str) -> str:
        """Return a free label below the parent: from the code, from a number in the name, or the next one."""
        if level in CODE_DIGITS and code.startswith(_code_of(parent)) and len(code) in (9, 12):
            digits = code[CODE_DIGITS[level]]
            if digits not in parent.children and digits not in parent.taken:
                return digits
        number = naming.key(name, level)
        if level in LEAF_LEVELS and number.isascii() and number.isdigit() and len(number) <= 6:
            label = f"{PREFIX[level]}{int(number):0{DIGITS[level]}d}"
            if label not in parent.children and label not in parent.taken:
                return label
        return self._next(parent, level)

    def _next(self, parent: Node, level: Level) -> str:
        number = parent.highest + 1
        while True:
            label = f"{PREFIX[level]}{number:0{DIGITS.get(level, 3)}d}"
            if label not in parent.children and label not in parent.taken:
                return label
            number += 1


def _code_of(node: Node) -> str:
    return node.code or (node.path if node.level is Level.DISTRICT else "")


def spellings(name: str, short: str, level: Level) -> set[str]:
    """Return the comparable forms under which an area is found."""
    return {naming.key(name, level), naming.key(short, level), naming.base(name, level)} - {""}


def find(below: Node, level: Level, name: str, *, loosely: bool = True) -> list[Node]:
    """Return the areas of a level below a node that a written name can mean, exact spellings first.

    `loosely`: the words that only say what kind of area it is need not agree. Buildings and staircases are
    looked for right below the node, the rest anywhere below it.
    One element: found. None: not known. Several: the name does not say which.
    """
    written = naming.key(name, level)
    found = _unique(below.spelled.get(f"{level}:{written}", []))
    if len(found) > 1:
        same = [node for node in found if naming.key(node.name, level) == written]
        return same if len(same) == 1 else found
    if found or not loosely:
        return found
    return _unique(below.spelled.get(f"{level}:{naming.base(name, level)}", []))


def _unique(nodes: Sequence[Node]) -> list[Node]:
    return list(dict.fromkeys(nodes))


def nearest(below: Node, level: Level, name: str, limit: int = 3) -> tuple[str, ...]:
    """Return the most similar names of that level, for the person who has to correct the cell."""
    if len(below.spelled) > SEARCHED:
        return ()
    wanted = set(naming.base(name, level))
    names = {node.short for spelled in below.spelled.values() for node in spelled if node.level is level}
    ranked = sorted(names, key=lambda short: (-len(wanted & set(short)), len(short), short))
    return tuple(short for short in ranked[:limit] if wanted & set(short))


def below_level(level: Level) -> Level | None:
    """Return the next rung of the ladder."""
    index = LADDER.index(level) + 1
    return LADDER[index] if index < len(LADDER) else None


def is_unnamed(node: Node) -> bool:
    """Tell whether only the code of this area is known."""
    return AreaFlag.UNNAMED in node.flags
