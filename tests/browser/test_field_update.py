"""A new version of the app arrives while people work: it waits, it is offered, and nothing is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from bulou.doors.field import assets
from tests.browser.phone import READY, Phone, phone
from tests.make.field import Field


@pytest.fixture
def mine(field_chromium: Browser, served: str, field: Field) -> Iterator[Phone]:
    """Qian's phone, enrolled, with the list."""
    with phone(field_chromium, served) as found:
        found.enrol(field.code(field.qian))
        yield found


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The files of a version that is not served yet."""
    folder = tmp_path / "field"
    shutil.copytree(assets.FOLDER, folder)
    (folder / "bar.js").write_text((folder / "bar.js").read_text() + "\n// the next version\n")
    yield folder
    monkeypatch.undo()
    serve_anew()


def serve_anew() -> str:
    assets.assets.cache_clear()
    assets.version.cache_clear()
    return assets.version()


def test_an_update_in_the_middle_of_an_upload_waits_and_loses_nothing(
    mine: Phone, field: Field, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine.worker_ready()
    before = assets.version()
    mine.context.set_offline(True)
    for door in field.doors[:3]:
        mine.visit(field, door)
    held: list[Route] = []

    def hold(route: Route) -> None:
        route.fetch()  # committed; the answer never comes
        held.append(route)

    mine.context.route("**/api/v1/records", hold, times=1)
    with mine.page.expect_request("**/api/v1/records"):
        mine.context.set_offline(False)
    monkeypatch.setattr(assets, "FOLDER", newer)
    after = serve_anew()
    assert after != before
    mine.call("worker.check")
    offer = mine.page.get_by_role("button", name="New version: start it")
    offer.wait_for()
    expect(mine.page.locator(f"script[src*='{before}']")).to_have_count(1)
    other = mine.tab()  # another tab still gets the version that works
    expect(other.page.locator(f"script[src*='{before}']")).to_have_count(1)
    offer.click()
    mine.page.locator(f"script[src*='{after}']").wait_for(state="attached")
    mine.page.wait_for_selector(READY, state="attached")
    mine.unlock()
    mine.send()
    assert mine.states() == ["kept"] * 3
    assert len(field.records()) == 3
    assert len(held) == 1
    other.page.close()


def test_an_app_that_is_too_old_says_so_and_still_sends(mine: Phone, field: Field) -> None:
    def demanding(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"least_level": 99})

    mine.context.route("**/api/v1/devices/standing", demanding)
    mine.call("sync.beat", True)
    mine.wait("This app is too old")
    mine.visit(field, field.doors[0])
    mine.send()
    assert mine.states() == ["kept"]
