"""What must hold with real commits, threads and two processes' caches."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from bulou.access import models, queries
from bulou.access.actions import codes, devices, sessions
from bulou.access.terms import Purpose
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
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
