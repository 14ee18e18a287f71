"""Pictures of the pages as they are: BULOU_PICTURES=1 BULOU_SCREENSHOT_SCALE=0.03 pytest tests/browser."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import sign_in
from tests.make.desk import World

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WANTED = bool(os.environ.get("BULOU_PICTURES"))


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


@pytest.mark.skipif(not WANTED, reason="pictures are made on request: BULOU_PICTURES=1")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pictures_of_the_desk(chromium: Browser, address: str, built: World, language: str) -> None:
    assert built.screening is not None
    IMAGES.mkdir(parents=True, exist_ok=True)
    context = sign_in(chromium, address, "he", language=language)
    page = context.new_page()
    board = f"{address}/rounds/{built.screening.id}"
    take(page, f"{address}/", f"today.{language}")
    take(page, board, f"board.{language}")
    take(page, f"{board}/missed?area={built.community}", f"missed.{language}")
    take(page, f"{address}/subjects/dwelling/{built.door}", f"door.{language}")
    take(page, f"{address}/reports/daily", f"daily-report.{language}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    take(page, f"{board}/missed?area={built.community}", f"phone-missed.{language}")
    assert len(list(IMAGES.glob(f"*.{language}.png"))) >= 6
    context.close()
