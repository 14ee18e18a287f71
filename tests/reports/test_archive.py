import stat
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.db import transaction as django_transaction
from psycopg.types.range import Range

from bulou.access.terms import Actor, Role
from bulou.grid import models as grid
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger
from bulou.reports.actions import draft_daily, sign_daily, signing_key
from bulou.reports.models import Daily
from bulou.reports.queries import archive
from bulou.reports.terms import Archived, State
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street(compounds=2)
        yield


@pytest.fixture
def officer() -> Actor:
    return someone(Role.STREET_OFFICER, DISTRICT, team="office")


def yesterday() -> date:
    return clock.local_date(clock.now()) - timedelta(days=1)


def signed(officer: Actor, on: date | None = None) -> Archived:
    draft = draft_daily(officer, path=DISTRICT, on=on or yesterday())
    return sign_daily(officer, draft.id, seen=draft.sha256)


def new_compound(since: date) -> None:
    path = f"{COMMUNITY}.c99"
    grid.Area.objects.create(
        district=DISTRICT, area=ids.uuid7(), level="compound", path=path, name=path, short_name=path,
        kind="compound_managed", valid=Range(since, None),
    )  # fmt: skip


def code(of: pytest.ExceptionInfo[ProblemError]) -> str:
    return of.value.problem.code


def test_a_signed_report_has_a_number_and_a_signature_that_holds(officer: Actor) -> None:
    report = signed(officer)
    assert (report.state, report.number, report.signed_role) == (State.SIGNED, 1, "street_officer")
    assert report.signed_by == officer.account_id
    assert archive.holds(report)
    assert archive.holds(archive.archived(SCOPE, report.id))


def test_a_signature_covers_the_content_the_number_and_the_time(officer: Actor) -> None:
    report = signed(officer)
    at = report.signed_at
    assert at is not None
    for other in (
        replace(report, content=report.content.replace(b"grid", b"grip")),
        replace(report, number=2),
        replace(report, signed_at=at + timedelta(seconds=1)),
        replace(report, key="00" * 32),
        replace(report, signature="nonsense"),
    ):
        assert not archive.holds(other)


def test_numbers_count_up_within_an_area_and_a_year(officer: Actor) -> None:
    days = [yesterday() - timedelta(days=n) for n in (2, 1, 0)]
    assert [signed(officer, on).number for on in days] == [1, 2, 3]
    other = draft_daily(officer, path=COMMUNITY, on=yesterday())
    assert sign_daily(officer, other.id, seen=other.sha256).number == 1


def test_the_signing_is_told_in_the_ledger(officer: Actor) -> None:
    report = signed(officer)
    (told,) = ledger.records_of(DISTRICT, subjects=[report.id])
    assert (told.kind, told.author) == ("report.signed", officer.account_id)
    assert report.sha256.encode() in told.payload


def test_a_new_draft_takes_the_place_of_the_old_one(officer: Actor) -> None:
    first = draft_daily(officer, path=DISTRICT, on=yesterday())
    second = draft_daily(officer, path=DISTRICT, on=yesterday())
    assert first.id == second.id
    assert Daily.objects.count() == 1


def test_what_was_not_read_is_not_signed(officer: Actor) -> None:
    draft = draft_daily(officer, path=DISTRICT, on=yesterday())
    new_compound(yesterday() - timedelta(days=5))
    draft_daily(officer, path=DISTRICT, on=yesterday())
    with pytest.raises(ProblemError) as refused:
        sign_daily(officer, draft.id, seen=draft.sha256)
    assert code(refused) == "reports.changed"


def test_a_day_that_is_not_over_is_not_signed(officer: Actor) -> None:
    draft = draft_daily(officer, path=DISTRICT, on=clock.local_date(clock.now()))
    with pytest.raises(ProblemError) as refused:
        sign_daily(officer, draft.id, seen=draft.sha256)
    assert code(refused) == "reports.day_not_over"


def test_a_draft_made_before_midnight_is_not_signed_after_it(officer: Actor) -> None:
    on = yesterday()
    with clock.frozen(clock.day_bounds(on)[0] + timedelta(hours=12)):
        draft = draft_daily(officer, path=DISTRICT, on=on)
    with pytest.raises(ProblemError) as refused:
        sign_daily(officer, draft.id, seen=draft.sha256)
    assert code(refused) == "reports.day_not_over"


