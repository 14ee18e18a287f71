"""What holds at a place in real Chromium: on a phone, in three languages, nothing that axe objects to."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.browser import axe
from tests.make import command as make
from tests.make.rounds import DISTRICT, street

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("transactional")
def test_anybody_looks_a_place_up_on_a_phone(field_chromium: Browser) -> None:
    with transaction(whole(DISTRICT)):
        street(compounds=1, doors=5)
        make.set_zone(make.office())
    server = LiveServer("localhost")
    context = field_chromium.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server.url}/z/?lang=en")
    assert axe.violations(page) == []
    page.fill("#q", make.COMPOUND)
    page.click("main button")
    page.click("main li a")
    expect(page.locator("h1")).to_have_text("Sealed area: please stay at home.")
    for language in ("zh-hant", "zh-hans", "en"):
        page.click(f"nav a[lang={language}]")
        expect(page.locator(f"nav a[lang={language}]")).to_have_attribute("aria-current", "true")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe.violations(page) == []
    expect(page.locator("h1")).to_have_text("Sealed area: please stay at home.")
    context.close()
    server.stop()
