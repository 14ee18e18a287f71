"""Who owes what by when: revisits, assignments, and who answered for a place on any day."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from bulou.access.terms import Actor, Role
from bulou.coverage.terms import Operation
from bulou.intake.queries import revisits_out_of_step
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope
from bulou.kernel.scope import apply, whole
from bulou.ledger import queries as ledger
from bulou.tasks import actions, queries
from bulou.tasks.rules import revisit_due
from bulou.tasks.terms import DutyRole, Rung, Unit
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
C1, C2 = f"{make.COMMUNITY}.c1", f"{make.COMMUNITY}.c2"
ZHANG, LIU, CHEN = (UUID(int=n) for n in (11, 12, 13))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    apply(ALL)


def lead() -> Actor:
    return make.someone(Role.STREET_OFFICER, f"{make.DISTRICT}.001")


def tried() -> tuple[Operation, list[UUID], Actor]:
    """Two compounds of three doors; the first one was found empty just now."""
    street = make.street(compounds=2, doors=3)
    operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    make.send(wang, make.visit(operation, street.all_doors[0], "absent_notice_left"))
    return operation, street.all_doors, wang


def test_an_absent_home_is_owed_a_visit_the_next_day_until_somebody_is_met() -> None:
    operation, doors, wang = tried()
    now = clock.now()
    (owed,) = queries.revisits(ALL, now)
    assert (owed.subject, owed.path, owed.due_at, owed.rung) == (doors[0], C1, revisit_due(now), Rung.WORKER)
    assert queries.due_of(make.DISTRICT, operation.id, doors) == {doors[0]: owed.due_at}
    assert queries.count_revisits(ALL) == queries.count_revisits(ALL, path=C1) == 1
    assert queries.count_revisits(ALL, path=C2) == queries.count_revisits(ALL, due_before=owed.due_at) == 0
    make.send(wang, make.visit(operation, doors[0]))
    assert queries.revisits(ALL, now) == []
    assert revisits_out_of_step(make.DISTRICT) == []


def test_a_second_try_moves_the_date_and_a_withdrawn_one_moves_it_back() -> None:
    operation, doors, wang = tried()
    first = queries.revisits(ALL, clock.now())[0].due_at
    with clock.frozen(clock.now() + DAY):
        again = make.visit(operation, doors[0], "absent_notice_left")
        make.send(wang, again)
        assert queries.revisits(ALL, clock.now())[0].due_at == first + DAY
        make.send(wang, make.visit(operation, doors[0], "", payload={}) | {"withdraws": again["id"]})
        assert queries.revisits(ALL, clock.now())[0].due_at == first
    assert revisits_out_of_step(make.DISTRICT) == []


def test_a_late_revisit_is_shown_further_up_without_being_taken_from_anybody() -> None:
    operation, doors, _ = tried()
    due = queries.revisits(ALL, clock.now())[0].due_at
    assert queries.overdue_subjects(ALL, operation.id, due) == ()
    assert queries.overdue_subjects(ALL, operation.id, due + HOUR) == (doors[0],)
    assert queries.overdue_subjects(ALL, operation.id, due + HOUR, path=C2) == ()
    assert [queries.revisits(ALL, due + h * HOUR)[0].rung for h in (1, 3, 7, 25, 49)] == list(Rung)


def test_a_scope_sees_its_own_revisits_only() -> None:
    tried()
    for path, n in ((C1, 1), (C2, 0), (make.COMMUNITY, 1)):
        assert len(queries.revisits(Scope((make.DISTRICT,), (path,)), clock.now())) == n


def test_units_are_given_taken_over_and_given_back_and_history_keeps_it_all() -> None:
    operation, doors, _ = tried()
    units = [Unit(d, C1) for d in doors[:2]]
    began = clock.now()
    with clock.frozen(began):
        first = actions.assign(
            lead(), operation=operation.id, units=units, account=ZHANG, reason="his stairs"
        )
    with clock.frozen(began + HOUR):
        second = actions.assign(lead(), operation=operation.id, units=units[:1], team="night team")
        assert second.assigned == 1
    with clock.frozen(began + 2 * HOUR):
        assert actions.unassign(lead(), path=make.COMMUNITY, assignments=second.ids) == 1
        assert actions.unassign(lead(), path=make.COMMUNITY, assignments=second.ids) == 0

    def holder(door: UUID, at: datetime) -> tuple[UUID | None, str]:
        owner = queries.owners(make.DISTRICT, operation.id, [Unit(door, C1)], at)[door]
        return owner.account, owner.team

    assert holder(doors[0], began - HOUR) == (None, "")
    assert holder(doors[0], began) == (ZHANG, "")
    assert holder(doors[0], began + HOUR) == (None, "night team")
    assert holder(doors[0], began + 3 * HOUR) == (ZHANG, "")
    assert holder(doors[1], began + 3 * HOUR) == (ZHANG, "")
    assert queries.assigned_to(make.DISTRICT, account=ZHANG, at=began + 3 * HOUR) == {
        operation.id: set(doors[:2])
    }
    assert queries.assigned_subjects(make.DISTRICT, operation.id, team="night team", at=began + HOUR) == (
        doors[0],
    )
    assert (
        queries.assigned_subjects(make.DISTRICT, operation.id, team="night team", at=began + 3 * HOUR) == ()
    )
    assert (
        actions.unassign(lead(), path=make.COMMUNITY, assignments=first.ids) == 1
    )  # the other was taken over
    kinds = [e.kind for e in ledger.records_of(make.DISTRICT, kinds=["task.assigned", "task.unassigned"])]
    assert sorted(kinds) == ["task.assigned"] * 2 + ["task.unassigned"] * 3


def test_units_elsewhere_are_skipped_and_told() -> None:
    operation, doors, _ = tried()
    officer = make.someone(Role.COMMUNITY_OFFICER, C1)
    units = [Unit(doors[0], C1), Unit(doors[3], C2)]
    assert actions.plan_assignment(officer, units=units).skipped == ((doors[3], "outside_area"),)
    made = actions.assign(officer, operation=operation.id, units=units, account=ZHANG)
    assert (made.assigned, made.skipped) == (1, ((doors[3], "outside_area"),))
    with pytest.raises(ProblemError, match=r"tasks\.nothing_to_assign"):
        actions.assign(officer, operation=operation.id, units=units[1:], account=ZHANG)
    with pytest.raises(ProblemError, match=r"tasks\.nobody_named"):
        actions.assign(officer, operation=operation.id, units=units, team="  ")
    with pytest.raises(ProblemError) as refused:
        actions.unassign(officer, path=make.COMMUNITY, assignments=made.ids)
    assert refused.value.status == 404


def test_who_answered_for_a_place_on_any_past_day() -> None:
    began = clock.now() - 30 * DAY
    actions.set_duty(lead(), path=C1, role=DutyRole.LEAD, account=ZHANG, since=began)
    actions.set_duty(lead(), path=C1, role=DutyRole.LEAD, account=LIU, since=began + 10 * DAY)
    actions.end_duty(lead(), path=C1, role=DutyRole.LEAD, at=began + 20 * DAY)

    def answered(at: datetime) -> list[UUID]:
        return [d.account for d in queries.duties_over(make.DISTRICT, [C1], at)]

    assert answered(began - DAY) == []
    assert answered(began) == [ZHANG]
    assert answered(began + 10 * DAY - timedelta(microseconds=1)) == [ZHANG]
    assert answered(began + 10 * DAY) == [LIU]
    assert answered(began + 20 * DAY) == []
    assert [d.account for d in queries.duty_history(make.DISTRICT, C1)] == [LIU, ZHANG]
    assert queries.duty_paths(make.DISTRICT, LIU, began + 15 * DAY) == (C1,)
    with pytest.raises(ProblemError, match=r"tasks\.not_found"):
        actions.end_duty(lead(), path=C1, role=DutyRole.LEAD)


def test_somebody_who_stands_in_for_a_time_hands_back() -> None:
    began = clock.now() - 30 * DAY
    actions.set_duty(lead(), path=C1, role=DutyRole.WORKER, account=ZHANG, since=began)
    actions.set_duty(
        lead(), path=C1, role=DutyRole.WORKER, account=LIU, since=began + 5 * DAY, until=began + 7 * DAY
    )
    found = [
        [d.account for d in queries.duties_over(make.DISTRICT, [C1], began + n * DAY)]
        for n in (4, 5, 6, 7, 99)
    ]
    assert found == [[ZHANG], [LIU], [LIU], [ZHANG], [ZHANG]]


def test_the_database_refuses_two_at_once_in_one_role() -> None:
    now = clock.now()
    actions.set_duty(lead(), path=C1, role=DutyRole.LEAD, account=ZHANG, since=now + DAY)
    with pytest.raises(ProblemError, match=r"tasks\.overlap"):
        actions.set_duty(lead(), path=C1, role=DutyRole.LEAD, account=LIU, since=now)
    with pytest.raises(ProblemError, match=r"tasks\.bad_period"):
        actions.set_duty(lead(), path=C1, role=DutyRole.POLICE, account=LIU, since=now, until=now)
    actions.set_duty(lead(), path=C1, role=DutyRole.LEAD, account=LIU, since=now, until=now + DAY)
    actions.set_duty(lead(), path=C1, role=DutyRole.POLICE, account=LIU, since=now)
    with pytest.raises(IntegrityError, match="tasks_duty_one"), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO tasks_duty SELECT gen_random_uuid(), district, path, role, account, valid, by"
            " FROM tasks_duty"
        )


def test_the_nearest_answers_and_a_name_on_the_door_comes_first() -> None:
    operation, doors, _ = tried()
    now = clock.now()
    above, place = f"{make.DISTRICT}.001", make.COMMUNITY
    actions.set_duty(lead(), path=above, role=DutyRole.LEAD, account=ZHANG, since=now)
    actions.set_duty(lead(), path=place, role=DutyRole.WORKER, account=LIU, since=now)
    actions.set_duty(lead(), path=place, role=DutyRole.LEAD, account=CHEN, since=now)
    actions.assign(lead(), operation=operation.id, units=[Unit(doors[0], C1)], team="team one")
    units = [
        Unit(doors[0], C1),
        Unit(doors[1], C1),
        Unit(doors[3], f"{above}.009.c1"),
        Unit(doors[4], "110101"),
    ]
    found = queries.owners(make.DISTRICT, operation.id, units, now + HOUR)
    assert (found[doors[0]].team, found[doors[0]].by_assignment) == ("team one", True)
    assert found[doors[1]].account == CHEN
    assert found[doors[3]].account == ZHANG
    assert found[doors[4]].account is None
    assert queries.unanswered(make.DISTRICT, [C1, f"{make.DISTRICT}.002"], now) == [f"{make.DISTRICT}.002"]


def test_only_who_may_names_who_answers() -> None:
    for actor, status in (
        (make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY), 403),
        (make.someone(Role.STREET_OFFICER, f"{make.DISTRICT}.002"), 404),
    ):
        with pytest.raises(ProblemError) as refused:
            actions.set_duty(actor, path=C1, role=DutyRole.LEAD, account=ids.uuid7())
        assert refused.value.status == status
