"""The words of evidence: photos that belong to records (凭证、照片)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from bulou.kernel.pictures.limits import Refusal
from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """What evidence tells the ledger (照片记录); the payload holds ids and hashes, never a photo."""

    KEPT = "evidence.kept"
    DISCARDED = "evidence.discarded"


class Answered(StrEnum):
    """What the sender of a photo is told (照片回执)."""

    KEPT = "kept"
    DUPLICATE = "duplicate"


MOST_A_DAY = 400
"""Photos of one account in one day: more than anybody takes, and a stolen phone fills no disk."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A photo as it is handed in; the id is made by the device, `record` may arrive later (照片)."""

    id: UUID
    record: UUID
    area: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo as it is kept (附件). `sha256` is that of the file, `sent_sha256` of what was handed in."""

    id: UUID
    district: str
    path: str
    record: UUID
    sha256: str
    sent_sha256: str
    n_bytes: int
    width: int
    height: int
    author: UUID
    device: UUID | None
    received_at: datetime
    keep_until: datetime
    discarded_at: datetime | None = None


PROBLEMS = {
    "evidence.not_found": ProblemText(404, "There is no such photo, or it is not yours to see."),
    "evidence.discarded": ProblemText(410, "The time for which this photo is kept is over."),
    "evidence.other_content": ProblemText(409, "Another photo has arrived under this number already."),
    "evidence.too_many_today": ProblemText(429, "At most %(limit)s photos a day are taken from one person."),
    "evidence.empty": ProblemText(422, "The photo is empty."),
    "evidence.too_large": ProblemText(413, "The photo is larger than %(limit)s bytes."),
    "evidence.not_a_picture": ProblemText(415, "This is not a JPEG, PNG or WebP photo."),
    "evidence.too_many_pixels": ProblemText(422, "The photo has too many pixels."),
    "evidence.damaged": ProblemText(422, "The photo is damaged and cannot be read."),
    "evidence.too_complex": ProblemText(422, "Reading the photo took more memory or time than allowed."),
}

REFUSALS: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.EMPTY: "evidence.empty",
        Refusal.TOO_LARGE: "evidence.too_large",
        Refusal.NOT_A_PICTURE: "evidence.not_a_picture",
        Refusal.TOO_MANY_PIXELS: "evidence.too_many_pixels",
        Refusal.DAMAGED: "evidence.damaged",
        Refusal.TOO_COMPLEX: "evidence.too_complex",
    }
)
