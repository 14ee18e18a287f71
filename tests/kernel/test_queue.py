"""A job exists if and only if the action that left it did."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from bulou.kernel import queue


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a job that exists."""
    return next(iter(sorted(app.tasks)))


@pytest.mark.django_db
def test_a_job_is_kept_with_the_action(known: str) -> None:
    before = _waiting()
    queue.defer(known)
    assert _waiting() == before + 1


@pytest.mark.django_db
def test_an_action_that_is_rolled_back_leaves_no_job(known: str) -> None:
    before = _waiting()

    def act(fail: Callable[[], None]) -> None:
        with transaction.atomic():
            queue.defer(known)
            fail()

    def fail() -> None:
        raise RuntimeError("the action did not happen")

    with pytest.raises(RuntimeError):
        act(fail)
    assert _waiting() == before
