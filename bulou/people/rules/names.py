"""Names, numbers and phones: one spelling each, masks, and the words under which somebody can be found."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from opencc import OpenCC
from pypinyin import lazy_pinyin

NAME_LENGTH: Final = 60
ADDRESS_LENGTH: Final = 200
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_FOREIGN: Final = re.compile(r"[A-Z0-9]{5,20}")
_SPACES: Final = re.compile(r"[\s\u00b7\u2022\u30fb.]+")
_NOT_DIGITS: Final = re.compile(r"[\s()\-\u2010-\u2015]+")
_PHONE: Final = re.compile(r"\+?\d{5,15}")


@lru_cache(maxsize=8_192)
def folded(name: str) -> str:
    """Return a name for comparing: no width, no case, no spaces and dots, simplified characters."""
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    return str(_converter().convert(_SPACES.sub("", text)))


def tidy(text: str) -> str:
    """Return a text without width, control characters and doubled spaces."""
    return " ".join("".join(c for c in unicodedata.normalize("NFKC", text) if c.isprintable()).split())


def number(text: str) -> str | None:
    """Return an ID number in its one spelling (18 digits, capital X); None when it cannot be one.

    A number of 15 digits becomes its 18-digit form. Papers of other countries pass as letters and digits.
    Source: GB 11643-1999.
    """
    found = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"\d{15}", found):
        head = f"{found[:6]}19{found[6:]}"
        return _checked(head + _check(head))
    if re.fullmatch(r"\d{17}[\dX]", found):
        return _checked(found)
    return found if _FOREIGN.fullmatch(found) and not re.fullmatch(r"\d{16,20}", found) else None


def _check(head: str) -> str:
    return _CHECKS[sum(int(d) * w for d, w in zip(head, _WEIGHTS, strict=True)) % 11]


def _checked(found: str) -> str | None:
    try:
        date(int(found[6:10]), int(found[10:12]), int(found[12:14]))
    except ValueError:
        return None
    return found if _check(found[:17]) == found[17] else None


def phone(text: str) -> str | None:
    """Return a phone number as digits, without the code of the country where it is 86; None if it is none."""
    found = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    if not _PHONE.fullmatch(found):
        return None
    for start in ("+86", "0086"):
        found = found.removeprefix(start)
    if len(found) == 13 and found.startswith("861"):
        found = found[2:]
    return found.lstrip("+")


def masked_name(name: str) -> str:
    """Return a name with its middle hidden: the first character and, from three on, the last one."""
    text = name.strip()
    if len(text) < 2:
        return "*" if text else ""
    return f"{text[0]}*" if len(text) == 2 else f"{text[0]}{'*' * min(len(text) - 2, 3)}{text[-1]}"


def masked_phone(text: str) -> str:
    """Return a phone number with its middle hidden, such as 138****5678."""
    if len(text) < 8:
        return "*" * max(len(text) - 2, 1) + text[-2:]
    return f"{text[:3]}****{text[-4:]}"


def masked_number(text: str) -> str:
    """Return the last four characters of an ID number, the others hidden."""
    return "*" * max(len(text) - 4, 0) + text[-4:] if text else ""


def words_of(name: str) -> frozenset[str]:
    """Return the words under which a name is found: itself and its parts, pinyin and initials."""
    text = folded(name)
    if not text:
        return frozenset()
    if text.isascii():
        parts = [_SPACES.sub("", p).casefold() for p in unicodedata.normalize("NFKC", name).split()]
        return frozenset({text, *(p for p in parts if p), "".join(p[0] for p in parts if p)})
    family = _family(text)
    syllables = [*_reading(family), *lazy_pinyin(text[len(family) :])]
    given = syllables[1:] if len(family) == 1 else lazy_pinyin(text[len(family) :])
    grams = {text[n : n + 2] for n in range(len(text) - 1)}
    written = {text, text[0], family, text[len(family) :], *grams}
    spoken = {"".join(syllables), "".join(_reading(family)), "".join(given), "".join(s[0] for s in syllables)}
    return frozenset((written | spoken) - {""})


def initials(name: str) -> str:
    """Return the first letters of a name in pinyin, or of the words of a foreign one."""
    text = folded(name)
    if not text or text.isascii():
        return "".join(part[0] for part in unicodedata.normalize("NFKC", name).casefold().split())
    family = _family(text)
    return "".join(syllable[0] for syllable in [*_reading(family), *lazy_pinyin(text[len(family) :])])


def digest(number_: str, salt: str) -> str:
    """Return a hash by which a number that is read off a card is known again; empty without a number."""
    return sha256(f"{salt}:{number_}".encode()).hexdigest()[:32] if number_ else ""


def asked(text: str) -> str:
    """Return what somebody typed into the search as one of the words of `words_of`."""
    return folded(text)


def _family(text: str) -> str:
    return text[:2] if len(text) > 2 and text[:2] in _surnames() else text[:1]


def _reading(family: str) -> list[str]:
    known = _surnames().get(family)
    return [known] if known else lazy_pinyin(family)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _surnames() -> Mapping[str, str]:
    text = (files("bulou.people") / "library" / "surnames.csv").read_text(encoding="utf-8")
    return dict(row for row in list(csv.reader(text.splitlines()))[1:])
