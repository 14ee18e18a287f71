"""A shift at a gate: by keyboard, by scanner, without a network; passes green, red and amber."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bulou.access.terms import Actor, Role
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.checkpoints.actions import details
from bulou.lines.checkpoints.actions.passes import Terms, issue_passes, revoke_pass
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.terms import Pass
from tests.browser import axe
from tests.browser.phone import Phone, phone
from tests.make import access
from tests.make import gates as make
from tests.make.field import Field
from tests.make.rounds import COMMUNITY, DISTRICT

ALL = whole(DISTRICT)
TODAY = clock.local_date(clock.now())
TERMS = Terms(per_household=1, valid_from=TODAY, valid_until=TODAY + timedelta(days=13))
# Contrast 7:1, and targets larger than the rule asks for.
SMALL = """() => [...document.querySelectorAll("button, input, select")]
  .map((one) => one.closest(".pick") ?? one).filter((one) => one.offsetParent)
  .map((one) => [one.textContent || one.id, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 60 || box.width < 44).map(([name]) => name)"""


@dataclass
class Gate:
    """A post, its guard, and the passes of the households behind it."""

    field: Field
    lin: Actor
    valid: Pass
    revoked: Pass
    other: Pass
    later: Pass
    phone: Phone

    @property
    def page(self) -> Page:
        """The screen."""
        return self.phone.page


@pytest.fixture
def gate(field_chromium: Browser, field: Field, served: str) -> Iterator[Gate]:
    """Meng's phone at the south gate, enrolled, its list taken along, the shift begun."""
    with transaction(ALL):
        make.post()
    lin = access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY)
    meng = access.person("meng", Role.CHECKPOINT, make.GATE)
    valid, revoked, *_ = issue_passes(lin, make.GATE, TERMS)
    other, *_ = issue_passes(lin, f"{COMMUNITY}.c2", TERMS)
    coming = replace(TERMS, valid_from=TODAY + timedelta(days=3))
    later, *_ = issue_passes(lin, make.GATE, coming)
    revoke_pass(lin, revoked.id, revoked.path, reason="lost")
    with phone(field_chromium, served) as found:
        found.enrol(field.code(meng))
        found.worker_ready()
        found.page.goto(f"{served}/field/#/gate")
        made = Gate(field, lin, valid, revoked, other, later, found)
        found.page.get_by_role("heading", name="Begin a shift").wait_for()
        found.page.get_by_role("button", name="Begin the shift").click()
        found.page.get_by_role("heading", name="south gate").wait_for()
        yield made


def records(kind: str) -> list[Entry]:
    with transaction(ALL):
        return ledger.records_of(DISTRICT, kinds=[f"checkpoint.{kind}"])


def type_in(gate: Gate, text: str) -> None:
    """Type as a scanner does: into the field that has the focus, with Enter at the end."""
    gate.page.locator("#plate").focus()
    gate.page.keyboard.type(text)
    gate.page.keyboard.press("Enter")


def verdict(gate: Gate) -> tuple[str, str]:
    """Colour and word of the whole screen."""
    cover = gate.page.locator(".light")
    cover.wait_for()
    colour = next(c for c in ("green", "red", "amber") if c in (cover.get_attribute("class") or ""))
    box = cover.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844), "the result fills the screen"
    return colour, gate.page.locator("#verdict").inner_text()


def picture(gate: Gate, name: str) -> None:
    """Keep a screenshot where the environment asks for one."""
    folder = os.environ.get("BULOU_SCREENSHOTS")
    if folder:
        gate.page.screenshot(path=Path(folder) / f"gate-{name}.png")


def test_a_passage_by_keyboard_alone_without_a_network(gate: Gate) -> None:
    gate.phone.context.set_offline(True)
    began = clock.now()
    type_in(gate, "吉C12345")
    expect(gate.page.locator("#temperature")).to_be_focused()
    gate.page.keyboard.type("36.5")
    gate.page.keyboard.press("Enter")
    expect(gate.page.locator("#counts")).to_contain_text("shift 1 passages, 1 persons")
    assert clock.now() - began < timedelta(seconds=10)
    expect(gate.page.locator("#plate")).to_be_focused()
    type_in(gate, "吉c·12345")
    expect(gate.page.locator("#seen")).to_contain_text("Came in here at")
    picture(gate, "passage")
    gate.phone.context.set_offline(False)
    gate.phone.send()
    gate.phone.wait("All sent")
    (kept,) = records("passage")
    assert (kept.outcome, kept.problems) == ("admitted", ())
    assert "吉" not in kept.payload.decode()
    with transaction(ALL):
        (one,) = gates.latest(ALL, gates.posts(ALL, COMMUNITY)[0].site_id, since=began)
    assert one.temperature_c == 36.5
    assert details.reveal(gate.lin, one.id, COMMUNITY, why="test").plate == "吉C12345"


