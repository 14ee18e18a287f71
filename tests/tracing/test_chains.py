"""Chains: who is what by the rule in force, in whatever order it was told, and what does not fit."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db

from bulou.access.terms import Role
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.proving import replay_check
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.tracing import models, projections
from bulou.lines.tracing.actions import asking, forgetting
from bulou.lines.tracing.queries import chains
from bulou.lines.tracing.terms import KEEP_DAYS, Check, ContactClass, Kind, Mode
from bulou.people import models as vault
from tests.make import people
from tests.make import tracing as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NEXT = f"{DISTRICT}.001.006"
COMMAND = someone(Role.COMMAND, DISTRICT)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(make.at(5)), transaction(ALL):
        yield


def classes() -> dict[UUID, str]:
    return dict(models.Person.objects.values_list("id", "klass"))


def test_the_rule_makes_close_contacts_contacts_of_contacts_and_general_ones() -> None:
    case, close, second, passing, early = (ids.uuid7() for _ in range(5))
    make.say(
        None,
        make.case(case),
        make.met(close, case, make.at(-1), way="same_meal"),
        make.met(second, close, make.at(0), way="same_home"),
        make.met(passing, case, make.at(0), minutes=3, way="other_way"),
        make.met(early, case, make.at(-3)),
    )
    assert classes() == {
        case: ContactClass.CASE, close: ContactClass.CLOSE, second: ContactClass.SECONDARY,
        passing: ContactClass.GENERAL, early: ContactClass.OUTSIDE,
    }  # fmt: skip
    assert [one.person for one in chains.contacts(ALL, case)] == [close, second, passing, early]
    assert chains.case(ALL, case).n_by_class == {
        ContactClass.CLOSE: 1, ContactClass.SECONDARY: 1, ContactClass.GENERAL: 1,
    }  # fmt: skip


def test_whoever_met_the_contact_before_that_one_met_the_case_is_no_contact() -> None:
    case, close, before = ids.uuid7(), ids.uuid7(), ids.uuid7()
    make.say(None, make.case(case), make.met(close, case, make.at(1)), make.met(before, close, make.at(0)))
    assert classes()[before] == ContactClass.OUTSIDE


def test_after_the_isolation_of_the_case_nobody_becomes_a_contact() -> None:
    case, late = ids.uuid7(), ids.uuid7()
    make.say(None, make.case(case, isolated_at=make.at(1)), make.met(late, case, make.at(2)))
    assert classes()[late] == ContactClass.OUTSIDE


def test_another_rule_judges_everybody_anew_and_the_end_moves_with_it() -> None:
    case, early, second = ids.uuid7(), ids.uuid7(), ids.uuid7()
    make.say(
        None,
        make.case(case),
        make.met(early, case, make.at(-3)),
        make.met(second, early, make.at(0), way="same_home"),
    )
    assert classes()[early] == ContactClass.OUTSIDE
    make.say(COMMAND, make.rule("cn-delta", when=make.at(4)))
    assert (classes()[early], classes()[second]) == (ContactClass.CLOSE, ContactClass.SECONDARY)
    make.say(COMMAND, make.rule("cn-20", lookback_days=3))
    assert (classes()[early], classes()[second]) == (ContactClass.CLOSE, ContactClass.OUTSIDE)
    last = chains.contact(ALL, early).judged
    assert last.end_on == make.DAY0 + timedelta(days=-3 + 8)
    assert replay_check().faults == ()


def test_only_the_command_names_the_rule() -> None:
    with pytest.raises(ProblemError, match=r"access\.not_allowed"):
        submit_office(someone(Role.STREET_OFFICER, DISTRICT), [make.rule("cn-delta")])


def test_a_contact_who_falls_ill_is_a_case_and_passes_it_on() -> None:
    case, close, far, farther = (ids.uuid7() for _ in range(4))
    make.say(
        None,
        make.case(case),
        make.met(close, case, make.at(-1)),
        make.met(far, close, make.at(3), way="same_home"),
        make.met(farther, far, make.at(4), way="same_home"),
    )
    assert classes()[farther] == ContactClass.OUTSIDE
    make.say(None, make.case(close, onset_on=make.DAY0 + timedelta(days=3), when=make.at(4, 12)))
    assert classes() == {
        case: ContactClass.CASE, close: ContactClass.CASE, far: ContactClass.CLOSE,
        farther: ContactClass.SECONDARY,
    }  # fmt: skip
    make.say(None, make.case(close, outcome="no_case"))
    assert classes()[far] == ContactClass.SECONDARY


def test_a_meeting_that_was_withdrawn_frees_everybody_behind_it() -> None:
    case, close, second = ids.uuid7(), ids.uuid7(), ids.uuid7()
    told = make.met(close, case, make.at(-1))
    make.say(None, make.case(case), told, make.met(second, close, make.at(0), way="same_home"))
    taken = OfficeRecord(
        kind=Kind.EXPOSURE, path=COMMUNITY, subject_type="person", subject=close, withdraws=told.id
    )
    make.say(None, taken)
    assert close not in classes()
    assert classes()[second] == ContactClass.UNLINKED
    assert chains.contact(ALL, second).checks == (Check.NOT_LANDED, Check.PRIMARY_MISSING)[1:]


def test_the_same_meeting_told_twice_is_one() -> None:
    case, close = ids.uuid7(), ids.uuid7()
    make.say(None, make.case(case), make.met(close, case, make.at(-1)), make.met(close, case, make.at(-1)))
    assert chains.contact(ALL, close).n_exposures == 1


def test_what_does_not_fit_is_named_and_goes_when_it_is_put_right() -> None:
    case, close = ids.uuid7(), ids.uuid7()
    make.say(None, make.case(case), make.met(close, case, make.at(-1), told_class="contact_of_contact"))
    assert chains.contact(ALL, close).checks == (Check.NOT_LANDED, Check.CLASS_DIFFERS)
    home: dict[str, Any] = {
        "mode": Mode.HOME,
        "until_on": make.DAY0,
        "job": "teacher",
        "checked_in_on": make.DAY0,
    }
    make.say(None, make.record(Kind.PLACED, close, when=make.at(4), **home))
    assert chains.contact(ALL, close).checks == (
        Check.HOME_REASON_MISSING, Check.CHECKED_IN_ELSEWHERE, Check.END_OFF, Check.CLASS_DIFFERS,
        Check.EMPLOYER_MISSING,
    )  # fmt: skip
    assert chains.faults(ALL, COMMUNITY)[Check.END_OFF] == 1
    right = make.DAY0 + timedelta(days=-1 + 10)
    make.say(None, make.record(Kind.PLACED, close, mode=Mode.CENTRAL, until_on=right))
    assert chains.contact(ALL, close).checks == (Check.SITE_MISSING, Check.CLASS_DIFFERS)
    assert [one.person for one in chains.with_fault(ALL, DISTRICT, Check.SITE_MISSING).items] == [close]
    assert chains.funnel(ALL, DISTRICT)[Mode.CENTRAL] == 1


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (make.met(UUID(int=1), UUID(int=1), make.at(0)), "tracing.itself"),
        (make.met(UUID(int=1), None, make.at(0), minutes=0), "tracing.times_wrong"),
        (make.met(UUID(int=1), None, make.at(9)), "tracing.in_future"),
        (make.case(onset_on=""), "tracing.not_understood"),
        (make.record(Kind.CASE, UUID(int=1), outcome="confirmed"), "tracing.no_onset"),
        (make.record(Kind.CASE, UUID(int=1), outcome="ill", onset_on=make.DAY0), "tracing.not_understood"),
        (make.visited(UUID(int=1), UUID(int=2), make.at(-20), minutes=20_161), "tracing.too_long"),
    ],
)
def test_what_cannot_be_is_refused_at_a_desk(record: OfficeRecord, code: str) -> None:
    with pytest.raises(ProblemError, match=code):
        make.say(None, record)


def test_a_rule_that_nobody_knows_or_without_a_reason_is_refused() -> None:
    told = (("x", "y", "no_such_regime"), ("cn-v8", " ", "reason_missing"))
    for key, reason, code in told:
        record = make.record(Kind.REGIME, ids.uuid7(), path=DISTRICT, key=key, reason=reason)
        with pytest.raises(ProblemError, match=code):
            submit_office(COMMAND, [record])


def test_no_name_reaches_the_ledger_and_an_officer_of_the_next_street_sees_nothing() -> None:
    case, close = ids.uuid7(), ids.uuid7()
    make.say(None, make.case(case), make.met(close, case, make.at(-1), name="张三", note="13800138000"))
    told = "".join(e.payload.decode() for e in ledger.records_of(DISTRICT))
    assert "张三" not in told
    assert "13800138000" not in told
    other = Scope((DISTRICT,), (NEXT,))
    with transaction(other):
        assert models.Person.objects.count() == models.Exposure.objects.count() == 0
        assert chains.cases(other, NEXT).items == ()
        assert chains.contacts(other, case) == ()
        with pytest.raises(ProblemError, match=r"tracing\.not_found"):
            chains.case(other, case)


def test_cases_come_in_pages_without_a_gap() -> None:
    persons = {ids.uuid7() for _ in range(5)}
    make.say(None, *(make.case(one) for one in persons))
    first = chains.cases(ALL, DISTRICT, limit=3)
    second = chains.cases(ALL, DISTRICT, limit=3, cursor=first.next)
    assert {one.person for one in (*first.items, *second.items)} == persons
    assert second.next is None
    for broken in ("x", "WyJhIiwiYiJd"):
        with pytest.raises(ProblemError, match=r"paging\.bad_cursor"):
            chains.cases(ALL, DISTRICT, cursor=broken)


def test_the_clock_of_a_contacts_identity_starts_when_the_observation_ends() -> None:
    case = ids.uuid7()
    held = people.hold("接触者甲").person_id
    before = vault.Identity.objects.get(person=held).expires_at
    make.say(None, make.case(case), make.met(held, case, make.at(4)))
    after = vault.Identity.objects.get(person=held).expires_at
    assert after - before == timedelta(days=4 + 10 - 5)


def story(seed: int) -> tuple[list[OfficeRecord], list[OfficeRecord]]:
    """Cases, meetings, placements and visits among six people; and what is withdrawn of it."""
    chance = random.Random(seed)
    who, places = [ids.uuid7() for _ in range(6)], [ids.uuid7() for _ in range(2)]
    told: list[OfficeRecord] = []
    for n in range(18):
        one, other = chance.sample(who, 2)
        when = make.at(chance.randrange(-4, 5), chance.randrange(24), n)
        classes = ["confirmed", "asymptomatic", "no_case"]
        made = [
            make.case(one, outcome=chance.choice(classes), when=when),
            make.met(one, chance.choice([other, None]), when, chance.randrange(5, 60), when=when),
            make.record(Kind.PLACED, one, mode=chance.choice([*Mode]).value, when=when),
            make.visited(one, chance.choice(places), when, chance.randrange(5, 1_200), when=when),
        ]
        told.append(chance.choice([*made, made[1]]))
    taken = [
        OfficeRecord(
            kind=earlier.kind, path=earlier.path, subject_type="person", subject=earlier.subject,
            withdraws=earlier.id, id=ids.uuid7(), observed_at=make.at(5),
        )
        for earlier in chance.sample(told, 3)
    ]  # fmt: skip
    return told, taken


def tables() -> list[Any]:
    return [
        sorted(str(row) for row in table.objects.values_list(*columns))
        for table, columns in (
            (models.Person, [f.name for f in models.Person._meta.concrete_fields]),
            (models.Exposure, ["id", "contact", "source", "began_at", "ended_at", "record"]),
            (models.Visit, ["person", "place", "began_at", "ended_at"]),
        )
    ]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_and_any_batches_give_the_same_chains(seed: int) -> None:
    records, withdrawals = story(seed)
    author = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
    seen = []
    for shuffle in range(3):
        with db.atomic():
            order = random.Random(seed + shuffle)
            for told in (records, withdrawals):  # a desk withdraws only what is there
                left = order.sample(told, len(told))
                while left:
                    size = order.randrange(1, 7)
                    make.say(author, *left[:size])
                    projections.apply(DISTRICT, ledger.records_of(DISTRICT)[: order.randrange(1, 5)])
                    left = left[size:]
            seen.append(tables())
            assert replay_check().faults == ()
            db.set_rollback(True)
    assert seen[0] == seen[1] == seen[2]


def test_who_was_there_at_the_same_time_and_whom_those_met_later() -> None:
    case, same, after, next_one, before = (ids.uuid7() for _ in range(5))
    shop, home = ids.uuid7(), ids.uuid7()
    make.say(
        None,
        make.case(case),
        make.visited(case, shop, make.at(0, 10), 60),
        make.visited(same, shop, make.at(0, 10, 30), 60),
        make.visited(after, shop, make.at(0, 11, 0), 30),
        make.visited(same, home, make.at(0, 18), 600),
        make.visited(next_one, home, make.at(1, 1), 20),
        make.visited(same, home, make.at(-1, 8), 60),
        make.visited(before, home, make.at(-1, 8), 60),
    )
    officer = people.officer()
    found = asking.who_met(officer, COMMUNITY, [case]).people
    assert [(one.person, one.source, one.degree, one.place, one.minutes) for one in found] == [
        (same, case, 1, shop, 30),
        (after, same, 2, shop, 30),
        (next_one, same, 2, home, 20),
    ]
    assert [one.person for one in asking.who_met(officer, COMMUNITY, [case], degrees=1).people] == [same]
    assert asking.who_met(officer, COMMUNITY, [same]).people == ()
    with pytest.raises(ProblemError, match=r"access\.not_found"):
        asking.who_met(officer, NEXT, [case])
    assert asking.who_met(people.officer(NEXT), NEXT, [case]).people == ()
    few = asking.who_met(officer, COMMUNITY, [case], most=1)
    assert ([one.degree for one in few.people], few.n_by_degree) == ([1, 2], {1: 1, 2: 2})
    assert classes() == {case: ContactClass.CASE}, "presence makes nobody a contact"


def test_a_stay_of_a_day_is_found_at_every_hour_of_it() -> None:
    case, guest, hotel = ids.uuid7(), ids.uuid7(), ids.uuid7()
    make.say(
        None,
        make.case(case),
        make.visited(case, hotel, make.at(0, 0), 26 * 60),
        make.visited(guest, hotel, make.at(1, 1), 30),
    )
    assert models.Visit.objects.filter(person=case).count() == 4
    assert [one.minutes for one in asking.who_met(people.officer(), COMMUNITY, [case]).people] == [30]


def test_visits_are_forgotten_after_their_time_and_no_replay_brings_them_back() -> None:
    person, place = ids.uuid7(), ids.uuid7()
    make.say(None, make.visited(person, place, make.at(-1)), make.visited(person, place, make.at(4)))
    with clock.frozen(make.at(KEEP_DAYS + 1)):
        assert forgetting.forget_all() == 1
        assert forgetting.forget_all() == 0
        make.say(None, make.visited(person, place, make.at(-1, 9)))
    assert models.Visit.objects.count() == 1
    assert replay_check().faults == ()
