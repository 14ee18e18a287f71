"""A phone that nobody can unlock any more: its records lie in envelopes that only the server opens."""

import json
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bulou.intake import rules
from bulou.kernel import clock
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Phone
from bulou.rehearsal.transport import Client

INFO = b"bulou.sealed.1"
"""What the key of an envelope is made for; the same words as in the app."""
IN_ONE = 40
"""Records in one envelope."""
AT_ONCE = 100
"""Envelopes in one request."""


class SealedPhone:
    """What is left of a phone that died: its secret, the server's key, and an outbox that it cannot open."""

    def __init__(self, phone: Phone, random: Random) -> None:
        self.phone = phone
        self._random = random
        proof = random.randbytes(24).hex()
        opened = phone.client.post(
            "/devices/share",
            {"device": str(phone.device), "secret": phone.enrolled.secret, "proof": proof},
        )
        self._key = rules.from_base64(opened["sealing_key"])

    def hand_in(self, door: Client) -> int:
        """Everything that was never sent arrives; answers how many records the server took."""
        waiting = list(self.phone.outbox.waiting)
        envelopes = [self._sealed(waiting[at : at + IN_ONE]) for at in range(0, len(waiting), IN_ONE)]
        taken = 0
        for at in range(0, len(envelopes), AT_ONCE):
            answer = door.post(
                "/sealed",
                {
                    "device": str(self.phone.device), "secret": self.phone.enrolled.secret,
                    "sent_at": (clock.now() + self.phone.clock_error).isoformat(),
                    "envelopes": envelopes[at : at + AT_ONCE],
                },
            )  # fmt: skip
            self.phone.outbox.settle(answer["results"])
            taken += len(answer["results"])
        return taken

    def _sealed(self, records: list[dict[str, Any]]) -> dict[str, str]:
        envelope = uuid7(clock.now() - timedelta(hours=1), self._random)
        offset = round(self.phone.clock_error / timedelta(milliseconds=1))
        told = {"token": self.phone.enrolled.token, "offset_ms": offset, "records": records}
        body = json.dumps(told, ensure_ascii=False).encode()
        return {"id": str(envelope), "sealed": rules.to_base64(self._closed(envelope, body))}

    def _closed(self, envelope: UUID, body: bytes) -> bytes:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self._key)
        mine = ec.generate_private_key(ec.SECP256R1())
        point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        key = HKDF(SHA256(), 32, salt=point, info=INFO).derive(mine.exchange(ec.ECDH(), theirs))
        iv = self._random.randbytes(12)
        about = rules.about(self.phone.device, envelope)
        return b"\x01" + point + iv + AESGCM(key).encrypt(iv, body, about)
