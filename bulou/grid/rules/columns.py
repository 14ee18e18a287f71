"""Which column of a file is which field, by the words in its header or by the user's own choice."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from bulou.grid.rules import words
from bulou.grid.terms import ImportKind

CHAIN: Final = ("street", "community", "compound", "building", "unit")
_PLACE: Final = frozenset({"path", "code", *CHAIN, "street_code", "community_code", "compound_code"})
_DIVISION: Final = frozenset(
    {"province", "province_code", "city", "city_code", "district", "district_code", *_PLACE}
)
FIELDS: Final[Mapping[ImportKind, frozenset[str]]] = {
    ImportKind.AREAS: _DIVISION | {"parent", "name", "level", "kind", "valid_from", "registered", "living"},
    ImportKind.DWELLINGS: _DIVISION | {"floor", "door", "kind", "needs_help", "valid_from"},
    ImportKind.SITES: _DIVISION
    | {"name", "kind", "address", "area_m2", "capacity", "length_m", "hours", "unit_in_charge", "lon", "lat"}
    | {"note", "valid_from"},
}
"""Fields that a file of each kind may carry."""
SEARCHED_ROWS: Final = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, and which headers nobody asked for."""

    at: Mapping[str, int]
    ignored: tuple[str, ...]
    width: int
    labels: tuple[str, ...]

    def label(self, field: str) -> str:
        """Return the header over a field, or the field's own name when the file has no such column."""
        return self.labels[self.at[field]] if field in self.at else field


def match(header: Sequence[str], kind: ImportKind, mapping: Mapping[str, str] | None = None) -> Columns:
    """Match a header; `mapping` (header to field, or to an empty text) goes before the table of words.

    Of two columns for one field the first counts and the other is ignored.
    """
    chosen = {folded(word): field for word, field in (mapping or {}).items()}
    at: dict[str, int] = {}
    ignored: list[str] = []
    for index, label in enumerate(header):
        word = folded(label)
        field = chosen[word] if word in chosen else _known().get(word, "")
        if field in FIELDS[kind] and field not in at:
            at[field] = index
        elif label.strip():
            ignored.append(label.strip())
    return Columns(at, tuple(ignored), len(header), tuple(label.strip() for label in header))


def missing(columns: Columns, kind: ImportKind) -> tuple[str, ...]:
    """Return the fields without which no row of this kind can be read."""
    fields = frozenset(columns.at)
    if kind is ImportKind.AREAS:
        named = fields & {"path", "name", "code", *CHAIN, "street_code", "community_code", "district_code"}
        return () if named else ("name",)
    if kind is ImportKind.DWELLINGS:
        place = () if fields & _PLACE else ("community",)
        return (*place, *(("door",) if "door" not in fields else ()))
    return ("kind",) if "kind" not in fields else ()


def header_row(rows: Iterable[Sequence[str]], kind: ImportKind, mapping: Mapping[str, str] | None) -> int:
    """Return the index of the header among the first rows: the one with most known words, else the first.

    Office sheets often carry a title and a date above the table.
    """
    best, most = 0, 1
    for index, row in enumerate(rows):
        n = len(match(row, kind, mapping).at)
        if n > most:
            best, most = index, n
    return best


@cache
def _known() -> Mapping[str, str]:
    return {folded(word): field for word, field in words.meanings("header").items()}


def folded(label: str) -> str:
    """Return a header without width, case, spaces, underscores and marks of obligation."""
    text = unicodedata.normalize("NFKC", label).casefold()
    return "".join(character for character in text if character.isalnum() or character in "()")
