"""Devices: enrolled by a one-time code, known by a token that is stored only as a hash, revocable."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access import models, queries
from bulou.access.actions import accounts, codes, devices, roles
from bulou.access.terms import CODE_LIFE, Kind, Purpose, Role, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from tests.access.test_accounts import refused, told
from tests.make import access as make

pytestmark = pytest.mark.django_db


def test_a_device_acts_for_its_account() -> None:
    qian = make.qian()
    phone = make.phone(qian)
    assert phone.actor.account_id == qian.account_id
    assert phone.actor.device_id == phone.device_id
    assert queries.may(phone.actor, Verb.RECORD_SUBMIT, make.COMPOUND)
    author, path, payload = told(Kind.DEVICE_ENROLLED)[-1]
    assert (author, path) == (qian.account_id, make.COMMUNITY)
    assert str(phone.device_id) in payload
    assert phone.token not in payload


def test_the_token_lies_in_the_table_only_as_a_hash() -> None:
    phone = make.phone(make.qian())
    row = models.Device.objects.get()
    assert phone.token not in (row.token_hash, row.name)
    assert len(row.token_hash) == 64


def test_a_code_enrols_one_device_within_ten_minutes() -> None:
    lin, qian = make.lin(), make.qian()
    code = codes.issue_code(lin, account_id=qian.account_id, purpose=Purpose.ENROL)
    late = CODE_LIFE[Purpose.ENROL]
    assert late == timedelta(minutes=10)
    with clock.frozen(clock.now() + late), pytest.raises(ProblemError) as error:
        devices.enrol_device(code, name="phone-18")
    assert refused(error) == ("access.code_not_valid", 404)
    devices.enrol_device(f" {code.lower()} ", name="phone-18")
    with pytest.raises(ProblemError) as error:
        devices.enrol_device(code, name="phone-19")
    assert refused(error) == ("access.code_not_valid", 404)


def test_a_code_for_a_password_enrols_nothing() -> None:
    code = make.password_code(make.qian())
    with pytest.raises(ProblemError) as error:
        devices.enrol_device(code, name="phone-18")
    assert refused(error) == ("access.code_not_valid", 404)


def test_a_device_without_a_name_gets_that_of_its_account() -> None:
    lin, qian = make.lin(), make.qian()
    code = codes.issue_code(lin, account_id=qian.account_id, purpose=Purpose.ENROL)
    devices.enrol_device(code, name=" ")
    assert [row.name for row in queries.devices(whole(make.DISTRICT))] == ["qian"]


def test_a_revoked_device_is_nobody_at_once_in_this_process() -> None:
    lin, phone = make.lin(), make.phone(make.qian())
    devices.revoke_device(lin, device_id=phone.device_id, reason="lost on the bus")
    assert queries.actor_by_token(phone.token) is None
    devices.revoke_device(lin, device_id=phone.device_id, reason="twice")
    assert len(told(Kind.DEVICE_REVOKED)) == 1


def test_only_the_own_officer_revokes_and_says_why() -> None:
    lin, zhao, phone = make.lin(), make.zhao(), make.phone(make.qian())
    for actor, device_id in ((zhao, phone.device_id), (lin, uuid4())):
        with pytest.raises(ProblemError) as error:
            devices.revoke_device(actor, device_id=device_id, reason="x")
        assert refused(error) == ("access.not_found", 404)
    with pytest.raises(ProblemError) as error:
        devices.revoke_device(lin, device_id=phone.device_id, reason="")
    assert refused(error) == ("access.reason_missing", 422)
    with pytest.raises(ProblemError) as error:
        devices.revoke_device(lin, device_id=make.phone(make.sun(make.COMMUNITY)).device_id, reason="x")
    assert refused(error) == ("access.not_yours_to_change", 403)
    assert queries.actor_by_token(phone.token) is not None


def test_the_device_of_a_closed_account_is_nobody() -> None:
    qian = make.qian()
    phone = make.phone(qian)
    accounts.close_account(make.zhao(make.STREET), account_id=qian.account_id, reason="left")
    assert queries.actor_by_token(phone.token) is None


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "\x00", "' OR 1=1 --"])
def test_a_forged_token_is_nobody(token: str) -> None:
    make.phone(make.qian())
    assert queries.actor_by_token(token) is None


def test_a_known_token_costs_no_query_and_a_new_one_three() -> None:
    phone = make.phone(make.qian())
    with CaptureQueriesContext(
        connection,
    ) as cost:
        queries.actor_by_token(phone.token)
    assert len(cost) == 0
    queries.forget()
    with CaptureQueriesContext(connection) as cost:
        queries.actor_by_token(phone.token)
    assert len(cost) == 3


def test_the_memory_of_actors_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "KEPT_MOST", 2)
    for name in ("tang", "song", "yuan"):
        make.person(name, Role.WORKER, make.COMMUNITY)
    assert len(queries._kept) <= 2


def test_a_device_that_was_here_is_seen() -> None:
    phone = make.phone(make.qian())
    devices.note_device(phone.actor, app_version="1.4.0")
    devices.note_device(make.lin(), app_version="9")
    assert queries.device_names([phone.device_id, uuid4()]) == {phone.device_id: "phone-17"}
    (row,) = queries.devices(whole(make.DISTRICT))
    assert (row.app_version, row.last_seen_at is not None) == ("1.4.0", True)


def test_lists_show_only_the_scope() -> None:
    lin, zhao = make.lin(), make.zhao()
    make.phone(lin, "phone-1")
    revoked = make.phone(lin, "a-phone")
    devices.revoke_device(lin, device_id=revoked.device_id, reason="broken")
    make.phone(zhao, "phone-2")
    of_lin, of_zhao = queries.scope_of(lin, Verb.ACCOUNT_VIEW), queries.scope_of(zhao, Verb.ACCOUNT_VIEW)
    assert [row.name for row in queries.accounts(of_lin)] == ["lin"]
    assert [row.name for row in queries.accounts(of_zhao)] == ["zhao"]
    assert [row.name for row in queries.accounts(whole(make.DISTRICT))] == ["lin", "zhao"]
    assert [row.name for row in queries.accounts(whole(make.DISTRICT), after="lin")] == ["zhao"]
    assert [row.name for row in queries.devices(of_lin)] == ["phone-1", "a-phone"]
    assert [row.name for row in queries.devices(of_zhao)] == ["phone-2"]
    for empty in (Scope((), ()), whole(make.ANOTHER_DISTRICT)):
        assert queries.accounts(empty) == ()
        assert queries.devices(empty) == ()


def test_one_account_is_there_or_not_there_by_scope() -> None:
    lin = make.lin()
    row = queries.account(whole(make.DISTRICT), lin.account_id)
    assert (row.name, row.is_locked, [g.role for g in row.grants]) == ("lin", False, [Role.COMMUNITY_OFFICER])
    for scope, account_id in (
        (whole(make.ANOTHER_DISTRICT), lin.account_id),
        (whole(make.DISTRICT), uuid4()),
    ):
        with pytest.raises(ProblemError) as error:
            queries.account(scope, account_id)
        assert refused(error) == ("access.not_found", 404)


def test_a_task_can_go_to_those_who_hold_the_verb_there_now() -> None:
    lin, _zhao, qian, he = make.lin(), make.zhao(), make.qian(), make.he()
    gone = make.person("gone", Role.WORKER, make.COMMUNITY)
    (grant,) = queries.grants_of([gone.account_id])
    roles.revoke_grant(lin, grant_id=grant.id, reason="left")
    able = queries.accounts_that_may(Verb.RECORD_SUBMIT, make.COMPOUND)
    assert [row.name for row in able] == ["lin", "qian"]
    names = queries.display_names([lin.account_id, qian.account_id, he.account_id, uuid4()])
    assert sorted(names.values()) == ["He", "Lin", "Qian"]
