"""Accounts, roles and one-time codes: nobody gets further than somebody let him."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from bulou.access import models, queries
from bulou.access.actions import accounts, codes, passwords, roles
from bulou.access.actions.gate import require, system_actor, the_actor
from bulou.access.terms import SYSTEM_ID, Actor, Kind, Purpose, Role, TextSize, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from tests.make import access as make

pytestmark = pytest.mark.django_db

GOOD = "corridor-lamp-41"
NOON = datetime(2046, 11, 22, 4, 0, tzinfo=UTC)  # after everything that the test itself makes
MINUTE = timedelta(minutes=1)


def refused(error: pytest.ExceptionInfo[ProblemError]) -> tuple[str, int]:
    return error.value.problem.code, error.value.status


def told(kind: Kind) -> list[tuple[UUID, str, str]]:
    """Return author, path and payload of every ledger record of a kind."""
    with transaction(whole(make.DISTRICT)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT author, path, payload::text FROM ledger_record WHERE kind = %s ORDER BY id", [kind.value]
        )
        return [(author, path, payload) for author, path, payload in cursor.fetchall()]


def new(actor: Actor, name: str = "tang", path: str = make.COMMUNITY) -> UUID:
    return accounts.create_account(actor, name=name, display_name="", path=path).account_id


def test_require_says_404_where_one_sees_nothing_and_403_where_one_only_may_not() -> None:
    lin = make.lin()
    require(lin, Verb.UNIT_VIEW, make.COMPOUND)
    with pytest.raises(ProblemError) as foreign:
        require(lin, Verb.UNIT_VIEW, make.NEXT_COMMUNITY)
    with pytest.raises(ProblemError) as above:
        require(lin, Verb.UNIT_VIEW, make.STREET)
    with pytest.raises(ProblemError) as missing:
        require(lin, Verb.ROUND_OPEN, make.COMMUNITY)
    assert refused(foreign) == refused(above) == ("access.not_found", 404)
    assert refused(missing) == ("access.not_allowed", 403)


def test_a_new_account_can_do_nothing_and_cannot_sign_in() -> None:
    made = accounts.create_account(make.lin(), name="Tang ", display_name=" 唐 ", path=make.COMMUNITY)
    row = models.Account.objects.get(pk=made.account_id)
    assert (row.name, row.display_name, row.has_usable_password()) == ("tang", "唐", False)
    assert make.again(made.account_id).grants == ()


def test_who_made_an_account_stands_in_the_ledger_without_a_name() -> None:
    lin = make.lin()
    account_id = new(lin, "tang")
    author, path, payload = told(Kind.ACCOUNT_CREATED)[-1]
    assert (author, path) == (lin.account_id, make.COMMUNITY)
    assert "tang" not in payload
    assert account_id


@pytest.mark.parametrize(
    ("name", "path", "problem"),
    [
        ("lin", make.COMMUNITY, ("access.name_taken", 409)),
        ("LIN", make.COMMUNITY, ("access.name_taken", 409)),
        ("a b", make.COMMUNITY, ("access.name_not_allowed", 422)),
        ("tang", f"{make.COMMUNITY}.c 1", ("access.not_found", 404)),
        ("tang", make.NEXT_COMMUNITY, ("access.not_found", 404)),
    ],
)
def test_an_account_that_cannot_be(name: str, path: str, problem: tuple[str, int]) -> None:
    lin = make.lin()
    with pytest.raises(ProblemError) as error:
        new(lin, name, path)
    assert refused(error) == problem


def test_an_officer_gives_a_role_in_the_own_area_and_it_ends_by_the_clock() -> None:
    lin = make.lin()
    tang = new(lin)
    with clock.frozen(NOON):
        roles.grant_role(
            lin,
            account_id=tang,
            role=Role.WORKER,
            path=make.COMPOUND,
            valid_until=NOON + MINUTE,
            reason="leave",
        )
    with clock.frozen(NOON + MINUTE / 2):
        assert queries.may(make.again(tang), Verb.RECORD_SUBMIT, make.COMPOUND)
        actor = make.again(tang)
    with clock.frozen(NOON + MINUTE):
        assert not queries.may(actor, Verb.RECORD_SUBMIT, make.COMPOUND)
    assert told(Kind.ROLE_GRANTED)[-1][:2] == (lin.account_id, make.COMPOUND)


def test_an_officer_cannot_give_a_role_above_or_beside_the_own_area() -> None:
    lin = make.lin()
    tang = new(lin)
    for path in (make.STREET, make.NEXT_COMMUNITY, make.DISTRICT):
        with pytest.raises(ProblemError) as error:
            roles.grant_role(lin, account_id=tang, role=Role.WORKER, path=path)
        assert refused(error) == ("access.not_found", 404)


@pytest.mark.parametrize(
    "role", [Role.STREET_OFFICER, Role.SUPERVISION, Role.COMMAND, Role.SYSTEM_ADMIN, Role.SERVICE]
)
def test_an_officer_cannot_give_what_he_does_not_hold(role: Role) -> None:
    lin = make.lin()
    tang = new(lin)
    with pytest.raises(ProblemError) as error:
        roles.grant_role(lin, account_id=tang, role=role, path=make.COMMUNITY)
    assert refused(error) == ("access.role_not_yours_to_give", 403)


def test_nobody_gives_a_role_to_himself_not_even_the_administrator() -> None:
    admin = make.admin()
    with pytest.raises(ProblemError) as error:
        roles.grant_role(admin, account_id=admin.account_id, role=Role.COMMAND, path=make.DISTRICT)
    assert refused(error) == ("access.not_to_yourself", 403)


def test_an_officer_cannot_give_a_role_to_an_account_he_does_not_see() -> None:
    lin, zhao = make.lin(), make.zhao()
    for account_id in (zhao.account_id, uuid4()):
        with pytest.raises(ProblemError) as error:
            roles.grant_role(lin, account_id=account_id, role=Role.WORKER, path=make.COMMUNITY)
        assert refused(error) == ("access.not_found", 404)


def test_a_role_cannot_end_before_it_begins() -> None:
    lin = make.lin()
    tang = new(lin)
    now = clock.now()
    with pytest.raises(ProblemError) as error:
        roles.grant_role(lin, account_id=tang, role=Role.WORKER, path=make.COMMUNITY, valid_until=now)
    assert refused(error) == ("access.period_empty", 422)


def test_a_revoked_role_holds_no_longer_and_keeps_its_row() -> None:
    lin, qian = make.lin(), make.qian()
    (grant,) = queries.grants_of([qian.account_id])
    roles.revoke_grant(lin, grant_id=grant.id, reason="ill")
    assert not queries.may(make.again(qian.account_id), Verb.RECORD_SUBMIT, make.COMMUNITY)
    (after,) = queries.grants_of([qian.account_id])
    assert after.valid_until is not None
    assert after.valid_until <= clock.now()
    roles.revoke_grant(lin, grant_id=grant.id, reason="twice")
    assert len(told(Kind.ROLE_REVOKED)) == 1


def test_an_officer_cannot_take_away_what_he_could_not_give() -> None:
    lin, sun = make.lin(), make.sun(make.COMMUNITY)
    (grant,) = queries.grants_of([sun.account_id])
    with pytest.raises(ProblemError) as error:
        roles.revoke_grant(lin, grant_id=grant.id, reason="she finds too much")
    assert refused(error) == ("access.role_not_yours_to_give", 403)


def test_revoking_needs_a_reason_and_a_grant_that_is_yours() -> None:
    lin, qian, zhao = make.lin(), make.qian(), make.zhao()
    (grant,) = queries.grants_of([qian.account_id])
    with pytest.raises(ProblemError) as error:
        roles.revoke_grant(lin, grant_id=grant.id, reason=" ")
    assert refused(error) == ("access.reason_missing", 422)
    for actor, grant_id in ((zhao, grant.id), (lin, uuid4())):
        with pytest.raises(ProblemError) as error:
            roles.revoke_grant(actor, grant_id=grant_id, reason="x")
        assert refused(error) == ("access.not_found", 404)


def test_the_owner_sets_the_password_with_the_code_once() -> None:
    made = accounts.create_account(make.lin(), name="tang", display_name="Tang", path=make.COMMUNITY)
    actor = passwords.redeem_code(made.code.lower(), password=GOOD)
    assert actor.account_id == made.account_id
    row = models.Account.objects.get(pk=made.account_id)
    assert row.check_password(GOOD)
    assert row.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert told(Kind.ACCOUNT_SET_PASSWORD)[-1][0] == made.account_id
    with pytest.raises(ProblemError) as error:
        passwords.redeem_code(made.code, password=GOOD)
    assert refused(error) == ("access.code_not_valid", 404)


def test_a_weak_password_says_what_is_wrong_and_leaves_the_code_good() -> None:
    made = accounts.create_account(make.lin(), name="tang", display_name="Tang", path=make.COMMUNITY)
    with pytest.raises(ProblemError) as error:
        passwords.redeem_code(made.code, password="short")
    assert refused(error) == ("access.password_short", 422)
    assert error.value.problem.params["min"] == 10
    passwords.redeem_code(made.code, password=GOOD)


def test_wrong_used_expired_and_foreign_codes_have_one_answer() -> None:
    lin, qian = make.lin(), make.qian()
    with clock.frozen(clock.now() - timedelta(hours=73)):
        expired = codes.issue_code(
            system_actor(make.DISTRICT), account_id=qian.account_id, purpose=Purpose.SET_PASSWORD
        )
    replaced = codes.issue_code(lin, account_id=qian.account_id, purpose=Purpose.SET_PASSWORD)
    codes.issue_code(lin, account_id=qian.account_id, purpose=Purpose.SET_PASSWORD)
    enrol = codes.issue_code(lin, account_id=qian.account_id, purpose=Purpose.ENROL)
    answers = set()
    for code in ("", "AAAAAAAAAA", expired, replaced, enrol):
        with pytest.raises(ProblemError) as error:
            passwords.redeem_code(code, password=GOOD)
        answers.add((str(error.value), error.value.status))
    assert answers == {("access.code_not_valid", 404)}


def test_codes_cannot_be_guessed_by_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "MOST_MISSES", 3)
    made = accounts.create_account(make.lin(), name="tang", display_name="Tang", path=make.COMMUNITY)
    answers = []
    with clock.frozen(clock.now()):
        for code in ("AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC", "DDDDDDDDDD", made.code):
            with pytest.raises(ProblemError) as error:
                passwords.redeem_code(code, password=GOOD)
            answers.append(refused(error))
    assert answers == [("access.code_not_valid", 404)] * 3 + [("access.too_many_tries", 429)] * 2
    with clock.frozen(clock.now() + 10 * MINUTE):
        passwords.redeem_code(made.code, password=GOOD)


def test_a_code_of_a_closed_account_is_dead() -> None:
    lin, qian = make.lin(), make.qian()
    code = codes.issue_code(lin, account_id=qian.account_id, purpose=Purpose.SET_PASSWORD)
    accounts.close_account(make.zhao(make.STREET), account_id=qian.account_id, reason="left")
    with pytest.raises(ProblemError) as error:
        passwords.redeem_code(code, password=GOOD)
    assert refused(error) == ("access.code_not_valid", 404)


def test_codes_lie_in_the_table_only_as_keyed_hashes() -> None:
    made = accounts.create_account(make.lin(), name="tang", display_name="Tang", path=make.COMMUNITY)
    stored = models.Code.objects.get(account=made.account_id).code_hash
    assert made.code not in stored
    assert len(stored) == 64


def test_a_reset_is_no_way_to_a_role_that_nobody_gave() -> None:
    lin, sun = make.lin(), make.sun(make.COMMUNITY)
    for purpose in (Purpose.SET_PASSWORD, Purpose.ENROL):
        with pytest.raises(ProblemError) as error:
            codes.issue_code(lin, account_id=sun.account_id, purpose=purpose)
        assert refused(error) == ("access.not_yours_to_change", 403)


def test_a_code_kept_back_dies_when_somebody_else_gives_the_account_a_role() -> None:
    lin, admin = make.lin(), make.admin()
    made = accounts.create_account(lin, name="tang", display_name="Tang", path=make.COMMUNITY)
    roles.grant_role(admin, account_id=made.account_id, role=Role.STREET_OFFICER, path=make.STREET)
    with pytest.raises(ProblemError) as error:
        passwords.redeem_code(made.code, password=GOOD)
    assert refused(error) == ("access.code_not_valid", 404)


def test_whoever_was_closed_acts_no_longer() -> None:
    qian = make.qian()
    row = models.Account.objects.get(pk=qian.account_id)
    assert the_actor(row) == qian
    models.Account.objects.update(is_active=False)
    queries.forget()
    with pytest.raises(ProblemError) as error:
        the_actor(row)
    assert refused(error) == ("access.not_found", 404)


def test_closing_an_account_ends_it_and_needs_a_reason() -> None:
    zhao, qian = make.zhao(make.STREET), make.qian()
    with pytest.raises(ProblemError) as error:
        accounts.close_account(zhao, account_id=qian.account_id, reason="")
    assert refused(error) == ("access.reason_missing", 422)
    accounts.close_account(zhao, account_id=qian.account_id, reason="left")
    assert queries.actor_by_id(qian.account_id) is None
    assert told(Kind.ACCOUNT_CLOSED)[-1][0] == zhao.account_id


def test_preferences_are_ones_own_and_need_no_permission() -> None:
    qian = make.qian()
    accounts.set_preferences(qian, language="zh-hant", text_size=TextSize.LARGE)
    assert make.again(qian.account_id).language == "zh-hant"
    with pytest.raises(ProblemError) as error:
        accounts.set_preferences(qian, language="tlh", text_size=TextSize.LARGE)
    assert refused(error) == ("access.language_not_known", 422)


def test_the_first_start_makes_one_administrator_and_only_one() -> None:
    assert not queries.started()
    dead = passwords.first_start_code()
    code = passwords.first_start_code()
    with pytest.raises(ProblemError) as error:
        passwords.start_first(dead, name="ma", display_name="Ma", password=GOOD, district=make.DISTRICT)
    assert refused(error) == ("access.code_not_valid", 404)
    for district in ("", "220303.001", "铁东"):
        with pytest.raises(ProblemError) as error:
            passwords.start_first(code, name="ma", display_name="Ma", password=GOOD, district=district)
        assert refused(error) == ("access.path_not_allowed", 422)
    ma = passwords.start_first(code, name="ma", display_name="Ma", password=GOOD, district=make.DISTRICT)
    assert queries.roles_of(ma, make.COMMUNITY) == {Role.SYSTEM_ADMIN}
    assert told(Kind.ACCOUNT_CREATED)[-1][:2] == (SYSTEM_ID, make.DISTRICT)
    with pytest.raises(ProblemError) as error:
        passwords.first_start_code()
    assert refused(error) == ("access.already_started", 409)


def test_a_first_start_code_is_dead_once_there_is_an_account() -> None:
    code = passwords.first_start_code()
    make.lin()
    with pytest.raises(ProblemError) as error:
        passwords.start_first(code, name="ma", display_name="Ma", password=GOOD, district=make.DISTRICT)
    assert refused(error) == ("access.already_started", 409)


def test_a_fresh_installation_has_no_account_at_all() -> None:
    assert (
        models.Account.objects.count() == models.Device.objects.count() == models.Grant.objects.count() == 0
    )
