"""Every page for everybody: WCAG 2.2 AA by axe in light and dark, on a desk and on a phone."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import axe, pages
from tests.browser.conftest import sign_in
from tests.make.desk import World

# Dark changes colours and nothing else.
SCHEMES: tuple[tuple[Literal["light", "dark"], dict[str, object]], ...] = (
    ("light", axe.DESK),
    ("dark", axe.COLOURS),
)
DESK, PHONE = 1280, 390


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with one page, in all four looks."""
    found: list[str] = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 860})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{name} at {width}: {wide} px wide")
        for scheme, rules in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{name} at {width} {scheme}: {fault}" for fault in axe.violations(page, rules)]
    return found


def look(context: BrowserContext, address: str, which: list[tuple[str, str]]) -> list[str]:
    """Open each page and say what is wrong, with what the browser complains about."""
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name, path in which:
        page.goto(address + path)
        complaints += faults(page, name)
    return [c for c in complaints if "status of 404" not in c]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["he", "lin", "zhou", "wen", "ma"])
def test_every_page_can_be_read_by_everybody(chromium: Browser, address: str, built: World, who: str) -> None:
    which = {
        "he": pages.of_the_command,
        "lin": pages.of_the_officer,
        "zhou": pages.of_the_street,
        "wen": pages.of_the_clerk,
        "ma": pages.of_the_administrator,
    }[who](built)
    context = sign_in(chromium, address, who)
    wrong = look(context, address, which)
    assert wrong == [], "\n".join(wrong)
    context.close()


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_pages_before_signing_in_can_be_read_by_everybody(
    chromium: Browser, address: str, language: str
) -> None:
    context = chromium.new_context(locale=language)
    wrong = look(context, address, pages.OPEN)
    assert wrong == [], "\n".join(wrong)
    context.close()


@pytest.mark.parametrize(("width", "language"), [(PHONE, "zh-hans"), (DESK, "en")])
def test_large_print_fits_on_a_phone_and_on_a_desk(
    chromium: Browser, address: str, built: World, width: int, language: str
) -> None:
    context = sign_in(chromium, address, "he", language=language)
    context.add_cookies([{"name": "bulou_text", "value": "largest", "url": address}])
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    wide = []
    for name, path in pages.of_the_command(built):
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(name)
    assert wide == []
    context.close()
