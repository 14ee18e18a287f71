"""People in care on a phone without a network: a slot by two touches, a fever and its steps, a hand-over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bulou.access.terms import Role
from bulou.cases import queries as cases
from bulou.custody import queries as custody
from bulou.intake.actions.office import submit_office
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.queries import stays
from tests.browser import axe
from tests.browser.phone import Phone, phone
from tests.browser.test_field_list import SMALL, go
from tests.make import care
from tests.make import isolation as make
from tests.make.field import Field
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone

pytestmark = pytest.mark.browser
GATE = f"{DISTRICT}.001"


def word(kind: str, chain: Any, outcome: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(ids.uuid7()), "kind": f"custody.{kind}", "subject": {"type": "custody", "id": str(chain)},
        "outcome": outcome, "payload": payload, "observed_at": clock.now().isoformat(),
        "protocol": care.ESCORT, "area": GATE,
    }  # fmt: skip


def enrolled(mine: Phone, field: Field) -> Page:
    """The phone of a doctor, with the list on it, on the screen of people in care."""
    mine.enrol(field.code(field.qian))
    mine.worker_ready()
    mine.context.set_offline(True)
    mine.page.evaluate("location.hash = '#/care'")
    return mine.page


def told(mine: Phone) -> None:
    mine.context.set_offline(False)
    mine.send()
    assert set(mine.states()) == {"kept"}


def test_a_doctor_sees_two_people_and_one_of_them_is_ill(
    field_chromium: Browser, field: Field, served: str
) -> None:
    officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")
    begun = clock.now() - timedelta(days=2)
    since = {"from": clock.local_date(begun).isoformat()}
    for _ in range(2):
        care.start(officer, when=begun, **since)
    with phone(field_chromium, served) as mine:
        page = enrolled(mine, field)
        expect(page.locator("[data-slot]").first).to_be_visible()
        before = page.locator("[data-slot]").count()
        page.locator("[data-slot]").first.click()
        page.locator("[data-c='36.5']").click()
        expect(page.locator("h2", has_text="Seen (1)")).to_be_visible()
        assert page.locator("[data-slot]").count() == before
        page.locator("section", has_not_text="Seen (1)").locator("[data-slot]").first.click()
        page.locator("[data-outcome=seen_not_ok]").click()
        page.locator("[data-key=temperature_c] input").fill("37.8")
        page.get_by_role("button", name="Save: Seen, ill").click()
        expect(page.get_by_role("alert")).to_contain_text("this is what happens next")
        page.locator("[data-step=isolate_here] button").click()
        expect(page.locator("[data-step=isolate_here]")).to_have_attribute("data-state", "done")
        told(mine)
    with transaction(whole(DISTRICT)):
        [case] = cases.cases(whole(DISTRICT)).items
    assert {step.key for step in case.steps if step.settled_at} == {"isolate_here"}


def test_a_receiver_counts_and_accepts_all_but_one(
    field_chromium: Browser, field: Field, served: str
) -> None:
    chain, people = ids.uuid7(), [ids.uuid7() for _ in range(3)]
    gate = someone(Role.CHECKPOINT, GATE, team="gate 3", device=True)
    way = [{"from": {"path": GATE, "unit": "gate 3"}, "to": {"path": COMMUNITY}}]
    items = [{"type": "person", "id": str(one)} for one in people]
    send(
        gate,
        word("opened", chain, "requested", {"items": items, "legs": way}),
        word("gave", chain, "departed", {"leg": 1, "count": 3}),
    )
    with phone(field_chromium, served) as mine:
        page = enrolled(mine, field)
        page.locator(f"[data-chain='{chain}']").click()
        page.get_by_role("button", name="Somebody is missing").click()
        page.locator(f"input[value='{people[1]}']").check()
        page.get_by_role("button", name="Accept 2 of 3").click()
        expect(page.locator(f"[data-chain='{chain}']")).to_contain_text("Somebody or something is missing")
        told(mine)
    with transaction(whole(DISTRICT)):
        found = custody.chain(whole(DISTRICT), chain)
    assert (found.received, found.current.difference, found.is_open) == (2, 1, True)


def test_a_site_medic_asks_moves_a_guest_checks_a_home_and_takes_goods(
    field_chromium: Browser, field: Field, served: str
) -> None:
    with transaction(whole(DISTRICT)):
        office = make.officer()
        stay = make.guest(office, make.opened(office, numbers=("101", "102")), "101")
        door = field.doors[0]
        submit_office(office, [make.expected(None, dwelling=str(door))])
    with phone(field_chromium, served) as mine:
        page = enrolled(mine, field)
        page.locator(f"[data-stay='{stay}']").click()
        page.locator("[data-ask='supply-request']").click()
        page.locator("input[value=medicine]").check(force=True)
        assert faults(page, "a request") == []
        page.locator("#ask").click()
        expect(page.locator("[data-case]")).to_contain_text("Needs and deliveries")
        page.locator(f"[data-stay='{stay}']").click()
        page.locator("#move summary").click()
        page.locator("#why").fill("noise")
        assert faults(page, "a stay") == []
        page.locator("[aria-label='Room 102']").click()
        expect(page.locator(f"[data-stay='{stay}']")).to_contain_text("Room 102")
        page.locator(f"[data-home='{door}']").click()
        points = page.locator(".question input[type=checkbox]")
        expect(points).to_have_count(len(make.AT_HOME))
        for point in points.all():
            point.check(force=True)
        assert faults(page, "a home") == []
        page.locator("#check").click()
        expect(page.locator(f"[data-home='{door}']")).to_contain_text("Fit")
        page.locator("[data-goods]").click()
        page.locator("#from").fill("store 4")
        page.locator("#pieces").fill("40")
        page.locator("#slip").fill("S-17")
        assert faults(page, "goods") == []
        page.locator("#accept").click()
        expect(page.locator("#say")).to_contain_text("40 pieces")
        told(mine)
    with transaction(whole(DISTRICT)):
        [chain] = custody.chains(whole(DISTRICT), done=True).items
        assert (chain.is_open, [item.n for item in chain.items]) == (False, [40])
        [case] = cases.cases(whole(DISTRICT)).items
        assert (case.about, case.wish) == (stay, "medicine")
        assert make.stay_of(stay).room is not None
        home = stays.home(DISTRICT, door)
    assert home is not None
    assert home.suitable


def test_the_screens_of_care_can_be_read_and_touched_by_everybody(
    field_chromium: Browser, field: Field, served: str
) -> None:
    officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")
    begun = clock.now() - timedelta(days=2)
    care.start(officer, when=begun, **{"from": clock.local_date(begun).isoformat()})
    wrong = list[str]()
    with phone(field_chromium, served) as mine:
        page = enrolled(mine, field)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        for text, light in (("normal", "light"), ("largest", "dark")):
            page.set_viewport_size({"width": 390, "height": 844})
            mine.call("looks.setSize", text)
            mine.call("looks.setLight", light)
            go(page, "#/care")
            slot = page.locator("[data-slot]").first
            expect(slot).to_be_visible()
            wrong += faults(page, f"the list {text} {light}")
            slot.click()
            expect(page.locator("[data-c='36.5']")).to_be_visible()
            wrong += faults(page, f"a slot {text} {light}")
    assert wrong == [], "\n".join(wrong)


def faults(page: Page, where: str) -> list[str]:
    """What cannot be touched, seen whole or read aloud on the screen."""
    found = [f"{where}: {name} is small" for name in page.evaluate(SMALL)]
    if page.evaluate("document.documentElement.scrollWidth") > 390:
        found.append(f"{where}: wider than the phone")
    return found + [f"{where}: {fault}" for fault in axe.violations(page, axe.PHONE)]
