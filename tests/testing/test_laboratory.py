"""Results by file, and what they lead to: every row accounted for, everybody in a positive tube found."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.cases import queries as cases
from bulou.coverage.terms import Operation
from bulou.intake.actions.laboratory import Options, Receipt, take_results
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.models import Tube
from bulou.lines.testing.queries import tubes
from bulou.lines.testing.rules import lab
from bulou.lines.testing.rules.payloads import tube_id
from bulou.lines.testing.terms import Result
from bulou.people.models import Identity
from bulou.people.terms import Keep, Purpose, Trigger, Why
from tests.make import people as vault
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, standings, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)
FILES = Path(__file__).parent / "files"
C1 = f"{COMMUNITY}.c1"


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street()
        yield


@pytest.fixture
def people() -> list[UUID]:
    return make.residents(12)


@pytest.fixture
def operation(people: list[UUID]) -> Operation:
    assert people
    return make.round_of_tests()


@pytest.fixture
def station() -> Actor:
    return someone(Role.WORKER, DISTRICT, device=True)


@pytest.fixture
def clerk() -> Actor:
    return someone(Role.DATA_CLERK, DISTRICT)


def take(clerk: Actor, content: str | Path, **how: Any) -> Receipt:
    body = content if isinstance(content, Path) else content.encode("utf-8-sig")
    return take_results(clerk, path=DISTRICT, content=body, file_name="results.csv", options=Options(**how))


def sums(receipt: Receipt) -> tuple[int, int, int, int]:
    return receipt.rows, receipt.stored, receipt.unchanged, receipt.quarantined


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("阴性", Result.NEGATIVE),
        ("Not Detected", Result.NEGATIVE),
        ("260373001", Result.POSITIVE),
        ("阳性（+）", Result.POSITIVE),
        ("灰区", Result.GREY),
        ("Invalid Result", Result.LOST),
        ("maybe", None),
    ],
)
def test_the_words_of_laboratories_are_understood(word: str, result: Result | None) -> None:
    assert lab.meaning(word) is result


def test_every_row_of_a_file_is_stored_unchanged_or_set_aside(
    clerk: Actor, station: Actor, operation: Operation, people: list[UUID], tmp_path: Path
) -> None:
    send(station, *make.all_in(operation, people[:3], "T1"), *make.all_in(operation, people[3:6], "T2"))
    text = "实验室结果表\n条码,检测结果,备注\nT1,阴性,\nt2,阳性,\nT3,阴性,\n"
    text += "T1,阴性,\nT1,阳性,\n,阴性,\nT2,也许,\n"
    aside = tmp_path / "aside.csv"
    first = take(clerk, text, quarantine_to=aside)
    assert sums(first) == (7, 2, 1, 4)
    assert [code for _row, code in sorted(first.problems)] == [
        "testing.unknown_tube", "testing.two_results", "testing.no_tube", "testing.unknown_result",
    ]  # fmt: skip
    assert len(aside.read_text(encoding="utf-8-sig").splitlines()) == 5
    assert dict(Tube.objects.values_list("barcode", "result")) == {"T1": "negative", "T2": "positive"}
    assert sums(take(clerk, text)) == (7, 0, 3, 4)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("test-results-upload-valid-different-results.csv", (6, 6, 0, 0)),
        ("test-results-upload-integration.csv", (5, 3, 1, 1)),
        ("test-results-upload-valid-with-escaped-commas.csv", (2, 1, 1, 0)),
        ("test-results-upload-all-fields.csv", (2, 2, 0, 0)),
        ("test-results-upload-invalid-specimen-name.csv", (1, 1, 0, 0)),
    ],
)
def test_files_of_another_country_are_taken_with_every_row_accounted_for(
    clerk: Actor, station: Actor, operation: Operation, people: list[UUID], name: str,
    wanted: tuple[int, int, int, int],
) -> None:  # fmt: skip
    known = ["123", "234", "345", "456", "567", "678", "42DAF9C8-9DEB-4636-A040-380BDE2B44CD",
             "05BE96EF-949F-4F46-9C07-2675E8ABF412", "12200-A"]  # fmt: skip
    send(station, *(make.swab(operation, one, code) for one, code in zip(people, known, strict=False)))
    receipt = take(clerk, FILES / name)
    assert sums(receipt) == wanted
    assert "patient_last_name" in receipt.ignored_columns


def test_a_file_without_its_columns_is_refused_and_a_trial_stores_nothing(
    clerk: Actor, station: Actor, operation: Operation, people: list[UUID]
) -> None:
    send(station, make.swab(operation, people[0], "T1"))
    with pytest.raises(ProblemError) as refused:
        take(clerk, "name,age\nx,1\n")
    assert refused.value.problem.code == "testing.columns_missing"
    assert sums(take(clerk, "no,outcome\nT1,neg\n", mapping={"no": "tube"}, dry=True)) == (1, 1, 0, 0)
    assert Tube.objects.get().result == ""


def test_a_positive_pool_opens_a_case_and_names_everybody_in_the_tube(
    clerk: Actor, station: Actor, operation: Operation, people: list[UUID]
) -> None:
    send(station, *make.all_in(operation, people[:11], "T1"))
    take(clerk, "tube,result\nT1,positive\n")
    tube = tubes.tube(SCOPE, tube_id(operation.id, "T1"))
    found = cases.about(DISTRICT, tube.id)
    assert [one.protocol for one in found] == ["pool-follow-up@1"]
    assert [step.key for step in found[0].owed] == ["find", "tell", "notify", "resample", "result", "end"]
    members = tubes.members(SCOPE, tube)
    assert {one.person for one in members} == set(people[:11])  # the eleventh swab lies there too
    again = make.swab(
        operation, people[0], "S1", outcome="resampled", payload={"of_tube": "T1", "rule": "single"}
    )
    assert standings(send(station, again)) == ["kept"]
    take(clerk, "tube,result\nS1,positive\n")
    assert tubes.tube(SCOPE, tube_id(operation.id, "S1")).result == "positive_single"
    second = {one.person: one for one in tubes.members(SCOPE, tube)}[people[0]]
    assert (second.again_in, second.again_result) == ("S1", "positive_single")
    alone = cases.about(DISTRICT, tube_id(operation.id, "S1"))
    assert [one.protocol for one in alone] == ["fever-referral@1"]


def test_the_identity_of_whoever_was_negative_ends_fourteen_days_after_the_result(
    clerk: Actor, station: Actor
) -> None:
    why = Why(Trigger.ORDER, Purpose.TEST_ROUND, "传染病防治法", "order 7", Keep.TUBE)
    held = [vault.hold(f"张三{n}", path=C1, why=why, number=vault.number(n)).person_id for n in (1, 2)]
    long = clock.now() + timedelta(days=90)
    Identity.objects.update(expires_at=long)
    operation = make.round_of_tests()
    send(station, make.swab(operation, held[0], "T1"), make.swab(operation, held[1], "T2"))
    take(clerk, "tube,result\nT1,negative\nT2,positive\n")
    ends = dict(Identity.objects.values_list("person", "expires_at"))
    assert clock.local_date(ends[held[0]]) - clock.local_date(clock.now()) <= timedelta(days=15)
    assert ends[held[1]] == long
