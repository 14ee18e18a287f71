"""A resident's page in real Chromium: one hand, large print, three languages, nothing that axe objects to."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts, notices
from bulou.protocols.actions import load_library
from tests.browser import axe
from tests.make import care
from tests.make import restrictions as make
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("transactional")
def test_a_resident_reads_the_own_page_in_each_language_on_a_phone(field_chromium: Browser) -> None:
    act = acts.propose(make.street(), make.proposal([make.facts()], make.basis()))
    with transaction(whole(DISTRICT)):
        (held,) = queries.of_act(whole(DISTRICT), act.id, clock.now())
        load_library(None)
        day = clock.local_date(clock.now()).isoformat()
        care.start(make.street(), person=held.person, when=clock.now(), path=COMMUNITY, **{"from": day})
    code = notices.issue_notice(make.street(), held.id, path=COMMUNITY)
    server = LiveServer("localhost")
    context = field_chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server.url}/r/#code={code}")  # as the QR on the paper leads there
    expect(page.locator("#code")).to_have_value(code)
    assert axe.violations(page) == []
    page.click("main button")
    page.wait_for_selector("#words")
    for language, first in (
        ("zh-hant", "請留在家中。"),
        ("en", "Please stay at home."),
        ("zh-hans", "请留在家中。"),
    ):
        page.click(f"button[value={language}]")
        assert page.inner_text("h1") == first
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe.violations(page) == []
    page.check("input[name=well][value=no]")
    page.fill("#temperature", "38.2")
    page.click("#told button")
    expect(page.locator(".alarm")).to_be_visible()
    page.click("footer button")
    expect(page.locator("#code")).to_have_value("")
    context.close()
    server.stop()
