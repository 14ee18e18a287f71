"""Rows of a division file against the trees: what is new, what is known, what a person has to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bulou.grid.actions.forest import Forest
from bulou.grid.rules import naming, paths
from bulou.grid.rules.chains import Chain, Link, Reader, RowError
from bulou.grid.rules.columns import Columns
from bulou.grid.rules.tree import Node, Tree, find, is_unnamed, nearest
from bulou.grid.terms import DISTRICT_DIGITS, LADDER, NATION, AreaFlag, AreaKind, Level

LOWEST_PARENT: Final = {Level.STREET: Level.DISTRICT, Level.COMMUNITY: Level.STREET}
"""Below what a new area is hung when its row does not give a path; everything else stands in a community."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One area of a row's chain, decided: known, or to be made."""

    link: Link
    node: Node | None
    cleaned: naming.CleanName


class AreaRows:
    """Takes rows of a division file, one after the other, into the forest."""

    def __init__(self, forest: Forest, columns: Columns, root: str, *, names_only: bool = False) -> None:
        """`root` is the path below which every row must lie, or NATION; `names_only`: see `_may_be_named`."""
        self.names_only = names_only
        self._first: dict[tuple[str, Level], bool] = {}
        self.forest = forest
        self.reader = Reader(columns)
        self.root = root

    def take(self, row: Sequence[str]) -> bool:
        """Take one row; return whether it added or changed anything.

        Raises:
            RowError: nothing of the row was taken, unless its district was new.
        """
        chain = self.reader.chain(row)
        start, is_new = self._start(chain)
        steps = self._steps(chain, start)
        changed = self._apply(chain, start, steps)
        return changed or is_new

    # --- Where the chain hangs

    def _start(self, chain: Chain) -> tuple[Node, bool]:
        district = self._district(chain)
        above = self._city(chain, district) if self.root == NATION else None
        tree = self.forest.tree(district)
        root = tree.by_path.get(district)
        if root is None and len(chain.district) != DISTRICT_DIGITS:
            # A district is planted by its own code, never by a file that does not speak of it.
            raise RowError("grid.unknown_path", "path", path=district)
        name = naming.tidy(chain.district_name)
        if chain.links and chain.links[0].level is Level.DISTRICT:
            name = name or naming.tidy(chain.links[0].name)
        is_new = root is None or (bool(name) and is_unnamed(root))
        root = self.forest.root(district, name=name, above=above)
        start = self._above(chain, tree, root)
        if self.root not in (NATION, district) and not paths.covers(self.root, start.path):
            start = self._own_root(chain, tree, start)
        return start, is_new

    def _district(self, chain: Chain) -> str:
        district = chain.district or (paths.district(self.root) if self.root != NATION else "")
        if not paths.is_path(district) or "." in district:
            raise RowError("grid.code_malformed", "district_code", text=district)
        if self.root == NATION:
            if len(district) != DISTRICT_DIGITS or not district.isdigit():
                raise RowError("grid.code_malformed", "district_code", text=district)
        elif district != paths.district(self.root):
            raise RowError("grid.outside_area", "district_code", place=chain.district_name or district)
        return district

    def _city(self, chain: Chain, district: str) -> UUID:
        """Return the city, made with its province when they are new: roots above the district's own."""
        province = self.forest.root(district[:2], name="", level=Level.PROVINCE)
        name = naming.tidy(chain.city)
        return self.forest.root(district[:4], name=name, level=Level.CITY, above=province.area).area

    def _above(self, chain: Chain, tree: Tree, root: Node) -> Node:
        if not chain.above or chain.above == root.path:
            return root
        node = tree.by_path.get(chain.above) or tree.by_code.get(chain.above)
        if node is None:
            raise RowError(
                "grid.unknown_path", "parent" if "parent" in self.reader.at else "path", path=chain.above
            )
        return node

    def _own_root(self, chain: Chain, tree: Tree, start: Node) -> Node:
        """Below a chosen area a row need not repeat what stands above it."""
        chosen = tree.by_path.get(self.root)
        if chosen is None:
            raise RowError("grid.unknown_path", "path", path=self.root)
        if not chain.links or _rung(chain.links[0].level) > _rung(chosen.level):
            return chosen
        return start

    # --- What the chain names

    def _steps(self, chain: Chain, start: Node) -> list[_Step]:
        steps: list[_Step] = []
        tree = self.forest.tree(paths.district(start.path))
        above: Node | None = start
        names = [naming.tidy(chain.city), *_names(start)]
        for link in (link for link in chain.links if link.level is not Level.DISTRICT):
            parent_level = steps[-1].link.level if steps else start.level
            if _rung(link.level) <= _rung(parent_level):
                raise RowError("grid.level_not_below", link.field, level=link.level, above=parent_level)
            cleaned = naming.clean(link.name or link.code, link.level, names)
            is_above = link is not chain.links[-1]
            node = self._find(tree, above, link, cleaned, is_above=is_above) if above is not None else None
            if node is None:
                self._require_new(tree, link, parent_level, above or start, is_placed=bool(chain.path))
            steps.append(_Step(link, node, cleaned))
            above = node
            names.append(cleaned.official)
        self._require_inside(steps, start)
        return steps

    def _find(
        self, tree: Tree, above: Node, link: Link, cleaned: naming.CleanName, *, is_above: bool
    ) -> Node | None:
        """Return the known area that a link means; areas above the row's own may be named loosely."""
        by_code = tree.by_code.get(link.code) if link.code else None
        if not link.name:
            if by_code is not None and above not in by_code.above():
                raise _other(link, by_code)
            return by_code
        node = self._named(above, link, cleaned, is_above=is_above)
        if node is None:
            if by_code is None or is_unnamed(by_code) or _is_longer(by_code.name, cleaned.official):
                return by_code if by_code is None or above in by_code.above() else None
            raise _other(link, by_code)
        if link.code and node.code and node.code != link.code:
            if naming.key(node.name, link.level) != naming.key(cleaned.official, link.level):
                return None  # another area whose short name is the same: two committees of one village
            raise RowError("grid.code_differs", link.field, name=link.name, known=node.code, number=link.code)
        if by_code is not None and by_code is not node:
            raise _other(link, by_code)
        return node

    @staticmethod
    def _named(above: Node, link: Link, cleaned: naming.CleanName, *, is_above: bool) -> Node | None:
        found = find(above, link.level, cleaned.official, loosely=False)
        found = found or find(above, link.level, cleaned.short, loosely=is_above)
        same = [node for node in found if node.parent is above] or found
        if len(same) > 1:
            coded = [node for node in same if link.code and node.code == link.code]
            if len(coded) != 1:
                raise RowError("grid.ambiguous_area", link.field, name=link.name, n=len(same))
            return coded[0]
        return same[0] if same else None

    def _require_new(self, tree: Tree, link: Link, parent: Level, near: Node, *, is_placed: bool) -> None:
        """Raise RowError unless an area that is not known may be made here."""
        if link.code and link.code in tree.by_code:
            raise _other(link, tree.by_code[link.code])
        if not link.name and not link.code.isdigit():
            raise RowError("grid.row_without_name", link.field)
        is_high = _rung(parent) < _rung(LOWEST_PARENT.get(link.level, Level.COMMUNITY))
        if not is_placed and (is_high or not self._may_be_named(link, near)):
            similar = ", ".join(nearest(near, link.level, link.name)) or "-"
            raise RowError("grid.unknown_area", link.field, name=link.name or link.code, nearest=similar)

    def _may_be_named(self, link: Link, near: Node) -> bool:
        """Decide whether a street or community without a code is a new one rather than a slip of the pen.

        It is where none is known yet: that is the first list of the district. A list of addresses that was
        taken for a list of areas must not fill a district with streets.
        """
        if link.code or self.names_only or link.level not in LOWEST_PARENT:
            return True
        known = self._first.get((near.path, link.level))
        if known is None:
            known = not any(child.level is link.level for child in near.children.values())
            self._first[near.path, link.level] = known
        return known

    def _require_inside(self, steps: Sequence[_Step], start: Node) -> None:
        if self.root == NATION or paths.covers(self.root, start.path):
            return
        if not any(step.node is not None and paths.covers(self.root, step.node.path) for step in steps):
            raise RowError("grid.outside_area", "", place=steps[-1].cleaned.short if steps else start.short)

    # --- What changes

    def _apply(self, chain: Chain, start: Node, steps: Sequence[_Step]) -> bool:
        changed = False
        node = start
        since = chain.valid_from or self.forest.season.on
        for step in steps:
            if step.node is None:
                label = self._label(chain, steps, step, node)
                cleaned = _named(step)
                node = self.forest.add(node, label, cleaned, step.link.level, step.link.code, since)
                changed = True
            else:
                node = step.node
                changed = self._complete(step, node) or changed
        for kind, n in chain.heads.items():
            changed = self.forest.head(node, kind, n, since) or changed
        return changed

    def _label(self, chain: Chain, steps: Sequence[_Step], step: _Step, parent: Node) -> str:
        tree = self.forest.tree(paths.district(parent.path))
        if chain.path and step is steps[-1]:
            label = chain.path.rsplit(".", 1)[-1]
            wrong = not paths.is_path(chain.path) or paths.parent(chain.path) != parent.path
            if wrong or label in parent.children or label in parent.taken:
                raise RowError("grid.unknown_path", "path", path=chain.path)
            return label
        return tree.label(parent, step.link.level, step.link.code, step.cleaned.official)

    def _complete(self, step: _Step, node: Node) -> bool:
        """Add to a known area what the row knows more of it."""
        changed = False
        if step.link.name and (is_unnamed(node) or _is_longer(node.name, step.cleaned.official)):
            flags = tuple(flag for flag in step.cleaned.flags if flag is not AreaFlag.UNNAMED)
            self.forest.revise(
                node,
                name=step.cleaned.official,
                short=step.cleaned.short,
                flags=flags,
                kind=step.cleaned.kind,
            )
            changed = True
        if step.link.code and not node.code:
            self.forest.code(node, step.link.code)
            changed = True
        if step.link.kind is not None and step.link.kind is not node.kind:
            self.forest.revise(node, kind=step.link.kind)
            changed = True
        return changed


def _other(link: Link, known: Node) -> RowError:
    return RowError("grid.code_has_other_name", link.field, number=link.code, known=known.name)


def _is_longer(known: str, written: str) -> bool:
    """Tell whether a known name is the written one with the names of areas above it in front."""
    return known != written and known.endswith(written)


def _names(node: Node) -> list[str]:
    return [*(above.name for above in reversed(list(node.above()))), node.name]


def _rung(level: Level) -> int:
    return LADDER.index(level) if level in LADDER else 0


def _named(step: _Step) -> naming.CleanName:
    cleaned = step.cleaned
    kind = step.link.kind or cleaned.kind
    if step.link.name:
        flags = cleaned.flags
    else:
        flags = (AreaFlag.UNNAMED,)
        kind = AreaKind.STREET if step.link.level is Level.STREET else kind
    return naming.CleanName(cleaned.official, cleaned.short, kind, flags)
