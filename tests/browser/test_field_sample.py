"""A sampling station on a phone, without a network: tube, people, a wrong scan, seal, courier."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bulou.coverage.queries import accounts
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.models import Tube
from bulou.people.terms import Keep, Purpose, Trigger, Why
from tests.browser.phone import phone
from tests.make import people, testing
from tests.make.field import Field
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.browser
WHY = Why(Trigger.ORDER, Purpose.TEST_ROUND, "传染病防治法", "order 7", Keep.ROSTER)
C1 = f"{COMMUNITY}.c1"


def test_a_station_samples_without_a_network_and_every_tube_is_accounted_for(
    field_chromium: Browser, field: Field, served: str
) -> None:
    with transaction(whole(DISTRICT)):
        people.hold("张小三", path=C1, why=WHY, number=people.number(3), phones=("13800138000",))
        people.hold("李四", path=C1, why=WHY, number=people.number(4))
        operation = testing.round_of_tests(path=COMMUNITY)
    with phone(field_chromium, served) as mine:
        mine.enrol(field.code(field.qian))
        mine.worker_ready()
        page = mine.page
        page.evaluate("location.hash = '#/sample'")
        page.locator("#site").fill("hall")
        page.locator("ul.rows button").first.click()
        expect(page.locator("#count")).to_contain_text("0")
        mine.context.set_offline(True)

        def scan(box: str, text: str) -> None:
            page.locator(f"#{box}").fill(text)
            page.locator(f"#{box}").press("Enter")

        count: Any = page.locator("#count")
        scan("tube", "t1")
        expect(count).to_contain_text("T1")
        scan("person", people.number(3))
        expect(count).to_contain_text("1")
        expect(page.locator("#say")).to_contain_text("张*三")
        scan("person", "8000")
        expect(page.locator("#told")).not_to_be_empty()
        scan("person", people.number(4)[:-1] + ("0" if people.number(4)[-1] != "0" else "1"))
        expect(page.locator("#told")).not_to_be_empty()
        scan("person", people.number(4))
        expect(page.locator("#say")).to_contain_text("李*")
        page.locator("#say button").click()
        expect(page.locator("#say")).not_to_contain_text("李*")
        scan("person", "ls")
        expect(page.locator("#say")).to_contain_text("李*")
        page.locator("#seal").click()
        expect(page.locator("#courier")).to_contain_text("1")
        page.locator("#courier").click()
        expect(page.locator("#courier")).to_contain_text("0")
        mine.context.set_offline(False)
        mine.send()
        assert set(mine.states()) == {"kept"}
    with transaction(whole(DISTRICT)):
        account = accounts.account(whole(DISTRICT), operation)
        tubes = list(Tube.objects.values_list("barcode", "n", "stage", "site"))
    assert (account.expected, account.done, account.open) == (2, 2, 0)
    assert tubes == [("T1", 2, "taken", "hall")]
