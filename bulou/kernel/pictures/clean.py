"""Takes a photo that may be hostile and gives one that is only a photo."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from bulou.kernel.pictures.limits import Limits, PictureError, Refusal

USUAL: Final = Limits()
MEDIA_TYPE: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG that this program has written itself, pixel by pixel."""

    content: bytes
    sha256: str
    width: int
    height: int


def clean(content: bytes, limits: Limits = USUAL) -> Picture:
    """The photo as JPEG, upright, at most 1,600 pixels long, without anything but its pixels.

    Decoders run in a process of their own. Measured 2026-11-22 on one of two cores: 0.15 s for a photo that a
    phone has made smaller (1,600 x 1,200), 0.5 s for one of 12 megapixels.

    Raises:
        PictureError: the file is refused, see `limits.Refusal`.
    """
    if not content:
        raise PictureError(Refusal.EMPTY)
    if len(content) > limits.file_bytes:
        raise PictureError(Refusal.TOO_LARGE)
    command = [sys.executable, "-I", "-m", "bulou.kernel.pictures.recode", json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603  our own program, no shell
            command,
            input=content,
            capture_output=True,
            env={"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
            cwd="/",
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PictureError(Refusal.TOO_COMPLEX) from error
    try:
        said = json.loads(done.stderr)
        if done.returncode != 0:
            raise PictureError(Refusal(said["why"]))
        return Picture(done.stdout, sha256(done.stdout).hexdigest(), int(said["width"]), int(said["height"]))
    except (ValueError, KeyError, TypeError) as error:
        # Killed by a limit, or ended by the allocator: no last words.
        raise PictureError(Refusal.TOO_COMPLEX) from error
