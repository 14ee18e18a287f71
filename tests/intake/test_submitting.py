"""The field's door: what a phone hands in is kept once, answered one by one, and counted."""

from datetime import timedelta

import pytest

from bulou.access.terms import Role
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import State
from bulou.intake.queries import history
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from tests.make import rounds as make

pytestmark = pytest.mark.django_db
ALL = whole(make.DISTRICT)


def test_a_visit_settles_its_door_and_moves_the_account() -> None:
    with transaction(ALL):
        street = make.street(compounds=2, doors=5)
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        doors = street.all_doors
        answer = make.send(
            wang, make.visit(operation, doors[0]), make.visit(operation, doors[1], "absent_notice_left")
        )
        assert make.standings(answer) == ["kept", "kept"]
        account = accounts.account(ALL, operation, depth=1)
        assert (account.expected, account.done, account.open, account.open_by.absent) == (10, 1, 9, 1)
        assert account.expected == account.done + account.excused + account.moved + account.open
        missed = units.missed(ALL, operation)
        assert missed.total == 9
        assert [m.why for m in missed.items].count(State.ABSENT) == 1


def test_a_batch_that_is_sent_twice_counts_once() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        records = [make.visit(operation, door, "absent_notice_left") for door in street.all_doors]
        assert set(make.standings(make.send(wang, *records))) == {"kept"}
        assert set(make.standings(make.send(wang, *records))) == {"duplicate"}
        unit = units.unit(ALL, operation.id, street.all_doors[0])
        assert unit.attempts == 1


def test_the_same_id_with_other_content_is_kept_beside_the_first() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        record = make.visit(operation, street.all_doors[0])
        make.send(wang, record)
        other = record | {"payload": {**make.DONE, "n_persons": 5}}
        assert make.standings(make.send(wang, other)) == ["conflict"]
        assert make.standings(make.send(wang, other)) == ["conflict"]
        assert len(ledger.conflicts(ALL)) == 1
        assert len(history(ALL, street.all_doors[0])) == 1


def test_a_doubtful_record_is_kept_and_does_not_count() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        answer = make.send(wang, make.visit(operation, street.all_doors[0], payload={"met": "adult"}))
        assert make.standings(answer) == ["doubtful"]
        assert any(p.startswith("form.required") for p in answer.results[0].problems)
        assert accounts.account(ALL, operation).done == 0
        assert len(ledger.doubtful(ALL)) == 1


def test_a_visit_outside_the_own_area_is_kept_as_doubtful() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        li = make.someone(Role.WORKER, f"{make.COMMUNITY}.c2", device=True)
        answer = make.send(li, make.visit(operation, street.doors[f"{make.COMMUNITY}.c1"][0]))
        assert (answer.results[0].standing, answer.results[0].problems) == (
            "doubtful",
            ["intake.outside_area"],
        )


def test_an_unreadable_record_does_not_harm_its_neighbours() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        good = make.visit(operation, street.all_doors[0])
        poison = make.visit(operation, street.all_doors[1]) | {"observed_at": "yesterday"}
        impossible = make.visit(operation, street.all_doors[2]) | {"observed_at": "0001-01-01T00:00:00Z"}
        answer = make.send(wang, poison, good, impossible)
        assert make.standings(answer) == ["unreadable", "kept", "unreadable"]
        assert answer.results[0].id == poison["id"]


def test_holes_in_the_numbers_of_a_phone_are_told() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        first = make.visit(operation, street.all_doors[0], device_seq=1)
        fifth = make.visit(operation, street.all_doors[1], device_seq=5)
        answer = make.send(wang, fifth, first)
        assert [(g.from_seq, g.to_seq) for g in answer.gaps] == [(2, 4)]
        rest = [
            make.visit(operation, door, device_seq=n) for n, door in enumerate(street.all_doors[2:5], start=2)
        ]
        assert make.send(wang, *rest).gaps == []


