"""What the inspected must not know yet is told to them by no list, no history and no photo."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bulou.access.terms import Actor, Role
from bulou.intake import queries as intake
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.supervision import queries
from tests.make import access
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
PLACE = f"{COMMUNITY}.c1"
COMPOUND = f"area={PLACE}"  # as the page links to it
UNIT = Scope((DISTRICT,), (COMMUNITY,))
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(ALL):
        street()
        yield


@pytest.fixture
def sun() -> Actor:
    return someone(Role.SUPERVISION, DISTRICT, team="supervision 5")


def act(actor: Actor, kind: str, subject: UUID, outcome: str = "", **payload: Any) -> None:
    record = OfficeRecord(
        kind=f"supervision.{kind}", path=PLACE, outcome=outcome, payload=payload, subject=subject,
        subject_type="inspection" if kind == "inspection" else "finding",
    )  # fmt: skip
    submit_office(actor, [record])


def secret_finding(sun: Actor, **more: Any) -> UUID:
    finding = uuid4()
    act(sun, "finding", finding, "found", severity="serious", text="x", methods=["secret"], **more)
    return finding


def test_a_covert_finding_has_no_history_until_its_unit_is_told(sun: Actor) -> None:
    finding = secret_finding(sun)
    assert intake.history(UNIT, finding) == []
    assert len(intake.history(UNIT, finding, covert=ALL)) == 1
    act(sun, "told", finding, "told", unit="Community 5")
    assert len(intake.history(UNIT, finding)) == 2


def test_a_secret_visit_stays_secret_till_a_unit_is_told_or_its_day_is_over(sun: Actor) -> None:
    visit, today = uuid4(), clock.local_date(clock.now())
    act(sun, "inspection", visit, "done", methods=["secret"])
    act(sun, "inspection", uuid4(), "done", methods=["open"])
    finding = secret_finding(sun, inspection=str(visit))
    assert len(queries.inspections(UNIT, today)) == 1
    assert len(queries.inspections(UNIT, today, covert=ALL)) == 2
    with clock.frozen(clock.day_bounds(today)[1] + timedelta(minutes=1)):
        assert len(queries.inspections(UNIT, today)) == 2
    act(sun, "told", finding, "told", unit="Community 5")
    assert len(queries.inspections(UNIT, today)) == 2


def from_phone(**more: Any) -> dict[str, Any]:
    at = clock.now() + timedelta(hours=3)  # a clock that is ahead makes it doubtful
    return {
        "id": str(ids.uuid7()), "kind": "supervision.finding",
        "subject": {"type": "finding", "id": str(uuid4())},
        "outcome": "found", "area": PLACE, "observed_at": at.isoformat(),
        "payload": {"severity": "serious", "text": "x"} | more,
    }  # fmt: skip


def test_a_doubtful_covert_finding_waits_for_the_command_and_not_for_the_inspected() -> None:
    phone = access.phone(access.sun()).actor
    send(phone, from_phone(covert=True), from_phone())
    assert [b"covert" in entry.payload for entry in intake.doubtful(UNIT)] == [False]
    assert len(intake.doubtful(UNIT, covert=ALL)) == 2
    assert len(intake.doubtful(UNIT, limit=1)) == 1


def test_the_arrival_of_a_visit_is_not_shown_where_it_was_made() -> None:
    phone = access.phone(access.sun()).actor
    send(phone, from_phone(covert=True))
    since = clock.now() - timedelta(minutes=5)
    assert len(ledger.delivered(ALL, COMMUNITY, since=since)) == 1
    assert ledger.delivered(ALL, COMMUNITY, since=since, without=intake.COVERT) == []


def test_the_office_page_of_arrivals_leaves_it_out_for_the_unit() -> None:
    send(access.phone(access.sun()).actor, from_phone(covert=True))
    lin, he = access.signed_in(access.lin()), access.signed_in(access.he())
    address = f"/arrivals?area={COMMUNITY}"
    assert COMPOUND not in lin.get(address).content.decode()
    assert COMPOUND in he.get(address).content.decode()
