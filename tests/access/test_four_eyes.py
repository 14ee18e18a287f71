"""A role takes two people of two units; an emergency role takes one, and is looked at afterwards."""

from datetime import timedelta
from uuid import UUID

import pytest

from bulou.access import models, queries
from bulou.access.actions import accounts, codes, glass, proposals, roles
from bulou.access.queries import grants
from bulou.access.terms import (
    GLASS_LIFE,
    GLASS_REVIEW_WITHIN,
    PROPOSAL_LIFE,
    Actor,
    Kind,
    Purpose,
    Role,
    Verb,
)
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from tests.access.test_accounts import refused, told
from tests.make import access as make

pytestmark = pytest.mark.django_db


def tang(actor: Actor) -> UUID:
    return accounts.create_account(actor, name="tang", display_name="Tang", path=make.COMMUNITY).account_id


def proposed(lin: Actor, role: Role = Role.WORKER) -> tuple[UUID, UUID]:
    account = tang(lin)
    made = proposals.propose_role(
        lin, account_id=account, role=role, path=make.COMMUNITY, reason="joins the team"
    )
    assert made is not None
    return account, made


def test_a_proposed_role_holds_only_after_somebody_of_another_unit_has_approved_it() -> None:
    lin, sun = make.lin(), make.sun()
    account, proposal = proposed(lin)
    assert not make.again(account).grants
    proposals.decide_role(sun, proposal_id=proposal, approve=True)
    assert queries.may(make.again(account), Verb.RECORD_SUBMIT, make.COMPOUND)
    author, path, payload = told(Kind.ROLE_GRANTED)[-1]
    assert (author, path) == (lin.account_id, make.COMMUNITY)
    assert str(sun.account_id) in payload, "the ledger names both"
    assert grants.proposals(whole(make.DISTRICT)) == ()


def test_nobody_approves_his_own_proposal_nor_one_for_himself() -> None:
    admin, sun = make.admin(), make.sun()
    proposal = proposals.propose_role(
        admin, account_id=sun.account_id, role=Role.VIEWER, path=make.DISTRICT, reason="looks in"
    )
    make.he()
    assert proposal is None, "sun was the only other one, and cannot approve her own role"
    proposal = proposals.propose_role(
        admin, account_id=sun.account_id, role=Role.VIEWER, path=make.STREET, reason="looks in"
    )
    assert proposal is not None
    for actor in (admin, sun):
        with pytest.raises(ProblemError) as error:
            proposals.decide_role(actor, proposal_id=proposal, approve=True)
        assert refused(error) == ("access.own_proposal", 403)


def test_a_colleague_of_the_same_unit_is_no_second_person() -> None:
    admin, other = make.admin(), make.admin("niu")
    make.sun()
    lin = make.lin()
    proposal = proposals.propose_role(
        admin, account_id=lin.account_id, role=Role.STREET_OFFICER, path=make.STREET, reason="promoted"
    )
    assert proposal is not None
    with pytest.raises(ProblemError) as error:
        proposals.decide_role(other, proposal_id=proposal, approve=True)
    assert refused(error) == ("access.same_unit", 403)


def test_who_may_not_approve_does_not_and_who_sees_nothing_learns_nothing() -> None:
    lin = make.lin()
    make.sun()
    _account, proposal = proposed(lin)
    with pytest.raises(ProblemError) as seen:
        proposals.decide_role(make.clerk(), proposal_id=proposal, approve=True)
    with pytest.raises(ProblemError) as unseen:
        proposals.decide_role(make.zhao(), proposal_id=proposal, approve=True)
    assert refused(seen) == ("access.not_allowed", 403)
    assert refused(unseen) == ("access.not_found", 404)


def test_silence_is_a_no() -> None:
    lin, sun = make.lin(), make.sun()
    _account, proposal = proposed(lin)
    with clock.frozen(clock.now() + PROPOSAL_LIFE + timedelta(minutes=1)):
        assert grants.proposals(whole(make.DISTRICT)) == ()
        with pytest.raises(ProblemError) as error:
            proposals.decide_role(sun, proposal_id=proposal, approve=True)
    assert refused(error) == ("access.proposal_over", 409)


def test_a_proposal_dies_with_the_power_of_its_proposer() -> None:
    lin, sun = make.lin(), make.sun()
    account, proposal = proposed(lin)
    models.Grant.objects.filter(account=lin.account_id).update(valid_until=clock.now())
    queries.forget()
    with pytest.raises(ProblemError) as error:
        proposals.decide_role(sun, proposal_id=proposal, approve=True)
    assert refused(error) == ("access.proposal_over", 409)
    assert not make.again(account).grants


def test_a_refusal_needs_a_reason_and_settles() -> None:
    lin, sun = make.lin(), make.sun()
    account, proposal = proposed(lin)
    with pytest.raises(ProblemError) as error:
        proposals.decide_role(sun, proposal_id=proposal, approve=False)
    assert refused(error) == ("access.reason_missing", 422)
    proposals.decide_role(sun, proposal_id=proposal, approve=False, reason="not known to us")
    with pytest.raises(ProblemError) as again:
        proposals.decide_role(sun, proposal_id=proposal, approve=True)
    assert refused(again) == ("access.proposal_over", 409)
    assert not make.again(account).grants
    assert "not known to us" in told(Kind.ROLE_REFUSED)[-1][2]


def test_a_proposer_takes_his_own_back_and_nobody_elses() -> None:
    lin, admin = make.lin(), make.admin()
    _account, proposal = proposed(lin)
    with pytest.raises(ProblemError) as error:
        proposals.withdraw_proposal(admin, proposal_id=proposal)
    assert refused(error) == ("access.not_found", 404)
    proposals.withdraw_proposal(lin, proposal_id=proposal)
    assert grants.proposals(whole(make.DISTRICT)) == ()


