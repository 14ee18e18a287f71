"""What must hold with real commits, threads and two processes' caches."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from bulou.access import models, queries
from bulou.access.actions import accounts, codes, devices, passwords, roles, sessions
from bulou.access.actions.gate import system_actor
from bulou.access.terms import Purpose, Role
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from tests.access.test_accounts import GOOD
from tests.access.test_sessions import WRONG, browser
from tests.make import access as make

pytestmark = pytest.mark.usefixtures("transactional")


def test_a_page_cannot_roll_back_the_count_of_failed_attempts() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        sessions.sign_in(browser(), name="nobody", password=WRONG)


def test_two_hands_cannot_use_one_code() -> None:
    code = codes.issue_code(make.lin(), account_id=make.qian().account_id, purpose=Purpose.ENROL)
    results: list[str] = []
    start = threading.Barrier(4)

    def enrol() -> None:
        start.wait()
        try:
            devices.enrol_device(code, name="phone")
            results.append("enrolled")
        except ProblemError as error:
            results.append(error.problem.code)
        finally:
            connection.close()

    hands = [threading.Thread(target=enrol) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(results) == ["access.code_not_valid"] * 3 + ["enrolled"]
    assert models.Device.objects.count() == 1


def test_a_device_that_another_process_revoked_is_refused_within_a_minute() -> None:
    """The other process is played by a change that this one's memory is not told of."""
    phone = make.phone(make.qian())
    now = clock.now()
    models.Device.objects.update(revoked_at=now)
    with clock.frozen(now + timedelta(seconds=10)):
        assert queries.actor_by_token(phone.token) is not None
    with clock.frozen(now + timedelta(seconds=59)):
        assert queries.actor_by_token(phone.token) is None


def officer() -> None:
    """Make tang, with a password."""
    made = accounts.create_account(make.admin(), name="tang", display_name="Tang", path=make.COMMUNITY)
    roles.grant_role(
        system_actor(make.DISTRICT),
        account_id=made.account_id,
        role=Role.COMMUNITY_OFFICER,
        path=make.COMMUNITY,
    )
    passwords.redeem_code(
        codes.issue_code(
            system_actor(make.DISTRICT), account_id=made.account_id, purpose=Purpose.SET_PASSWORD
        ),
        password=GOOD,
    )


def sign_in(client: Client, password: str) -> int:
    return client.post("/sign-in", {"name": "Tang", "password": password}).status_code


@pytest.mark.usefixtures("quick_hashes")
def test_the_page_counts_wrong_passwords_and_locks() -> None:
    officer()
    assert [sign_in(Client(), WRONG) for _ in range(5)] == [422] * 5
    assert sign_in(Client(), GOOD) == 422
    assert queries.locked_names(["tang"]) == {"tang"}


@pytest.mark.usefixtures("quick_hashes")
def test_the_pages_open_and_end_sessions() -> None:
    officer()
    here, there = Client(), Client()
    assert [sign_in(client, GOOD) for client in (here, there)] == [302, 302]
    assert [client.get("/me").status_code for client in (here, there)] == [200, 200]
    new = {"old": GOOD, "password": "another-lamp-42", "again": "another-lamp-42"}
    assert here.post("/me/password", {**new, "old": WRONG}).status_code == 422
    assert here.post("/me/password", new).status_code == 302
    assert [client.get("/me").status_code for client in (here, there)] == [200, 302]
    assert here.post("/sign-out").status_code == 302
    assert here.get("/me").status_code == 302


@pytest.mark.usefixtures("quick_hashes")
def test_the_first_start_by_the_page_makes_the_administrator() -> None:
    page = {
        "code": passwords.first_start_code(),
        "district": make.DISTRICT,
        "name": "ma",
        "display_name": "Ma",
        "password": GOOD,
        "again": GOOD,
    }
    assert Client().post("/start", {**page, "code": "AAAAAAAAAA"}).status_code == 422
    assert Client().post("/start", page).status_code == 302
    assert Client().post("/start", page).status_code == 422
    client = Client()
    assert client.post("/sign-in", {"name": "ma", "password": GOOD}).status_code == 302
    assert client.get("/accounts").status_code == 200
