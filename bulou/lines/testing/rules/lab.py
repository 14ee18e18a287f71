"""A laboratory's file: which column is what, and what its words for a result mean."""

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bulou.lines.testing.rules import payloads
from bulou.lines.testing.terms import Pooling, Result

SEARCHED_ROWS: Final = 10
FIELDS: Final = ("tube", "result", "reason", "laboratory")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row."""

    at: Mapping[str, int]
    labels: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields without which no row says anything."""
        return tuple(field for field in ("tube", "result") if field not in self.at)


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says; `problem` where it says nothing that can be used."""

    barcode: str = ""
    result: Result | None = None
    reason: str = ""
    laboratory: str = ""
    problem: str = ""


def match(header: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Match a header: the caller's own choice first, then the words that laboratories use."""
    chosen = {_folded(word): field for word, field in mapping.items()}
    at: dict[str, int] = {}
    ignored: list[str] = []
    for index, label in enumerate(header):
        word = _folded(label)
        field = chosen[word] if word in chosen else _words()["header"].get(word, "")
        if field in FIELDS and field not in at:
            at[field] = index
        elif label.strip():
            ignored.append(label.strip())
    return Columns(at, tuple(label.strip() for label in header), tuple(ignored))


def header_row(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> int:
    """The index of the header among the first rows: the one with most known words, else the first."""
    known = [len(match(row, mapping).at) for row in rows]
    best = max(known, default=0)
    return known.index(best) if best > 1 else 0


def row(cells: Sequence[str], columns: Columns) -> Row:
    """What a row says."""
    said = {field: cells[at].strip() for field, at in columns.at.items() if at < len(cells)}
    code = payloads.barcode(said.get("tube", ""))
    if not code:
        return Row(problem="testing.no_tube")
    result = meaning(said.get("result", ""))
    if result is None:
        return Row(code, problem="testing.unknown_result")
    reason = said.get("reason", "")[:100]
    if result is Result.LOST and not reason:
        reason = said["result"][:100]  # the laboratory's own word for it: spoiled, invalid
    return Row(code, result, reason, said.get("laboratory", "")[:60])


def meaning(word: str) -> Result | None:
    """What a laboratory's word for a result means; nothing where it is not known."""
    text = unicodedata.normalize("NFKC", word).strip().casefold()
    found = _words()["result"].get(" ".join(text.replace("_", " ").split()))
    return Result(found) if found else None


def outcome(result: Result, *, rule: str, n: int) -> Result:
    """The outcome of a tube: of somebody alone a positive result decides, of a pool it begins the search."""
    alone = rule == Pooling.SINGLE or n == 1
    return Result.POSITIVE_SINGLE if result is Result.POSITIVE and alone else result


def _folded(label: str) -> str:
    text = unicodedata.normalize("NFKC", label).strip().casefold()
    return "_".join(text.replace("-", " ").split())


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    """What laboratories write over columns and in them, with the codes of SNOMED CT."""
    text = (files("bulou.lines.testing") / "library" / "laboratory.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {"header": {}, "result": {}}
    for of, word, means in list(csv.reader(text.splitlines()))[1:]:
        found[of][word] = means
    return found
