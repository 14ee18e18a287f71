"""The files of the app as one version: what the page loads and the worker keeps, exactly."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bulou.doors.field import catalogue

FOLDER = Path(__file__).parent / "static" / "field"
WORKER = "sw.js"
TYPES = MappingProxyType(
    {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".woff2": "font/woff2",
    }
)
SMALL = 512


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `packed` is empty where packing would not pay."""

    content: bytes
    packed: bytes
    content_type: str


@cache
def assets() -> MappingProxyType[str, Asset]:
    """Return every file of the app by its name below the folder; read once per process."""
    found = sorted(p for p in FOLDER.rglob("*") if p.is_file() and p.suffix in TYPES)
    return MappingProxyType({path.relative_to(FOLDER).as_posix(): _read(path) for path in found})


@cache
def version() -> str:
    """Return the version of the app: it changes with any file and any word, and with nothing else."""
    digest = hashlib.sha256()
    for name, asset in assets().items():
        digest.update(name.encode() + b"\0" + asset.content)
    for language in catalogue.LANGUAGES:
        digest.update(catalogue.words(language))
    return digest.hexdigest()[:12]


def kept() -> list[str]:
    """Return the addresses that the worker keeps for work without a network."""
    base = f"/field/a/{version()}/"
    files = [base + name for name in assets() if name != WORKER]
    return ["/field/", *files, *(f"/field/words/{language}.json" for language in catalogue.LANGUAGES)]


@cache
def texts(language: str) -> Asset:
    """Return the texts of the app in one language as they are sent."""
    return _asset(catalogue.words(language), TYPES[".json"])


def _read(path: Path) -> Asset:
    return _asset(path.read_bytes(), TYPES[path.suffix])


def _asset(content: bytes, content_type: str) -> Asset:
    packed = gzip.compress(content, 9, mtime=0) if len(content) > SMALL else b""
    return Asset(content, packed if len(packed) < len(content) else b"", content_type)
