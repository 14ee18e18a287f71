import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bulou.ledger.terms import Entry, Standing
from bulou.lines.disinfection import rules
from bulou.lines.disinfection.terms import Caution, Job, Verdict
from tests.make.lines import LIN, QIAN, SUN, WU, after, entry

ROUND, OBJECT = uuid4(), uuid4()
CREW = "crew-2"


@dataclass(frozen=True, slots=True)
class Known:
    history: Mapping[UUID, Sequence[Entry]] = field(default_factory=dict)


def job(outcome: str = "done", subject: UUID = OBJECT, **more: Any) -> Entry:
    hours = more.pop("hours", 0)
    payload = {
        "agent": "chlorine",
        "concentration_mg_l": 500,
        "method": "wipe",
        "area_m2": 120.5,
        "litres": 8,
    }
    return entry(
        "disinfection.job", subject=subject, operation=ROUND, author=WU, team=CREW, outcome=outcome,
        at=after(hours=hours), payload={**payload, "crew": [str(WU), str(QIAN)], **more}, subject_type="site",
    )  # fmt: skip


def signoff(outcome: str = "passed", author: UUID = SUN, team: str = "supervision-5", **at: float) -> Entry:
    return entry(
        "disinfection.signoff", subject=OBJECT, operation=ROUND, author=author, team=team, outcome=outcome,
        at=after(**(at or {"hours": 3})), subject_type="site",
    )  # fmt: skip


def state(*entries: Entry) -> Job:
    folded = rules.fold(entries)
    assert folded is not None
    return folded


def test_a_job_carries_what_was_done() -> None:
    done = state(job())
    assert (done.area_m2, done.litres, done.concentration_mg_l) == (Decimal("120.50"), Decimal(8), 500)
    assert (done.worker, done.team, set(done.crew)) == (WU, CREW, {WU, QIAN})
    assert not done.is_signed_off


def test_someone_else_signs_off() -> None:
    done = state(job(), signoff())
    assert done.is_signed_off
    assert (done.signed_by, done.signed_team, done.signed_at) == (SUN, "supervision-5", after(hours=3))
    assert rules.check(signoff(), Known({OBJECT: [job()]})) == ()


@pytest.mark.parametrize(
    ("author", "team"),
    [(WU, "supervision-5"), (QIAN, "supervision-5"), (LIN, CREW)],
    ids=["the worker", "another of the crew", "the crew's team"],
)
def test_the_crew_and_its_team_cannot_sign_off(author: UUID, team: str) -> None:
    own = signoff(author=author, team=team)
    assert rules.check(own, Known({OBJECT: [job()]})) == ("disinfection.own_team",)
    assert not state(job(), own).is_signed_off


def test_an_accepted_own_signoff_still_signs_nothing() -> None:
    own = structs.replace(
        signoff(author=LIN, team=CREW), standing=Standing.DOUBTFUL, problems=("disinfection.own_team",)
    )
    accepted = entry("record.accepted", subject=OBJECT, operation=ROUND, accepts=own.id, at=after(hours=5))
    assert not state(job(), own, accepted).is_signed_off


def test_two_people_without_a_team_count_as_one_team() -> None:
    assert rules.check(signoff(team=""), Known({OBJECT: [structs.replace(job(), team="")]})) == (
        "disinfection.own_team",
    )


def test_nothing_can_be_signed_off_before_it_is_done() -> None:
    early = signoff(minutes=-5)
    assert rules.check(early, Known({OBJECT: [job()]})) == ("disinfection.nothing_to_sign",)
    assert rules.check(signoff(), Known()) == ("disinfection.nothing_to_sign",)
    assert rules.check(signoff(), Known({OBJECT: [job("not_reached")]})) == ("disinfection.nothing_to_sign",)


def test_a_signoff_from_a_phone_may_arrive_before_the_job_it_saw() -> None:
    early = structs.replace(signoff(), device=uuid4(), device_seq=1)
    assert rules.check(early, Known()) == ()
    assert state(early, job()).is_signed_off


def test_a_job_of_another_round_is_not_this_one() -> None:
    other = structs.replace(job(), operation=uuid4())
    assert rules.check(signoff(), Known({OBJECT: [other]})) == ("disinfection.nothing_to_sign",)


