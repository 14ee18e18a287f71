"""The code of a household pass: 21 bytes and an Ed25519 signature, in what any scanner types.

`BL1` + base32 of: form 1 byte, key 1, serial 6, area 5, valid from and until 2 x 2 (days since 2020),
number 1, rule 1 (exits in the high half, days in the low), check 2 ASCII; then 64 bytes of signature.
139 characters: a QR of 41 x 41 squares with error correction M. Letters and digits only, because
a scanner behaves like a keyboard and a Chinese keyboard layout may change anything else.
"""

import base64
import binascii
import hashlib
import re
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bulou.lines.checkpoints.terms import Claims, Pass, PassState

PREFIX = "BL1"
FORM = 1
BODY = 21
SIGNATURE = 64
DAY_ZERO = date(2020, 1, 1)
_NOT_ASCII = re.compile(r"[^0-9A-Z]")


def encode(claims: Claims, key: Ed25519PrivateKey) -> str:
    """The signed code of a pass."""
    public = key.public_key().public_bytes_raw()
    body = b"".join(
        (
            bytes((FORM, key_id(public))), serial_bytes(claims.serial), claims.area_tag,
            _days(claims.valid_from), _days(claims.valid_until),
            bytes((claims.number, (claims.exits << 4) | claims.days)),
            claims.check.encode("ascii").rjust(2, b"-"),
        )
    )  # fmt: skip
    return PREFIX + base64.b32encode(body + key.sign(body)).decode("ascii").rstrip("=")


def decode(code: str, public: bytes) -> Claims | None:
    """What a code says, or None where it is no code of this server: forged, cut or mistyped."""
    text = code.strip().upper()
    if not text.startswith(PREFIX):
        return None
    words = text[len(PREFIX) :]
    try:
        raw = base64.b32decode(words + "=" * (-len(words) % 8))
    except binascii.Error:
        return None
    if len(raw) != BODY + SIGNATURE or raw[0] != FORM:
        return None
    body = raw[:BODY]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw[BODY:], body)
    except InvalidSignature:
        return None
    return Claims(
        serial=serial_text(body[2:8]), area_tag=body[8:13], valid_from=_date(body[13:15]),
        valid_until=_date(body[15:17]), number=body[17], exits=body[18] >> 4, days=body[18] & 15,
        check=body[19:21].decode("ascii", "replace").lstrip("-"),
    )  # fmt: skip


def key_id(public: bytes) -> int:
    """One byte that tells two keys apart; the signature decides, not this."""
    return hashlib.sha256(public).digest()[0]


def area_tag(path: str) -> bytes:
    """Five bytes of an area: a pass opens the gates of its compound, and does not tell where it is."""
    return hashlib.sha256(f"bulou.pass|{path}".encode()).digest()[:5]


def serial_text(raw: bytes) -> str:
    """Six bytes as ten letters and digits, which a person can type."""
    return base64.b32encode(raw).decode("ascii").rstrip("=")


def serial_bytes(serial: str) -> bytes:
    """The six bytes of a serial."""
    return base64.b32decode(serial + "=" * (-len(serial) % 8))


def check_of(door: str) -> str:
    """The last two letters or digits of a door: what a guard may ask for, of no use to a finder elsewhere."""
    return _NOT_ASCII.sub("", door.upper())[-2:]


def state(one: Pass, on: date) -> PassState:
    """What holds for the pass on a day; computed, never stored."""
    if one.revoked_at is not None:
        return PassState.REVOKED
    if on < one.valid_from:
        return PassState.NOT_YET
    return PassState.EXPIRED if on > one.valid_until else PassState.VALID


def _days(on: date) -> bytes:
    return (on - DAY_ZERO).days.to_bytes(2, "big")


def _date(raw: bytes) -> date:
    return DAY_ZERO + timedelta(days=int.from_bytes(raw, "big"))
