"""The pages of watches, handovers and cases, as an officer uses them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.terms import Role
from bulou.cases import queries as cases
from bulou.custody import queries as custody
from bulou.custody.terms import LegState
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.watches.queries import due, watches
from tests.make import access as make
from tests.make.care import start
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture
def lin() -> Client:
    with transaction(ALL):
        street()
        return english(make.signed_in(make.lin()))


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def begun(days: int = 2) -> UUID:
    """A watch that began some days ago, a quarter of an hour before now."""
    with transaction(ALL):
        officer = make.person("zhou", Role.STREET_OFFICER, f"{DISTRICT}.001")
        when = clock.now() - timedelta(days=days, minutes=15)
        begins = clock.local_date(when).isoformat()
        return start(officer, when=when, path=f"{COMMUNITY}.c1", **{"from": begins})


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_watch_is_begun_seen_and_drawn(lin: Client) -> None:
    form = {"path": f"{COMMUNITY}.c1", "person": str(ids.uuid7()), "rules": "key-person-watch@1 cn-2020"}
    form["counted_from"] = clock.local_date(clock.now()).isoformat()
    assert lin.post(f"/watches/new?area={COMMUNITY}", form).status_code == 302
    with transaction(ALL):
        (row,) = due.over(DISTRICT, clock.now() + timedelta(days=30), COMMUNITY).items
    page = text(lin, f"/watches/{row.id}")
    assert row.person.hex[-6:] in page
    assert "Note a slot" in page
    said = {
        "step": "seen",
        "outcome": "seen_ok",
        "temperature_c": "36.6",
        "symptoms": ["none"],
        "channel": "door",
    }
    assert lin.post(f"/watches/{row.id}", said).status_code == 302
    assert "36.6 °C" in text(lin, f"/watches/{row.id}")


def test_a_fever_at_the_desk_opens_a_case_that_the_page_shows(lin: Client) -> None:
    watch = begun()
    fever = {"step": "seen", "outcome": "seen_not_ok", "temperature_c": "38.2"}
    assert lin.post(f"/watches/{watch}", fever).status_code == 302
    with transaction(ALL):
        (case,) = cases.about(DISTRICT, watch)
    assert f"/cases/{case.id}" in text(lin, f"/watches/{watch}")
    assert f"/cases/{case.id}" in text(lin, "/cases")
    done = {"step": "case.step", "outcome": "isolated"}
    assert lin.post(f"/cases/{case.id}", done).status_code == 302
    assert "Staying apart" in text(lin, f"/cases/{case.id}")


def test_missed_and_lost_have_lists_of_their_own(lin: Client) -> None:
    watch = begun(days=4)
    for show in ("missed", "lost"):
        assert f"/watches/{watch}" in text(lin, f"/watches?show={show}")
    assert f"/watches/{watch}" not in text(lin, "/watches?show=over")
    text(lin, "/watches?mine=yes")


def test_the_regime_is_changed_with_a_reason_and_the_old_end_stays(lin: Client) -> None:
    watch = begun()
    with transaction(ALL):
        before = watches.watch(ALL, watch).watch
    form = {"step": "regime", "regime": "cn-10", "counted_from": before.counted_from.isoformat()}
    assert lin.post(f"/watches/{watch}", form).status_code == 422
    assert lin.post(f"/watches/{watch}", form | {"reason": "ten measures"}).status_code == 302
    page = text(lin, f"/watches/{watch}")
    assert f"<s>{before.plan.ends_at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d %H:%M}</s>" in page
    assert "ten measures" in page


def test_a_release_before_the_end_is_refused_in_words(lin: Client) -> None:
    watch = begun()
    answer = lin.post(f"/watches/{watch}", {"step": "end", "outcome": "released", "serial": "J-1"})
    assert answer.status_code == 422
    assert "It cannot be released yet" in answer.content.decode()
    assert "The days are not over yet." in text(lin, f"/watches/{watch}")


def test_a_handover_is_written_given_and_received_short(lin: Client) -> None:
    riders = [str(ids.uuid7()) for _ in range(3)]
    form = {
        "path": COMMUNITY, "protocol": "escort-handover@1", "items": "\n".join(riders), "registered": "3",
        "to": f"{COMMUNITY}.c2", "unit": "gate", "to_unit": "crew",
    }  # fmt: skip
    assert lin.post(f"/handovers/new?area={COMMUNITY}", form).status_code == 302
    with transaction(ALL):
        (chain,) = custody.chains(ALL).items
    assert (
        lin.post(f"/handovers/{chain.id}", {"step": "give", "outcome": "departed", "count": "3"}).status_code
        == 302
    )
    with transaction(ALL):
        other = english(make.signed_in(make.person("receiver", Role.COMMUNITY_OFFICER, f"{COMMUNITY}.c2")))
    short = {"step": "receive", "outcome": "accepted", "count": "2"}
    assert other.post(f"/handovers/{chain.id}", short).status_code == 422
    assert other.post(f"/handovers/{chain.id}", short | {"missing": [riders[2]]}).status_code == 302
    with transaction(ALL):
        assert custody.chain(ALL, chain.id).legs[0].state is LegState.DIFFERENCE
    assert "the count differs" in text(lin, "/handovers")
    assert "2" in text(other, f"/handovers/{chain.id}")


def test_nothing_of_it_is_there_for_the_next_street(lin: Client) -> None:
    watch = begun()
    with transaction(ALL):
        zhao = make.signed_in(make.zhao())
    assert zhao.get(f"/watches/{watch}").status_code == 404
    assert watch.hex not in text(zhao, "/watches").replace("-", "")