def test_a_fever_is_held_measured_again_and_let_through_or_referred(gate: Gate) -> None:
    for again, word, outcome in (
        ("36.8", "Let through", "admitted"),
        ("37.9", "To the fever clinic", "referred"),
    ):
        type_in(gate, "")
        gate.page.keyboard.type("37.3")
        expect(gate.page.locator("#fever")).to_be_visible()
        gate.page.keyboard.press("Enter")
        assert verdict(gate) == ("amber", "Hold")
        gate.page.get_by_role("button", name="Understood").click()
        gate.page.get_by_role("button", name="measure again").click()
        gate.page.locator("#recheck").fill(again)
        gate.page.keyboard.press("Enter")
        colour, told = verdict(gate)
        assert (colour, told) == ("green" if outcome == "admitted" else "red", word)
        gate.page.keyboard.press("Escape")
        expect(gate.page.locator(".hold")).to_have_count(0)
    gate.phone.send()
    gate.phone.wait("All sent")
    assert [e.outcome for e in records("passage")] == ["held", "held"]
    assert sorted(e.outcome for e in records("recheck")) == ["admitted", "referred"]
    assert {e.problems for e in (*records("passage"), *records("recheck"))} == {()}


def test_passes_are_checked_without_a_network(gate: Gate) -> None:
    gate.phone.context.set_offline(True)
    forged = gate.valid.code[:40] + ("B" if gate.valid.code[40] != "B" else "C") + gate.valid.code[41:]
    for code, expected, words in (
        (gate.valid.code, ("green", "Valid"), f"It ends with {gate.valid.check}"),
        (gate.valid.code.lower(), ("green", "Valid"), "Holds until"),
        (gate.valid.serial, ("green", "Valid"), "Holds until"),
        (gate.revoked.code, ("red", "Not valid"), "has been revoked"),
        (gate.revoked.serial, ("red", "Not valid"), "has been revoked"),
        (gate.other.code, ("red", "Not valid"), "another compound"),
        (gate.later.code, ("red", "Not valid"), "does not hold yet"),
        (forged, ("red", "Not valid"), "not made by the office"),
        ("ABCDEFGHIJ", ("amber", "Ask"), "not on the list"),
    ):
        type_in(gate, code)
        assert verdict(gate) == expected, words
        expect(gate.page.locator(".light")).to_contain_text(words)
        assert gate.page.locator("html").get_attribute("data-light-told") == expected[0], (
            "sound and vibration"
        )
        picture(gate, f"pass-{expected[0]}")
        gate.page.keyboard.press("Escape")
        expect(gate.page.locator(".light")).to_have_count(0)
    assert records("household_entry") == []


def test_a_pass_that_has_ended_is_red(gate: Gate) -> None:
    gate.page.clock.install(time=clock.now() + timedelta(days=20))
    later = "2" + str(TODAY + timedelta(days=20))[1:]
    script = """async ([code, taken, today, path]) => {
      const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
      const codes = await import(base + "gate/codes.js");
      return codes.judge(code, taken, {post: {path}, today, out: true, uses: async () => []});
    }"""
    taken = gate.phone.call("sync.passes")
    told = gate.page.evaluate(script, [gate.valid.code, taken, later, make.GATE])
    assert (told["light"], told["result"]) == ("red", "expired")
    stranger = taken | {"public_key": "A" * 43}
    told = gate.page.evaluate(script, [gate.valid.code, stranger, str(TODAY), make.GATE])
    assert told["light"] == "red", "another key signs nothing here"


