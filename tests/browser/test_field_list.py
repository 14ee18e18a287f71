"""A worker at doors, with thumbs: the list, a visit in two taps, forms, corrections, everything readable."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from tests.browser import axe
from tests.browser.phone import Phone, phone
from tests.make import rounds
from tests.make.field import PIN, Field

SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, summary")]
  .map((one) => one.closest(".pick") ?? one).filter((one) => one.offsetParent)
  .map((one) => [one.textContent || one.id, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 60 || box.width < 44).map(([name]) => name)"""
LITTLE = """() => [...document.querySelectorAll(".screen *, .foot *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => !one.closest(".sum") && parseFloat(getComputedStyle(one).fontSize) < 24)
  .map((one) => one.textContent)"""
FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


@pytest.fixture
def mine(field_chromium: Browser, served: str, field: Field) -> Iterator[Phone]:
    """Qian's phone, enrolled, with the list on the screen."""
    with phone(field_chromium, served) as found:
        found.enrol(field.code(field.qian))
        go(found.page, "#/list")
        yield found


def go(page: Page, hash_: str) -> None:
    page.evaluate("hash => { location.hash = hash }", hash_)
    page.wait_for_selector(f".screen.{hash_[2:].split('?')[0]}")


def door(page: Page, field: Field, n: int) -> Locator:
    return page.locator(f'[data-key="{field.operation.id}:{field.doors[n]}"]')


def figures(page: Page) -> list[int]:
    """Expected, done, excused, moved, open, as they stand on the screen."""
    return [int(text) for text in page.locator(".sum b").all_inner_texts()]


def kept(field: Field) -> list[Any]:
    with transaction(whole(rounds.DISTRICT)):
        return list(ledger.records_of(rounds.DISTRICT, operation=field.operation.id))


def test_a_visit_takes_two_taps_and_can_be_taken_back(mine: Phone, field: Field) -> None:
    page = mine.page
    assert figures(page) == [8, 0, 0, 0, 8]
    door(page, field, 0).tap()
    expect(page.locator(".usual")).to_contain_text("Has anyone come back from a listed area lately? No")
    page.locator('.key[data-n="3"]').tap()
    expect(door(page, field, 0)).to_contain_text("Done")
    assert figures(page) == [8, 1, 0, 0, 7]
    [one] = mine.call("outbox.own")
    assert one["record"]["payload"] == {
        "met": "adult", "n_persons": 3, "returned": "no", "contact_with_case": "no",
    }  # fmt: skip
    door(page, field, 0).tap()
    expect(page.get_by_text("This door is settled.")).to_be_visible()
    expect(page.locator(".key")).to_have_count(0)
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator(".key")).to_have_count(6)
    page.get_by_role("button", name="Back").last.tap()
    expect(door(page, field, 0)).to_contain_text("To do")
    assert figures(page) == [8, 0, 0, 0, 8]
    mine.send()
    mine.wait("All sent")
    told = field.records()
    assert [(r.outcome, r.problems, r.withdraws) for r in told] == [
        ("done", (), None),
        ("done", (), told[0].id),
    ]


def test_nobody_in_asks_for_the_notice_and_offers_the_next_number(mine: Phone, field: Field) -> None:
    page = mine.page
    door(page, field, 0).tap()
    page.locator('[data-outcome="absent_notice_left"]').tap()
    page.get_by_role("button", name="Save: Nobody in, notice left").tap()
    expect(page.locator(".question.wrong")).to_contain_text("This outcome needs an answer here.")
    page.get_by_label("Number of the notice left on the door").fill("A-0099")
    page.get_by_role("button", name="Save: Nobody in, notice left").tap()
    expect(door(page, field, 0)).to_contain_text("Nobody in")
    door(page, field, 1).tap()
    page.locator('[data-outcome="absent_notice_left"]').tap()
    expect(page.get_by_label("Number of the notice left on the door")).to_have_value("A-0100")
    page.get_by_role("button", name="Save: Nobody in, notice left").tap()
    expect(page.locator('.chip[data-part="absent"]')).to_contain_text("Nobody in 2")
    page.locator('.chip[data-part="absent"]').tap()
    expect(page.locator(".door")).to_have_count(2)
    mine.send()
    mine.wait("All sent")
    assert [r.problems for r in field.records()] == [(), ()]


