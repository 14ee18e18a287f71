"""What the cells of a register file mean: kinds, needs, floors, doors, dates, numbers."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

from bulou.grid.rules import words
from bulou.grid.terms import AreaKind, DwellingKind, Level, Need, SiteType

DOOR_LENGTH: Final = 40
_DIGITS: Final = re.compile(r"\d+")
_SEPARATORS: Final = re.compile(r"[\u3001,;/|\s]+")
_DATE: Final = re.compile(r"(\d{4})[-/.\u5e74](\d{1,2})[-/.\u6708](\d{1,2})\u65e5?")

KIND_LEVEL: Final = {
    AreaKind.STREET: Level.STREET,
    AreaKind.TOWN: Level.STREET,
    AreaKind.TOWNSHIP: Level.STREET,
    AreaKind.ZONE: Level.STREET,
    AreaKind.FARM: Level.STREET,
    AreaKind.COMMUNITY: Level.COMMUNITY,
    AreaKind.VILLAGE: Level.COMMUNITY,
    AreaKind.COMPOUND_MANAGED: Level.COMPOUND,
    AreaKind.COMPOUND_UNMANAGED: Level.COMPOUND,
    AreaKind.COMPOUND_OLD: Level.COMPOUND,
    AreaKind.NATURAL_VILLAGE: Level.COMPOUND,
    AreaKind.BUILDING: Level.BUILDING,
    AreaKind.UNIT: Level.UNIT,
}


@lru_cache(maxsize=32_768)
def folded(cell: str) -> str:
    """Return a cell without width, case and outer spaces."""
    return unicodedata.normalize("NFKC", cell).strip().casefold()


@lru_cache(maxsize=32_768)
def door(cell: str) -> tuple[str, str] | None:
    """Return the door as it is written on sheets and its sort key; None when it cannot be one."""
    text = unicodedata.normalize("NFKC", cell).strip()
    for word in words.words("door_ending"):
        if text[:-1].isalnum() and text.endswith(word) and text[:-1].isascii():
            text = text[:-1]
    if not text or len(text) > DOOR_LENGTH or not text.isprintable():
        return None
    return text, _DIGITS.sub(lambda match: match.group().zfill(5)[-12:], text.casefold())


@lru_cache(maxsize=4096)
def floor(cell: str) -> int | None:
    """Return the floor; below ground is negative, an empty cell is None.

    Raises:
        ValueError: the cell is no floor between -9 and 200.
    """
    text = folded(cell)
    for word in words.words("floor_ending"):
        text = text.removesuffix(word)
    if not text:
        return None
    for word in words.words("basement"):
        if text.startswith(word):
            text = "-" + text.removeprefix(word)
    number = int(text)
    if not -9 <= number <= 200:
        raise ValueError(cell)
    return number


@lru_cache(maxsize=4096)
def needs(cell: str) -> tuple[Need, ...]:
    """Return the needs of a cell, sorted, each once.

    Raises:
        ValueError: a word is not known; its text is the argument.
    """
    found: set[Need] = set()
    for word in _SEPARATORS.split(folded(cell)):
        if not word or word in words.words("no_need"):
            continue
        try:
            found.add(Need(words.meanings("need").get(word, word)))
        except ValueError as error:
            raise ValueError(word) from error
    return tuple(sorted(found))


def count(cell: str) -> int:
    """Return a head count written with or without separators.

    Raises:
        ValueError: not a whole number between 0 and 100 million.
    """
    number = int(folded(cell).replace(",", "").removesuffix(words.words("head_ending")[0]))
    if not 0 <= number <= 100_000_000:
        raise ValueError(cell)
    return number


def day(cell: str) -> date:
    """Return a date written as 2020-01-27, 2020/1/27 or with the Chinese words for year, month and day.

    Raises:
        ValueError: not a date.
    """
    match = _DATE.fullmatch(folded(cell))
    if match is None:
        raise ValueError(cell)
    return date(int(match[1]), int(match[2]), int(match[3]))


def dwelling_kind(cell: str) -> DwellingKind:
    """Return what stands behind a door; an empty cell is a home.

    Raises:
        ValueError: the word is not known.
    """
    word = folded(cell)
    return DwellingKind(words.meanings("dwelling").get(word, word)) if word else DwellingKind.HOME


def area_kind(cell: str) -> AreaKind:
    """Return the kind of area that a cell names.

    Raises:
        ValueError: the word is not known.
    """
    word = folded(cell)
    return AreaKind(words.meanings("area_kind").get(word, word))


def level(cell: str) -> Level:
    """Return the level that a cell names.

    Raises:
        ValueError: the word is not known.
    """
    word = folded(cell)
    return Level(words.meanings("level").get(word, word))


def site_type(cell: str) -> SiteType:
    """Return the type of site that a cell names.

    Raises:
        ValueError: the word is not known.
    """
    word = folded(cell)
    return SiteType(words.meanings("site_type").get(word, word))
