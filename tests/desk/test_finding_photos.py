"""A finding's page shows its photos as soon as they have arrived, to who may see the finding."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from bulou.evidence import actions
from bulou.evidence.terms import Handed
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.scope import transaction, whole
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
