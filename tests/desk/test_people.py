"""People at the desk: found, masked, shown for ten seconds, never without a line in their log."""

import re
from uuid import UUID

import pytest
from django.test import Client

from bulou.access.terms import Actor, Role
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.screening.queries import register
from bulou.lines.screening.terms import Risk
from bulou.people import models
from bulou.people.queries import reads
from bulou.people.terms import Look
from tests.make import people as make
from tests.make import register as tell
from tests.make import rounds
from tests.make.access import person, signed_in
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.django_db
NEW = {
    "trigger": "returnee",
    "name": "张小三",
    "number": make.number(5),
    "phones": "13800138000",
    "came_from": "湖北武汉",
    "left_on": "2020-01-20",
    "arrived_on": "2020-01-21",
    "contact": "no",
    "basis": "order 3",
    "reason": "came back from a listed place",
}


@pytest.fixture
def lin() -> Actor:
    with transaction(whole(DISTRICT)):
        rounds.street()
    return person("lin", Role.COMMUNITY_OFFICER, COMMUNITY, team="community 005")


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def registered(browser: Client, **changes: str) -> UUID:
    answer = browser.post(f"/people/new?area={COMMUNITY}", NEW | changes)
    assert answer.status_code == 302, text(answer)
    return UUID(answer.headers["Location"].rpartition("/")[2])


def test_somebody_who_came_is_registered_once_and_shown_masked(lin: Actor) -> None:
    browser = signed_in(lin)
    one = registered(browser)
    assert registered(browser) == one
    page = text(browser.get("/people"))
    assert "张*三" in page
    assert "138****8000" in page
    assert "张小三" not in page
    assert make.number(5) not in page


def test_without_a_reason_or_with_a_wrong_number_nothing_is_kept(lin: Actor) -> None:
    browser = signed_in(lin)
    for wrong in ({"basis": ""}, {"reason": ""}, {"number": "110105194912310021"}, {"trigger": ""}):
        answer = browser.post(f"/people/new?area={COMMUNITY}", NEW | wrong)
        assert answer.status_code == 422
    with transaction(whole(DISTRICT)):
        assert not models.Identity.objects.exists()
        assert register.registered(whole(DISTRICT))[2] == 0


@pytest.mark.parametrize("words", ["张小三", "zxs", "zhangxiaosan", "13800138000", make.number(5)])
def test_the_search_finds_by_name_pinyin_and_whole_numbers(lin: Actor, words: str) -> None:
    browser = signed_in(lin)
    one = registered(browser)
    rows = browser.get("/people", {"who": words}).context["rows"]
    assert [row.person_id for row in rows] == [one]
    assert browser.get("/people", {"who": "1380013800"}).context["rows"] == ()


def test_identity_is_shown_for_ten_seconds_with_a_purpose_and_the_person_sees_who_looked(
    lin: Actor,
) -> None:
    browser = signed_in(lin)
    one = registered(browser)
    without = browser.post(f"/people/{one}/reveal", {"purpose": "follow_up", "reason": ""})
    assert without.status_code == 422
    assert "张小三" not in text(without)
    shown = browser.post(
        f"/people/{one}/reveal",
        {"purpose": "follow_up", "reason": "no answer at the door"},
        headers={"HX-Request": "true"},
    )
    assert "张小三" in text(shown)
    assert make.number(5) not in text(shown)
    assert re.search(r'hx-trigger="load delay:10s"', text(shown))
    plain = browser.post(f"/people/{one}/reveal", {"purpose": "follow_up", "reason": "no answer"})
    assert plain.headers["Refresh"].startswith("10;")
    again = text(browser.get(f"/people/{one}/masked", headers={"HX-Request": "true"}))
    assert "张小三" not in again
    with transaction(whole(DISTRICT)):
        looks = [row.look for row in reads.of_person(DISTRICT, one)]
    assert looks.count(Look.REVEALED) == 2
    assert "no answer at the door" in text(browser.get(f"/people/{one}"))


