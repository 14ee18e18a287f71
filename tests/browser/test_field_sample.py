"""A sampling station on a phone, without a network: by scanner and keyboard, the courier, again, at home."""

from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from bulou.access.terms import Role
from bulou.coverage.queries import accounts
from bulou.grid import models as grid
from bulou.kernel.scope import transaction, whole
from bulou.lines.screening.rules import cards
from bulou.lines.testing.models import Sample, Tube
from bulou.people.terms import Keep, Purpose, Trigger, Why
from tests.browser.phone import Phone, phone
from tests.browser.test_field_care import faults
from tests.make import people, testing
from tests.make.field import Field
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone

pytestmark = pytest.mark.browser
WHY = Why(Trigger.ORDER, Purpose.TEST_ROUND, "传染病防治法", "order 7", Keep.ROSTER)
C1 = f"{COMMUNITY}.c1"


class Station:
    """One phone as a station, with a scanner that types."""

    def __init__(self, mine: Phone, field: Field) -> None:
        mine.enrol(field.code(field.qian))
        mine.worker_ready()
        self.mine = mine
        self.page: Page = mine.page
        self.go("sample")

    def go(self, screen: str) -> None:
        self.page.evaluate(f"location.hash = '#/{screen}'")

    def scan(self, box: str, text: str) -> None:
        """What a scanner types, and its Enter; another one may follow at once."""
        self.page.locator(f"#{box}").focus()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def says(self, element: str, text: str) -> None:
        expect(self.page.locator(f"#{element}")).to_contain_text(text)

    def send(self) -> None:
        self.mine.context.set_offline(False)
        self.mine.send()
        assert set(self.mine.states()) == {"kept"}


def test_a_station_samples_without_a_network_and_every_tube_is_accounted_for(
    field_chromium: Browser, field: Field, served: str
) -> None:
    with transaction(whole(DISTRICT)):
        zhang = people.hold("张小三", path=C1, why=WHY, number=people.number(3), phones=("13800138000",))
        people.hold("李四", path=C1, why=WHY, number=people.number(4))
        operation = testing.round_of_tests(path=COMMUNITY)
    with phone(field_chromium, served) as mine:
        here = Station(mine, field)
        page = here.page
        page.locator("#site").fill("hall")
        page.locator("ul.rows button").first.click()
        here.says("count", "0")
        mine.context.set_offline(True)

        here.scan("tube", "t1")
        here.scan("person", cards.code(zhang.person_id))
        here.says("count", "T1: 1 of 10")
        here.says("say", "张*三")
        here.scan("person", "8000")
        here.says("told", "already")
        wrong = people.number(4)[:-1] + ("0" if people.number(4)[-1] != "0" else "1")
        here.scan("person", wrong)
        here.says("told", "check digit")
        page.locator("#person").fill("")
        here.scan("person", people.number(4))
        here.says("count", "T1: 2 of 10")
        page.keyboard.press("F4")
        here.says("count", "T1: 1 of 10")
        here.scan("person", "li si")
        here.says("count", "T1: 2 of 10")
        page.locator("#tubes summary").click()
        here.scan("other", "t7")
        here.says("count", "T7: 2 of 10")
        assert faults(page, "the station") == []
        here.scan("person", "t7")
        here.says("say", "T7 with 2")
        page.keyboard.press("F8")
        here.scan("scan", "t1")
        expect(page.get_by_role("alert")).to_contain_text("T1")
        here.scan("scan", "t7")
        page.locator("#who").fill("car 3")
        page.locator("#hand").click()
        here.says("courier", "0")
        here.send()
    with transaction(whole(DISTRICT)):
        account = accounts.account(whole(DISTRICT), operation)
        tubes = list(Tube.objects.filter(n__gt=0).values_list("barcode", "n", "stage", "site"))
    assert (account.expected, account.done, account.open) == (2, 2, 0)
    assert tubes == [("T7", 2, "taken", "hall")]


