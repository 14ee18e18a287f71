import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from bulou.kernel.scope import transaction, whole
from bulou.ledger import actions as ledger
from bulou.ledger.terms import Entry
from bulou.lines.supervision import projections, queries
from bulou.lines.supervision.models import Finding
from bulou.lines.supervision.terms import Stage
from tests.make.lines import LIN, SUN, WU, after, entry

DISTRICT = "370725"
SCOPE = whole(DISTRICT)


def story() -> list[Entry]:
    """A finding that fails its first re-check and passes the second; one step is withdrawn."""
    finding = uuid4()

    def step(
        kind: str, outcome: str = "", *, hours: float, by: Any = SUN, team: str = "s5", **more: Any
    ) -> Entry:
        return entry(
            f"supervision.{kind}", subject=finding, outcome=outcome, at=after(hours=hours), author=by,
            team=team,
            payload=more.pop("payload", {}), **more,
        )  # fmt: skip

    mistaken = step("plan", hours=0.8, by=LIN, team="c3", payload={"owner": str(WU)})
    return [
        step("finding", "found", hours=0, payload={"severity": "serious", "text": "x"}),
        step("told", hours=0.5, payload={"unit": "c3"}),
        mistaken,
        step("plan", hours=0.9, by=LIN, team="c3", withdraws=mistaken.id),
        step("plan", hours=1, by=LIN, team="c3", payload={"owner": str(LIN), "owner_team": "c3"}),
        step("fixed", hours=2, by=LIN, team="c3", payload={"evidence": ["photo"]}),
        step("recheck", "failed", hours=3),
        step("fixed", hours=5, by=LIN, team="c3", payload={"evidence": ["photo"]}),
        step("recheck", "passed", hours=5.5, by=WU, team="c3"),
        step("recheck", "passed", hours=6),
    ]


def arrive(entries: Sequence[Entry]) -> None:
    ledger.append(entries)
    projections.apply(DISTRICT, entries)


def row() -> dict[str, Any]:
    return dict(Finding.objects.values().get())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_steps_that_arrive_in_any_order_and_twice_give_the_same_row(seed: int) -> None:
    chance = random.Random(seed)
    told = story()
    with transaction(SCOPE):
        mixed = [*told, *chance.sample(told, 3)]
        chance.shuffle(mixed)
        while mixed:
            n = chance.randint(1, 4)
            arrive(list({one.id: one for one in mixed[:n]}.values()))
            del mixed[:n]
        live = row()
        projections.rebuild(DISTRICT)
        assert row() == live
        assert queries.finding(SCOPE, live["id"]).finding.stage is Stage.CLOSED
        assert queries.finding(SCOPE, live["id"]).finding.closed_by == SUN


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.mark.usefixtures("transactional")
def test_two_phones_with_one_finding_do_not_overlook_each_other(
    pool: ThreadPoolExecutor, superuser: psycopg.Connection
) -> None:
    found, told, _, _, planned, fixed, *_ = story()
    recheck = entry(
        "supervision.recheck",
        subject=found.subject,
        outcome="passed",
        at=after(hours=9),
        author=SUN,
        team="s5",
    )
    applied, go_on = Event(), Event()

    def first() -> None:
        with transaction(SCOPE):
            arrive([fixed])
            applied.set()
            assert go_on.wait(30)
        connections.close_all()

    def second() -> None:
        with transaction(SCOPE):
            arrive([recheck])
        connections.close_all()

    with transaction(SCOPE):
        arrive([found, told, planned])
    one = pool.submit(first)
    assert applied.wait(30)
    other = pool.submit(second)
    while not _waiting(superuser) and not other.done():
        pass
    go_on.set()
    one.result(30)
    other.result(30)
    with transaction(SCOPE):
        assert row()["stage"] == "closed"


def _waiting(superuser: psycopg.Connection) -> bool:
    found = superuser.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    (n,) = found.fetchone() or (0,)
    superuser.rollback()
    return bool(n)
