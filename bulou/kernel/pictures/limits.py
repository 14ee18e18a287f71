"""How large a photo may be, what becomes of it, and the refusal when it is more."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MIB: Final = 1024 * 1024


class Refusal(StrEnum):
    """Why a photo is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    TOO_COMPLEX = "too_complex"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one photo may ask of the machine (threat X8: pixel floods, polyglots), and its size afterwards."""

    file_bytes: int = 4 * MIB
    pixels: int = 16_000_000
    side: int = 12_000
    longest_side: int = 1_600
    """Of the photo as it is kept: a door plate can be read, a page of a register too."""
    quality: int = 82
    memory_bytes: int = 512 * MIB
    cpu_seconds: int = 10
    wall_seconds: int = 30


class PictureError(Exception):
    """The photo is refused; nothing of it may be used."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why
