"""What people told of themselves: a list, one button each; the card that they told it with."""

import shutil
import subprocess
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.terms import Role
from bulou.intake.actions import reporting
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.protocols import queries as protocols
from bulou.watches.queries import reports, watches
from bulou.watches.rules import reports as rules
from bulou.watches.terms import SlotState
from tests.make import access as make
from tests.make import care
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture
def lin() -> Client:
    with transaction(ALL):
        street()
        client = make.signed_in(make.lin())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def reported(temperature: float = 36.6) -> UUID:
    """A watch about which the person said something just now."""
    with transaction(ALL):
        begins = clock.local_date(clock.now()).isoformat()
        watch = care.start(
            someone(Role.STREET_OFFICER, COMMUNITY), when=clock.now(), path=COMMUNITY, **{"from": begins}
        )
    said = reporting.OwnWords(id=ids.uuid7(), well=True, temperature=temperature, symptoms=["none"])
    reporting.report_oneself(DISTRICT, watch, said)
    return watch


def state(watch: UUID) -> SlotState:
    with transaction(ALL):
        return watches.watch(ALL, watch).slots[0].state


def test_a_worker_confirms_or_contradicts_in_one_act_and_the_list_is_empty(lin: Client) -> None:
    calm, ill = reported(), reported(38.4)
    with transaction(ALL):
        first, second = reports.waiting(DISTRICT, COMMUNITY).items
    assert [first.watch, second.watch] == [ill, calm]
    page = lin.get("/watches?show=reported").content.decode()
    assert "Reports to confirm: 2" in page
    assert "38.4 °C" in page
    said = lin.post(f"/watches/{calm}/report", {"report": f"confirmed {second.record}"})
    assert said.headers["Location"] == "/watches?show=reported"
    assert lin.post(f"/watches/{ill}/report", {"report": f"denied {first.record}"}).status_code == 302
    assert (state(calm), state(ill)) == (SlotState.SEEN_WELL, SlotState.NOT_SEEN)
    again = lin.post(f"/watches/{ill}/report", {"report": f"confirmed {first.record}"}, follow=True)
    assert "This report does not wait any more." in again.content.decode()
    assert "Nobody has reported anything that still waits." in again.content.decode()


def test_pages_of_reports_follow_on_each_other(lin: Client) -> None:
    for degrees in (36.4, 37.9, 36.5):
        reported(degrees)
    with transaction(ALL):
        first = reports.waiting(DISTRICT, COMMUNITY, limit=2)
        second = reports.waiting(DISTRICT, COMMUNITY, limit=2, cursor=first.next)
        assert reports.count_waiting(DISTRICT, f"{COMMUNITY}.c1") == 0
    assert [one.temperature for one in (*first.items, *second.items)] == [37.9, 36.4, 36.5]
    assert second.next is None


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not there")
def test_the_card_is_a_pdf_in_three_languages_with_the_code(lin: Client) -> None:
    watch = reported()
    answer = lin.post(f"/watches/{watch}/card")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True
    ).stdout.decode()
    assert "How are you today?" in text
    assert "37.3 °C" in text
    code = max(text.split(), key=lambda word: word.count("-"))
    assert Client().post("/r/", {"code": code}).status_code == 302
    assert "Card printed" in lin.get(f"/watches/{watch}").content.decode()


@pytest.mark.parametrize("slug", ["key-person-watch", "daily-temperature-followup", "home-isolation"])
def test_each_protocol_of_a_watch_takes_a_report(slug: str) -> None:
    with transaction(ALL):
        street()
    compiled = protocols.latest(slug)
    told = rules.answers(compiled, temperature=36.6, symptoms=["none"])
    well, ill = (rules.outcome(compiled, told, well=well) for well in (True, False))
    assert well is not None
    assert ill is not None
    assert compiled.form.problems(told, well) == ()
    assert compiled.form.problems(told, ill) == ()
    fever = rules.answers(compiled, temperature=37.3, symptoms=["none"])
    assert rules.outcome(compiled, fever, well=True) == ill
