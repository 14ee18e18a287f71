"""Envelopes as a phone seals them, for tests without a browser."""

import gzip
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bulou.intake import rules
from bulou.intake.actions.handing_in import PACKED, PHOTO, PLAIN, public_key
from bulou.intake.terms import Sealed


def sealed(
    device: UUID, envelope: UUID, content: bytes, *, form: int = PLAIN, to: bytes | None = None
) -> Sealed:
    """One envelope."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), to or rules.from_base64(public_key())
    )
    mine = ec.generate_private_key(ec.SECP256R1())
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = HKDF(SHA256(), 32, salt=point, info=b"bulou.sealed.1").derive(mine.exchange(ec.ECDH(), theirs))
    iv = os.urandom(12)
    inside = gzip.compress(content) if form == PACKED else content
    body = AESGCM(key).encrypt(iv, inside, rules.about(device, envelope))
    return Sealed(device, envelope, bytes([form]) + point + iv + body)


def records(
    device: UUID,
    token: str,
    *given: Mapping[str, Any],
    envelope: UUID | None = None,
    offset_ms: int = 0,
    form: int = PLAIN,
) -> Sealed:
    """An envelope of records; its id is the record's unless named."""
    content = json.dumps({"token": token, "offset_ms": offset_ms, "records": list(given)}).encode()
    return sealed(device, envelope or UUID(str(given[0]["id"])), content, form=form)


def photo(device: UUID, token: str, envelope: UUID, record: UUID, area: str, content: bytes) -> Sealed:
    """An envelope of a photo."""
    head = json.dumps({"token": token, "photo": {"record": str(record), "area": area}}).encode()
    return sealed(device, envelope, len(head).to_bytes(4, "little") + head + content, form=PHOTO)


def file_of(*envelopes: Sealed) -> bytes:
    """The file that a phone exports."""
    listed = [
        {"device": str(e.device), "id": str(e.id), "sealed": rules.to_base64(e.sealed)} for e in envelopes
    ]
    return json.dumps({"bulou": "sealed-outbox", "version": 1, "envelopes": listed}).encode()


def pages_of(envelope: Sealed, size: int = 300) -> list[str]:
    """The texts of the QR pages of one pack."""
    whole = f"{envelope.device}/{rules.to_base64(envelope.sealed)}"
    parts: Sequence[str] = [whole[at : at + size] for at in range(0, len(whole), size)]
    return [f"BULOU1/{envelope.id}/{n}/{len(parts)}/{part}" for n, part in enumerate(parts, 1)]
