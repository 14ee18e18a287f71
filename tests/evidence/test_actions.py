"""A photo is kept once, seen by who may see its record, and destroyed when its time is over."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from bulou.access.terms import Actor
from bulou.evidence import actions, queries
from bulou.evidence.terms import Answered, Attachment, Handed
from bulou.intake import queries as intake
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from tests.make import access, photos
from tests.make.access import COMMUNITY, COMPOUND, DISTRICT, NEXT_COMMUNITY

pytestmark = pytest.mark.django_db
NOWHERE = Scope((), ())


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def found(sun: Actor, *, covert: bool = False, record: UUID | None = None, path: str = COMPOUND) -> UUID:
    """A finding; returns the record's id."""
    made = record or ids.uuid7()
    payload = {"severity": "serious", "text": "The gate stands open.", "covert": covert}
    submit_office(
        sun,
        [
            OfficeRecord(
                kind="supervision.finding", path=path, subject_type="finding", subject=ids.uuid7(),
                outcome="found", payload=payload, id=made,
            )
        ],
    )  # fmt: skip
    return made


def handed(record: UUID, content: bytes | None = None, **more: object) -> Handed:
    """A photo of a record."""
    values = {"id": ids.uuid7(), "record": record, "area": COMPOUND, "content": content or photos.photo()}
    return Handed(**(values | more))  # type: ignore[arg-type]


def seen(scope: Scope, photo: Handed, covert: Scope = NOWHERE) -> Attachment:
    with transaction(scope):
        return intake.attachment(scope, photo.id, covert=covert)


def refused(scope: Scope, photo: Handed, covert: Scope = NOWHERE) -> str:
    with pytest.raises(ProblemError) as error:
        seen(scope, photo, covert)
    return error.value.problem.code


def test_a_photo_counts_once_however_often_it_is_sent_before_or_after_its_record() -> None:
    sun, record = access.sun(), ids.uuid7()
    photo = handed(record, photos.with_position())
    assert actions.keep(sun, photo) is Answered.KEPT
    assert refused(whole(DISTRICT), photo) == "evidence.not_found"  # its record is still under way
    found(sun, record=record)
    assert actions.keep(sun, photo) is Answered.DUPLICATE
    kept = seen(whole(DISTRICT), photo)
    assert kept.record == record
    assert photos.SECRET.encode() not in queries.content(kept)
    with transaction(whole(DISTRICT)):
        (told,) = ledger.records_of(DISTRICT, subjects=[photo.id])
    assert kept.sha256.encode() in told.payload


def test_the_same_number_with_another_photo_is_a_conflict() -> None:
    sun = access.sun()
    photo = handed(found(sun))
    actions.keep(sun, photo)
    for other in (
        handed(photo.record, photos.photo(colour="red"), id=photo.id),
        handed(ids.uuid7(), photo.content, id=photo.id),
    ):
        with pytest.raises(ProblemError, match=r"evidence.other_content"):
            actions.keep(sun, other)


def test_who_may_not_see_the_record_may_not_see_its_photo() -> None:
    sun = access.sun()
    photo = handed(found(sun))
    actions.keep(sun, photo)
    assert seen(Scope((DISTRICT,), (COMMUNITY,)), photo).id == photo.id
    assert refused(Scope((DISTRICT,), (NEXT_COMMUNITY,)), photo) == "evidence.not_found"


def test_the_photo_of_a_secret_visit_is_hidden_until_the_unit_is_told() -> None:
    sun = access.sun()
    photo = handed(found(sun, covert=True))
    actions.keep(sun, photo)
    unit = Scope((DISTRICT,), (COMMUNITY,))
    assert refused(unit, photo) == "evidence.not_found"
    assert seen(unit, photo, covert=whole(DISTRICT)).id == photo.id
    with transaction(whole(DISTRICT)):
        entry = ledger.by_ids(DISTRICT, [photo.record])[photo.record]
    submit_office(
        sun,
        [
            OfficeRecord(
                kind="supervision.told", path=COMPOUND, subject_type="finding", subject=entry.subject,
                outcome="told", payload={"unit": "community 005"},
            )
        ],
    )  # fmt: skip
    assert seen(unit, photo).id == photo.id


def test_an_area_outside_ones_own_files_the_photo_at_home_and_strangers_are_refused() -> None:
    gao = access.crew(path=COMMUNITY)
    photo = handed(ids.uuid7(), area=NEXT_COMMUNITY)
    assert actions.keep(gao, photo) is Answered.KEPT
    with pytest.raises(ProblemError, match="access"):
        actions.keep(access.admin(), handed(ids.uuid7()))


def test_nobody_fills_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    sun = access.sun()
    first = handed(ids.uuid7())
    for photo in (first, handed(ids.uuid7()), first):
        actions.keep(sun, photo)
    with pytest.raises(ProblemError, match=r"evidence.too_many_today"):
        actions.keep(sun, handed(ids.uuid7()))


def test_a_file_of_which_no_row_tells_is_swept_up_after_a_day(tmp_path: Path) -> None:
    sun = access.sun()
    photo = handed(found(sun))
    actions.keep(sun, photo)
    stray = tmp_path / "files" / DISTRICT / "ab" / f"ab{'0' * 62}.jpg"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    actions.discard_due(DISTRICT)
    assert stray.exists()
    with clock.frozen(clock.now() + timedelta(days=2)):
        actions.discard_due(DISTRICT)
    assert not stray.exists()
    assert queries.content(seen(whole(DISTRICT), photo))


def test_when_its_time_is_over_the_photo_is_destroyed_and_the_ledger_says_so(tmp_path: Path) -> None:
    sun = access.sun()
    record = found(sun)
    old = handed(record)
    actions.keep(sun, old)
    now = clock.now()
    with clock.frozen(now + timedelta(days=60)):
        same_pixels = handed(record)
        actions.keep(sun, same_pixels)
    with clock.frozen(now + timedelta(days=91)):
        assert actions.discard_due(DISTRICT) == 1
        assert actions.discard_due(DISTRICT) == 0
    with pytest.raises(ProblemError, match=r"evidence.discarded"):
        queries.content(seen(whole(DISTRICT), old))
    assert queries.content(seen(whole(DISTRICT), same_pixels))  # the same file, still needed
    with clock.frozen(now + timedelta(days=151)):
        assert actions.discard_due(DISTRICT) == 1
    assert list((tmp_path / "files").rglob("*.jpg")) == []
    with transaction(whole(DISTRICT)):
        kinds = [entry.kind for entry in ledger.records_of(DISTRICT, subjects=[old.id])]
    assert kinds == ["evidence.kept", "evidence.discarded"]
