"""Reads request bodies within limits: nothing larger, nothing that unpacks to something larger."""

import zlib

from django.http import HttpRequest

from bulou.kernel.problems import ProblemError

PACKED_LIMIT = 2 * 1024 * 1024
LIMIT = 8 * 1024 * 1024
"""Five hundred records of sixteen kilobytes; a usual full batch is 200-300 kB."""
GZIP = 16 + zlib.MAX_WBITS


def read(request: HttpRequest) -> bytes:
    """The body, unpacked if it came as gzip.

    Raises:
        ProblemError: `api.too_large` 413, `api.unreadable` 400, `api.media_type` 415.
    """
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity", "gzip"}:
        raise ProblemError("api.media_type", status=415)
    limit = PACKED_LIMIT if encoding == "gzip" else LIMIT
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise ProblemError("api.too_large", status=413, limit=limit)
    try:
        body = request.read(limit + 1)
    except OSError as error:
        raise ProblemError("api.unreadable", status=400, why="it was cut off") from error
    if len(body) > limit:
        raise ProblemError("api.too_large", status=413, limit=limit)
    return unpack(body) if encoding == "gzip" else body


def unpack(packed: bytes) -> bytes:
    """One gzip member, never more than the limit, whatever it claims to hold.

    Raises:
        ProblemError: `api.too_large` 413, `api.unreadable` 400.
    """
    decoder = zlib.decompressobj(GZIP)
    try:
        body = decoder.decompress(packed, LIMIT + 1)
    except zlib.error as error:
        raise ProblemError("api.unreadable", status=400, why="it is not gzip") from error
    if len(body) > LIMIT:
        raise ProblemError("api.too_large", status=413, limit=LIMIT)
    if not decoder.eof or decoder.unused_data:
        raise ProblemError("api.unreadable", status=400, why="the gzip stream is cut off or goes on")
    return body
