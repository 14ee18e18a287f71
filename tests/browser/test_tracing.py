"""A chain of three generations on the desk: picture and list agree, the keyboard reaches everybody."""

from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Browser, Page

from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from tests.browser.conftest import sign_in
from tests.browser.test_looks import faults
from tests.make import people
from tests.make import tracing as make
from tests.make.desk import DISTRICT, World


def test_a_chain_is_read_by_eye_by_ear_and_by_keyboard(chromium: Browser, address: str, built: World) -> None:
    case = _chain(built)
    context = sign_in(chromium, address, "lin")
    page = context.new_page()
    page.goto(f"{address}/tracing/{case}")
    drawn = page.locator("svg[role=img] text[font-weight]").all_text_contents()
    listed = page.locator("#contacts tbody th .name").all_text_contents()
    assert len(drawn) == 6  # the case, two whom it met, three whom those met
    assert sorted(drawn[1:]) == sorted(listed)
    assert drawn[0] in page.locator("h1").inner_text()
    words = page.locator("svg[role=img] text:not([font-weight])").all_text_contents()
    assert sorted(words[1:]) == sorted(page.locator("#contacts tbody td:nth-child(2)").all_text_contents())
    hrefs = page.locator("#contacts tbody th a").evaluate_all("links => links.map(link => link.href)")
    assert set(hrefs) <= set(_reached(page))
    assert faults(page, "chain") == []
    context.close()


def _chain(built: World) -> UUID:
    """A case met two people; one of those met two, the other one."""
    lin, now = built.people["lin"], clock.now()
    with transaction(whole(DISTRICT)):
        case, *rest = (
            people.hold(name, path=built.community, by=lin).person_id
            for name in ("赵病例", "钱同餐", "孙同事", "李家人", "周家人", "吴邻居")
        )
        told = [make.case(case, onset_on=clock.local_date(now), number="C-7", path=built.community)]
        for n, (source, way) in enumerate(
            [(case, "same_meal"), (case, "same_workroom"), (rest[0], "same_home"), (rest[0], "same_home"),
             (rest[1], "leisure")]
        ):  # fmt: skip
            began = now - timedelta(hours=20 - 2 * n)
            told.append(make.met(rest[n], source, began, 45, way=way, path=built.community))
        make.say(lin, *told)
    return case


def _reached(page: Page) -> list[str]:
    """Where the key Tab leads, link by link, once round the page."""
    page.locator("h1").click()
    found: list[str] = []
    for _step in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.href || document.activeElement.tagName")
        if here == "BODY":
            break
        found.append(here)
    return found
