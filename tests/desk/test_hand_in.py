"""A phone's sealed file at the desk, and tokens that were refused: both can be seen."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulou.access.actions.devices import revoke_device
from bulou.access.actions.refusals import note_refusal, tell_refusals
from bulou.access.queries import refusals, token_hash
from bulou.access.terms import Role
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from tests.make import access as make
from tests.make import sealing
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db


def signed_in(role: Role, path: str) -> Client:
    with transaction(whole(DISTRICT)):
        street()
        return make.signed_in(make.person("wei", role, path))


def test_a_file_is_handed_in_with_a_receipt_that_counts_every_envelope() -> None:
    lin = signed_in(Role.COMMUNITY_OFFICER, COMMUNITY)
    stranger = sealing.records(ids.uuid7(), "no token", {"id": str(ids.uuid7())})
    sent = SimpleUploadedFile("outbox.json", sealing.file_of(stranger, stranger))
    page = lin.post("/devices/hand-in", {"file": sent}, HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200
    text = page.content.decode()
    assert "2 records were handed in." in text
    assert "no such device" in text


def test_something_else_or_nothing_is_refused_in_words() -> None:
    lin = signed_in(Role.COMMUNITY_OFFICER, COMMUNITY)
    for sent in ({}, {"pages": "a shopping list"}):
        answer = lin.post("/devices/hand-in", sent, HTTP_ACCEPT_LANGUAGE="en")
        assert answer.status_code == 422


def counted(at: datetime) -> tuple[int, int]:
    """How many were refused in the hour of a moment: those nobody has, those of revoked phones."""
    begins_at = at.replace(minute=0)
    hours = {hour.begins_at: hour for hour in refusals.by_hour(begins_at - timedelta(seconds=1))}
    found = hours.get(begins_at)
    return (found.unknown, found.revoked) if found else (0, 0)


def test_forged_tokens_are_counted_by_the_hour_and_shown_without_the_token() -> None:
    noon = clock.now().replace(minute=10, second=0, microsecond=0)
    with clock.frozen(noon - timedelta(hours=40)):
        tell_refusals()  # what other requests of this process left
        with transaction(whole(DISTRICT)):
            street()
            phone = make.phone(make.lin())
            revoke_device(make.admin(), device_id=phone.device_id, reason="lost")
    before = counted(noon)
    with clock.frozen(noon):
        client = Client()
        for token in ("forged", "x" * 300, "forged"):
            answer = client.get("/api/v1/worklist", HTTP_AUTHORIZATION=f"Bearer {token}")
            assert answer.status_code == 401
        note_refusal(token_hash(phone.token))
    with clock.frozen(noon + timedelta(seconds=6)):
        tell_refusals()
        assert counted(noon) == (before[0] + 3, before[1] + 1)
        page = make.signed_in(make.person("wei", Role.SYSTEM_ADMIN, DISTRICT)).get(
            "/devices", HTTP_ACCEPT_LANGUAGE="en"
        )
        assert "Refused tokens of the last 24 hours" in page.content.decode()
        assert "forged" not in page.content.decode()
        officer = make.signed_in(make.person("luo", Role.COMMUNITY_OFFICER, COMMUNITY))
        assert "Refused tokens" not in officer.get("/devices", HTTP_ACCEPT_LANGUAGE="en").content.decode()