def test_an_answer_that_needs_attention_changes_the_outcome(mine: Phone, field: Field) -> None:
    page = mine.page
    door(page, field, 0).tap()
    page.locator('[data-outcome="done"]').tap()
    page.get_by_label("An adult").tap()
    page.get_by_role("button", name="How many people live here now?: one more").tap()
    page.locator('[data-key="returned"]').get_by_label("Yes").tap()
    page.locator('[data-key="contact_with_case"]').get_by_label("Not known").tap()
    page.get_by_label("Highest temperature").fill("３8,1")
    expect(page.locator(".notes")).to_contain_text("Needs attention: Highest temperature")
    page.get_by_role("button", name="Save: Done, needs attention").tap()
    expect(door(page, field, 0)).to_contain_text("Attention")
    [one] = mine.call("outbox.own")
    assert one["record"]["outcome"] == "done_with_alert"
    assert one["record"]["payload"]["temperature_c"] == 38.1


def test_a_door_on_no_list_joins_the_round_by_its_own_record(mine: Phone, field: Field) -> None:
    page = mine.page
    page.get_by_role("button", name="Not on the list").tap()
    page.get_by_role("button", name="Next: what happened there").tap()
    expect(page.locator(".problem")).to_contain_text("Say which door or place it is.")
    page.get_by_label("Building").fill("9")
    page.get_by_label("Door").fill("rooftop")
    page.get_by_role("button", name="Next: what happened there").tap()
    page.locator('.key[data-n="2"]').tap()
    expect(page.locator(".door", has_text="rooftop")).to_contain_text("Added by me")
    assert figures(page) == [9, 1, 0, 0, 8]
    mine.send()
    mine.wait("All sent")
    [record] = [r for r in kept(field) if r.kind == "screening.visit"]
    assert (record.problems, record.standing.value) == ((), "kept")


def test_a_record_is_corrected_later_and_both_versions_stay(mine: Phone, field: Field) -> None:
    page = mine.page
    record = mine.visit(field, field.doors[0])
    go(page, "#/record")
    page.locator(f'[data-record="{record["id"]}"]').tap()
    page.get_by_role("button", name="Correct").tap()
    page.get_by_label("Did not wish to").tap()
    page.get_by_role("button", name="Save the correction").tap()
    expect(page.locator("#say")).to_contain_text("Both versions are kept")
    go(page, "#/list")
    expect(door(page, field, 0)).to_contain_text("Refused")
    mine.send()
    mine.wait("All sent")
    assert [(r.outcome, r.corrects) for r in field.records()] == [
        ("done", None),
        ("refused", UUID(record["id"])),
    ]


def test_two_workers_at_one_door_are_shown_beside_each_other(mine: Phone, field: Field) -> None:
    rounds.send(field.wu, rounds.visit(field.operation, field.doors[0]))
    mine.visit(field, field.doors[0], outcome="refused", payload={"met": "adult"})
    mine.send()
    mine.wait("All sent")
    mine.call("sync.download")
    go(mine.page, "#/help")
    expect(mine.page.locator(".needy")).to_contain_text(
        "Someone else had already settled this; both are kept."
    )
    expect(mine.page.locator(".sides section").first).to_contain_text("Did not wish to")
    expect(mine.page.locator(".sides section").last).to_contain_text("Done")


def test_neither_another_language_nor_a_full_phone_loses_what_was_answered(mine: Phone, field: Field) -> None:
    page = mine.page
    door(page, field, 0).tap()
    page.locator('[data-outcome="unreachable"]').tap()
    page.get_by_label("Reason").fill("entrance locked")
    mine.call("words.setLanguage", "zh-hant")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(page.get_by_label("原因")).to_have_value("entrance locked")
    mine.call("words.setLanguage", "en")
    page.evaluate(FULL)
    page.get_by_role("button", name="Save: Could not be reached").tap()
    expect(page.get_by_role("alert")).to_contain_text("no room left")
    expect(page.get_by_label("Reason")).to_have_value("entrance locked")
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    page.get_by_role("button", name="Save: Could not be reached").tap()
    expect(door(page, field, 0)).to_contain_text("Not reached")