def test_a_phone_with_a_wrong_clock_is_put_right_by_the_measured_offset() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        wrong = clock.now() - timedelta(days=30)
        answer = make.send(
            wang, make.visit(operation, street.all_doors[0], at=wrong - timedelta(minutes=10)), sent_at=wrong
        )
        assert make.standings(answer) == ["kept"]
        (entry,) = history(ALL, street.all_doors[0])
        assert abs(entry.effective_at - (clock.now() - timedelta(minutes=10))) < timedelta(seconds=20)


def test_a_door_found_in_the_field_joins_register_and_frame_by_the_record_that_found_it() -> None:
    with transaction(ALL):
        make.street(compounds=1, doors=3)
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        door = ids.uuid7()
        place = f"{make.COMMUNITY}.c1"
        record = make.visit(operation, door) | {
            "subject": {
                "type": "dwelling",
                "new": {"id": str(door), "area": place, "label": "004", "building": "1"},
            }
        }
        again = make.visit(operation, door, "absent_notice_left")
        assert make.standings(make.send(wang, record, again)) == ["kept", "kept"]
        account = accounts.account(ALL, operation)
        assert (account.expected, account.done) == (4, 1)
        assert units.unit(ALL, operation.id, door).origin == "found"


def test_a_visit_that_arrives_before_the_record_that_found_its_door_counts_as_soon_as_the_door_is_there() -> (
    None
):
    with transaction(ALL):
        make.street(compounds=1, doors=3)
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        door = ids.uuid7()
        new = {"id": str(door), "area": f"{make.COMMUNITY}.c1", "label": "004"}
        found = make.visit(operation, door, "absent_notice_left") | {
            "subject": {"type": "dwelling", "new": new}
        }
        done = make.visit(operation, door)
        assert make.standings(make.send(wang, done)) == ["doubtful"]
        assert make.standings(make.send(wang, found)) == ["kept"]
        assert units.unit(ALL, operation.id, door).state is State.DONE


@pytest.mark.parametrize("withdrawal_first", [False, True])
def test_a_withdrawal_opens_the_door_again_in_either_order(withdrawal_first: bool) -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        done = make.visit(operation, street.all_doors[0])
        back = make.visit(operation, street.all_doors[0], "", payload={}) | {"withdraws": done["id"]}
        for record in (back, done) if withdrawal_first else (done, back):
            assert make.standings(make.send(wang, record)) == ["kept"]
        assert units.unit(ALL, operation.id, street.all_doors[0]).state is State.UNTRIED
        assert accounts.account(ALL, operation).done == 0


def test_a_correction_replaces_what_was_said() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        done = make.visit(operation, street.all_doors[0])
        refused = make.visit(
            operation, street.all_doors[0], "refused", payload={"met": "adult"}, corrects=done["id"]
        )
        make.send(wang, done)
        make.send(wang, refused)
        assert units.unit(ALL, operation.id, street.all_doors[0]).state is State.REFUSED


def test_a_stranger_may_not_withdraw_what_somebody_else_saw() -> None:
    with transaction(ALL):
        street = make.street()
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        li = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        done = make.visit(operation, street.all_doors[0])
        make.send(wang, done)
        back = make.visit(operation, street.all_doors[0], "", payload={}) | {"withdraws": done["id"]}
        assert make.send(li, back).results[0].problems == ["intake.not_yours"]
        assert accounts.account(ALL, operation).done == 1


def test_more_than_500_records_are_refused_as_a_whole() -> None:
    with transaction(ALL):
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        with pytest.raises(ProblemError) as refused:
            make.send(wang, *[{"id": 1}] * 501)
        assert refused.value.status == 413


def test_somebody_without_a_field_role_is_told_there_is_nothing_here() -> None:
    with transaction(ALL):
        viewer = make.someone(Role.VIEWER, make.COMMUNITY)
        with pytest.raises(ProblemError) as refused:
            make.send(viewer)
        assert refused.value.status == 404
