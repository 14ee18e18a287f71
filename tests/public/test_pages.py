"""A resident opens the own page with the paper's code, sees what holds and why, and objects."""

import pytest
from django.test import Client

from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts, notices
from tests.make import restrictions as make
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.django_db


@pytest.fixture
def code() -> str:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis()))
    with transaction(whole(DISTRICT)):
        (held,) = queries.of_act(whole(DISTRICT), act.id, clock.now())
    return notices.issue_notice(make.street(), held.id, path=COMMUNITY)


def opened(code: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    answer = client.post("/r/", {"code": code})
    assert answer.status_code == 302
    return client


def test_the_first_line_says_what_holds_and_until_when(code: str) -> None:
    page = opened(code.lower().replace("-", " ")).get("/r/mine").content.decode()
    assert "Please stay at home." in page
    assert "Then it ends by itself." in page
    assert "传染病防治法" in page
    assert "you were near somebody who is ill" in page


def test_a_code_that_never_was_is_answered_like_a_wrong_one_and_without_a_paper_there_is_no_page(
    code: str,
) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    for typed in ("", "A" * 28, code[:-1], "' OR 1=1 --", "码" * 90):
        assert client.post("/r/", {"code": typed}).status_code == 404
    assert client.get("/r/mine").status_code == 302
    assert client.post("/r/object", {"words": "no"}).headers["Location"] == "/r/"


def test_an_objection_is_received_shown_with_its_clock_and_asked_for_once(code: str) -> None:
    client = opened(code)
    assert client.post("/r/object", {"words": " "}).status_code == 422
    assert client.post("/r/object", {"words": "I was <b>not</b> there"}).status_code == 302
    page = client.get("/r/mine").content.decode()
    assert "I was &lt;b&gt;not&lt;/b&gt; there" in page
    assert "You get an answer before" in page
    assert 'name="words"' not in page


def test_whoever_is_free_reads_that_first(code: str) -> None:
    client = opened(code)
    with transaction(whole(DISTRICT)):
        (held,) = queries.in_force(whole(DISTRICT), clock.now())
    acts.lift(make.street(), held.id, path=COMMUNITY, why="the test was negative")
    page = client.get("/r/mine").content.decode()
    assert "Nothing holds for you now. You are free to go." in page
    assert "the test was negative" in page


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_page_speaks_three_languages_and_is_never_kept(code: str, language: str) -> None:
    client = opened(code)
    client.post("/r/language", {"language": language})
    answer = client.get("/r/mine")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'lang="{language.replace("hans", "Hans").replace("hant", "Hant")}"' in answer.content.decode()
