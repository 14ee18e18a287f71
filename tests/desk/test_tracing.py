"""The pages of cases and contacts: the chain as a picture and a list, and what does not fit."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access.terms import Actor, Role
from bulou.kernel import clock, ids
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.tracing import models
from bulou.lines.tracing.queries import chains
from bulou.lines.tracing.terms import ContactClass
from tests.make import objects, people
from tests.make import tracing as make
from tests.make.access import person, signed_in
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
BUDGETS = Path(__file__).parents[1] / "counts" / "query_counts.json"


@pytest.fixture
def lin() -> Actor:
    with transaction(ALL):
        street()
    return person("lin", Role.COMMUNITY_OFFICER, COMMUNITY)


def test_a_chain_is_drawn_with_masked_names_and_a_list_says_the_same(lin: Actor) -> None:
    today = clock.local_date(clock.now())
    yesterday = clock.now() - timedelta(days=1)
    second = ids.uuid7()
    with transaction(ALL):
        case, close = (people.hold(name, by=lin).person_id for name in ("病例甲", "接触者乙"))
        make.say(
            None,
            make.case(case, onset_on=today, number="C-7"),
            make.met(close, case, yesterday, way="same_meal"),
            make.met(second, close, yesterday, 60, way="same_home"),
        )
    page = signed_in(lin).get(f"/tracing/{case}").content.decode()
    assert 'role="img"' in page
    assert page.count("<rect") == 3
    assert page.count("<line") == 2
    assert "病例甲" not in page
    assert "接触者乙" not in page
    assert f"…{second.hex[-6:]}" in page
    listed = signed_in(lin).get("/tracing").content.decode()
    assert "C-7" in listed
    why = signed_in(lin).get(f"/tracing/{second}").content.decode()
    assert f"/tracing/{case}" in why


def test_whoever_was_there_is_proposed_and_a_person_decides(lin: Actor) -> None:
    now = clock.now()
    case, other, shop = ids.uuid7(), ids.uuid7(), ids.uuid7()
    with transaction(ALL):
        make.say(
            None,
            make.case(case, onset_on=clock.local_date(now)),
            make.visited(case, shop, now - timedelta(hours=3), 60),
            make.visited(other, shop, now - timedelta(hours=3), 40),
        )
    officer = signed_in(lin)
    page = officer.get(f"/tracing/{case}")
    fields = dict(page.context["met"][0].fields)
    with transaction(ALL):
        assert not models.Exposure.objects.exists()
    sent = officer.post(f"/tracing/{case}", {"step": "met", **{k: str(v) for k, v in fields.items()}})
    assert sent.status_code == 302
    with transaction(ALL):
        assert chains.contact(ALL, other).judged.klass is ContactClass.CLOSE


def test_what_does_not_fit_is_listed_until_it_is_put_right(lin: Actor) -> None:
    now = clock.now()
    case, close = ids.uuid7(), ids.uuid7()
    with transaction(ALL):
        make.say(
            None,
            make.case(case, onset_on=clock.local_date(now)),
            make.met(close, case, now - timedelta(hours=2)),
        )
    officer = signed_in(lin)
    assert f"/tracing/{close}" in officer.get("/tracing/quality?check=not_landed").content.decode()
    until = clock.local_date(now - timedelta(hours=2) + timedelta(minutes=30)) + timedelta(days=10)
    told = {
        "step": "placed",
        "mode": "at_home",
        "home_reason": "small child",
        "until_on": str(until),
        "job": "",
    }
    assert officer.post(f"/tracing/{close}", told).status_code == 302
    page = officer.get("/tracing/quality").content.decode()
    assert f"/tracing/{close}" not in page


def test_the_command_changes_the_rule_and_sees_it_at_once() -> None:
    with transaction(ALL):
        street()
    chief = signed_in(person("chief", Role.COMMAND, DISTRICT))
    told = {"step": "rule", "regime": "cn-delta", "close_minutes": "10", "reason": "order 5"}
    assert chief.post("/tracing", told).status_code == 302
    page = chief.get("/tracing")
    assert (page.context["lookback_days"], page.context["close_minutes"]) == (4, 10)
    refused = chief.post("/tracing", {"step": "case"})
    assert refused.status_code == 403


def _chain(by: Actor, n: int, kind: str) -> tuple[UUID, UUID]:
    """A case with so many contacts, theirs, and people who were there; the case and one contact."""
    now = clock.now()
    case = people.hold(f"病例{n}", by=by).person_id
    close = [people.hold(f"接触{n}者{one}", by=by).person_id for one in range(n)]
    places = objects.sites(kind, n)
    told = [make.case(case, onset_on=clock.local_date(now))]
    told += [
        make.met(one, case, now - timedelta(hours=9), way="same_meal", place=at)
        for one, at in zip(close, places, strict=True)
    ]
    told += [make.met(ids.uuid7(), one, now - timedelta(hours=8), 60) for one in close]
    told += [make.visited(case, at, now - timedelta(hours=7), 60) for at in places]
    told += [make.visited(ids.uuid7(), at, now - timedelta(hours=7), 40) for at in places]
    make.say(None, *told)
    return case, close[0]


def test_pages_of_tracing_keep_to_their_budget_whatever_the_length_of_the_chain(lin: Actor) -> None:
    budgets: dict[str, int] = json.loads(BUDGETS.read_text(encoding="utf-8"))
    officer, counted = signed_in(lin), dict[str, list[int]]()
    for n, kind in ((2, "venue"), (9, "school")):
        with transaction(ALL):
            case, contact = _chain(lin, n, kind)
        pages = {
            "tracing": "/tracing",
            "tracing/case": f"/tracing/{case}",
            "tracing/contact": f"/tracing/{contact}",
            "tracing/quality": "/tracing/quality",
            "tracing/lists": "/tracing/lists",
        }
        for name, address in pages.items():
            officer.get(address)  # what is read once per process is read
            with CaptureQueriesContext(connection) as queries:
                answer = officer.get(address)
            assert answer.status_code == 200, name
            counted.setdefault(name, []).append(len(queries))
    assert {name: n for name, n in counted.items() if max(n) > budgets.get(name, 0)} == {}
    assert {name: n for name, n in counted.items() if n[0] != n[1]} == {}
