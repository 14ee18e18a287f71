"""Bodies are read within limits, whatever they claim to be."""

import gzip
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from bulou.doors.api import bodies
from bulou.kernel.problems import ProblemError


def refused(packed: bytes) -> str:
    with pytest.raises(ProblemError) as caught:
        bodies.unpack(packed)
    return caught.value.problem.code


def test_a_gzip_body_is_unpacked() -> None:
    assert bodies.unpack(gzip.compress(b'{"records": []}')) == b'{"records": []}'


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    bomb = gzip.compress(bytes(200 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < 1024 * 1024
    assert refused(bomb) == "api.too_large"


def test_a_stream_that_is_cut_off_is_refused() -> None:
    assert refused(gzip.compress(b"x" * 1000)[:-9]) == "api.unreadable"


def test_what_follows_the_stream_is_refused() -> None:
    assert refused(gzip.compress(b"{}") + b"tail") == "api.unreadable"


def test_zlib_without_the_gzip_frame_is_refused() -> None:
    assert refused(zlib.compress(b"{}")) == "api.unreadable"


@given(st.binary(max_size=300))
def test_no_bytes_end_in_anything_but_a_body_or_a_problem(packed: bytes) -> None:
    with suppress(ProblemError):
        assert len(bodies.unpack(packed)) <= bodies.LIMIT


def test_a_body_that_is_too_long_is_refused_before_it_is_read() -> None:
    request = RequestFactory().post("/", data=b"", content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(bodies.LIMIT + 1)
    with pytest.raises(ProblemError) as caught:
        bodies.read(request)
    assert caught.value.status == 413


def test_a_body_that_hides_its_length_is_cut_at_the_limit() -> None:
    request = RequestFactory().post("/", data=b"", content_type="application/json")
    request.META["CONTENT_LENGTH"] = ""
    request._stream = BytesIO(bytes(bodies.LIMIT + 5))
    with pytest.raises(ProblemError) as caught:
        bodies.read(request)
    assert caught.value.status == 413


def test_another_encoding_is_refused_by_name() -> None:
    request = RequestFactory().post(
        "/", data=b"{}", content_type="application/json", HTTP_CONTENT_ENCODING="br"
    )
    with pytest.raises(ProblemError) as caught:
        bodies.read(request)
    assert caught.value.problem.code == "api.media_type"
