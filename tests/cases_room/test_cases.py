"""A fever opens a case by itself; it stays open until somebody else has said the last word."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.cases import queries
from bulou.cases.terms import Case
from bulou.intake.actions.proving import replay_check, verify
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.protocols.terms import Rung
from tests.make.care import FEVER, PLACE, at, say, seen, send_at, start
from tests.make.rounds import COMMUNITY, DISTRICT, someone, standings, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with transaction(ALL):
        street()
        yield


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")


@pytest.fixture
def doctor() -> Actor:
    return someone(Role.WORKER, COMMUNITY, team="clinic", device=True)


@pytest.fixture
def hospital() -> Actor:
    return someone(Role.STREET_OFFICER, DISTRICT, team="county hospital")


def feverish(lin: Actor, doctor: Actor, temperature: float = 37.3) -> tuple[UUID, UUID]:
    """A watch, and the record of a reading that alarms."""
    watch = start(lin)
    reading = seen(watch, when=at(1, 8, 30), temperature_c=temperature)
    send_at(doctor, at(1, 8, 31), reading)
    return watch, UUID(reading["id"])


def case(record: UUID) -> Case:
    return queries.case(ALL, record)


def step(
    actor: Actor, case_id: UUID, outcome: str, minute: int, kind: str = "case.step", **more: object
) -> None:
    when = at(1, 8, minute)
    say(actor, kind, case_id, outcome, when=when, protocol=FEVER, payload=more, subject_type="case")


def close(actor: Actor, case_id: UUID, minute: int = 59) -> None:
    step(actor, case_id, "excluded", minute, "case.closed", hospital="county hospital")


@pytest.mark.parametrize(("temperature", "n"), [(37.2, 0), (37.3, 1), (39.9, 1)])
def test_from_37_3_on_a_reading_opens_a_referral(
    lin: Actor, doctor: Actor, temperature: float, n: int
) -> None:
    watch, record = feverish(lin, doctor, temperature)
    assert len(queries.about(DISTRICT, watch)) == n
    if n:
        made = case(record)
        assert (made.protocol, made.about, made.opened_at) == (FEVER, watch, at(1, 8, 30))
        assert [(one.key, one.due_at, one.owner) for one in made.steps] == [
            ("recheck", at(1, 8, 45), Rung.WORKER),
            ("isolate_here", at(1, 8, 45), Rung.WORKER),
            ("report", at(1, 9), Rung.TEAM_LEAD),
            ("transport", at(1, 10, 30), Rung.COMMUNITY_LEAD),
            ("disinfect_place", at(1, 12, 30), Rung.COMMUNITY_LEAD),
            ("outcome_from_hospital", at(2, 8, 30), Rung.DISTRICT_OFFICE),
        ]


def test_an_alarming_symptom_opens_one_without_fever(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    send_at(doctor, at(1, 8, 31), seen(watch, when=at(1, 8, 30), symptoms=["smell_taste_loss"]))
    assert len(queries.about(DISTRICT, watch)) == 1


def test_it_closes_when_the_hospital_has_spoken_and_the_place_is_disinfected(
    lin: Actor, doctor: Actor, hospital: Actor
) -> None:
    watch, record = feverish(lin, doctor)
    step(lin, record, "rechecked", 40, temperature_c=37.5)
    step(lin, record, "transported", 50, vehicle="ambulance 2")
    close(hospital, record, 55)
    made = case(record)
    assert (made.is_open, made.outcome, [one.key for one in made.owed]) == (
        True, "excluded", ["disinfect_place"],
    )  # fmt: skip
    assert queries.open_about(DISTRICT, [watch]) == {watch: 1}
    step(lin, record, "disinfected", 58)
    assert (case(record).is_open, case(record).closed_at) == (False, at(1, 8, 58))
    assert verify().faults == ()
    assert replay_check().faults == ()


def test_who_did_the_work_does_not_say_the_last_word(lin: Actor, doctor: Actor, hospital: Actor) -> None:
    _, record = feverish(lin, doctor)
    step(hospital, record, "reported", 40)
    with pytest.raises(ProblemError) as refused:
        close(hospital, record)
    assert refused.value.problem.code == "cases.own_work"
    same_team = someone(Role.STREET_OFFICER, DISTRICT, team="clinic")
    with pytest.raises(ProblemError) as refused:
        close(same_team, record)
    assert refused.value.problem.code == "cases.own_work"
    assert case(record).is_open


def test_a_community_officer_has_not_the_right_to_close(lin: Actor, doctor: Actor) -> None:
    _, record = feverish(lin, doctor)
    with pytest.raises(ProblemError) as refused:
        close(someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="other"), record)
    assert refused.value.status == 403


def test_taking_the_reading_back_does_not_close_the_case(lin: Actor, doctor: Actor) -> None:
    _, record = feverish(lin, doctor)
    watch = case(record).about
    put_right = seen(watch, when=at(1, 8, 30)) | {"corrects": str(record)}
    assert standings(send_at(doctor, at(1, 9), put_right)) == ["kept"]
    made = case(record)
    assert (made.is_open, made.disputed) == (True, True)
    assert [one.id for one in queries.about(DISTRICT, watch)] == [record]


def test_a_correction_that_still_alarms_opens_no_second_case(lin: Actor, doctor: Actor) -> None:
    watch, record = feverish(lin, doctor)
    again = seen(watch, when=at(1, 8, 30), temperature_c=38.0) | {"corrects": str(record)}
    send_at(doctor, at(1, 9), again)
    assert [one.id for one in queries.about(DISTRICT, watch)] == [record]


def test_a_correction_that_alarms_for_the_first_time_opens_one(lin: Actor, doctor: Actor) -> None:
    watch, record = feverish(lin, doctor, 36.9)
    again = seen(watch, when=at(1, 8, 30), temperature_c=38.0) | {"corrects": str(record)}
    send_at(doctor, at(1, 9), again)
    assert [str(one.id) for one in queries.about(DISTRICT, watch)] == [again["id"]]


def test_it_climbs_by_the_clock_without_any_job(lin: Actor, doctor: Actor) -> None:
    _, record = feverish(lin, doctor)
    made = case(record)
    rungs = [queries.rung(made, at(1, hour, minute)) for hour, minute in ((9, 29), (9, 30), (12, 30))]
    assert rungs == [Rung.WORKER, Rung.STREET_OFFICE, Rung.DISTRICT_OFFICE]
    assert [one.late(at(1, 8, 46)) for one in made.steps[:3]] == [True, True, False]


def test_the_most_urgent_case_comes_first_and_only_ones_own_area_shows(lin: Actor, doctor: Actor) -> None:
    _, first = feverish(lin, doctor)
    second = start(lin)
    later = seen(second, when=at(1, 8, 40), temperature_c=38.5)
    send_at(doctor, at(1, 8, 41), later)
    found = queries.cases(ALL, limit=1)
    assert [one.id for one in found.items] == [first]
    assert [str(one.id) for one in queries.cases(ALL, cursor=found.next).items] == [later["id"]]
    assert queries.cases(Scope((DISTRICT,), (f"{DISTRICT}.002",))).items == ()


def test_a_case_may_be_opened_by_hand(doctor: Actor) -> None:
    subject = ids.uuid7()
    say(
        someone(Role.COMMUNITY_OFFICER, COMMUNITY), "case.opened", subject, "opened", when=at(1, 9),
        protocol=FEVER, payload={"temperature_c": 38.2}, subject_type="case", path=PLACE,
    )  # fmt: skip
    assert case(subject).is_open
