"""Loading versions into the database, and reading them back."""

import json
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

from bulou.kernel import ids, scope
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.ledger import queries as ledger
from bulou.protocols import queries
from bulou.protocols.actions import load_file, load_library
from bulou.protocols.models import Version
from bulou.protocols.terms import Shape
from tests.make import protocols as make

pytestmark = pytest.mark.django_db
DISTRICT = "220303"


@dataclass(frozen=True)
class Officer:
    account_id: UUID
    team: str = "office"


NAME = "screening/household-screening-round.v1.yaml"
TEXT = (files("bulou.protocols") / "library" / NAME).read_text(encoding="utf-8")


def test_the_library_is_loaded_once_and_loading_again_changes_nothing() -> None:
    first = load_library(None)
    again = load_library(None)
    assert len(first.stored) == len(queries.documents())
    assert first.unchanged == ()
    assert again.stored == ()
    assert again.unchanged == first.stored
    assert Version.objects.count() == len(first.stored)


def test_a_load_costs_few_queries_however_many_files() -> None:
    with CaptureQueriesContext(connection) as counted:
        load_library(None)
    assert len(counted) <= 4  # savepoint, insert, select, release


def test_the_same_version_with_other_content_is_refused_and_nothing_is_kept() -> None:
    make.loaded()
    other = TEXT.replace("due: {value: P3D", "due: {value: P5D")
    assert other != TEXT
    with pytest.raises(ProblemError) as refused:
        load_file(None, name=NAME, text=other)
    assert refused.value.problem.code == "protocols.changed"
    assert refused.value.problem.params["reference"] == make.SCREENING
    assert refused.value.status == 409
    assert queries.compiled(make.SCREENING).due.days == 3


def test_the_same_content_written_otherwise_is_the_same_version() -> None:
    make.loaded()
    loaded = load_file(None, name=NAME, text=TEXT.replace("\n\n", "\n# a remark\n"))
    assert loaded.unchanged == (make.SCREENING,)


def test_a_new_version_stands_beside_the_old_one() -> None:
    make.loaded()
    text = TEXT.replace("version: 1\n", "version: 2\n").replace("due: {value: P3D", "due: {value: P5D")
    loaded = load_file(None, name="my own file.yaml", text=text)
    assert loaded.stored == ("household-screening-round@2",)
    assert queries.latest("household-screening-round").due.days == 5
    assert queries.latest("household-screening-round").line == "screening"
    assert queries.compiled(make.SCREENING).due.days == 3
    queries.compiled.cache_clear()  # version 2 is rolled back with this test


def test_what_an_officer_loads_is_told_in_the_ledger_once() -> None:
    officer = Officer(ids.uuid7())
    with scope.transaction(whole(DISTRICT)):
        load_library(officer, path=DISTRICT)
        told = ledger.count(DISTRICT)
        load_library(officer, path=DISTRICT)
        assert told == len(queries.documents())
        assert ledger.count(DISTRICT) == told


def test_a_broken_file_is_refused_with_its_name_and_the_reason() -> None:
    with pytest.raises(ProblemError) as refused:
        load_file(None, name="screening/x.v1.yaml", text=TEXT.replace("P-80", "P-81", 1))
    assert refused.value.problem.code == "protocols.invalid"
    assert refused.value.problem.params["file"] == "screening/x.v1.yaml"
    assert "P-81" in str(refused.value.problem.params["reason"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE protocols_version SET body = '{}'",
        "UPDATE protocols_version SET sha256 = ''",
        "DELETE FROM protocols_version",
    ],
)
def test_the_database_refuses_to_change_a_version(statement: str) -> None:
    make.loaded()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        _run(cursor, statement)
    assert Version.objects.count() == len(queries.documents())


def _run(cursor: CursorWrapper, statement: str) -> None:
    cursor.execute(statement)


def test_a_compiled_version_is_read_once_per_process() -> None:
    make.loaded()
    queries.compiled.cache_clear()
    with CaptureQueriesContext(connection) as counted:
        first = queries.compiled(make.SCREENING)
        again = queries.compiled(make.SCREENING)
    assert first is again
    assert len(counted) == 1
    assert first.line == "screening"
    assert first.kind is Shape.ROUND
    assert first.reference == make.SCREENING


@pytest.mark.parametrize(
    ("reference", "code", "status"),
    [
        ("household-screening-round@99", "protocols.unknown", 404),
        ("nothing@1", "protocols.unknown", 404),
        ("household-screening-round", "protocols.bad_reference", 400),
        ("household-screening-round@0", "protocols.bad_reference", 400),
        ("x@1; DROP TABLE", "protocols.bad_reference", 400),
        ("", "protocols.bad_reference", 400),
    ],
)
def test_a_version_that_is_not_there_is_a_problem(reference: str, code: str, status: int) -> None:
    make.loaded()
    with pytest.raises(ProblemError) as refused:
        queries.compiled(reference)
    assert (refused.value.problem.code, refused.value.status) == (code, status)


def test_all_latest_gives_one_version_of_each_protocol() -> None:
    make.loaded()
    slugs = [one.slug for one in queries.all_latest()]
    assert slugs == sorted({document.slug for _, document in queries.documents()})


def test_there_is_no_latest_of_nothing() -> None:
    with pytest.raises(ProblemError) as refused:
        queries.latest("nothing")
    assert refused.value.problem.code == "protocols.unknown"


def test_a_phone_gets_the_form_as_json() -> None:
    make.loaded()
    body = json.loads(queries.for_phone(make.SCREENING))
    assert body["reference"] == make.SCREENING
    assert body["record"] == "screening.visit"
    assert body["form"][0]["key"] == "met"
    assert body["form"][1]["high"] == 99
    assert body["revisit_after"] == "P1D"
    assert make.plain_form(body).problems(make.payload(), "done") == ()


def test_every_example_of_the_library_is_without_problems_after_storing() -> None:
    make.loaded()
    for compiled in queries.all_latest():
        for outcome in compiled.outcomes:
            body = make.payload(compiled.reference, outcome)
            assert compiled.form.problems(body, outcome) == (), (compiled.reference, outcome)