def test_a_door_is_found_and_the_list_keeps_its_place(mine: Phone, field: Field) -> None:
    page = mine.page
    page.set_viewport_size({"width": 390, "height": 420})
    last = door(page, field, 7)
    name = last.locator("b").inner_text()
    page.get_by_role("button", name="Find").tap()
    page.get_by_role("searchbox").fill(name)
    expect(last).to_be_visible()
    page.get_by_role("searchbox").fill("no such door")
    page.get_by_role("button", name="Show the whole list").tap()
    last.scroll_into_view_if_needed()
    last.tap()
    page.get_by_role("button", name="Back").last.tap()
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()


def test_what_the_server_doubts_is_told_in_words(mine: Phone, field: Field) -> None:
    page = mine.page
    mine.visit(field, field.doors[0], payload={**rounds.DONE, "n_persons": 44})
    mine.send()
    mine.wait("All sent")
    go(page, "#/help")
    expect(page.locator(".needy")).to_contain_text("More than 30 people at one door")
    expect(page.locator(".needy")).to_contain_text("somebody has to look at it")
    go(page, "#/list")
    assert figures(page) == [8, 0, 0, 0, 8]


def test_every_screen_can_be_read_and_touched_by_everybody(mine: Phone, field: Field) -> None:
    page, wrong = mine.page, list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    one = mine.visit(field, field.doors[1])
    at = f"operation={field.operation.id}&subject="
    screens = ["list", f"visit?{at}{field.doors[0]}", f"found?{at}", f"record?id={one['id']}"]
    screens += ["record", "help", "me", "start?download=yes"]
    for text, light, width in (("normal", "light", 390), ("largest", "dark", 390)):
        page.set_viewport_size({"width": width, "height": 844})
        mine.call("looks.setSize", text)
        mine.call("looks.setLight", light)
        for screen in screens:
            go(page, f"#/{screen}")
            wrong += [f"{screen} {text}: {name} is small" for name in page.evaluate(SMALL)]
            if text == "largest":
                wrong += [f"{screen}: {one} is below 18 pt" for one in page.evaluate(LITTLE)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{screen} {text} {light} is wider than {width}")
            wrong += [f"{screen} {text} {light}: {fault}" for fault in axe.violations(page, axe.PHONE)]
    assert wrong == [], "\n".join(wrong)


def test_a_shift_begins_with_a_scanned_code_a_pin_and_the_list(
    field_chromium: Browser, served: str, field: Field
) -> None:
    with phone(field_chromium, served) as found:
        page = found.page
        page.goto(f"{served}/field/#/enrol?code={field.code(field.qian)}")
        page.get_by_label("A name for the lock screen").fill("Qian")
        page.get_by_label("Choose a PIN").fill(PIN)
        page.get_by_label("The same PIN again").fill("000000")
        page.get_by_role("button", name="Set up this phone").tap()
        expect(page.get_by_role("alert")).to_contain_text("differ")
        page.get_by_label("The same PIN again").fill(PIN)
        page.get_by_role("button", name="Set up this phone").tap()
        page.get_by_role("button", name="Download my list").tap()
        expect(page.locator(".door")).to_have_count(8)
        assert "code" not in page.url
        go(page, "#/me")
        page.get_by_role("button", name="Lock").tap()
        page.get_by_label("PIN of Qian").fill("111222")
        page.get_by_role("button", name="Start").tap()
        expect(page.get_by_role("alert")).to_contain_text("Tries left: 4")
        page.get_by_label("PIN of Qian").fill(PIN)
        page.get_by_role("button", name="Start").tap()
        expect(page.locator(".door")).to_have_count(8)


def test_a_phone_whose_keys_are_gone_still_gives_what_it_holds(mine: Phone, field: Field) -> None:
    page = mine.page
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    mine.call("session.wipe", str(mine.device), "wiped")
    expect(page.locator(".problem")).to_contain_text("The keys of this profile are gone.")
    with page.expect_download() as got:
        page.get_by_role("button", name="Save what waits as a file").tap()
    told = json.loads(got.value.path().read_text(encoding="utf-8"))
    assert len(told["envelopes"]) == 1
    assert "adult" not in json.dumps(told)