def test_one_exit_in_two_days_on_this_phone_and_on_the_next(gate: Gate) -> None:
    gate.phone.context.set_offline(True)
    gate.page.get_by_role("radio", name="Out").check()
    type_in(gate, gate.valid.code)
    assert verdict(gate)[0] == "green"
    gate.page.get_by_role("button", name="Let out").click()
    expect(gate.page.locator("#counts")).to_contain_text("shift 1 passages")
    type_in(gate, gate.valid.code)
    assert verdict(gate) == ("amber", "Ask")
    expect(gate.page.locator(".light")).to_contain_text("used up")
    picture(gate, "used-up")
    gate.page.keyboard.press("Escape")
    gate.page.get_by_role("radio", name="In").check()
    type_in(gate, gate.valid.code)
    assert verdict(gate)[0] == "green", "coming home is always allowed"
    gate.page.keyboard.press("Escape")
    gate.phone.context.set_offline(False)
    gate.phone.send()
    gate.phone.wait("All sent")
    gate.phone.call("sync.download")
    assert list(gate.phone.call("sync.passes")["uses"]) == [gate.valid.serial], "the next phone knows it too"
    (kept,) = records("household_entry")
    assert gate.valid.serial not in kept.payload.decode()


def test_a_scanner_that_reads_the_next_pass_lets_nobody_through(gate: Gate) -> None:
    type_in(gate, gate.valid.code)
    verdict(gate)
    gate.page.keyboard.type(gate.revoked.code)
    gate.page.keyboard.press("Enter")
    assert verdict(gate) == ("green", "Valid")
    gate.page.keyboard.press("Escape")
    expect(gate.page.locator("#counts")).to_contain_text("shift 0 passages")


def test_turned_back_handed_over_a_visitor_and_a_shift_that_agrees(gate: Gate) -> None:
    page = gate.page
    page.get_by_role("button", name="Turn back").click()
    page.get_by_role("radio", name="From outside").check()
    page.get_by_role("button", name="Turn back").click()
    expect(page.locator("#counts")).to_contain_text("shift 1 passages")
    page.get_by_role("button", name="Hand over").click()
    page.locator("#to").select_option(COMMUNITY)
    page.locator("#names").fill("王小明")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("#counts")).to_contain_text("shift 2 passages")
    page.get_by_role("button", name="Visitors").click()
    page.locator("#names").fill("李雷")
    page.get_by_role("button", name="Came in").click()
    page.get_by_text("1 inside since").wait_for()
    picture(gate, "visitors")
    page.get_by_role("button", name="Left").click()
    page.get_by_text("Nobody is inside.").wait_for()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Shift", exact=True).click()
    page.locator("#passages").fill("3")
    page.locator("#persons").fill("3")
    page.get_by_role("button", name="Close the shift").click()
    page.get_by_text("The counts agree.").wait_for()
    page.get_by_role("heading", name="Begin a shift").wait_for()
    gate.phone.send()
    gate.phone.wait("All sent")
    with transaction(ALL):
        (shift,) = gates.shifts(ALL, clock.now() - timedelta(hours=1), clock.now())
        (coming,) = gates.to_receive(ALL)
    assert shift.agrees
    assert coming.path == COMMUNITY
    texts = " ".join(e.payload.decode() for kind in ("passage", "visitor") for e in records(kind))
    assert "王小明" not in texts
    assert "李雷" not in texts


def wrong(page: Page) -> list[tuple[str, str]]:
    """What axe finds, and targets that are too small for a thumb."""
    small = [("small", name) for name in page.evaluate(SMALL)]
    return axe.violations(page, axe.PHONE) + small


@pytest.mark.parametrize("light", ["light", "dark"])
def test_the_gate_can_be_used_by_everybody(gate: Gate, light: str) -> None:
    page = gate.page
    page.emulate_media(color_scheme=light, reduced_motion="reduce")  # type: ignore[arg-type]
    found = wrong(page)
    for code in (gate.valid.code, gate.revoked.code, "ABCDEFGHIJ"):
        type_in(gate, code)
        verdict(gate)
        found += wrong(page)
        page.keyboard.press("Escape")
    for name, screen in (("Turn back", "turn"), ("Hand over", "hand")):
        page.get_by_role("button", name=name).click()
        page.get_by_role("heading", name=name).wait_for()
        found += wrong(page)
        picture(gate, screen)
        page.get_by_role("button", name="Back", exact=True).click()
    page.get_by_role("button", name="Shift", exact=True).click()
    page.get_by_role("heading", name="Shift at").wait_for()
    found += wrong(page)
    picture(gate, f"shift-{light}")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
