"""Rows of a file of doors or sites: checked in Python, then taken set-based by the database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, Protocol

from django.db import connection

from bulou.grid.actions.quarantine import Quarantine
from bulou.grid.rules.chains import RowError
from bulou.grid.rules.places import Places
from bulou.grid.rules.tree import Node
from bulou.grid.terms import RowProblem
from bulou.kernel import sqlfiles

ROOM: Final = "bulou.grid"
LINES_PER_WRITE: Final = 4_000
PROGRESS_EVERY: Final = 20_000
REMEMBERED: Final = 20_000
"""Distinct places and particulars kept in memory; a file in any order is right, one by building is fast."""
TWICE_PER_READ: Final = 5_000


class Particulars(Protocol):
    """What a row says beside its place; `doors.py` and `sites.py` read them."""

    name: str
    fields: tuple[str, ...]
    stage: str

    def line(self, cells: Sequence[str]) -> str:
        """Return the COPY text of the cells of `fields`, without a line end; raise RowError."""

    def check_place(self, node: Node) -> None:
        """Raise RowError when such a row cannot stand in this area."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows that were read; quarantined ones are in the quarantine."""

    rows: int
    stored: int
    changed: int
    districts: frozenset[str] | set[str] = frozenset()


class RegisterRows:
    """Takes all rows of one file of doors or sites. Assumes the transaction of the import."""

    def __init__(
        self, particulars: Particulars, places: Places, quarantine: Quarantine,
        progress: Callable[[int], None] | None,
    ) -> None:  # fmt: skip
        """`places` finds areas, `particulars` reads the rest of a row."""
        self.particulars = particulars
        self.places = places
        self.quarantine = quarantine
        self.progress = progress
        self.numbers: dict[str, int] = {}
        self.nodes: list[Node] = []
        self._known_places: dict[object, int | RowError] = {}
        self._known_lines: dict[object, str | RowError] = {}

    def read(self, rows: Iterator[tuple[int, list[str]]]) -> tuple[int, int]:
        """Copy every good row to the stage and set the others aside; return rows read and rows staged.

        Measured at 1,000,000 doors: see bench/imports.py. Each distinct place and each distinct set of
        particulars is worked out once, so that a row costs two look-ups.
        """
        columns = self.quarantine.columns
        place_of, rest_of = _getter(self.places.at), _getter([columns.at[f] for f in self.particulars.fields])
        known_place, known_line = self._known_places.get, self._known_lines.get
        width, n = columns.width, 0
        lines: list[str] = []
        self._run("DROP TABLE IF EXISTS pg_temp.grid_stage, pg_temp.grid_place", {})
        self._run("DROP TABLE IF EXISTS pg_temp.grid_diff, pg_temp.grid_twice", {})
        self._create("stage_place", self.particulars.stage)
        with connection.cursor() as cursor, cursor.copy("COPY grid_stage FROM STDIN") as copy:
            for number, found in rows:
                n += 1
                cells = found if len(found) == width else fitted(found, width)
                key, rest = place_of(cells), rest_of(cells)
                place = known_place(key)
                place = self._place(key) if place is None else place
                line = known_line(rest)
                line = self._line(rest) if line is None else line
                if place.__class__ is int and line.__class__ is str and len(cells) == width:
                    lines.append(f"{number}\t{place}\t{line}\n")
                    if len(lines) >= LINES_PER_WRITE:
                        copy.write("".join(lines))
                        lines.clear()
                else:
                    self.quarantine.put(number, cells, _first_error(len(cells) > width, place, line))
                if n % PROGRESS_EVERY == 0 and self.progress is not None:
                    self.progress(n)
            copy.write("".join(lines))
        return n, n - self.quarantine.n

    def _place(self, key: object) -> int | RowError:
        if len(self._known_places) >= REMEMBERED:
            self._known_places.clear()
        found = self._known_places[key] = self._find(_cells(key))
        return found

    def _find(self, cells: Sequence[str]) -> int | RowError:
        try:
            node = self.places.find(cells)
            self.particulars.check_place(node)
        except RowError as error:
            return error
        number = self.numbers.setdefault(node.path, len(self.numbers))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def _line(self, key: object) -> str | RowError:
        if len(self._known_lines) >= REMEMBERED:
            self._known_lines.clear()
        line: str | RowError
        try:
            line = self.particulars.line(_cells(key))
        except RowError as error:
            line = error
        self._known_lines[key] = line
        return line

    def store(self, staged: int, values: dict[str, Any], *, is_empty: bool) -> Outcome:
        """Compare the stage with the register and write what is new; return what was stored and changed.

        `is_empty`: the district has no rows yet, so that there is nothing to compare with.
        """
        with connection.cursor() as cursor, cursor.copy("COPY grid_place FROM STDIN") as copy:
            copy.write("".join(
                f"{number}\t{node.path}\t{node.leaf}\t{escaped(node.building)}\n"
                for number, node in enumerate(self.nodes)
            ))  # fmt: skip
        name = self.particulars.name
        if is_empty:
            self._run("ALTER TABLE grid_stage ADD COLUMN known uuid", {})
            new, different = staged, 0
        else:
            self._run("ANALYZE grid_stage, grid_place", {})
            self._load(f"{name}_diff", values)
            new, different = self._counted()
        diff = "grid_stage" if is_empty else "grid_diff"
        stored = self._load(f"{name}_insert", values, diff) if new else 0
        changed = 0
        if stored < new or different:
            self._load(f"{name}_twice", {})
            self._load(f"{name}_settle", values)
            if different:
                self._load(f"{name}_keep", values)
                changed = self._load(f"{name}_change", values)
        else:
            self._run('CREATE TEMP TABLE grid_twice ("row" int, first int, same bool) ON COMMIT DROP', {})
        return Outcome(staged, stored + changed, changed)

    def set_twice_aside(self, again: Iterator[tuple[int, list[str]]]) -> None:
        """Set aside the rows that contradict an earlier row of the file; their cells are read again."""
        after = 0
        while found := self._contradictions(after):
            wanted = dict(found)
            after = found[-1][0]
            for number, cells in again:
                if number in wanted:
                    problem = RowProblem(
                        number, "", "grid.twice_in_file", {"first": wanted[number]}, tuple(cells)
                    )
                    self.quarantine.put_problem(problem)
                if number == after:
                    break

    def _contradictions(self, after: int) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT "row", first FROM grid_twice WHERE NOT same AND "row" > %s ORDER BY "row" LIMIT %s',
                [after, TWICE_PER_READ],
            )
            return [(int(number), int(first)) for number, first in cursor.fetchall()]

    def _counted(self) -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FILTER (WHERE known IS NULL), count(known) FROM grid_diff")
            new, different = cursor.fetchone() or (0, 0)
            return new, different

    def _create(self, *names: str) -> None:
        for name in names:
            self._load(name, {})

    def _load(self, name: str, values: dict[str, Any], diff: str = "grid_diff") -> int:
        return self._run(sqlfiles.load(ROOM, name).replace("grid_diff", diff), values)

    @staticmethod
    def _run(statement: str, values: dict[str, Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return int(cursor.rowcount)


def escaped(text: str) -> str:
    """Return a text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _getter(at: Sequence[int]) -> Callable[[Sequence[str]], object]:
    if not at:
        return lambda _: ()
    return itemgetter(*at)


def _cells(key: object) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (str(key),)


def fitted(cells: Sequence[str], width: int) -> Sequence[str]:
    """Fill a short row; cut empty cells off a long one."""
    if len(cells) < width:
        return [*cells, *[""] * (width - len(cells))]
    return cells if any(cell.strip() for cell in cells[width:]) else cells[:width]


def _first_error(too_long: object, place: object, line: object) -> RowError:
    if too_long:
        return RowError("grid.too_many_cells")
    return place if isinstance(place, RowError) else line if isinstance(line, RowError) else RowError("")