def test_right_after_the_first_start_a_role_is_given_directly_and_the_ledger_says_why() -> None:
    admin = make.admin()
    account = tang(admin)
    made = proposals.propose_role(
        admin, account_id=account, role=Role.COMMAND, path=make.DISTRICT, reason="the first"
    )
    assert made is None
    assert queries.may(make.again(account), Verb.ROUND_OPEN, make.DISTRICT)
    assert "nobody could approve" in told(Kind.ROLE_GRANTED)[-1][2]


def test_giving_directly_is_refused_as_soon_as_somebody_could_approve() -> None:
    lin = make.lin()
    make.sun()
    account = tang(lin)
    with pytest.raises(ProblemError) as error:
        roles.grant_role(lin, account_id=account, role=Role.WORKER, path=make.COMMUNITY)
    assert refused(error) == ("access.four_eyes", 403)


def test_what_the_command_line_gives_is_logged_as_such() -> None:
    make.lin()
    assert '"the system"' in told(Kind.ROLE_GRANTED)[-1][2]


# --- Emergency roles


def test_an_emergency_role_holds_for_two_hours_at_the_desk_and_never_on_a_phone() -> None:
    lin = make.lin()
    phone = make.phone(lin)
    now = clock.now()
    with clock.frozen(now):
        glass.break_glass(lin, role=Role.COMMAND, path=make.DISTRICT, reason="the office does not answer")
        held = make.again(lin.account_id)
        assert queries.may(held, Verb.ROUND_OPEN, make.DISTRICT)
        assert queries.glass_until(held) == now + GLASS_LIFE
        queries.forget()
        with_phone = queries.actor_by_token(phone.token)
        assert with_phone is not None
        assert not queries.may(with_phone, Verb.ROUND_OPEN, make.DISTRICT)
    with clock.frozen(now + GLASS_LIFE):
        assert not queries.may(held, Verb.ROUND_OPEN, make.DISTRICT)


def test_with_an_emergency_role_nobody_gets_power_over_roles() -> None:
    lin = make.lin()
    glass.break_glass(lin, role=Role.STREET_OFFICER, path=make.STREET, reason="flood, the office is gone")
    held = make.again(lin.account_id)
    assert queries.may(held, Verb.GRID_EDIT, make.STREET)
    for verb in (Verb.ACCOUNT_GRANT, Verb.ACCOUNT_APPROVE, Verb.ACCOUNT_RESET, Verb.GLASS_BREAK):
        assert not queries.may(held, verb, make.STREET), verb
    zhou = make.person("zhou", Role.WORKER, make.NEXT_COMMUNITY)
    with pytest.raises(ProblemError) as error:
        codes.issue_code(held, account_id=zhou.account_id, purpose=Purpose.SET_PASSWORD)
    assert error.value.status in {403, 404}


@pytest.mark.parametrize(
    ("role", "path", "problem"),
    [
        (Role.SYSTEM_ADMIN, make.DISTRICT, "access.role_not_by_glass"),
        (Role.SUPERVISION, make.DISTRICT, "access.role_not_by_glass"),
        (Role.COMMAND, make.ANOTHER_DISTRICT, "access.other_district"),
    ],
)
def test_not_every_role_and_not_every_place_is_to_be_had(role: Role, path: str, problem: str) -> None:
    with pytest.raises(ProblemError) as error:
        glass.break_glass(make.lin(), role=role, path=path, reason="cannot wait")
    assert refused(error) == (problem, 422)


def test_a_worker_has_no_glass_to_break_and_nobody_breaks_it_without_a_reason() -> None:
    with pytest.raises(ProblemError) as worker:
        glass.break_glass(make.qian(), role=Role.COMMAND, path=make.DISTRICT, reason="curious")
    assert refused(worker) == ("access.not_allowed", 403)
    with pytest.raises(ProblemError) as silent:
        glass.break_glass(make.lin(), role=Role.COMMAND, path=make.DISTRICT, reason=" ")
    assert refused(silent) == ("access.reason_missing", 422)


def test_one_at_a_time_and_it_can_be_given_back_early() -> None:
    lin = make.lin()
    glass.break_glass(lin, role=Role.COMMAND, path=make.DISTRICT, reason="cannot wait")
    held = make.again(lin.account_id)
    with pytest.raises(ProblemError) as error:
        glass.break_glass(held, role=Role.DATA_CLERK, path=make.DISTRICT, reason="and this")
    assert refused(error) == ("access.glass_open", 409)
    glass.end_glass(held)
    assert queries.glass_until(make.again(lin.account_id)) is None
    assert told(Kind.GLASS_ENDED)


def test_it_is_reviewed_by_another_unit_within_a_day_and_once() -> None:
    lin, sun = make.lin(), make.sun()
    made = glass.break_glass(lin, role=Role.DATA_CLERK, path=make.COMMUNITY, reason="the clerk is ill")
    (row,) = grants.glasses(whole(make.DISTRICT))
    assert row.id == made
    assert not grants.is_late(row, row.begun_at + GLASS_REVIEW_WITHIN)
    assert grants.is_late(row, clock.now() + GLASS_REVIEW_WITHIN + timedelta(minutes=1))
    with pytest.raises(ProblemError) as error:
        glass.review_glass(lin, glass_id=made, in_order=True, note="fine")
    assert error.value.status in {403, 404}
    glass.review_glass(sun, glass_id=made, in_order=False, note="the clerk was there")
    with pytest.raises(ProblemError) as again:
        glass.review_glass(sun, glass_id=made, in_order=True, note="fine")
    assert refused(again) == ("access.glass_over", 409)
    assert '"in_order"' in told(Kind.GLASS_REVIEWED)[-1][2]
