"""A real server, a real browser, and a district to look at."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from bulou.postgres.layout import Layout
from tests.make import desk
from tests.make.field import Field
from tests.make.field import field as make_field
from tests.stages import on_stage

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{ours}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, postgres: Layout
) -> Iterator[desk.World]:
    """A district of forty communities, two days into a round, committed."""
    scale = float(os.environ.get("BULOU_SCREENSHOT_SCALE", "0.006"))
    with (
        _async(),
        django_db_blocker.unblock(),
        on_stage(postgres, f"desk {scale}", lambda: desk.world(scale=scale)) as world,
    ):
        yield world


@pytest.fixture(autouse=True)
def _disconnected() -> Iterator[None]:
    """Close what a test connected: while the driver's loop runs, its connections are kept apart from others.

    One that is left open would reach the next module, and a database that is gone by then.
    """
    yield
    connections.close_all()


@contextmanager
def _async() -> Iterator[None]:
    """The browser's driver runs an event loop in this thread; the tests are synchronous all the same."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def address(built: desk.World) -> Iterator[str]:
    """Where the desk answers."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def chromium(built: desk.World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium beside the desk's district."""
    with _launched(tmp_path_factory) as browser:
        yield browser


@pytest.fixture(scope="module")
def field_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The same browser without the desk's district, for the app on phones."""
    with _async(), _launched(tmp_path_factory) as browser:
        yield browser


@pytest.fixture
def field(field_chromium: Browser, transactional: None) -> Field:
    """A community with an open round, committed, for one test; gone afterwards."""
    return make_field()


@pytest.fixture
def served(field: Field) -> Iterator[str]:
    """Where the app of that community is served."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@contextmanager
def _launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start the browser with a Chinese font from the package, so that every machine draws the same."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    folder = tmp_path_factory.mktemp("fonts")
    spec = find_spec("pylopdf_fonts_zh_cn")
    assert spec is not None
    assert spec.origin is not None
    (folder / "fonts.conf").write_text(FONTS.format(ours=Path(spec.origin).parent, cache=folder / "cache"))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=list(ARGUMENTS),
            env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        )
        yield browser
        browser.close()


@pytest.fixture
def he(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """The window of He, of the command office, who has signed in."""
    context = sign_in(chromium, address, "he")
    yield context
    context.close()


def sign_in(browser: Browser, address: str, name: str, *, language: str = "en") -> BrowserContext:
    """Return a window in which somebody has signed in."""
    tag = {"en": "en", "zh-hans": "zh-CN", "zh-hant": "zh-TW"}[language]
    context = browser.new_context(
        locale=tag, timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 860}
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#id_name", name)
    page.fill("#id_password", desk.PASSWORD)
    page.click("main button.primary")
    page.wait_for_selector("#asof")
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}])
    page.close()
    return context
