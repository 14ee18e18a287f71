"""Cursors of keyset paging: opaque to the outside, exact inside."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error

from bulou.kernel.problems import Entry, ProblemError

PROBLEMS = {"paging.bad_cursor": Entry(400, "This page link is damaged. Start again from the first page.")}


def encode(*parts: str) -> str:
    """Return a cursor that `decode` turns back into exactly these parts."""
    packed = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(packed).decode().rstrip("=")


def decode(cursor: str, n: int | None = None) -> tuple[str, ...]:
    """Return the parts of a cursor; `n` of them, where that is asked.

    Raises:
        ProblemError: `paging.bad_cursor` when the text was not made by `encode`, or of other parts.
    """
    try:
        parts = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (NotBase64Error, UnicodeError, ValueError, RecursionError):
        raise ProblemError("paging.bad_cursor", status=400) from None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ProblemError("paging.bad_cursor", status=400)
    if n is not None and len(parts) != n:
        raise ProblemError("paging.bad_cursor", status=400)
    return tuple(parts)
