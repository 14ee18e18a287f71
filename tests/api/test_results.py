"""A laboratory's system sends results over HTTP, and reads the report of the round."""

from uuid import UUID

import pytest

from bulou.cases import queries as cases
from bulou.coverage.terms import Operation
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.rules.payloads import tube_id
from tests.make import access
from tests.make import testing as make
from tests.make.api import Caller, Served

C1 = f"{access.COMMUNITY}.c1"


@pytest.fixture
def people(town: Served) -> list[UUID]:
    assert town.doors
    with transaction(whole(access.DISTRICT)):
        return make.residents(4)


@pytest.fixture
def operation(town: Served, people: list[UUID]) -> Operation:
    """A round in which one person has a tube alone and two share one."""
    with transaction(whole(access.DISTRICT)):
        made = make.round_of_tests()
    alone = make.swab(made, people[0], "S1", payload={"rule": "single", "size": 1})
    answer = town.qian.records([alone, *make.all_in(made, people[1:3], "T1")])
    assert {one["standing"] for one in answer.json()["results"]} == {"kept"}
    return made


@pytest.fixture
def laboratory(town: Served) -> Caller:
    phone = access.phone(access.clerk(), name="laboratory")
    return Caller(town.base_url, phone.token, phone.device_id)


def sent(laboratory: Caller, *told: tuple[str, str], **more: object) -> dict[str, object]:
    rows = [{"tube": tube, "result": result} for tube, result in told]
    answer = laboratory.post("/results", {"area": access.DISTRICT, "results": rows, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    assert body["rows"] == len(rows)
    assert sum(int(str(body[part])) for part in ("stored", "unchanged", "quarantined")) == len(rows)
    return body


def opened(operation: Operation, tube: str) -> list[str]:
    with transaction(whole(access.DISTRICT)):
        return [one.protocol for one in cases.about(access.DISTRICT, tube_id(operation.id, tube))]


def test_a_positive_single_tube_is_that_persons_and_a_positive_pool_begins_the_search(
    laboratory: Caller, operation: Operation
) -> None:
    sent(laboratory, ("S1", "positive"), ("T1", "positive"))
    assert opened(operation, "S1") == ["fever-referral@1"]
    assert opened(operation, "T1") == ["pool-follow-up@1"]


def test_every_row_is_stored_unchanged_or_set_aside_with_its_place_and_reason(
    laboratory: Caller, operation: Operation
) -> None:
    assert operation
    told = (("T9", "negative"), ("T1", "perhaps"), ("T1", "阴性"))
    body = sent(laboratory, *told)
    assert (body["stored"], body["quarantined"], body["not_negative"]) == (1, 2, 0)
    problems = body["problems"]
    assert isinstance(problems, list)
    assert {(one["row"], one["tube"], one["code"]) for one in problems} == {
        (0, "T9", "testing.unknown_tube"),
        (1, "T1", "testing.unknown_result"),
    }
    assert all(one["message"] for one in problems)
    again = sent(laboratory, *told)
    assert (again["stored"], again["unchanged"], again["quarantined"]) == (0, 1, 2)


def test_a_dry_run_tells_and_stores_nothing(laboratory: Caller, operation: Operation) -> None:
    assert sent(laboratory, ("T1", "positive"), dry=True)["stored"] == 1
    assert opened(operation, "T1") == []


def test_a_blank_barcode_is_refused_by_name_and_nothing_is_stored(
    laboratory: Caller, operation: Operation
) -> None:
    rows = [{"tube": "T1", "result": "positive"}, {"tube": " ", "result": "negative"}]
    answer = laboratory.post("/results", {"area": access.DISTRICT, "results": rows})
    assert answer.status_code == 400
    assert "tube" in answer.text
    assert opened(operation, "T1") == []


@pytest.mark.parametrize(
    ("wanted", "starts"), [("html", b"<!"), ("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")]
)
def test_the_report_of_a_round_comes_in_every_form(
    town: Served, operation: Operation, wanted: str, starts: bytes
) -> None:
    answer = town.he.get("/reports/round", round=str(operation.id), area=C1, format=wanted)
    assert answer.status_code == 200
    assert answer.content.lstrip()[: len(starts)].lower() == starts.lower()


def test_the_report_of_a_round_counts_its_area_only_and_no_one_reads_a_foreign_one(
    town: Served, operation: Operation
) -> None:
    report = town.he.get("/reports/round", round=str(operation.id), area=C1).json()
    told = {figure["key"]: figure for figure in report["account"]}
    assert (told["round.expected"]["value"], told["round.done"]["value"]) == (4, 3)
    assert all(figure["query"] for figure in report["account"])
    foreign = town.zhao.get("/reports/round", round=str(operation.id), area=C1)
    beside = town.he.get("/reports/round", round=str(town.opened()), area=C1)
    assert (foreign.status_code, beside.status_code) == (404, 404)
