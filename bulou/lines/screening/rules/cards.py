"""The code of a printed card: a person's number in nine letters, for fingers and for a scanner that types.

It is no secret and opens nothing: only a phone that has the person on its list finds anybody by it.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31, a prime; without 0 and O, 1, I and L
BITS: Final = 39  # random in every id that we make; 31 ** 8 is more
LENGTH: Final = 8
WIDE: Final = 3  # a wide bar is as broad as three narrow ones

# Code 39 (ISO/IEC 16388), five bars and four gaps each; scanners that type read it as they are delivered.
_BARS: Final = {
    "2": "nnwwnnnnw", "3": "wnwwnnnnn", "4": "nnnwwnnnw", "5": "wnnwwnnnn", "6": "nnwwwnnnn",
    "7": "nnnwnnwnw", "8": "wnnwnnwnn", "9": "nnwwnnwnn", "A": "wnnnnwnnw", "B": "nnwnnwnnw",
    "C": "wnwnnwnnn", "D": "nnnnwwnnw", "E": "wnnnwwnnn", "F": "nnwnwwnnn", "G": "nnnnnwwnw",
    "H": "wnnnnwwnn", "J": "nnnnwwwnn", "K": "wnnnnnnww", "M": "wnwnnnnwn", "N": "nnnnwnnww",
    "P": "nnwnwnnwn", "Q": "nnnnnnwww", "R": "wnnnnnwwn", "S": "nnwnnnwwn", "T": "nnnnwnwwn",
    "U": "wwnnnnnnw", "V": "nwwnnnnnw", "W": "wwwnnnnnn", "X": "nwnnwnnnw", "Y": "wwnnwnnnn",
    "Z": "nwwnwnnnn", "*": "nwnnwnwnn",
}  # fmt: skip


def code(person: UUID) -> str:
    """Return the code of a person: eight letters and one by which a misread letter is noticed."""
    value = person.int & ((1 << BITS) - 1)
    digits: list[int] = []
    for _ in range(LENGTH):
        value, digit = divmod(value, len(LETTERS))
        digits.insert(0, digit)
    check = sum(digit * place for place, digit in enumerate(digits, 1)) % len(LETTERS)
    return "".join(LETTERS[digit] for digit in [*digits, check])


def spaced(written: str) -> str:
    """Return a code as people read it aloud: in threes."""
    return " ".join(written[at : at + 3] for at in range(0, len(written), 3))


def bars(written: str) -> tuple[tuple[int, int], ...]:
    """Return the black bars of a code as (place, width), in widths of a narrow one. The last one ends it."""
    return tuple(_black(f"*{written}*"))


def _black(written: str) -> Iterator[tuple[int, int]]:
    at = 0
    for letter in written:
        for n, width in enumerate(_BARS[letter]):
            size = WIDE if width == "w" else 1
            if n % 2 == 0:
                yield at, size
            at += size
        at += 1  # the gap between two letters
