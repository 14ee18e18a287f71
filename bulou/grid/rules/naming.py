"""Official, short and comparable names of Chinese administrative areas."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pypinyin import Style, lazy_pinyin

from bulou.grid.rules import words
from bulou.grid.terms import AreaFlag, AreaKind, Level

DEFAULT_KIND: Final = {
    Level.PROVINCE: AreaKind.PROVINCE,
    Level.CITY: AreaKind.CITY,
    Level.DISTRICT: AreaKind.DISTRICT,
    Level.STREET: AreaKind.ZONE,
    Level.COMMUNITY: AreaKind.COMMUNITY,
    Level.COMPOUND: AreaKind.COMPOUND_MANAGED,
    Level.BUILDING: AreaKind.BUILDING,
    Level.UNIT: AreaKind.UNIT,
}


@dataclass(frozen=True, slots=True)
class CleanName:
    """What a written name comes to."""

    official: str
    short: str
    kind: AreaKind
    flags: tuple[AreaFlag, ...]


def tidy(text: str) -> str:
    """Return the text in composed form, without control characters and with single spaces."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in composed if c.isprintable() or c == " " or _is_private(c)).split())


def clean(written: str, level: Level, above: Iterable[str] = ()) -> CleanName:
    """Return official name, short name and kind; `above` are the names of the areas above, outermost first.

    Cost: no database. Names with private-use characters are flagged, never refused.
    """
    official = strip_above(tidy(written), above)
    flags: list[AreaFlag] = []
    if any(_is_private(character) for character in official):
        flags.append(AreaFlag.RARE_CHARACTERS)
    if level in (Level.STREET, Level.COMMUNITY) and any(
        mark in official for mark in words.words("pseudo_mark")
    ):
        flags.append(AreaFlag.PSEUDO)
        return CleanName(official, official, AreaKind.PSEUDO, tuple(flags))
    if level is Level.COMMUNITY:
        short, kind = _community(official)
        return CleanName(official, short, kind, tuple(flags))
    if level is Level.STREET:
        return CleanName(official, _without("office_ending", official), _street_kind(official), tuple(flags))
    return CleanName(official, official, DEFAULT_KIND[level], tuple(flags))


def strip_above(name: str, above: Iterable[str]) -> str:
    """Take the names of the areas above off the front of a name, as long as a name remains.

    Some counties write the whole path into each name, and shorten the word for a street office in it.
    """
    for parent in above:
        for written in _spellings(parent):
            rest = _behind(name, written)
            if rest != name and len(base(rest, Level.COMMUNITY)) > 0 and len(rest) > 1:
                name = rest
                break
    return name


def _behind(name: str, written: str) -> str:
    """Return what stands behind a parent's name, at the front or behind the name of its city."""
    start = name.find(written)
    if start == 0 or (start > 1 and name[:start].endswith(words.words("city_ending"))):
        return name[start + len(written) :]
    return name


def _spellings(parent: str) -> tuple[str, ...]:
    for word, shorter, _ in words.table("street_spelling"):
        if parent.endswith(word):
            offices = (parent + office for office in words.words("office_ending"))
            return (*offices, parent, parent.removesuffix(word) + shorter)
    return (parent,) if len(parent) > 1 else ()


def _without(endings: str, name: str) -> str:
    """Take the first ending of the list that fits off a name, as long as a name remains."""
    for ending in words.words(endings):
        stem = name.removesuffix(ending)
        if stem and stem != name:
            return stem
    return name


def _is_private(character: str) -> bool:
    return unicodedata.category(character) == "Co"


def _community(official: str) -> tuple[str, AreaKind]:
    for ending, kind, word in words.table("community_ending"):
        stem = official.removesuffix(ending)
        if stem and stem != official:
            stem = stem.removesuffix(word) or stem
            return f"{stem}{word}", AreaKind(kind)
    return official, AreaKind.COMMUNITY


def _street_kind(official: str) -> AreaKind:
    for ending, kind, _ in words.table("street_ending"):
        if official.endswith(ending):
            return AreaKind(kind)
    return AreaKind.ZONE


@lru_cache(maxsize=65_536)
def key(name: str, level: Level) -> str:
    """Return the form in which two spellings of one name are equal: width, case and spaces do not count."""
    folded = unicodedata.normalize("NFKC", name).replace(" ", "").casefold()
    if level is Level.BUILDING:
        return _number(_without("building_ending", folded))
    if level is Level.UNIT:
        return _number(_without("unit_ending", folded))
    return folded


def _number(text: str) -> str:
    return text.lstrip("0") or "0" if text.isdigit() else text


@lru_cache(maxsize=65_536)
def base(name: str, level: Level) -> str:
    """Return the name without the words that say what kind of area it is."""
    folded = key(name, level)
    if level is Level.COMMUNITY:
        for ending, _, word in words.table("community_ending"):
            stem = folded.removesuffix(unicodedata.normalize("NFKC", ending))
            if stem != folded:
                return stem.removesuffix(word) or stem
    if level is Level.STREET:
        return _without("office_ending", folded)
    if level is Level.COMPOUND:
        return _without("compound_ending", folded)
    return folded


def pinyin(name: str) -> str:
    """Return the search key of a name: its syllables and its initials, such as `pingdong pd`."""
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors=lambda text: text.casefold())
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}"
