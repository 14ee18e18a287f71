"""An officer decides a level, another unit confirms it, and what holds stands where people look."""

import re
from datetime import timedelta

import pytest

from bulou.access.terms import Role
from bulou.command.terms import Level
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from tests.make import access
from tests.make import command as make
from tests.make.command import COMPOUND
from tests.make.rounds import COMMUNITY, DISTRICT, street
from tests.make.testing import residents

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> None:
    with transaction(ALL):
        street(compounds=2, doors=5)


def told(**more: str) -> dict[str, str]:
    now = clock.now().astimezone(clock.DISTRICT_ZONE)
    return {
        "level": "sealed_area", "from_at": f"{now:%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}", "law": "a law", "number": "order 12",
        "issuer": "district command", "reason": "a tube was positive", "evidence": "report 7",
    } | more  # fmt: skip


def test_a_compound_is_sealed_and_the_page_says_what_follows_and_why() -> None:
    he = access.signed_in(access.person("he", Role.COMMAND, DISTRICT, team="command office"))
    form = he.get(f"/command/zones/new?area={COMPOUND}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Homes in this area: 5" in form
    far = f"{clock.now().astimezone(clock.DISTRICT_ZONE) + timedelta(days=15):%Y-%m-%dT%H:%M}"
    refused = he.post(f"/command/zones/new?area={COMPOUND}", told(until=far), HTTP_ACCEPT_LANGUAGE="en")
    assert refused.status_code == 422
    assert "A zone holds for at most 14 days." in refused.content.decode()
    decided = he.post(f"/command/zones/new?area={COMPOUND}", told())
    page = he.get(decided.headers["Location"], HTTP_ACCEPT_LANGUAGE="en").content.decode()
    for words in ("Sealed area", "in force", "Everybody stays at home.", "a tube was positive", "report 7"):
        assert words in page
    listed = he.get(f"/command?area={DISTRICT}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert decided.headers["Location"] in listed
    ended = he.post(decided.headers["Location"], {"do": "end", "reason": "nobody new is ill"})
    assert ended.status_code == 302
    assert "Everything is normal." in he.get("/command", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    with transaction(ALL):
        assert make.level_at(COMPOUND, clock.now()) is Level.NORMAL


def test_a_community_waits_for_somebody_of_another_unit() -> None:
    he = access.signed_in(access.person("he", Role.COMMAND, DISTRICT, team="command office"))
    li = access.signed_in(access.person("li", Role.COMMAND, DISTRICT, team="health bureau"))
    lin = access.signed_in(access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY, team="community"))
    one = he.post(f"/command/zones/new?area={COMMUNITY}", told()).headers["Location"]
    with transaction(ALL):
        assert make.level_at(COMPOUND, clock.now()) is Level.NORMAL
    assert 'value="second"' not in he.get(one).content.decode()
    assert lin.post(one, {"do": "second"}).status_code == 403
    assert he.post(one, {"do": "second"}).status_code == 422
    assert 'value="second"' in li.get(one).content.decode()
    assert li.post(one, {"do": "refuse", "reason": ""}).status_code == 422
    assert li.post(one, {"do": "second"}).status_code == 302
    with transaction(ALL):
        assert make.level_at(COMPOUND, clock.now()) is Level.SEALED
    assert "health bureau" in lin.get(one).content.decode()


def test_what_holds_is_on_today_on_the_areas_page_and_proposed_to_a_testing_day() -> None:
    he = access.signed_in(access.person("he", Role.COMMAND, DISTRICT, team="command office"))
    with transaction(ALL):
        make.set_zone(make.office(), Level.PRECAUTION, path=COMMUNITY)
        sealed = make.set_zone(make.office(), Level.SEALED)
        residents(4, compound=COMPOUND)
    for address in (f"/?area={COMPOUND}", f"/areas?area={COMPOUND}"):
        page = he.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert f'href="/command/zones/{sealed}"' in page, address
        assert "Sealed area" in page
    assert "/command/zones/" not in he.get(f"/areas?area={DISTRICT}.001").content.decode()
    plan = he.get(f"/testing/plans/new?area={DISTRICT}").content.decode()
    assert chosen(plan, "in_sealed") == [COMPOUND]
    assert chosen(plan, "in_precaution") == [COMMUNITY]
    inside = he.get(f"/testing/plans/new?area={COMMUNITY}").content.decode()
    assert chosen(inside, "in_sealed") == [COMPOUND]
    assert chosen(inside, "rest") == ["precaution"]


def chosen(page: str, name: str) -> list[str]:
    """What is preset in a list of a form."""
    found = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert found is not None, name
    return re.findall(r'<option value="([^"]+)" selected', found[0])
