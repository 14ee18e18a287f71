"""Records of a foreign area: whatever a phone sends, only doors of its own area move."""

import contextlib
from dataclasses import replace
from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.coverage.queries import accounts
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import Answered, OfficeRecord
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.supervision import queries as supervision
from tests.make import access as make
from tests.make import rounds
from tests.make.rounds import COMMUNITY, DISTRICT
from tests.matrix.world import NEXT_COMMUNITY, World, somebody, yesterday

pytestmark = pytest.mark.django_db


def done(world: World) -> int:
    with transaction(whole(DISTRICT)):
        return accounts.account(whole(DISTRICT), world.operation).done


def ledger_rows() -> int:
    with transaction(whole(DISTRICT)):
        return accounts.operation_ids(DISTRICT).__len__()


@pytest.mark.parametrize("area", [None, COMMUNITY, NEXT_COMMUNITY, f"{NEXT_COMMUNITY}.c1"])
def test_a_phone_of_the_next_community_settles_no_door_here(world: World, area: str | None) -> None:
    before = done(world)
    foreign = make.phone(somebody(Role.WORKER, NEXT_COMMUNITY)).actor
    record = rounds.visit(world.operation, world.door) | ({} if area is None else {"area": area})
    answer = rounds.send(foreign, record)
    assert answer.results[0].standing is not Answered.KEPT
    assert done(world) == before


def test_the_same_record_of_the_own_phone_settles_it(world: World) -> None:
    """The control: it is the area that refuses, not the record."""
    before = done(world)
    own = make.phone(somebody(Role.WORKER)).actor
    assert rounds.send(own, rounds.visit(world.operation, world.door)).results[0].standing is Answered.KEPT
    assert done(world) == before + 1


def test_a_phone_whose_role_has_ended_settles_nothing(world: World) -> None:
    ended = make.phone(somebody(Role.WORKER, until=yesterday())).actor
    with pytest.raises(ProblemError, match=r"^intake\.not_allowed$"):
        rounds.send(ended, rounds.visit(world.operation, world.door))


@pytest.mark.parametrize(
    "kind", ["unit.removed", "unit.excused", "record.accepted", "round.closed", "role.granted"]
)
def test_a_phone_cannot_send_what_only_the_office_says(world: World, kind: str) -> None:
    before = done(world)
    own = make.phone(somebody(Role.STREET_OFFICER)).actor
    record = rounds.visit(world.operation, world.door) | {"kind": kind, "outcome": "done"}
    assert rounds.send(own, record).results[0].standing is not Answered.KEPT
    assert done(world) == before


def test_a_worker_cannot_correct_or_withdraw_the_record_of_another(world: World) -> None:
    before = done(world)
    other = make.phone(somebody(Role.WORKER)).actor
    for way in ("corrects", "withdraws"):
        record = rounds.visit(world.operation, world.visited, "absent_notice_left") | {way: str(world.visit)}
        assert rounds.send(other, record).results[0].standing is not Answered.KEPT
    assert done(world) == before


def amending(record: OfficeRecord, way: str, target: UUID) -> OfficeRecord:
    return replace(record, corrects=target) if way == "corrects" else replace(record, withdraws=target)


@pytest.mark.parametrize(
    "kind", ["supervision.finding", "supervision.reason", "unit.excused", "screening.visit"]
)
@pytest.mark.parametrize("way", ["corrects", "withdraws"])
def test_the_inspected_cannot_take_back_what_supervision_found(world: World, kind: str, way: str) -> None:
    with transaction(whole(DISTRICT)):
        (found,) = ledger.records_of(DISTRICT, subjects=[world.finding])
        before = supervision.finding(whole(DISTRICT), world.finding, covert=whole(DISTRICT)).finding
    record = OfficeRecord(
        kind=kind,
        path=found.path,
        subject_type="finding",
        subject=world.finding,
        payload={"reason": "a mistake"},
    )
    officer = somebody(Role.STREET_OFFICER)
    with contextlib.suppress(ProblemError):
        submit_office(officer, [amending(record, way, found.id)])
    with transaction(whole(DISTRICT)):
        after = supervision.finding(whole(DISTRICT), world.finding, covert=whole(DISTRICT)).finding
    assert after == before
