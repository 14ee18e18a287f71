"""Codes of papers cannot be tried without end; no answer tells anything; neighbours lock nobody out."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.doors.public.papers import KNOWN
from bulou.kernel import clock, ids
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import models, queries
from bulou.lines.restrictions.actions import acts, notices
from bulou.lines.restrictions.terms import MOST_TRIES, TRIES_WINDOW
from tests.make import restrictions as make
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.django_db


def paper() -> str:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis()))
    with transaction(whole(DISTRICT)):
        (held,) = queries.of_act(whole(DISTRICT), act.id, clock.now())
    return notices.issue_notice(make.street(), held.id, path=COMMUNITY)


@pytest.fixture
def code() -> str:
    return paper()


def stranger() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="en")


def tried(code: str, client: Client | None = None) -> int:
    return (client or stranger()).post("/r/", {"code": code}).status_code


def guess(code: str, n: int) -> str:
    """A code that begins like this one and is another."""
    letters = code.replace("-", "")
    return letters[:20] + ids.paper_code()[:7] + "ACDEFGHJKM"[n % 10]


def test_who_has_seen_a_part_of_a_code_has_ten_guesses_then_not_even_the_right_one_opens(
    code: str,
) -> None:
    assert [tried(guess(code, n)) for n in range(MOST_TRIES)] == [404] * MOST_TRIES
    wrong, right = (stranger().post("/r/", {"code": one}) for one in (guess(code, 3), code))
    assert (wrong.status_code, right.status_code) == (429, 429)
    assert shown(wrong.content.decode()) == shown(right.content.decode())
    assert "Wait 15 minutes" in wrong.content.decode()


def shown(page: str) -> str:
    """What stands on a page beside its tokens."""
    return page[page.index("<h1>") :].split("csrfmiddlewaretoken")[0] + page.split("<label", 1)[1]


def test_everybody_else_behind_the_same_address_goes_on(code: str) -> None:
    others = [one for one in (paper() for _ in range(3)) if one[:4] != code[:4]]
    for n in range(MOST_TRIES + 5):
        tried(guess(code, n))
    assert [tried(one) for one in others] == [302] * len(others)  # one address, as every client of a test


def test_a_telephone_that_has_opened_the_paper_before_is_not_locked_out_by_strangers(code: str) -> None:
    own = stranger()
    assert tried(code, own) == 302
    for n in range(MOST_TRIES + 1):
        tried(guess(code, n))
    assert tried(code) == 429
    assert tried(code, own) == 302
    for n in range(MOST_TRIES):  # it gives no more guesses than a stranger has
        assert tried(guess(code, n), own) == 404
    assert tried(code, own) == 429


def test_it_is_over_after_a_quarter_of_an_hour_and_nothing_of_it_stays(code: str) -> None:
    for n in range(MOST_TRIES + 1):
        tried(guess(code, n))
    with clock.frozen(clock.now() + TRIES_WINDOW):
        assert tried(code) == 302
    assert not models.Tries.objects.exists()


def test_what_cannot_be_a_code_is_answered_like_a_wrong_one_and_locks_nobody(code: str) -> None:
    unlike = [code[:-1], code + "A", "", "' OR 1=1 --", "码" * 28]
    answers = {shown(stranger().post("/r/", {"code": one}).content.decode()) for one in unlike * 3}
    answers.add(shown(stranger().post("/r/", {"code": guess(code, 1)}).content.decode()))
    assert len(answers) == 1
    assert models.Tries.objects.count() == 1
    assert tried(code) == 302


def test_a_wrong_code_asks_the_database_as_often_as_a_right_one_up_to_the_last_step(code: str) -> None:
    def asked(one: str) -> list[str]:
        with CaptureQueriesContext(connection) as told:
            tried(one)
        said = [query["sql"] for query in told]
        return [one[:30] for one in said if "restrictions_" in one or "watches_card" in one]

    wrong, right = asked(guess(code, 1)), asked(code)
    assert right[: len(wrong)] == wrong
    assert len(right) == len(wrong) + 1  # what it takes back


def test_the_cookie_of_a_known_telephone_names_nobody_and_is_gone_with_the_page(code: str) -> None:
    own = stranger()
    tried(code, own)
    cookie = own.cookies[KNOWN]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert code.replace("-", "")[:4] not in cookie.value
    own.post("/r/leave")
    assert own.cookies[KNOWN].value == ""
    forged = stranger()
    forged.cookies[KNOWN] = cookie.value[:-2] + "xx"
    for n in range(MOST_TRIES + 1):
        tried(guess(code, n))
    assert tried(code, forged) == 429
