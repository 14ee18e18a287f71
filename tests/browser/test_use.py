"""The desk in use: by keyboard, live, with menus and toasts."""

import re
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, expect

from bulou.coverage.queries.units import missed
from bulou.intake.actions.submitting import submit
from bulou.kernel.scope import transaction, whole
from tests.browser.conftest import sign_in
from tests.make.desk import DISTRICT, World, phone
from tests.make.rounds import batch, visit


def test_the_keyboard_goes_everywhere(he: BrowserContext, address: str) -> None:
    page = he.new_page()
    page.goto(f"{address}/rounds")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    first = page.locator("tr.here")
    expect(first).to_have_count(1)
    name = first.locator("a").first.inner_text()
    page.keyboard.press("j")
    assert page.locator("tr.here a").first.inner_text() != name
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/rounds/[0-9a-f-]{36}"))
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_focus_is_always_seen(he: BrowserContext, address: str) -> None:
    page = he.new_page()
    page.goto(f"{address}/rounds")
    for _step in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width not in {"0px", ""}, page.evaluate("document.activeElement.outerHTML")


def test_a_board_follows_the_records_without_a_reload(he: BrowserContext, address: str, built: World) -> None:
    assert built.screening is not None
    page = he.new_page()
    page.goto(f"{address}/rounds/{built.screening.id}")
    figure = page.locator(".legend .fig").last
    before = int(figure.inner_text().replace(",", ""))
    door = _open_door(built)
    worker = phone(built.people["worker1"], "phone-live")
    submit(worker, batch([visit(built.screening, door, "done")]))
    expect(figure).to_have_text(f"{before - 1:,}", timeout=20_000)


def test_a_phone_shows_the_tools_behind_a_word_and_where_one_is(chromium: Browser, address: str) -> None:
    context = sign_in(chromium, address, "he", language="zh-hans")
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    expect(page.locator("#q")).to_be_hidden()
    page.locator(".menu-button").click()
    expect(page.locator("#q")).to_be_visible()
    page.goto(f"{address}/reports")
    expect(page.locator(".nav a[aria-current]")).to_be_in_viewport(ratio=1)
    context.close()


def test_the_language_switches_in_place(he: BrowserContext, address: str) -> None:
    page = he.new_page()
    page.goto(f"{address}/rounds")
    page.locator(".top details.drop summary").first.click()
    page.locator("button[value=zh-hant]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    assert page.url.endswith("/rounds")


def test_an_error_stands_beside_its_field_and_nothing_written_is_lost(
    he: BrowserContext, address: str
) -> None:
    page = he.new_page()
    page.goto(f"{address}/rounds/open")
    page.fill("#id_title", "Night round")
    page.locator("main button.primary").click()
    expect(page.locator(".field.wrong").first).to_be_visible()
    assert page.input_value("#id_title") == "Night round"
    assert page.evaluate("document.activeElement.className") == "errors"


def _open_door(built: World) -> UUID:
    assert built.screening is not None
    with transaction(whole(DISTRICT)):
        return missed(whole(DISTRICT), built.screening, path=built.street, limit=1).items[0].subject


def test_identity_in_plain_words_hides_itself_after_ten_seconds(
    chromium: Browser, address: str, built: World
) -> None:
    context = sign_in(chromium, address, "lin")
    page = context.new_page()
    page.goto(f"{address}/people/{built.came[0]}")
    assert "张小三" not in page.content()
    page.click("#identity summary")
    page.select_option("#id_reveal_purpose", "follow_up")
    page.fill("#id_reveal_reason", "no answer at the door")
    page.click("#identity button.primary")
    page.wait_for_selector("text=张小三")
    page.wait_for_selector("text=张小三", state="detached", timeout=20_000)
    page.click("#identity summary")
    page.select_option("#id_reveal_purpose", "register_kept")
    page.fill("#id_reveal_reason", "for the file")
    page.click("#identity button:nth-of-type(2)")
    page.wait_for_url("**/card")
    assert "张小三" in page.content()
    context.close()