def test_a_day_is_signed_once(officer: Actor) -> None:
    report = signed(officer)
    with pytest.raises(ProblemError) as refused:
        sign_daily(officer, report.id, seen=report.sha256)
    assert code(refused) == "reports.already_signed"
    with pytest.raises(ProblemError) as refused:
        draft_daily(officer, path=DISTRICT, on=yesterday())
    assert code(refused) == "reports.already_signed"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reports_daily SET content = '{}'",
        "UPDATE reports_daily SET number = 9",
        "DELETE FROM reports_daily",
    ],
)
def test_the_database_refuses_to_change_a_signed_report(officer: Actor, change: str) -> None:
    report = signed(officer)
    with pytest.raises(DatabaseError), django_transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert archive.archived(SCOPE, report.id) == report


def test_a_draft_may_still_change(officer: Actor) -> None:
    draft_daily(officer, path=DISTRICT, on=yesterday())
    assert Daily.objects.all().delete()[0] == 1


def test_the_archived_report_stays_and_what_differs_now_stands_beside_it(officer: Actor) -> None:
    report = signed(officer)
    new_compound(yesterday() - timedelta(days=5))
    shown = archive.shown(SCOPE, DISTRICT, yesterday())
    assert shown.archived == report
    assert shown.report == report.report
    (difference,) = shown.differences
    assert (difference.key, difference.then, difference.now) == ("grid.compounds", 2, 3)


def test_a_draft_that_can_be_signed_is_shown_as_it_will_be_signed(officer: Actor) -> None:
    draft = draft_daily(officer, path=DISTRICT, on=yesterday())
    new_compound(yesterday() - timedelta(days=5))
    shown = archive.shown(SCOPE, DISTRICT, yesterday())
    assert (shown.archived, shown.report) == (draft, draft.report)
    assert [difference.now for difference in shown.differences] == [3]


def test_a_draft_from_before_the_days_end_is_not_shown(officer: Actor) -> None:
    today = clock.local_date(clock.now())
    draft = draft_daily(officer, path=DISTRICT, on=today)
    new_compound(today)
    shown = archive.shown(SCOPE, DISTRICT, today)
    assert shown.archived == draft
    assert shown.report != draft.report
    assert shown.differences == ()


def test_without_a_stored_report_the_reader_gets_one_made_now() -> None:
    shown = archive.shown(SCOPE, DISTRICT, yesterday())
    assert shown.archived is None
    assert shown.report.path == DISTRICT


def test_only_who_may_sign_signs(officer: Actor) -> None:
    reader = someone(Role.VIEWER, DISTRICT)
    stranger = someone(Role.STREET_OFFICER, f"{DISTRICT}.002")
    draft = draft_daily(officer, path=DISTRICT, on=yesterday())
    for actor, expected in ((reader, "access.not_allowed"), (stranger, "reports.not_found")):
        with pytest.raises(ProblemError) as refused:
            sign_daily(actor, draft.id, seen=draft.sha256)
        assert code(refused) == expected
    with pytest.raises(ProblemError):
        draft_daily(reader, path=DISTRICT, on=yesterday())


def test_reports_of_other_areas_are_not_there(officer: Actor) -> None:
    report = signed(officer)
    elsewhere = Scope((DISTRICT,), (f"{DISTRICT}.002",))
    assert archive.archive(elsewhere) == ((), None)
    assert archive.of_day(elsewhere, DISTRICT, yesterday()) is None
    with pytest.raises(ProblemError) as refused:
        archive.archived(elsewhere, report.id)
    assert refused.value.status == 404


def test_the_archive_is_read_page_by_page_newest_first(officer: Actor) -> None:
    days = [yesterday() - timedelta(days=n) for n in range(3)]
    for on in days:
        signed(officer, on)
    first, cursor = archive.archive(SCOPE, path=DISTRICT, limit=2)
    second, end = archive.archive(SCOPE, path=DISTRICT, cursor=cursor, limit=2)
    assert [one.on for one in (*first, *second)] == days
    assert end is None


def test_the_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    first = signing_key(tmp_path).public_key().public_bytes_raw()
    assert signing_key(tmp_path).public_key().public_bytes_raw() == first
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Path(settings.BULOU_DATA) != tmp_path
