"""The keys of the vault: files beside the database, so that neither alone can be read; and what they seal."""

import hmac
import os
import re
import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.people.terms import Keep

FOLDER: Final = "identity_keys"
JOURNAL: Final = "identity_purged"
SIZE: Final = 32
NONCE: Final = 12
TOKEN: Final = 16
_MONTH: Final = re.compile(r"[a-z_]+-\d{4}-\d{2}")


class Keys:
    """The keys that one act needs, each file read once."""

    def __init__(self) -> None:
        self._read: dict[str, bytes] = {}

    def new_wrap(self, keep: Keep, identity: UUID, at: datetime) -> tuple[str, bytes, bytes]:
        """Return the month, a fresh data key, and the wrap in which alone it is stored."""
        month = f"{clock.local_date(at):%Y-%m}"
        key = secrets.token_bytes(SIZE)
        return month, key, _shut(self._key(f"{keep.value}-{month}", make=True), key, identity.bytes)

    def opened(self, keep: str, month: str, identity: UUID, wrapped: bytes | memoryview) -> bytes:
        """Return the data key of an identity.

        Raises:
            ProblemError: people.keys_missing (503): the key of class and month is not there, or another.
        """
        return _open(self._key(f"{keep}-{month}", make=False), bytes(wrapped), identity.bytes)

    def token(self, district: str, what: str, text: str) -> bytes:
        """Return the keyed hash under which a word can be found in one district and nowhere else."""
        key = self._key(f"index-{district}", make=True)
        return hmac.digest(key, f"{what}:{text}".encode(), "sha256")[:TOKEN]

    def digest(self, district: str, content: bytes) -> bytes:
        """Return the keyed hash by which the same content is known again without opening it."""
        return hmac.digest(self._key(f"index-{district}", make=True), b"content:" + content, "sha256")

    def _key(self, name: str, *, make: bool) -> bytes:
        if name not in self._read:
            self._read[name] = _file(name, make=make)
        return self._read[name]


def seal(key: bytes, text: str, identity: UUID, field: str) -> str:
    """Return a text under a data key, bound to its identity and field."""
    return b64encode(_shut(key, text.encode(), identity.bytes + field.encode())).decode("ascii")


def unseal(key: bytes, sealed: str, identity: UUID, field: str) -> str:
    """Return the text again.

    Raises:
        ProblemError: people.keys_missing (503): another key, or a field that was moved.
    """
    return _open(key, b64decode(sealed), identity.bytes + field.encode()).decode()


def months() -> tuple[str, ...]:
    """Return the names of the class-month keys that are there, `returnee_card-2026-11`, sorted."""
    place = _folder()
    return tuple(sorted(p.stem for p in place.glob("*.key") if _MONTH.fullmatch(p.stem)))


def destroy(name: str) -> None:
    """Make everything that a class-month key wrapped unreadable for ever. The file is overwritten first."""
    place = _folder() / f"{name}.key"
    with place.open("r+b") as file:
        file.write(secrets.token_bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    place.unlink()


def note_purged(identities: list[UUID]) -> None:
    """Write into the journal beside the database what is destroyed, as hashes: a restore repeats it."""
    with (_folder().parent / JOURNAL).open("a", encoding="ascii") as file:
        file.writelines(f"{purged_mark(identity)}\n" for identity in identities)
        file.flush()
        os.fsync(file.fileno())


def purged() -> frozenset[str]:
    """Return the marks of everything that was ever destroyed here."""
    try:
        return frozenset((_folder().parent / JOURNAL).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def purged_mark(identity: UUID) -> str:
    """Return what the journal calls an identity."""
    return sha256(b"purged:" + identity.bytes).hexdigest()


def _folder() -> Path:
    place: Path = settings.BULOU_DATA / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def _file(name: str, *, make: bool) -> bytes:
    place = _folder() / f"{name}.key"
    try:
        return place.read_bytes()
    except FileNotFoundError:
        if not make:
            raise ProblemError("people.keys_missing", status=503) from None
    # Whole or not at all: a second process either finds the finished file or makes none.
    half = place.with_name(f".{name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(half, place)
    except FileExistsError:
        pass
    finally:
        half.unlink()
    return place.read_bytes()


def _shut(key: bytes, content: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about)


def _open(key: bytes, sealed: bytes, about: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about)
    except InvalidTag:
        raise ProblemError("people.keys_missing", status=503) from None
