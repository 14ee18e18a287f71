"""Photos over HTTP: in any order with records, twice without harm, out to who may see the record."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from pytest_django import Settings

from bulou.kernel import clock, ids
from tests.make import access, photos
from tests.make.api import Caller, Served

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def sun(town: Served) -> Caller:
    """Supervision with a phone."""
    phone = access.phone(access.sun(), name="phone of sun")
    return Caller(town.base_url, phone.token, phone.device_id)


def hand_in(caller: Caller, photo: UUID, record: UUID, content: bytes, area: str = "") -> httpx.Response:
    """Send a photo."""
    return caller.send(
        f"/attachments/{photo}?record={record}&area={area or access.COMPOUND}",
        content,
        Content_Type="image/jpeg",
    )


def finding(record: UUID, photo: UUID) -> Mapping[str, Any]:
    """A finding with a photo."""
    return {
        "id": str(record), "kind": "supervision.finding",
        "subject": {"type": "finding", "id": str(ids.uuid7())},
        "outcome": "found", "area": access.COMPOUND, "observed_at": clock.now().isoformat(),
        "payload": {"severity": "serious", "text": "The gate stands open.", "photos": [str(photo)]},
    }  # fmt: skip


def test_a_photo_comes_before_its_record_and_is_seen_by_who_may_see_that(town: Served, sun: Caller) -> None:
    photo, record, content = ids.uuid7(), ids.uuid7(), photos.with_position()
    first = hand_in(sun, photo, record, content)
    assert first.status_code == 200, first.text
    assert first.json() | {"server_time": ""} == {
        "id": str(photo), "record": str(record), "standing": "kept", "server_time": "",
    }  # fmt: skip
    assert town.lin.get(f"/attachments/{photo}").status_code == 404
    assert sun.records([finding(record, photo)]).json()["results"][0]["standing"] == "kept"
    assert hand_in(sun, photo, record, content).json()["standing"] == "duplicate"
    shown = town.lin.get(f"/attachments/{photo}")
    assert shown.status_code == 200
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert photos.SECRET.encode() not in shown.content
    assert town.zhao.get(f"/attachments/{photo}").status_code == 404
    assert town.qian.get(f"/attachments/{photo}").status_code == 404
    assert town.nobody.get(f"/attachments/{photo}").status_code == 401


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "evidence.empty"),
        (b"%PDF-1.7", 415, "evidence.not_a_picture"),
        (photos.flood(), 422, "evidence.too_many_pixels"),
        (b"\xff\xd8" + bytes(5 * 1024 * 1024), 413, "evidence.too_large"),
    ],
    ids=["empty", "pdf", "flood", "too large"],
)
def test_what_is_no_photo_is_turned_away_by_name(sun: Caller, content: bytes, status: int, code: str) -> None:
    answer = hand_in(sun, ids.uuid7(), ids.uuid7(), content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_who_may_submit_nothing_may_hand_in_no_photo(town: Served) -> None:
    assert hand_in(town.he, ids.uuid7(), ids.uuid7(), photos.photo()).status_code == 404
    assert hand_in(town.nobody, ids.uuid7(), ids.uuid7(), photos.photo()).status_code == 401
    assert hand_in(town.qian, ids.uuid7(), ids.uuid7(), photos.photo(), "x y").status_code == 400
