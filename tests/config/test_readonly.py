"""When the disk is nearly full, everything can be read and nothing is taken in."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from bulou.access.terms import Role
from bulou.doors.cli.findings import Verdict, local_findings
from bulou.kernel import disk
from bulou.kernel.scope import transaction, whole
from tests.make import access as make
from tests.make import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(settings: Settings) -> None:
    """Limits that every disk has passed."""
    settings.BULOU_READ_ONLY_PERCENT, settings.BULOU_READ_ONLY_FREE_GB = 0, 10**9


def send(phone: make.Phone, door: int) -> HttpResponse:
    with transaction(whole(rounds.DISTRICT)):
        doors = rounds.street().all_doors
        operation = rounds.screening(path=rounds.COMMUNITY)
    body = rounds.batch([rounds.visit(operation, doors[door])])
    answer = Client(headers=make.bearer(phone.token)).post(
        "/api/v1/records", body, content_type="application/json"
    )
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.usefixtures("full")
def test_a_phone_is_told_to_keep_its_records_and_when_to_try_again() -> None:
    phone = make.phone(make.person("feng", Role.WORKER, rounds.COMMUNITY))
    answer = send(phone, 0)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert b"disk.full" in answer.content


def test_with_room_the_same_batch_is_taken() -> None:
    phone = make.phone(make.person("feng", Role.WORKER, rounds.COMMUNITY))
    assert send(phone, 0).status_code == 200


@pytest.mark.usefixtures("full")
def test_an_officer_sees_every_page_and_can_send_none() -> None:
    browser = make.signed_in(make.he())
    assert browser.get("/rounds").status_code == 200
    refused = browser.post("/rounds/open", {})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert "disk.full" in refused.content.decode()


@pytest.mark.usefixtures("full")
def test_one_can_still_sign_in_to_look_and_sign_out() -> None:
    wrong = Client().post("/sign-in", {"name": "nobody", "password": "wrong"})
    assert wrong.status_code == 422
    assert make.signed_in(make.he()).post("/sign-out").status_code == 302


@pytest.mark.usefixtures("full")
def test_the_doctor_says_that_nothing_is_taken_in() -> None:
    (finding,) = [f for f in local_findings() if f.name == "disk"]
    assert finding.verdict is Verdict.FIX
    assert finding.advice


def test_much_free_room_is_room_however_large_the_disk() -> None:
    limits = {"percent": 92, "free_gb": 10}
    assert not disk.Usage(97, 300 * disk.GIGABYTE).is_full(**limits)
    assert disk.Usage(97, 3 * disk.GIGABYTE).is_full(**limits)
    assert not disk.Usage(60, 3 * disk.GIGABYTE).is_full(**limits)
    assert disk.Usage(100, 0).is_full(percent=101, free_gb=0)


def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_of_its_parent(tmp_path: Path) -> None:
    assert disk.usage(tmp_path / "not" / "yet").free > 0
