"""All rows of a division file, in whatever order they stand."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bulou.grid.actions.area_rows import AreaRows
from bulou.grid.actions.quarantine import Quarantine
from bulou.grid.actions.register_rows import PROGRESS_EVERY, Outcome, fitted
from bulou.grid.rules.chains import RowError

MAY_COME: Final = frozenset({"grid.unknown_area", "grid.unknown_path"})
"""Problems that a later row of the same file can take away."""
MAY_WAIT: Final = 50_000

Rows = Iterator[tuple[int, list[str]]]


class AreaFile:
    """Takes a division file; a row that names an area which a later row makes is tried again."""

    def __init__(
        self, reader: AreaRows, quarantine: Quarantine, progress: Callable[[int], None] | None
    ) -> None:
        """`reader` takes single rows, `quarantine` those that nobody can take."""
        self.reader = reader
        self.quarantine = quarantine
        self.progress = progress
        self.waiting: set[int] = set()
        self.stored = 0

    def take(self, rows: Callable[[], Rows]) -> Outcome:
        """Take every row; `rows` starts anew each time. Memory: the numbers of the rows that wait."""
        n = self._first(rows())
        before = len(self.waiting) + 1
        while self.waiting and len(self.waiting) < before:
            before = len(self.waiting)
            self._again(rows())
        if self.waiting:
            self._give_up(rows())
        return Outcome(n, self.stored, 0)

    def _first(self, rows: Rows) -> int:
        n = 0
        for number, cells in rows:
            n += 1
            error = self._try(cells)
            if error is not None and error.code in MAY_COME and len(self.waiting) < MAY_WAIT:
                self.waiting.add(number)
            elif error is not None:
                self.quarantine.put(number, cells, error)
            if self.progress is not None and n % PROGRESS_EVERY == 0:
                self.progress(n)
        return n

    def _again(self, rows: Rows) -> None:
        for number, cells in rows:
            if number in self.waiting and self._try(cells) is None:
                self.waiting.discard(number)

    def _give_up(self, rows: Rows) -> None:
        for number, cells in rows:
            error = self._try(cells) if number in self.waiting else None
            if error is not None:
                self.quarantine.put(number, cells, error)

    def _try(self, found: Sequence[str]) -> RowError | None:
        width = self.quarantine.columns.width
        cells = fitted(found, width)
        if len(cells) > width:
            return RowError("grid.too_many_cells")
        try:
            self.stored += self.reader.take(cells)
        except RowError as error:
            return error
        return None
