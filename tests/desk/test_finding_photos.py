"""A finding's page shows its photos as soon as they have arrived, to who may see the finding."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from bulou.evidence import actions
from bulou.evidence.terms import Handed
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.terms import Stage
from tests.make import access, photos
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district(tmp_path: Path, settings: Settings) -> Any:
    settings.MEDIA_ROOT = tmp_path / "files"
    with transaction(whole(DISTRICT)):
        street()
        yield


def test_a_photo_is_shown_beside_the_step_that_names_it() -> None:
    sun, finding, first, second = access.sun(), ids.uuid7(), ids.uuid7(), ids.uuid7()
    record = OfficeRecord(
        kind="supervision.finding", path=f"{COMMUNITY}.c1", subject_type="finding", subject=finding,
        outcome="found",
        payload={"severity": "serious", "text": "x", "photos": [str(first), str(second)]},
    )  # fmt: skip
    [stored] = submit_office(sun, [record])
    photo = Handed(id=first, record=UUID(stored.id), area=COMMUNITY, content=photos.photo())
    actions.keep(sun, photo)
    window = access.signed_in(access.lin())
    page = window.get(f"/findings/{finding}", headers={"Accept-Language": "en"}).content.decode()
    assert f'src="/attachments/{first}"' in page
    assert str(second) not in page
    assert "Photos that have not arrived yet: 1" in page
    shown = window.get(f"/attachments/{first}")
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (
        200, "image/jpeg", "nosniff",
    )  # fmt: skip
    assert access.signed_in(access.zhao()).get(f"/attachments/{first}").status_code == 404
    with clock.frozen(clock.now() + timedelta(days=91)):
        actions.discard_due(DISTRICT)
    page = window.get(f"/findings/{finding}", headers={"Accept-Language": "en"}).content.decode()
    assert "Photos destroyed when their time was over: 1" in page
    assert window.get(f"/attachments/{first}").status_code == 410


def test_the_unit_shows_its_fix_with_photos_from_the_desk_too() -> None:
    sun, lin, finding = access.sun(), access.lin(), ids.uuid7()
    steps: list[tuple[Any, str, str, dict[str, Any]]] = [
        (sun, "finding", "found", {"severity": "serious", "text": "x"}),
        (sun, "told", "told", {"unit": "Community 5"}),
    ]
    for actor, kind, outcome, payload in steps:
        submit_office(
            actor,
            [
                OfficeRecord(
                    kind=f"supervision.{kind}", path=f"{COMMUNITY}.c1", subject_type="finding",
                    subject=finding, outcome=outcome, payload=payload,
                )
            ],
        )  # fmt: skip
    window = access.signed_in(lin)
    files = [SimpleUploadedFile(f"{n}.jpg", photos.with_position(), "image/jpeg") for n in range(2)]
    fix = {"step": "fixed", "evidence": "The gate is closed.", "photos": files}
    assert window.post(f"/findings/{finding}", fix).status_code == 302
    story = supervision.finding(whole(DISTRICT), finding)
    assert story.finding.stage is Stage.FIXED
    page = window.get(f"/findings/{finding}").content.decode()
    assert len(story.steps[-1].photos) == 2
    for one in story.steps[-1].photos:
        assert f'src="/attachments/{one}"' in page
        assert photos.SECRET.encode() not in window.get(f"/attachments/{one}").content


def test_what_is_no_photo_is_refused_in_words_and_the_step_with_it() -> None:
    sun, finding = access.sun(), ids.uuid7()
    for kind, outcome, payload in (
        ("finding", "found", {"severity": "serious", "text": "x"}),
        ("told", "told", {"unit": "Community 5"}),
    ):
        submit_office(
            sun,
            [
                OfficeRecord(
                    kind=f"supervision.{kind}", path=f"{COMMUNITY}.c1", subject_type="finding",
                    subject=finding, outcome=outcome, payload=payload,
                )
            ],
        )  # fmt: skip
    window = access.signed_in(access.lin())
    bad = {"step": "fixed", "evidence": "x", "photos": [SimpleUploadedFile("a.jpg", b"%PDF-1.7")]}
    answer = window.post(f"/findings/{finding}", bad, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "This is not a JPEG, PNG or WebP photo." in answer.content.decode()
    assert supervision.finding(whole(DISTRICT), finding).finding.stage is Stage.TOLD
