"""Frames: frozen at opening, changed only by records with a reason, and missed when somebody touches them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import open_round
from bulou.coverage.queries import accounts, checks, rounds, units
from bulou.coverage.terms import Basis, Operation, Origin, State, Targets
from bulou.grid import models as grid
from bulou.intake import queries as intake
from bulou.intake.actions.office import review, submit_office
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import apply, whole
from bulou.ledger import queries as ledger
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
C1, C2 = f"{make.COMMUNITY}.c1", f"{make.COMMUNITY}.c2"


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    apply(ALL)


def officer() -> Actor:
    return make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)


def phone(path: str = make.COMMUNITY) -> Actor:
    return make.someone(Role.WORKER, path, device=True)


def new_door(area: str = C1, label: str = "099") -> UUID:
    """A door that enters the register from the office."""
    row = grid.Dwelling.objects.create(
        id=ids.uuid7(), district=make.DISTRICT, path=area, area=area, building="1", door=label,
        sort=f"9{label}", kind="home", origin="office", valid_from=make.SINCE,
    )  # fmt: skip
    return UUID(str(row.id))


def office(kind: str, operation: Operation, subject: UUID, **payload: str) -> OfficeRecord:
    return OfficeRecord(
        kind=kind,
        path=make.COMMUNITY,
        operation=operation.id,
        subject_type="dwelling",
        subject=subject,
        payload=payload,
    )


def find(operation: Operation, door: UUID, area: str = C1, label: str = "077", **more: Any) -> dict[str, Any]:
    new = {"id": str(door), "area": area, "label": label, "building": "1"}
    return make.visit(operation, door, **more) | {"subject": {"type": "dwelling", "new": new}}


def expected(operation: Operation) -> int:
    return accounts.account(ALL, operation).expected


def test_the_frame_is_what_stood_there_on_the_day_of_opening_and_stays_so() -> None:
    street = make.street(compounds=2, doors=3)
    gone = street.doors[C1][0]
    grid.Dwelling.objects.filter(pk=gone).update(valid_until=date(2026, 2, 1))
    future = new_door(label="098")
    grid.Dwelling.objects.filter(pk=future).update(valid_from=date(2027, 1, 1))
    assert rounds.frame_preview(ALL, subject_type="dwelling", path=make.DISTRICT, targets=Targets()) == 5
    operation = make.screening()
    assert (operation.frame_n, expected(operation)) == (5, 5)
    assert units.units_of_subject(ALL, gone) == units.units_of_subject(ALL, future) == []
    # the register goes on changing; the round does not
    new_door()
    grid.Dwelling.objects.filter(pk=street.doors[C1][1]).update(valid_until=date(2026, 11, 1), door="moved")
    assert expected(operation) == 5
    assert accounts.past_account(ALL, operation, at=clock.now()).expected == 5
    assert checks.recount(make.DISTRICT, operation.id) == []
    assert make.screening().frame_n == 5  # a later round has its own denominator: one gone, one come


def test_the_opening_is_told_in_the_ledger_with_size_and_hash_of_the_frame() -> None:
    make.street(compounds=1, doors=3)
    operation = make.screening()
    (told,) = ledger.records_of(make.DISTRICT, subjects=[operation.id])
    assert told.kind == "round.opened"
    assert b'"frame_n":3' in told.payload
    with connection.cursor() as cursor:
        cursor.execute("SELECT frame_sha FROM coverage_operation")
        (sha,) = cursor.fetchone()
    assert len(sha) == 64
    assert sha.encode() in told.payload


def test_what_a_round_stands_on_is_held_in_the_register() -> None:
    make.street(compounds=1, doors=1)
    operation = make.screening()
    assert [(h.path, h.held_by) for h in grid.Hold.objects.all()] == [(make.DISTRICT, operation.id)]


@pytest.mark.parametrize(
    ("sql", "noticed"),
    [
        ("DELETE FROM coverage_unit WHERE subject = %s", {"counter", "frame"}),
        ("UPDATE coverage_unit SET subject = gen_random_uuid() WHERE subject = %s", {"frame"}),
        ("UPDATE coverage_unit SET area = area || '.x' WHERE subject = %s", {"counter", "frame"}),
        ("UPDATE coverage_unit SET state = 7 WHERE subject = %s", {"counter"}),
        ("UPDATE coverage_unit SET alert = true WHERE subject = %s", {"alerts"}),
    ],
)
def test_a_frame_that_somebody_touched_is_noticed(sql: str, noticed: set[str]) -> None:
    doors = make.street(compounds=1, doors=3).all_doors
    operation = make.screening()
    assert checks.recount(make.DISTRICT, operation.id) == []
    with connection.cursor() as cursor:
        cursor.execute(sql, [doors[0]])
    assert {d.what for d in checks.recount(make.DISTRICT, operation.id)} == noticed
    assert not verify().holds


def test_a_found_door_that_somebody_deleted_again_is_noticed_by_replay() -> None:
    make.street(compounds=1, doors=3)
    operation = make.screening()
    door = ids.uuid7()
    make.send(phone(), find(operation, door))
    assert replay_check().faults == ()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM coverage_unit WHERE subject = %s", [door])
        cursor.execute("UPDATE coverage_counter SET n = n - 1 WHERE state = 7")
    assert verify().holds
    assert [str(door) in f.what or "added by a record" in f.what for f in replay_check().faults] == [True]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"protocol": "finding-closure@1"}, "coverage.not_a_round"),
        ({"basis": Basis("  ")}, "coverage.basis_missing"),
        ({"due_at": clock.now() - timedelta(days=9)}, "coverage.due_before_opening"),
        ({"protocol": "closure-check-round@1"}, "coverage.empty_frame"),
        ({"protocol": "no-such-thing@1"}, "protocols."),
    ],
)
def test_a_round_that_cannot_be_is_refused_and_leaves_nothing(changes: dict[str, Any], code: str) -> None:
    make.street(compounds=1, doors=1)
    words: dict[str, Any] = {"protocol": make.SCREENING, "path": make.DISTRICT, "basis": Basis("law")}
    with pytest.raises(ProblemError) as refused:
        open_round(make.someone(Role.COMMAND, make.DISTRICT), **(words | changes))
    assert refused.value.problem.code.startswith(code)


def test_who_may_not_open_a_round_is_told_nothing_about_a_foreign_place() -> None:
    make.street(compounds=1, doors=1)
    with pytest.raises(ProblemError) as refused:
        make.screening(by=make.someone(Role.COMMAND, f"{make.DISTRICT}.002"))
    assert refused.value.status == 404
    with pytest.raises(ProblemError) as refused:
        make.screening(by=make.someone(Role.WORKER, make.DISTRICT))
    assert refused.value.status == 403


def test_the_office_adds_a_door_with_a_reason() -> None:
    make.street(compounds=1, doors=2)
    operation = make.screening()
    door = new_door()
    with pytest.raises(ProblemError, match=r"intake\.reason_missing"):
        submit_office(officer(), [office("unit.added", operation, door)])
    submit_office(officer(), [office("unit.added", operation, door, reason="overlooked by the register")])
    unit = units.unit(ALL, operation.id, door)
    assert (unit.origin, unit.state, expected(operation)) == (Origin.OFFICE, State.UNTRIED, 3)
    with pytest.raises(ProblemError, match=r"coverage\.already_in_frame"):
        submit_office(officer(), [office("unit.added", operation, door, reason="again")])
    assert verify().faults == replay_check().faults == ()


def test_the_office_adds_only_what_stands_in_the_register_and_in_the_round() -> None:
    make.street(compounds=2, doors=2)
    operation = make.screening(path=C1)
    with pytest.raises(ProblemError, match=r"coverage\.not_in_register"):
        submit_office(officer(), [office("unit.added", operation, ids.uuid7(), reason="x")])
    with pytest.raises(ProblemError, match=r"coverage\.outside_round"):
        submit_office(officer(), [office("unit.added", operation, new_door(C2), reason="x")])
    assert expected(operation) == 2


def test_a_removed_door_leaves_the_denominator_and_comes_back_when_the_removal_is_withdrawn() -> None:
    doors = make.street(compounds=1, doors=3).all_doors
    operation = make.screening()
    submit_office(officer(), [office("unit.removed", operation, doors[0], reason="demolished")])
    assert expected(operation) == 2
    make.send(phone(), make.visit(operation, doors[0]))
    assert expected(operation) == 2
    (removal,) = ledger.records_of(make.DISTRICT, kinds=["unit.removed"])
    submit_office(
        officer(),
        [
            OfficeRecord(
                kind="unit.removed",
                path=make.COMMUNITY,
                withdraws=removal.id,
                payload={"reason": "wrong house"},
            )
        ],
    )
    assert expected(operation) == 3
    assert units.unit(ALL, operation.id, doors[0]).state is State.DONE
    assert verify().faults == replay_check().faults == ()


def test_an_excuse_from_the_office_needs_an_end_and_ends_there() -> None:
    doors = make.street(compounds=1, doors=1).all_doors
    operation = make.screening()
    for wrong in ({"reason": "in hospital"}, {"reason": "in hospital", "until": "infinity"}):
        with pytest.raises(ProblemError, match=r"intake\.until_missing"):
            submit_office(officer(), [office("unit.excused", operation, doors[0], **wrong)])
    end = clock.now() + timedelta(days=3)
    submit_office(
        officer(), [office("unit.excused", operation, doors[0], reason="in hospital", until=end.isoformat())]
    )
    assert accounts.account(ALL, operation).excused == 1
    with clock.frozen(end):
        assert accounts.account(ALL, operation).open == 1


def test_a_find_outside_the_area_of_the_round_waits_for_a_person() -> None:
    make.street(compounds=2, doors=2)
    operation = make.screening(path=C1)
    inside, outside = ids.uuid7(), ids.uuid7()
    answer = make.send(phone(), find(operation, inside), find(operation, outside, C2))
    assert make.standings(answer) == ["kept", "doubtful"]
    assert answer.results[1].problems == ["coverage.not_in_frame"]
    assert expected(operation) == 3
    assert not grid.Dwelling.objects.filter(pk=outside).exists()


def test_a_doubtful_find_joins_register_and_round_when_it_is_accepted() -> None:
    make.street(compounds=2, doors=2)
    operation = make.screening()
    door = ids.uuid7()
    answer = make.send(phone(C2), find(operation, door, C1))  # found in a compound that is not the finder's
    assert make.standings(answer) == ["doubtful"]
    assert expected(operation) == 4
    (waiting,) = intake.doubtful(ALL)
    review(officer(), record_id=waiting.id, path=waiting.path, accept=True, reason="I know the place")
    unit = units.unit(ALL, operation.id, door)
    assert (unit.origin, unit.state, unit.path, expected(operation)) == (Origin.FOUND, State.DONE, C1, 5)
    assert grid.Dwelling.objects.filter(pk=door).exists()
    assert verify().faults == replay_check().faults == ()


def test_a_find_under_a_name_that_is_taken_cannot_be_accepted_as_another_door() -> None:
    make.street(compounds=2, doors=2)
    operation = make.screening()
    make.send(phone(C2), find(operation, ids.uuid7(), C1, "001"))
    (waiting,) = intake.doubtful(ALL)
    with pytest.raises(ProblemError, match=r"intake\.not_placed"):
        review(officer(), record_id=waiting.id, path=waiting.path, accept=True, reason="x")
    review(officer(), record_id=waiting.id, path=waiting.path, accept=False, reason="door 001 is known")
    assert expected(operation) == 4


def test_the_same_find_by_two_records_counts_once() -> None:
    make.street(compounds=1, doors=2)
    operation = make.screening()
    door, wang = ids.uuid7(), phone()
    one = find(operation, door, outcome="absent_notice_left")
    two = find(operation, door)
    assert make.standings(make.send(wang, one, two)) == ["kept", "kept"]
    assert make.standings(make.send(wang, two, one)) == ["duplicate", "duplicate"]
    assert expected(operation) == 3
    assert units.unit(ALL, operation.id, door).attempts == 1
    assert verify().faults == replay_check().faults == ()
