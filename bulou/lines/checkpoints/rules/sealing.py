"""Details of a passage under the key of a day: sealed on the phone, opened here, gone with the key.

P-256 ECDH with a key pair made for the one message, HKDF-SHA256, AES-256-GCM: what WebCrypto has everywhere.
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from dataclasses import asdict
from datetime import date
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bulou.lines.checkpoints.terms import Details

POINT = 65
NONCE = 12
_decoder = msgspec.json.Decoder(dict[str, str])


def public_bytes(private: bytes) -> bytes:
    """The point that phones seal to: 65 bytes, not compressed."""
    return _point(_private(private).public_key())


def new_private() -> bytes:
    """A private key of a day: 32 bytes."""
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big")


def seal(details: Details, *, public: bytes, on: date, passage: UUID) -> str:
    """What a phone does; here for the simulated phones and the tests."""
    own = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    key = _derive(own.exchange(ec.ECDH(), theirs), on)
    nonce = os.urandom(NONCE)
    told = {name: value for name, value in asdict(details).items() if value}
    sealed = AESGCM(key).encrypt(nonce, msgspec.json.encode(told), str(passage).encode())
    return base64.urlsafe_b64encode(_point(own.public_key()) + nonce + sealed).decode().rstrip("=")


def unseal(text: str, *, private: bytes, on: date, passage: UUID) -> Details | None:
    """The details, or None where they were sealed for something else or are damaged."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw[:POINT])
        key = _derive(_private(private).exchange(ec.ECDH(), theirs), on)
        plain = AESGCM(key).decrypt(raw[POINT : POINT + NONCE], raw[POINT + NONCE :], str(passage).encode())
        told = _decoder.decode(plain)
    except (ValueError, InvalidTag, binascii.Error, msgspec.DecodeError, msgspec.ValidationError):
        return None
    names = Details.__dataclass_fields__
    return Details(**{name: value[:200] for name, value in told.items() if name in names})


def plate_tag(tag_key: bytes, post: UUID, plate: str) -> str:
    """Tells a repeated plate at the same post on the same day, and nothing without the key."""
    return _tag(tag_key, f"plate|{post}|{normal_plate(plate)}")


def pass_tag(tag_key: bytes, serial: str) -> str:
    """Tells a repeated pass on the same day, and nothing without the key."""
    return _tag(tag_key, f"pass|{serial}")


def normal_plate(plate: str) -> str:
    """One spelling of a plate: full width folded, capitals, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", plate).upper() if c.isalnum())


def _tag(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def _derive(shared: bytes, on: date) -> bytes:
    info = f"bulou.passage|{on.isoformat()}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=b"", info=info).derive(shared)


def _private(raw: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
