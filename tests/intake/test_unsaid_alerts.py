"""Answers that reach their alert set it, also where the outcome says that all is well."""

from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Operation, State
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.queries import doubtful
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.scope import transaction, whole
from tests.make import rounds as make

pytestmark = pytest.mark.django_db
ALL = whole(make.DISTRICT)
FEVER = {**make.DONE, "symptoms": ["fever"], "temperature_c": 38.6}


def begun() -> tuple[Operation, Actor, list[UUID]]:
    street = make.street(compounds=1, doors=3)
    return make.screening(), make.someone(Role.WORKER, make.COMMUNITY, device=True), street.all_doors


def alerts(operation: Operation) -> int:
    return accounts.account(ALL, operation).alerts


def proven() -> None:
    assert verify().faults == ()
    assert replay_check().faults == ()


def test_a_fever_behind_a_plain_done_sets_the_alert_and_waits_for_a_person() -> None:
    with transaction(ALL):
        operation, wang, doors = begun()
        answer = make.send(wang, make.visit(operation, doors[0], "done", payload=FEVER))
        assert [(r.standing, r.problems) for r in answer.results] == [("doubtful", ["coverage.unsaid_alert"])]
        unit = units.unit(ALL, operation.id, doors[0])
        assert (unit.state, unit.outcome, unit.alert) == (State.DONE, "done", True)
        assert alerts(operation) == 1
        assert len(doubtful(ALL)) == 1
        proven()


def test_the_same_answers_with_the_outcome_that_says_so_need_nobody() -> None:
    with transaction(ALL):
        operation, wang, doors = begun()
        answer = make.send(wang, make.visit(operation, doors[0], "done_with_alert", payload=FEVER))
        assert make.standings(answer) == ["kept"]
        assert (alerts(operation), doubtful(ALL)) == (1, [])


@pytest.mark.parametrize(("word", "left"), [("record.accepted", 1), ("record.rejected", 0)])
def test_an_officer_lets_it_stand_or_takes_it_out_altogether(word: str, left: int) -> None:
    with transaction(ALL):
        operation, wang, doors = begun()
        record = make.visit(operation, doors[0], "done", payload=FEVER)
        make.send(wang, record)
        review = OfficeRecord(
            kind=word, path=make.COMMUNITY, operation=operation.id, subject_type="dwelling", subject=doors[0],
            accepts=UUID(record["id"]), payload={"reason": "telephoned"},
        )  # fmt: skip
        submit_office(make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY), [review])
        assert alerts(operation) == left
        assert units.unit(ALL, operation.id, doors[0]).state is (State.DONE if left else State.UNTRIED)
        proven()


def test_a_correction_by_its_author_takes_the_alert_back() -> None:
    with transaction(ALL):
        operation, wang, doors = begun()
        first = make.visit(operation, doors[0], "done", payload=FEVER)
        make.send(wang, first)
        make.send(wang, make.visit(operation, doors[0], "done") | {"corrects": first["id"]})
        assert alerts(operation) == 0
        proven()


def test_somebody_found_with_a_fever_joins_the_round_at_once() -> None:
    with transaction(ALL):
        operation, wang, _doors = begun()
        found = ids.uuid7()
        new = {"type": "dwelling", "new": {"id": str(found), "area": f"{make.COMMUNITY}.c1", "label": "099"}}
        make.send(wang, make.visit(operation, found, "done", payload=FEVER) | {"subject": new})
        unit = units.unit(ALL, operation.id, found)
        assert (unit.state, unit.alert) == (State.DONE, True)
        proven()


def test_with_another_doubt_beside_it_the_record_waits_as_every_doubtful_one() -> None:
    with transaction(ALL):
        operation, wang, doors = begun()
        answer = make.send(
            wang, make.visit(operation, doors[0], "done", payload={**FEVER, "n_persons": None})
        )
        assert answer.results[0].problems == ["form.required:n_persons", "coverage.unsaid_alert"]
        assert units.unit(ALL, operation.id, doors[0]).state is State.UNTRIED
        proven()
