"""The program that draws a photo anew, in a process of its own, with no files, no network and little memory.

Started as `python -I -m bulou.kernel.pictures.recode LIMITS`: the photo on standard input, a JPEG made of its
pixels alone on standard output, its size as one JSON line on standard error. Exit code 3 is a refusal.
"""

import io
import json
import resource
import sys
import warnings
from typing import Final

from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bulou.kernel.pictures.limits import Limits, PictureError, Refusal

REFUSED: Final = 3
# Only three decoders are ever tried. A JPEG may hold a TIFF directory (its notes) and further pictures;
# Pillow asks for two more modules when it meets one. All are loaded before files are given up.
LOADED: Final = (MpoImagePlugin, TiffImagePlugin)
FORMATS: Final = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)


def main(arguments: list[str]) -> int:
    """Read, check, draw, write; return the exit code."""
    limits = Limits(**json.loads(arguments[1]))
    content = sys.stdin.buffer.read(limits.file_bytes + 1)
    Image.preinit()  # reads the modules of decoders while files can still be opened
    _confine(limits)
    try:
        picture, size = drawn_anew(content, limits)
    except PictureError as error:
        why = error.why
    except MemoryError:
        why = Refusal.TOO_COMPLEX
    else:
        sys.stderr.write(json.dumps(size))
        sys.stdout.buffer.write(picture)
        return 0
    sys.stderr.write(json.dumps({"why": why.value}))
    return REFUSED


def _confine(limits: Limits) -> None:
    """Give up memory, time, new processes and every new file or socket, before the first byte is parsed."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes * 2, limits.file_bytes * 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def drawn_anew(content: bytes, limits: Limits) -> tuple[bytes, dict[str, int]]:
    """A JPEG of the same pixels, upright, not too long, without position, camera, profile or comment.

    Raises PictureError. The size that the file claims is judged before a pixel is unpacked.
    """
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower and is asked first
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except MemoryError:
        raise
    except Exception as error:  # a decoder may raise anything over a hostile file
        raise PictureError(Refusal.NOT_A_PICTURE) from error
    width, height = picture.size
    if width * height > limits.pixels or max(width, height) > limits.side or min(width, height) < 1:
        raise PictureError(Refusal.TOO_MANY_PIXELS)
    try:
        plain = _plain(picture, limits)
    except MemoryError:
        raise
    except Exception as error:
        raise PictureError(Refusal.DAMAGED) from error
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=limits.quality, optimize=True)
    return out.getvalue(), {"width": plain.width, "height": plain.height}


def _plain(picture: Image.Image, limits: Limits) -> Image.Image:
    longest = limits.longest_side
    picture.draft(
        "RGB", (longest, longest)
    )  # a JPEG is unpacked at a fraction of its size where that suffices
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((longest, longest))
    # pixels only, on white: what a file carries beside them stays behind
    plain = Image.new("RGB", upright.size, "white")
    clear = upright.convert("RGBA") if "A" in upright.getbands() or "transparency" in upright.info else None
    if clear is None:
        plain.paste(upright.convert("RGB"))
    else:
        plain.paste(clear, mask=clear.getchannel("A"))
    return plain


if __name__ == "__main__":
    sys.exit(main(sys.argv))
