"""A testing day at the desk: tried out, kept, published, called, estimated."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from psycopg.types.range import Range

from bulou.access.terms import Role
from bulou.coverage import models as coverage
from bulou.grid import models as grid
from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import access as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street
from tests.make.testing import residents, round_of_tests, swab

pytestmark = pytest.mark.django_db
NEW = f"/testing/plans/new?area={DISTRICT}"
ENGLISH = {"accept-language": "en"}
HTMX = {**ENGLISH, "hx-request": "true"}


@pytest.fixture
def command() -> Client:
    """The command of a district with 40 people in two compounds, one of them to be sampled at home."""
    with transaction(whole(DISTRICT)):
        street(doors=20)
        residents(30, compound=f"{COMMUNITY}.c1")
        residents(10, compound=f"{COMMUNITY}.c2")
        grid.Dwelling.objects.filter(path=f"{COMMUNITY}.c1", door="003").update(needs_help=["dialysis"])
    return make.signed_in(make.person("he", Role.COMMAND, DISTRICT))


def _filled(**changes: Any) -> dict[str, Any]:
    at = clock.now().astimezone(clock.DISTRICT_ZONE) + timedelta(hours=5)
    return {
        "title": "second round", "source": "register", "starts_at": f"{at:%Y-%m-%dT%H:00}",
        "samplers_on_hand": "", "persons_per_sampler": 360, "persons_per_site": 2500,
        "persons_per_table": 700, "swabs_per_hour": 60, "pool_other": 10, "late_percent": 10,
        "waiting_limit_minutes": 15, "stops_after": "", "suit_minutes": 180, "home_minutes": 10,
        "home_teams": "", "rest": "other", **changes,
    }  # fmt: skip


def _kept(command: Client) -> str:
    answer = command.post(NEW, _filled())
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_turned_value_gives_another_plan_without_keeping_anything(command: Client) -> None:
    page = command.get(NEW, headers=ENGLISH)
    assert "People on the register: 40 persons" in page.content.decode()
    tried = command.get(NEW, _filled(in_sealed=[f"{DISTRICT}.001"]), headers=HTMX)
    words = _words(tried.content.decode())
    assert "<html" not in tried.content.decode()
    assert "Tubes, sealed zone 39 1 in a tube · Pool size by zone (P-57)" in words
    slow = _words(command.get(NEW, _filled(swabs_per_hour=5), headers=HTMX).content.decode())
    assert "Hours at the longest site 10" in slow
    assert "Sites that work longer than 8 hours: 1." in slow
    assert "No plan here yet." in command.get("/testing/plans", headers=ENGLISH).content.decode()


def test_a_register_that_holds_far_fewer_than_live_there_is_not_the_first_choice(command: Client) -> None:
    chosen = re.compile(r'<option value="(\w+)" selected>[^<]*persons')
    first = chosen.search(command.get(NEW, headers=ENGLISH).content.decode())
    with transaction(whole(DISTRICT)):
        today = clock.local_date(clock.now())
        grid.Population.objects.create(
            district=DISTRICT, path=DISTRICT, kind="living", n=90, valid=Range(today, None)
        )
    then = chosen.search(command.get(NEW, headers=ENGLISH).content.decode())
    assert first is not None
    assert then is not None
    assert (first.group(1), then.group(1)) == ("register", "living")


def test_without_scripts_the_same_address_answers_with_the_whole_page(command: Client) -> None:
    page = command.get(NEW, _filled(), headers=ENGLISH).content.decode()
    assert "<html" in page
    assert "Figures and their rules" in page


def test_a_value_that_cannot_be_is_said_at_its_field(command: Client) -> None:
    answer = command.post(NEW, _filled(persons_per_site=1), headers=ENGLISH)
    assert answer.status_code == 422
    assert 'href="#id_persons_per_site"' in answer.content.decode()


def test_a_plan_is_kept_changed_published_and_then_stays(command: Client) -> None:
    one = _kept(command)
    draft = command.get(one, headers=ENGLISH).content.decode()
    assert "not yet: nobody can be called by a draft" in draft
    assert "of them sampled at home" in draft
    change = re.search(r'href="(/testing/plans/new\?area=[^"]+)"', draft)
    assert change is not None
    second = command.post(change.group(1).replace("&amp;", "&"), _filled(swabs_per_hour=40)).headers[
        "Location"
    ]
    assert "version 2" in command.get(second, headers=ENGLISH).content.decode()
    assert command.post(second).status_code == 302
    assert "published" in command.get("/testing/plans", headers=ENGLISH).content.decode()
    assert command.post(second).status_code == 409


def test_batches_are_called_by_the_community_and_counted_from_records(command: Client) -> None:
    one = _kept(command)
    officer = make.signed_in(make.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY))
    assert officer.post(one).status_code in {403, 404}
    calls = f"{one}/calls"
    assert officer.post(calls, {"act": "call", "batch": 1}).status_code == 409
    command.post(one)
    with transaction(whole(DISTRICT)):
        operation = round_of_tests()
        person = residents(1, compound=f"{COMMUNITY}.c1")[0]
        phone = someone(Role.COMMUNITY_OFFICER, COMMUNITY, device=True)
        send(phone, swab(operation, person, "T1"))
    assert "Call batch 1 now" in officer.get(calls, headers=ENGLISH).content.decode()
    assert officer.post(calls, {"act": "call", "batch": 1}).status_code == 302
    shown = officer.get(calls, headers=ENGLISH).content.decode()
    wrong = re.search(r'name="call" value="([^"]+)"', shown)
    assert wrong is not None
    assert officer.post(calls, {"act": "undo", "call": wrong.group(1)}).status_code == 302
    assert officer.post(calls, {"act": "undo", "call": wrong.group(1)}).status_code == 409
    assert "Call batch 1 now" in officer.get(calls, headers=ENGLISH).content.decode()
    assert officer.post(calls, {"act": "call", "batch": 1}).status_code == 302
    assert officer.post(calls, {"act": "came", "batch": 1, "n": 12}).status_code == 302
    assert officer.post(calls, {"act": "queue", "waiting": 9, "samplers": 0}).status_code == 302
    assert officer.post(calls, {"act": "queue", "waiting": -4, "samplers": 1}).status_code == 422
    page = _words(officer.get(calls, headers=ENGLISH).content.decode())
    assert "No table works: call nobody" in page
    assert "Waiting: 9. Samplers at work: 0." in page
    notice = officer.get(f"{one}/notices?site=1&batch=1", headers=ENGLISH).content.decode()
    assert notice.count("Please come to site 1 on") == 1
    assert re.search(r"building 1: please come to site 1 on \d\d-\d\d \d\d:\d\d, until", notice)
    assert officer.get(f"{one}/notices?site=1&batch=99").status_code == 404


def test_teams_for_homes_go_by_address_until_coordinates_are_there(command: Client) -> None:
    one = _kept(command)
    page = _words(command.get(f"{one}/home", headers=ENGLISH).content.decode())
    assert "1 door lies in a compound without coordinates" in page
    assert "Dialysis" in page
    with transaction(whole(DISTRICT)):
        grid.Site.objects.create(
            district=DISTRICT, path=f"{COMMUNITY}.c1", area=f"{COMMUNITY}.c1", type="compound_grounds",
            name="court", attributes={"lon": 113.37, "lat": 31.7}, origin="office",
            valid_from=clock.local_date(clock.now()),
        )  # fmt: skip
    page = command.get(f"{one}/home?teams=2", headers=ENGLISH).content.decode()
    assert "without coordinates" not in page
    assert "Team 1" in page


def test_the_estimate_of_the_unknown_says_what_it_assumes(command: Client) -> None:
    assert "No testing round here yet." in command.get("/testing/unknown", headers=ENGLISH).content.decode()
    with transaction(whole(DISTRICT)):
        people = residents(12, compound=f"{COMMUNITY}.c1")
        phone = someone(Role.COMMUNITY_OFFICER, COMMUNITY, device=True)
        first, second = round_of_tests(), round_of_tests()
        send(phone, *(swab(first, one, f"A{n // 5}") for n, one in enumerate(people[:9])))
        send(phone, *(swab(second, one, f"B{n // 5}") for n, one in enumerate(people[2:])))
    page = _words(
        command.get(f"/testing/unknown?round={second.id}&with={first.id}", headers=ENGLISH).content.decode()
    )
    assert f"{COMMUNITY} 9 10 7 12 13 1 0 to" in page
    assert "Everybody has the same chance to be on a list." in page
    register = _words(command.get(f"/testing/unknown?round={second.id}", headers=ENGLISH).content.decode())
    assert "One list lies wholly in the other" in register


def _opening(**changes: Any) -> dict[str, Any]:
    at = clock.now().astimezone(clock.DISTRICT_ZONE)
    return {
        "protocol": "testing-round@1", "opens_at": f"{at:%Y-%m-%dT%H:%M}",
        "due_at": f"{at + timedelta(days=1):%Y-%m-%dT%H:%M}", "title": "", "basis_law": "order 7",
        "basis_text": "", **changes,
    }  # fmt: skip


def test_a_published_plan_opens_its_round_and_each_leads_to_the_other(command: Client) -> None:
    plan = _kept(command)
    assert "Open the round" not in _words(command.get(plan, headers=ENGLISH).content.decode())
    command.post(plan)
    link = re.search(r'href="(/rounds/open\?[^"]+)"', command.get(plan, headers=ENGLISH).content.decode())
    assert link is not None
    address = link[1].replace("&amp;", "&")
    form = command.get(address, headers=ENGLISH).content.decode()
    assert "Sampled by the plan second round, version 1." in _words(form)
    assert re.search(r'<option value="testing-round@1" selected>', form)
    assert 'value="second round"' in form
    board = command.post(address, _opening()).headers["Location"]
    operation = board.rstrip("/").rpartition("/")[2]
    assert f"/testing?round={operation}" in command.get(plan, headers=ENGLISH).content.decode()
    testing = command.get(f"/testing?round={operation}", headers=ENGLISH).content.decode()
    assert f'href="{plan}"' in testing


def test_a_round_goes_by_the_newest_version_of_its_own_plan_not_by_a_newer_plan_of_the_area(
    command: Client,
) -> None:
    mine = _kept(command)
    command.post(mine)
    number = mine.rpartition("/")[2]
    board = command.post(f"/rounds/open?area={DISTRICT}&plan={number}", _opening()).headers["Location"]
    operation = board.rstrip("/").rpartition("/")[2]
    other = _kept(command)
    command.post(other)
    shown = command.get(f"/testing?round={operation}", headers=ENGLISH).content.decode()
    assert f'href="{mine}"' in shown
    assert f'href="{other}"' not in shown
    newer = command.post(f"{NEW}&from={number}", _filled(title="later")).headers["Location"]
    still = command.get(f"/testing?round={operation}", headers=ENGLISH).content.decode()
    assert f'href="{mine}"' in still  # a draft changes nothing
    command.post(newer)
    then = command.get(f"/testing?round={operation}", headers=ENGLISH).content.decode()
    assert f'href="{newer}"' in then


def test_an_open_round_can_be_given_another_plan_and_a_closed_one_cannot(command: Client) -> None:
    board = command.post(f"/rounds/open?area={DISTRICT}", _opening()).headers["Location"]
    operation = board.rstrip("/").rpartition("/")[2]
    mine, other = _kept(command), _kept(command)
    assert "Let it go by this plan" not in command.get(mine, headers=ENGLISH).content.decode()  # a draft
    command.post(mine)
    command.post(other)
    assert "Let it go by this plan" in command.get(mine, headers=ENGLISH).content.decode()
    said = command.post(f"{mine}/rounds", {"round": operation}, headers=ENGLISH, follow=True).content.decode()
    assert "goes by this plan." in said
    assert "Let it go by this plan" not in said
    assert f'href="{mine}"' in command.get(f"/testing?round={operation}", headers=ENGLISH).content.decode()
    assert command.post(f"{mine}/rounds", {"round": "nonsense"}).status_code == 404
    with transaction(whole(DISTRICT)):
        coverage.Operation.objects.filter(id=operation).update(
            closed_at=clock.now(), closed_by=uuid4(), closed_short=True, close_reason="over"
        )
    refused = command.post(f"{other}/rounds", {"round": operation}, headers=ENGLISH)
    assert refused.status_code == 409
    assert "the round is closed" in refused.content.decode()


def test_a_draft_or_the_plan_of_another_area_is_not_taken_for_a_round(command: Client) -> None:
    number = _kept(command).rpartition("/")[2]
    page = command.get(f"/rounds/open?area={DISTRICT}&plan={number}", headers=ENGLISH)
    assert "Sampled by the plan" not in page.content.decode()
    assert command.get(f"/rounds/open?area={DISTRICT}&plan=nonsense").status_code == 200
    part = command.post(f"/testing/plans/new?area={COMMUNITY}", _filled()).headers["Location"]
    command.post(f"{part}?area={COMMUNITY}")
    number = part.partition("?")[0].rpartition("/")[2]
    refused = command.post(f"/rounds/open?area={DISTRICT}&plan={number}", _opening(), headers=ENGLISH)
    assert refused.status_code == 422
    assert "or for another area" in refused.content.decode()
    assert "No testing round yet." in command.get("/testing", headers=ENGLISH).content.decode()
