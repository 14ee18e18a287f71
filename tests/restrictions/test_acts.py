"""Nobody is held without basis, evidence, decider and end; what is held ends by the clock."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as db

from bulou.access.terms import Role
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts, notices
from bulou.lines.restrictions.terms import Act, Evidence, Facts, Measure, Restriction, Standing
from tests.make import restrictions as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
HERE = Scope((DISTRICT,), (COMMUNITY,))


def persons_of(act: Act) -> tuple[Restriction, ...]:
    with transaction(HERE):
        return queries.of_act(HERE, act.id, clock.now())


def stopped() -> list[tuple[int, str]]:
    with transaction(whole(DISTRICT)):
        return [(a.n_persons, a.code) for a in queries.attempts(whole(DISTRICT))]


def test_one_person_is_held_at_once_and_free_when_the_time_is_over() -> None:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis(), days=7))
    (held,) = persons_of(act)
    assert held.standing is Standing.IN_FORCE
    with clock.frozen(held.ends_at):
        assert persons_of(act)[0].standing is Standing.ENDED


def test_an_act_about_1317_persons_without_evidence_takes_no_effect_and_supervision_sees_it() -> None:
    named = [Facts(ids.uuid7(), Evidence.TRAVEL, ids.uuid7()) for _ in range(1_317)]
    with pytest.raises(ProblemError, match=r"restrictions\.evidence_missing"):
        acts.propose(make.street(), make.proposal(named, make.basis()))
    with transaction(HERE):
        assert queries.acts(HERE) == ()
    assert stopped() == [(1_317, "restrictions.evidence_missing")]


def test_evidence_about_one_person_holds_nobody_else() -> None:
    told = make.facts()
    with pytest.raises(ProblemError, match=r"restrictions\.evidence_missing"):
        acts.propose(make.street(), make.proposal([replace(told, person=ids.uuid7())], make.basis()))


def test_more_than_twenty_persons_wait_for_another_unit_and_silence_is_no() -> None:
    law = make.basis()
    street = make.street()
    act = acts.propose(street, make.proposal([make.facts() for _ in range(21)], law))
    assert act.needs_second
    assert {p.standing for p in persons_of(act)} == {Standing.PROPOSED}
    for same in (street, make.street(team=street.team)):
        with pytest.raises(ProblemError, match=r"restrictions\.same_body"):
            acts.accept(same, act.id, path=COMMUNITY)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert {p.standing for p in persons_of(act)} == {Standing.LAPSED}
        with pytest.raises(ProblemError, match=r"restrictions\.decided"):
            acts.accept(make.command(), act.id, path=COMMUNITY)
    acts.accept(make.command(), act.id, path=COMMUNITY)
    assert {p.standing for p in persons_of(act)} == {Standing.IN_FORCE}


def test_fifty_persons_a_day_are_as_far_as_one_body_goes() -> None:
    law = make.basis()
    street = make.street()
    for n in (20, 20, 10):
        assert not acts.propose(street, make.proposal([make.facts() for _ in range(n)], law)).needs_second
    assert acts.propose(street, make.proposal([make.facts()], law)).needs_second


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": 14.1}, "too_long"),
        ({"days": -1}, "times"),
        ({"place": " "}, "place_missing"),
        ({"milder": {}}, "milder_missing"),
        ({"supplies": ""}, "supplies_missing"),
        ({"persons": ()}, "nobody"),
        ({"basis": UUID(int=7)}, "basis_missing"),
    ],
)
def test_an_act_that_lacks_something_says_what_and_holds_nobody(change: dict[str, object], code: str) -> None:
    whole_act = make.proposal([make.facts()], make.basis())
    days = change.pop("days", None)
    if isinstance(days, int | float):
        change["ends_at"] = whole_act.starts_at + timedelta(days=days)
    with pytest.raises(ProblemError, match=rf"restrictions\.{code}"):
        acts.propose(make.street(), replace(whole_act, **change))  # type: ignore[arg-type]
    with transaction(HERE):
        assert queries.acts(HERE) == ()


def test_nobody_is_under_two_acts_at_once_and_a_renewal_needs_newer_evidence() -> None:
    law = make.basis()
    told = make.facts()
    act = acts.propose(make.street(), make.proposal([told], law, days=2))
    with pytest.raises(ProblemError, match=r"restrictions\.(same_evidence|already_restricted)"):
        acts.propose(make.street(), make.proposal([told], law))
    with clock.frozen(act.ends_at + timedelta(hours=1)):
        with pytest.raises(ProblemError, match=r"restrictions\.same_evidence"):
            acts.propose(make.street(), make.proposal([told], law))
        again = acts.propose(make.street(), make.proposal([make.facts(told.person)], law))
        assert persons_of(again)[0].standing is Standing.IN_FORCE


def test_a_law_that_ends_ends_what_rests_on_it() -> None:
    law = make.basis()
    act = acts.propose(make.street(), make.proposal([make.facts()], law, days=10))
    today = clock.local_date(clock.now())
    assert acts.end_basis(make.command(), law, path=DISTRICT, on=today) == 1
    with clock.frozen(clock.day_bounds(today)[1]):
        assert persons_of(act)[0].standing is Standing.ENDED


def test_lifted_is_lifted_for_ever_and_supervision_can_freeze_but_not_restrict() -> None:
    law = make.basis()
    act = acts.propose(make.street(), make.proposal([make.facts()], law))
    sun = someone(Role.SUPERVISION, DISTRICT, team="supervision")
    with pytest.raises(ProblemError, match="access"):
        acts.propose(sun, make.proposal([make.facts()], law))
    acts.freeze(sun, act.id, path=DISTRICT, why="the list looks odd")
    assert persons_of(act)[0].standing is Standing.FROZEN
    acts.lift(make.street(), persons_of(act)[0].id, path=COMMUNITY, why="negative, released")
    assert persons_of(act)[0].standing is Standing.LIFTED
    with pytest.raises(ProblemError, match=r"restrictions\.over"):
        acts.lift(make.street(), persons_of(act)[0].id, path=COMMUNITY, why="again")


def test_the_mildest_measure_asks_for_no_milder_one() -> None:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis(), measure=Measure.ADVICE))
    assert act.milder == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE restrictions_act SET ends_at = ends_at + interval '3 days'",
        "UPDATE restrictions_restriction SET ends_at = ends_at + interval '1 hour'",
        "UPDATE restrictions_restriction SET held = tstzrange(lower(held), NULL)",
        "UPDATE restrictions_restriction SET person = gen_random_uuid()",
        "UPDATE restrictions_restriction SET evidence_record = gen_random_uuid()",
        "DELETE FROM restrictions_restriction",
        "DELETE FROM restrictions_act",
        "INSERT INTO restrictions_restriction SELECT (jsonb_populate_record(r, jsonb_build_object('id',"
        " gen_random_uuid(), 'person', gen_random_uuid()))).* FROM restrictions_restriction r",
        "INSERT INTO restrictions_act SELECT (jsonb_populate_record(a, jsonb_build_object("
        "'id', gen_random_uuid(), 'ends_at', a.starts_at + interval '15 days'))).* FROM restrictions_act a",
    ],
)
def test_not_even_a_statement_of_the_applications_role_holds_anybody_longer(statement: str) -> None:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis(), days=14))
    with (
        transaction(whole(DISTRICT)),
        pytest.raises(IntegrityError),
        db.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert persons_of(act)[0].ends_at == act.ends_at


def test_the_database_counts_persons_too() -> None:
    law = make.basis()
    act = acts.propose(make.street(), make.proposal([make.facts() for _ in range(20)], law))
    one_more = make.facts()
    with (
        transaction(whole(DISTRICT)),
        pytest.raises(IntegrityError, match="two bodies"),
        db.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO restrictions_restriction SELECT (jsonb_populate_record(r, jsonb_build_object("
            "'id', gen_random_uuid(), 'person', %s::text, 'evidence_record', %s::text))).*"
            " FROM restrictions_restriction r WHERE act = %s LIMIT 1",
            [one_more.person, one_more.record, act.id],
        )


def test_the_code_on_paper_opens_one_persons_page_and_only_the_newest_does() -> None:
    act = acts.propose(make.street(), make.proposal([make.facts(), make.facts()], make.basis()))
    first, second = persons_of(act)
    old = notices.issue_notice(make.street(), first.id, path=COMMUNITY)
    code = notices.issue_notice(make.street(), first.id, path=COMMUNITY)
    with transaction(whole(DISTRICT)):
        assert queries.by_code(old) is None
        assert queries.by_code(code.lower().replace("-", " ")) == (DISTRICT, first.id)
        assert queries.by_code("") is None
    assert second.notice_at is None


def test_the_papers_of_an_act_are_issued_all_or_none_each_with_a_code_of_its_own() -> None:
    act = acts.propose(make.street(), make.proposal([make.facts() for _ in range(3)], make.basis()))
    held = persons_of(act)
    with pytest.raises(ProblemError, match=r"restrictions\.not_found"):
        notices.issue_notices(make.street(), [held[0].id, ids.uuid7()], path=COMMUNITY)
    assert not any(one.notice_at for one in persons_of(act))
    codes = notices.issue_notices(make.street(), [one.id for one in held], path=COMMUNITY)
    with transaction(whole(DISTRICT)):
        assert {queries.by_code(code): one for one, code in codes.items()} == {
            (DISTRICT, one.id): one.id for one in held
        }
    with pytest.raises(ProblemError, match=r"restrictions\.too_many_notices"):
        notices.issue_notices(make.street(), [ids.uuid7() for _ in range(101)], path=COMMUNITY)
