"""An officer orders a measure for a person, prints the notice, and the person's objection arrives."""

import re
import zlib
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.terms import Restriction
from tests.make import access as make
from tests.make import people, restrictions
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db


def test_from_the_persons_page_to_the_notice_and_back_to_an_objection() -> None:
    with transaction(whole(DISTRICT)):
        street()
        person = people.hold("Somebody", number=people.number(3)).person_id
    law = restrictions.basis()
    officer = make.signed_in(make.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))
    page = officer.get(f"/people/{person}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    way = re.search(rf'/restrictions/of/{person}\?area=[^"]*', page)
    assert way is not None
    address = officer.get(way.group(0)).headers["Location"]
    now = clock.now().astimezone(clock.DISTRICT_ZONE)
    told = {
        "person": str(person), "evidence": "exposure", "source": "shared a flat with a case",
        "happened_at": f"{now:%Y-%m-%dT%H:%M}", "measure": "home", "advice": "lives with a case",
        "monitoring": "lives with a case", "place": "at home", "supplies": "food twice a day",
        "basis": str(law), "ends_at": f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    refused = officer.post(address, {**told, "monitoring": ""}, HTTP_ACCEPT_LANGUAGE="en")
    assert refused.status_code == 422
    assert "Say for each milder measure why it does not do." in refused.content.decode()
    ordered = officer.post(address, told)
    assert ordered.status_code == 302
    one = ordered.headers["Location"]
    notice = officer.post(f"{one}/notice", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "This holds for you until" in notice
    taken = officer.post(f"{one}/object", {"channel": "phone", "words": "my mother needs me"})
    assert taken.status_code == 302
    listed = officer.get("/restrictions", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "my mother needs me" in listed
    with transaction(whole(DISTRICT)):
        (stopped,) = queries.attempts(whole(DISTRICT))
    assert (stopped.n_persons, stopped.code) == (1, "restrictions.milder_missing")


@pytest.fixture
def several() -> list[UUID]:
    with transaction(whole(DISTRICT)):
        street()
        return [people.hold(f"Somebody {n}", number=people.number(n)).person_id for n in range(22)]


def _many(law: UUID, persons: list[UUID]) -> dict[str, object]:
    now = clock.now().astimezone(clock.DISTRICT_ZONE)
    sources = {f"source_{n}" if n else "source": "sat in the same row" for n in range(len(persons))}
    return {
        "person": [str(person) for person in persons], "evidence": "exposure", "measure": "home",
        "happened_at": f"{now:%Y-%m-%dT%H:%M}", "advice": "lives with a case", "place": "at home",
        "monitoring": "lives with a case", "supplies": "food twice a day", "basis": str(law),
        "ends_at": f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}", **sources,
    }  # fmt: skip


def test_an_act_about_several_asks_for_evidence_about_each(
    several: list[UUID],
) -> None:
    law = restrictions.basis()
    officer = make.signed_in(make.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))
    listed = officer.get("/people?who=Somebody", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Order a measure for the marked" in listed
    marked = "&".join(f"subject={person}" for person in several[:2])
    page = officer.get(f"/restrictions/new?area={COMMUNITY}&{marked}", HTTP_ACCEPT_LANGUAGE="en")
    assert page.content.decode().count("What is known, and from whom: …") == 2
    two = _many(law, several[:2])
    without = officer.post(f"/restrictions/new?area={COMMUNITY}", {**two, "source_1": ""})
    assert without.status_code == 422
    with transaction(whole(DISTRICT)):
        assert queries.in_force(whole(DISTRICT), clock.now()) == ()
    assert officer.post(f"/restrictions/new?area={COMMUNITY}", two).headers["Location"] == "/restrictions"
    with transaction(whole(DISTRICT)):
        assert len(queries.in_force(whole(DISTRICT), clock.now())) == 2


def test_twenty_one_at_once_bind_nobody_until_a_second_unit_says_yes(several: list[UUID]) -> None:
    law = restrictions.basis()
    officer = make.signed_in(make.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))
    sent = officer.post(f"/restrictions/new?area={COMMUNITY}", _many(law, several[1:]))
    assert sent.status_code == 302
    with transaction(whole(DISTRICT)):
        assert queries.in_force(whole(DISTRICT), clock.now()) == ()
        (waiting,) = queries.acts(whole(DISTRICT), waiting_at=clock.now())
    assert waiting.n_persons == 21
    assert (
        "Wait for a second unit" in officer.get("/restrictions", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )


def test_the_notice_is_a_pdf_in_three_languages_whose_code_opens_the_own_page(several: list[UUID]) -> None:
    law = restrictions.basis()
    officer = make.signed_in(make.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))
    one = officer.post(f"/restrictions/new?area={COMMUNITY}", _many(law, several[:1])).headers["Location"]
    notice = officer.post(f"{one}/notice", {"as": "pdf"})
    assert notice.headers["Content-Type"] == "application/pdf"
    assert notice.content.startswith(b"%PDF")


def test_the_notices_of_an_act_are_one_pdf_in_the_languages_that_were_chosen(several: list[UUID]) -> None:
    law = restrictions.basis()
    officer = make.signed_in(make.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))
    assert officer.post(f"/restrictions/new?area={COMMUNITY}", _many(law, several[:3])).status_code == 302
    held = _held()
    page = officer.get(f"/restrictions/{held[0].id}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Notices of all 3 in one PDF" in page
    address = f"/restrictions/acts/{held[0].act.id}/notices"
    assert "3 of them have no notice yet" in officer.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    made = officer.post(address, {"whom": "missing", "languages": ["zh-hans", "en"]})
    assert made.headers["Content-Type"] == "application/pdf"
    assert _pages(made.content) == 6  # one for each language of each person
    assert all(one.notice_at for one in _held())
    again = officer.post(address, {"whom": "missing", "languages": ["en"]}, HTTP_ACCEPT_LANGUAGE="en")
    assert "Nobody of the act is without a notice." in again.content.decode()
    assert _pages(officer.post(address, {"whom": "all", "languages": ["en"]}).content) == 3
    assert officer.post(address, {"whom": "all"}).status_code == 422


def _held() -> tuple[Restriction, ...]:
    with transaction(whole(DISTRICT)):
        return queries.in_force(whole(DISTRICT), clock.now())


def _pages(content: bytes) -> int:
    """How many pages a PDF says it has; typst packs its objects."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    plain = [content]
    for one in streams:
        with suppress(zlib.error):
            plain.append(zlib.decompress(one))
    told = re.compile(rb"/Type\s*/Pages.*?/Count\s+(\d+)", re.DOTALL)
    return max(int(n) for text in plain for n in told.findall(text))