def test_everybody_of_a_positive_tube_is_sampled_again_alone(
    field_chromium: Browser, field: Field, served: str
) -> None:
    with transaction(whole(DISTRICT)):
        pair = testing.residents(2)
        operation = testing.round_of_tests(path=COMMUNITY)
    send(someone(Role.WORKER, COMMUNITY, device=True), *testing.all_in(operation, pair, "T1"))
    send(someone(Role.SERVICE, DISTRICT), testing.result(operation, "T1", "positive"))
    with phone(field_chromium, served) as mine:
        here = Station(mine, field)
        here.page.locator("ul.rows button").first.click()
        here.says("again", "2")
        mine.context.set_offline(True)
        here.page.keyboard.press("F9")
        for n, person in enumerate(pair):
            here.page.locator(f"[data-person='{person}']").click()
            here.scan("single", f"s{n}")
            here.says("say", "1 001")
        assert faults(here.page, "again") == []
        here.send()
    with transaction(whole(DISTRICT)):
        again = Sample.objects.filter(outcome="resampled", counts=True)
        assert sorted(again.values_list("barcode", "person")) == [("S0", pair[0]), ("S1", pair[1])]


def test_a_mobile_team_samples_at_home_in_its_own_order(
    field_chromium: Browser, field: Field, served: str
) -> None:
    with transaction(whole(DISTRICT)):
        doors = list(grid.Dwelling.objects.filter(path=C1).order_by("door")[:2])
        grid.Dwelling.objects.filter(id=doors[0].id).update(needs_help=["dialysis"])
        grid.Dwelling.objects.filter(id=doors[1].id).update(needs_help=["infant", "disabled"])
        four = testing.residents(4)
        operation = testing.round_of_tests(path=COMMUNITY)
    first, second = (f"[data-stop='{door.id}']" for door in doors)
    with phone(field_chromium, served) as mine:
        here = Station(mine, field)
        page = here.page
        page.locator("[data-home]").click()
        page.locator("[data-team='1']").click()
        expect(page.locator("#stops li")).to_have_count(2)
        expect(page.locator(first)).to_contain_text("dialysis")
        mine.context.set_offline(True)
        page.locator(second).click()
        page.locator("#absent").click()
        expect(page.locator(second)).to_have_attribute("data-state", "absent")
        page.locator(first).click()
        here.scan("tube", "h1")
        for n, person in enumerate(four[:2], 1):
            page.locator(f"[data-person='{person}']").click()
            here.says("count", f"H1: {n} of 20")
        page.keyboard.press("F2")
        here.says("say", "H1 with 2")
        here.go("samplehome")
        expect(page.locator(first)).to_have_attribute("data-state", "done")
        assert faults(page, "the route") == []
        here.send()
    with transaction(whole(DISTRICT)):
        account = accounts.account(whole(DISTRICT), operation)
        lying = set(Sample.objects.values_list("person", "rule"))
    assert (account.done, account.open, account.open_by.absent) == (2, 2, 2)
    assert lying == {(one, "household") for one in four[:2]}


def test_a_scanner_that_does_not_wait_loses_nobody(
    field_chromium: Browser, field: Field, served: str
) -> None:
    """Twenty cards one after the other, as fast as a scanner types: none is lost, none waits for another."""
    with transaction(whole(DISTRICT)):
        twenty: list[UUID] = testing.residents(20)
        operation = testing.round_of_tests(path=COMMUNITY)
    with phone(field_chromium, served) as mine:
        here = Station(mine, field)
        here.page.locator("ul.rows button").first.click()
        here.says("count", "0")
        mine.context.set_offline(True)
        for tube in range(2):
            here.scan("tube", f"t{tube}")
            for person in twenty[tube * 10 : tube * 10 + 10]:
                here.page.keyboard.type(cards.code(person))
                here.page.keyboard.press("Enter")
            here.page.keyboard.type(f"t{tube}")
            here.page.keyboard.press("Enter")
            here.says("say", f"T{tube} with 10")
        here.send()
    with transaction(whole(DISTRICT)):
        assert accounts.account(whole(DISTRICT), operation).done == 20