def test_a_signoff_ends_with_a_verdict() -> None:
    assert rules.check(signoff("perhaps"), Known({OBJECT: [job()]})) == ("disinfection.bad_verdict",)


def test_a_failed_signoff_is_no_signoff_and_work_done_again_waits_again() -> None:
    assert state(job(), signoff("failed")).verdict is Verdict.FAILED
    again = state(job(), signoff("failed"), job(hours=5, area_m2=121))
    assert (again.verdict, again.area_m2) == (None, Decimal(121))
    assert state(job(), signoff("failed"), job(hours=5), signoff(hours=6)).is_signed_off


def test_a_job_carries_the_warnings_of_its_protocol_and_is_never_refused_for_them() -> None:
    told = job(method="drone", concentration_mg_l="nonsense")
    assert rules.check(told, Known()) == ()
    warned = rules.fold([told], warn=lambda _entry: (Caution.MASS_SPRAYING,))
    assert warned is not None
    assert warned.cautions == (Caution.MASS_SPRAYING,)


def test_a_warning_that_this_line_does_not_know_is_not_counted() -> None:
    assert rules.cautions(("rain", "of_another_version", "below_dose")) == (Caution.RAIN, Caution.BELOW_DOSE)


@pytest.mark.parametrize("value", [-1, "NaN", "Infinity", 1e30, None, [], {}, True, "x"])
def test_an_impossible_area_counts_as_none(value: object) -> None:
    assert state(job(area_m2=value)).area_m2 == 0


def test_a_payload_that_is_no_mapping_is_a_job_without_figures() -> None:
    assert state(structs.replace(job(), payload=b"[1,2]")).area_m2 == 0
    assert state(job(crew=["nobody", 7, None, str(SUN)])).crew == (SUN,)


def test_a_withdrawn_job_is_none() -> None:
    first = job()
    withdrawal = structs.replace(job(hours=1), withdraws=first.id)
    assert rules.fold([first, withdrawal]) is None


def test_a_corrected_job_keeps_its_signoff() -> None:
    first = job()
    better = structs.replace(job(hours=5, area_m2=200), corrects=first.id)
    done = state(first, signoff(), better)
    assert (done.area_m2, done.is_signed_off) == (Decimal(200), True)


def test_a_failed_signoff_cannot_be_withdrawn_or_corrected_by_the_crew() -> None:
    failed = signoff("failed")
    theirs = signoff("passed", LIN, CREW, hours=4)
    for amends in (structs.replace(theirs, withdraws=failed.id), structs.replace(theirs, corrects=failed.id)):
        assert state(job(), failed, amends).verdict is Verdict.FAILED


def test_a_past_moment_shows_what_had_happened_by_then() -> None:
    records = [job(), signoff()]
    assert rules.fold(records, until=after(hours=0)) is None
    past = rules.fold(records, until=after(hours=3))
    assert past is not None
    assert not past.is_signed_off


def test_sums_are_made_by_class_and_agree_with_the_whole() -> None:
    road, toilet = uuid4(), uuid4()
    jobs = [
        state(job(subject=road, litres=100)),
        replace(state(job(subject=toilet)), cautions=(Caution.MASS_SPRAYING,)),
        state(job(), signoff()),
    ]
    by_class = rules.totals(jobs, {road: "main_road", toilet: "public_toilet"})
    assert [(part.object_class, part.jobs) for part in by_class] == [
        ("main_road", 1), ("public_toilet", 1), ("site", 1),
    ]  # fmt: skip
    whole = rules.total(by_class)
    assert (whole.jobs, whole.signed_off_by_other, whole.waiting, whole.with_cautions) == (3, 1, 2, 1)
    assert (whole.area_m2, whole.litres) == (Decimal("361.50"), Decimal(116))


@given(st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_job(shuffler: random.Random) -> None:
    records = [
        job(), signoff("failed", hours=1), job(hours=2, litres=9), signoff(author=LIN, team=CREW, hours=3),
        signoff(hours=4), structs.replace(job(hours=6, litres=10), team="crew-9"),
        signoff("passed", LIN, CREW, hours=7),
    ]  # fmt: skip
    mixed = list(records)
    shuffler.shuffle(mixed)
    assert rules.fold(mixed) == rules.fold(records)
    assert state(*mixed).signed_team == CREW