def test_the_card_to_print_is_a_look_of_its_own(lin: Actor) -> None:
    browser = signed_in(lin)
    one = registered(browser)
    card = browser.post(f"/people/{one}/card", {"purpose": "register_kept", "reason": "for the file"})
    assert "张小三" in text(card)
    asked = {"purpose": "register_kept", "reason": "for the file", "format": "pdf"}
    assert browser.post(f"/people/{one}/card", asked).content.startswith(b"%PDF")
    with transaction(whole(DISTRICT)):
        assert Look.PRINTED in {row.look for row in reads.of_person(DISTRICT, one)}
    printed = text(browser.get("/people/register"))
    assert "张*三" in printed
    assert "张小三" not in printed


def test_an_officer_of_the_next_street_finds_nobody_and_opens_nothing(lin: Actor) -> None:
    one = registered(signed_in(lin))
    zhao = signed_in(person("zhao", Role.STREET_OFFICER, f"{DISTRICT}.002"))
    assert zhao.get("/people", {"who": "张小三"}).context["rows"] == ()
    assert zhao.get(f"/people/{one}").status_code == 404
    assert (
        zhao.post(f"/people/{one}/reveal", {"purpose": "follow_up", "reason": "why not"}).status_code == 404
    )


def test_the_rule_is_tried_before_it_is_set_and_then_classes_everybody(lin: Actor) -> None:
    one = registered(signed_in(lin))
    he = signed_in(person("he", Role.COMMAND, DISTRICT))
    form = {"places": "武汉\n420200", "from_on": "2020-01-14", "noted": "", "reason": "order 3"}
    tried = he.post("/people/rule", form | {"do": "try"})
    assert [n for _was, _then, n in tried.context["tried"]] == [1]
    assert he.post("/people/rule", form | {"do": "set"}).status_code == 302
    with transaction(whole(DISTRICT)):
        assert register.person(whole(DISTRICT), one).risk is Risk.KEY
    assert signed_in(lin).post("/people/rule", form | {"do": "set"}).status_code in {403, 404}


def test_two_officers_merge_two_entries_and_one_takes_them_apart(lin: Actor) -> None:
    browser = signed_in(lin)
    bo = signed_in(person("bo", Role.COMMUNITY_OFFICER, COMMUNITY))
    one = registered(browser)
    other = registered(browser, number="", name="张小山")
    pairs = browser.get("/people/doubles").context["pairs"]
    assert [{pair.one, pair.other} for pair in pairs] == [{one, other}]
    browser.post("/people/doubles", {"keep": str(one), "drop": str(other), "reason": "same phone"})
    decision = f"/people/merges/{other}"
    assert browser.post(decision, {"verdict": "approve"}).status_code == 409
    assert bo.post(decision, {"verdict": "approve"}).status_code == 302
    assert [row.person_id for row in browser.get("/people").context["rows"]] == [one]
    assert browser.get(f"/people/{other}").status_code == 200
    bo.post(decision, {"verdict": "undo", "reason": "two brothers"})
    assert len(browser.get("/people").context["rows"]) == 2


def test_an_empty_role_is_listed_until_somebody_is_named(lin: Actor) -> None:
    browser = signed_in(lin)
    one = registered(browser)
    with transaction(whole(DISTRICT)):
        tell.set_rule()
    assert len(browser.get("/teams").context["gaps"]) == 3
    named = {"role": "police", "account": str(lin.account_id), "until": "", "override": ""}
    assert browser.post(f"/people/{one}/team", named).status_code == 302
    page = browser.get("/teams")
    assert len(page.context["gaps"]) == 2
    assert [(who, n) for who, n, _many in page.context["loads"]] == [("Lin", 1)]


def test_an_objection_is_decided_by_somebody_else_and_people_leave_the_register(lin: Actor) -> None:
    browser = signed_in(lin)
    bo = signed_in(person("bo", Role.COMMUNITY_OFFICER, COMMUNITY))
    one = registered(browser)
    page = f"/people/{one}"
    browser.post(page, {"step": "dispute", "field": "name", "said": "章小三", "reason": "saw the card"})
    (row, _field, _state) = browser.get(page).context["disputes"][0]
    settle = f"{page}/objections/{row.dispute_id}"
    assert browser.post(settle, {"verdict": "accept", "answer": "yes"}).status_code == 403
    assert bo.post(settle, {"verdict": "accept", "answer": "yes"}).status_code == 302
    assert "章*三" in text(browser.get("/people"))
    browser.post(page, {"step": "left", "why": "duty_over", "reason": "day 14 is over"})
    assert browser.get("/people").context["rows"] == ()
