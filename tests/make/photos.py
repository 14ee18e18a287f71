"""Photos as phones, strangers and enemies make them."""

import io
from typing import Any

from PIL import Image, ImageDraw

SECRET = "39.8712N 126.4150E"


def photo(
    width: int = 800, height: int = 600, *, kind: str = "JPEG", colour: str = "#336699", **more: Any
) -> bytes:
    """A photo with something on it."""
    picture = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(picture).rectangle((width // 4, height // 4, width // 2, height // 2), fill="white")
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def with_position(width: int = 800, height: int = 600) -> bytes:
    """A photo that says where it was taken and with what, and that lies on its side."""
    notes = Image.Exif()
    notes[0x0112] = 6  # to be turned
    notes[0x010E] = SECRET
    notes[0x0110] = "Telephone of Li Na"
    notes.get_ifd(0x8825)[1] = "N"
    return photo(width, height, exif=notes, comment=SECRET.encode())


def flood() -> bytes:
    """A few kilobytes that unpack to 144 million pixels."""
    out = io.BytesIO()
    Image.new("1", (11_999, 11_999)).save(out, "PNG")
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """The photo, read."""
    return Image.open(io.BytesIO(content))
