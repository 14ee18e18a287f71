"""The written words of the trade that files use, read from the packaged table `library/words.csv`."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[tuple[str, str, str], ...]:
    """Return the rows (word, what it means, what also belongs to it) of one list, in the file's order."""
    return tuple((word, means, also) for of, word, means, also in _rows() if of == name)


@cache
def meanings(name: str) -> Mapping[str, str]:
    """Return what each word of one list means."""
    return {word: means for word, means, _ in table(name)}


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of one list, in the file's order."""
    return tuple(word for word, _, _ in table(name))


@cache
def _rows() -> tuple[tuple[str, str, str, str], ...]:
    content = (files("bulou.grid") / "library" / "words.csv").read_text(encoding="utf-8")
    reader = csv.reader(content.splitlines())
    next(reader)
    return tuple((row[0], row[1], row[2], row[3]) for row in reader)
