"""Sealed hand-in: envelopes that only the server opens, of phones that cannot sign in (any more)."""

import hmac
import os
import zlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.conf import settings

from bulou.access import queries as access
from bulou.access import rules as access_rules
from bulou.access.terms import Sealer, Verb
from bulou.evidence import actions as evidence
from bulou.evidence.terms import Handed
from bulou.intake import rules
from bulou.intake.actions import submitting
from bulou.intake.terms import Answered, BatchAnswer, Content, MissingNumbers, PhotoHead, Result, Sealed
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError

KEY_FILE = "sealing_key"
PLAIN, PACKED, PHOTO = 1, 2, 3
POINT, IV, SIZE = 65, 12, 4
UNPACKED_LIMIT = 32 * 1024 * 1024
INFO = b"bulou.sealed.1"
_contents = msgspec.json.Decoder(Content)
_photos = msgspec.json.Decoder(PhotoHead)


class _UnreadableError(Exception):
    """An envelope that says nothing: why, in words."""


def sealing_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The server's key for envelopes; made once, readable by the server alone, kept in every backup."""
    place = folder / KEY_FILE
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            made = ec.generate_private_key(ec.SECP256R1())
            file.write(made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    except FileExistsError:
        pass
    key = load_der_private_key(place.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{place} is not a key for envelopes")
    return key


def public_key() -> str:
    """What phones seal to: the uncompressed point, base64url."""
    point = sealing_key(settings.BULOU_DATA).public_key()
    return rules.to_base64(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def hand_in(sealed: Sequence[Sealed], *, sent_at: datetime | None = None) -> BatchAnswer:
    """Guarantees what the envelopes hold is in the ledger as if their phones had sent it.

    The permission is in the envelope: only the phone that was enrolled, unlocked, could write its token into
    it. A record that happened after the phone was revoked is kept as doubtful. Repeatable. `sent_at`: by the
    clock of the phone that hands in now; without it (a file) each envelope tells what it knew of its clock.
    """
    received_at = clock.now()
    key = sealing_key(settings.BULOU_DATA)
    sealers: dict[UUID, Sealer | None] = {}
    results: list[Result] = []
    batches: dict[tuple[UUID, int], list[msgspec.Raw]] = defaultdict(list)
    for envelope in sealed:
        if envelope.device not in sealers:
            sealers[envelope.device] = access.sealer(envelope.device)
        try:
            sealer = _known(sealers[envelope.device])
            form, plain = _opened(key, envelope)
            if form == PHOTO:
                results.append(_photo(sealer, envelope, plain))
                continue
            content = _content(sealer, plain)
        except _UnreadableError as why:
            results.append(_unreadable(envelope, str(why)))
            continue
        offset = content.offset_ms if sent_at is None else rules.offset_ms(sent_at, received_at)
        batches[envelope.device, offset] += content.records
    gaps: list[MissingNumbers] = []
    for (device, offset), records in batches.items():
        found = sealers[device]
        if found is None:
            continue
        for part in rules.parts(records):
            answer = submitting.take(_sender(found, received_at, offset), part)
            results += answer.results
            gaps = [*(g for g in gaps if g.device != device), *answer.gaps]
    return BatchAnswer(results, gaps, clock.now())


def hand_in_file(content: bytes) -> BatchAnswer:
    """Guarantees the same for a file or scanned pages that somebody brought from a phone.

    Raises:
        ProblemError: intake.not_sealed (422), intake.pages_missing (422) with the numbers.
    """
    return hand_in(rules.sealed_in(content))


def _known(sealer: Sealer | None) -> Sealer:
    if sealer is None:
        raise _UnreadableError("no such device")
    return sealer


def _sender(sealer: Sealer, received_at: datetime, offset_ms: int) -> submitting.Sender:
    held = access_rules.held_paths(sealer.actor.grants, Verb.RECORD_SUBMIT, received_at)
    districts = {access_rules.district_of(p) for p in held} | {sealer.district}
    return submitting.Sender(
        sealer.actor, sealer.district, frozenset(districts), received_at, offset_ms, sealer.revoked_at
    )


def _opened(key: ec.EllipticCurvePrivateKey, envelope: Sealed) -> tuple[int, bytes]:
    """The form and the content of an envelope."""
    body = envelope.sealed
    if len(body) < 1 + POINT + IV or body[0] not in {PLAIN, PACKED, PHOTO}:
        raise _UnreadableError("this is no envelope")
    point, iv, sealed = body[1 : 1 + POINT], body[1 + POINT : 1 + POINT + IV], body[1 + POINT + IV :]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = key.exchange(ec.ECDH(), theirs)
        content_key = HKDF(SHA256(), 32, salt=point, info=INFO).derive(shared)
        plain = AESGCM(content_key).decrypt(iv, sealed, rules.about(envelope.device, envelope.id))
    except (InvalidTag, ValueError) as error:
        raise _UnreadableError("it was not sealed to this server, or is damaged") from error
    return body[0], _unpacked(plain) if body[0] == PACKED else plain


def _unpacked(plain: bytes) -> bytes:
    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = decoder.decompress(plain, UNPACKED_LIMIT)
    except zlib.error as error:
        raise _UnreadableError("it cannot be unpacked") from error
    if not decoder.eof:
        raise _UnreadableError("it is cut off or unpacks to too much")
    return content


def _content(sealer: Sealer, plain: bytes) -> Content:
    try:
        content = _contents.decode(plain)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise _UnreadableError(str(error)[:200]) from error
    _require_token(sealer, content.token)
    return content


def _photo(sealer: Sealer, envelope: Sealed, plain: bytes) -> Result:
    length = int.from_bytes(plain[:SIZE], "little")
    try:
        head = _photos.decode(plain[SIZE : SIZE + length])
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise _UnreadableError(str(error)[:200]) from error
    _require_token(sealer, head.token)
    photo = Handed(
        id=envelope.id, record=head.photo.record, area=head.photo.area, content=plain[SIZE + length :]
    )
    try:
        return Result(str(envelope.id), str(evidence.keep(sealer.actor, photo)), [])
    except ProblemError as error:
        return Result(str(envelope.id), Answered.UNREADABLE, [error.problem.code])


def _require_token(sealer: Sealer, token: str) -> None:
    if not hmac.compare_digest(access.token_hash(token), sealer.token_hash):
        raise _UnreadableError("another device wrote it")


def _unreadable(envelope: Sealed, why: str) -> Result:
    return Result(str(envelope.id), Answered.UNREADABLE, [f"intake.unreadable: {why}"])
