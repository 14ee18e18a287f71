"""A watched person says by the paper's code how the day is, and calls for help; a worker confirms."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bulou.access.terms import Actor, Role
from bulou.cases import queries as cases
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.watches.actions import issue_card
from bulou.watches.queries import due, reports, watches
from bulou.watches.queries.due import Whose
from bulou.watches.terms import Kind, SlotState, Timeline
from tests.make import care
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NOON = care.at(1, 14, 10)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")


@pytest.fixture
def watch(lin: Actor) -> UUID:
    with transaction(ALL):
        street()
        return care.start(lin)


def opened(lin: Actor, watch: UUID) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    code = issue_card(lin, watch, path=COMMUNITY)
    assert client.post("/r/", {"code": code.lower().replace("-", " ")}).status_code == 302
    return client


def said(**more: object) -> dict[str, object]:
    return {"id": str(ids.uuid7()), "well": "yes", "temperature": "36.6"} | more


def of(watch: UUID) -> Timeline:
    with transaction(ALL):
        return watches.watch(ALL, watch)


def test_a_report_waits_for_a_worker_and_settles_the_slot_only_then(lin: Actor, watch: UUID) -> None:
    client = opened(lin, watch)
    assert "Please tell us every day how you are." in client.get("/r/mine").content.decode()
    assert client.post("/r/today", said(temperature="３６，６ ℃")).status_code == 302
    page = client.get("/r/mine").content.decode()
    assert "36.6 °C" in page
    assert "received; a worker looks at it" in page
    (slot,) = of(watch).slots
    assert (slot.state, slot.due_at, slot.temperature) == (SlotState.REPORTED, care.at(1, 14), 36.6)
    with transaction(ALL):
        (one,) = reports.waiting(DISTRICT, COMMUNITY).items
        assert (one.watch, one.temperature, one.alert) == (watch, 36.6, False)
        at_two = care.at(1, 14)
        owed = due.due(DISTRICT, NOON, Whose(paths=(COMMUNITY,)))
        assert SlotState.REPORTED in {row.state for row in owed if row.due_at == at_two}
        care.say(lin, Kind.CONFIRMED, watch, "confirmed", when=NOON, payload={"record": str(one.record)})
        assert reports.count_waiting(DISTRICT, COMMUNITY) == 0
    assert of(watch).slots[0].state is SlotState.SEEN_WELL
    assert "looked at by a worker" in client.get("/r/mine").content.decode()


@pytest.mark.parametrize(
    "more",
    [{"temperature": "37.3"}, {"well": "no"}, {"symptoms": ["dry_cough"]}],
    ids=["fever", "feels ill", "symptom"],
)
def test_who_is_ill_is_heard_at_once_and_the_referral_stays_open(
    lin: Actor, watch: UUID, more: dict[str, object]
) -> None:
    client = opened(lin, watch)
    assert client.post("/r/today", said(**more)).status_code == 302
    with transaction(ALL):
        (case,) = cases.about(DISTRICT, watch)
    assert case.protocol.startswith("fever-referral@")
    assert case.is_open
    assert "Your community knows it now." in client.get("/r/mine").content.decode()


def test_a_button_pressed_twice_counts_once_and_a_day_has_an_end(lin: Actor, watch: UUID) -> None:
    client, once = opened(lin, watch), said()
    for _ in range(2):
        assert client.post("/r/today", once).status_code == 302
    assert len([s for s in of(watch).steps if s.kind is Kind.SEEN]) == 1
    for _ in range(19):
        assert client.post("/r/today", said()).status_code == 302
    late = client.post("/r/today", said())
    assert late.status_code == 422
    assert "often enough for one day" in late.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"well": ""}, "Say how you are"),
        ({"temperature": "warm"}, "Write the temperature as a number"),
        ({"temperature": ""}, "Temperature"),
        ({"temperature": "66"}, "outside the possible range"),
        ({"symptoms": ["nonsense"]}, "a choice that the form does not offer"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_what_was_typed_stays(
    lin: Actor, watch: UUID, sent: dict[str, object], words: str
) -> None:
    answer = opened(lin, watch).post("/r/today", said(**sent))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert of(watch).slots == ()


def test_a_call_for_help_stands_in_the_queue_with_its_clock(lin: Actor, watch: UUID) -> None:
    client = opened(lin, watch)
    call = {"number": "0", "help": "medical", "note": "my chest hurts"}
    for _ in range(2):
        assert client.post("/r/help", call).status_code == 302
    assert client.post("/r/help", call | {"number": "1", "note": "138 0013 8000"}).status_code == 422
    assert client.post("/r/help", call | {"number": "1", "help": ""}).status_code == 422
    assert client.post("/r/help", call | {"number": "99"}).status_code == 422
    with transaction(ALL):
        (case,) = cases.cases(ALL).items
        assert (case.wish, case.person, case.due_at) == (
            "medical",
            of(watch).watch.person,
            NOON + timedelta(minutes=15),
        )
        care.say(lin, "case.step", case.id, "helped", when=NOON, protocol=case.protocol, subject_type="case")
        assert not cases.by_ids(DISTRICT, [case.id])[0].is_open
    assert "A doctor" in (page := client.get("/r/mine").content.decode())
    assert "· done" in page


def test_a_new_paper_makes_the_old_one_worthless_and_closing_leaves_nothing(lin: Actor, watch: UUID) -> None:
    old = issue_card(lin, watch, path=COMMUNITY)
    client = opened(lin, watch)
    assert Client().post("/r/", {"code": old}).status_code == 404
    assert client.post("/r/leave").status_code == 302
    assert client.get("/r/mine").status_code == 302
    assert client.post("/r/today", said()).headers["Location"] == "/r/"


def test_after_the_end_the_page_says_so_and_takes_no_report(lin: Actor, watch: UUID) -> None:
    client = opened(lin, watch)
    with transaction(ALL):
        care.say(lin, Kind.ENDED, watch, "in_error", when=NOON)
    page = client.get("/r/mine").content.decode()
    assert "Nothing holds for you now." in page
    assert "How are you today?" not in page
    assert client.post("/r/today", said()).status_code == 422
