"""An inspector's day: a visit without a network, a finding with a photo, and other eyes that look again."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from bulou.access.terms import Actor, Role
from bulou.evidence import queries as evidence
from bulou.evidence.terms import Attachment
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.terms import Stage, Timeline
from tests.browser import axe
from tests.browser.phone import Phone, everything, phone
from tests.browser.test_field_list import SMALL, go
from tests.make import access, photos
from tests.make.field import Field
from tests.make.rounds import COMMUNITY, DISTRICT

ALL = whole(DISTRICT)
TEXT = "The night shift notes nobody who enters."


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def sun(field: Field) -> Actor:
    return access.person("sun", Role.SUPERVISION, DISTRICT, team="supervision 5")


@pytest.fixture
def mine(field_chromium: Browser, served: str, field: Field, sun: Actor) -> Iterator[Phone]:
    """Sun's phone, with the day's work on it."""
    with phone(field_chromium, served) as found:
        found.enrol(field.code(sun))
        go(found.page, "#/inspect")
        yield found


def records(kind: str) -> list[Entry]:
    with transaction(ALL):
        return list(ledger.records_of(DISTRICT, kinds=[kind]))


def story(finding: UUID) -> Timeline:
    with transaction(ALL):
        return supervision.finding(ALL, finding, covert=ALL)


def photo_of(record: UUID) -> tuple[Attachment, bytes]:
    with transaction(ALL):
        [one] = evidence.of_records(ALL, [record])[record]
        return one, evidence.content(one)


def shoot(page: Page, content: bytes) -> None:
    page.locator("input.camera").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content}
    )


def choose(page: Page, name: str) -> None:
    page.get_by_label("Which place?").fill(name)
    page.locator(".matches button").first.tap()


def answer(page: Page, key: str, word: str) -> None:
    page.locator(f'[data-key="{key}"] .pick').filter(has_text=re.compile(f"^{word}$")).tap()


def picture(page: Page, name: str) -> None:
    """Keep what the screen shows, for people to look at, where they have asked for it."""
    if folder := os.environ.get("BULOU_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_day_without_a_network_a_secret_visit_and_a_finding_with_a_photo(mine: Phone, field: Field) -> None:
    page = mine.page
    mine.worker_ready()
    mine.context.set_offline(True)
    page.get_by_role("button", name="New visit").tap()
    page.get_by_role("button", name="Save the visit").tap()
    expect(page.locator(".place.wrong")).to_contain_text("Choose a place.")
    choose(page, "c1")
    answer(page, "methods", "Secret visit")
    expect(page.locator(".secret")).to_contain_text("the inspected see nothing of it")
    answer(page, "people_at_post", "Yes")
    answer(page, "gate_registers", "No")
    picture(page, "inspect-visit")
    page.get_by_role("button", name="Save the visit").tap()
    page.get_by_role("button", name="Everybody who enters is noted").tap()
    page.get_by_label("In words").fill(TEXT)
    answer(page, "severity", "Critical")
    expect(page.locator(".due")).to_contain_text("To be put right by")
    page.get_by_label("Unit responsible").fill("Property office of c1")
    shoot(page, photos.with_position(2400, 1800))
    expect(page.locator(".photos canvas")).to_have_count(1)
    picture(page, "inspect-finding")
    page.get_by_role("button", name="Save the finding").tap()
    expect(page.locator(".screen.inspect")).to_contain_text(TEXT)
    picture(page, "inspect-day")
    assert mine.states() == ["waiting", "waiting", "waiting"]
    kept = "\n".join(everything(mine))
    assert TEXT not in kept
    assert photos.SECRET not in kept
    assert (
        "\xff\xd8\xff\xe0\x00\x10JFIF" not in kept
    )  # no photo in the open either; three bytes come by chance

    mine.context.set_offline(False)
    mine.send()
    mine.wait("All sent")
    [visit] = records("supervision.inspection")
    [finding] = records("supervision.finding")
    told = msgspec.json.decode(finding.payload)
    assert (visit.standing, finding.standing) == ("kept", "kept")
    assert (told["inspection"], told["covert"], told["severity"]) == (str(visit.subject), True, "critical")
    attachment, content = photo_of(finding.id)
    assert told["photos"] == [str(attachment.id)]
    assert max(attachment.width, attachment.height) == 1600
    assert (attachment.width, attachment.height) == (1200, 1600)  # it stands upright
    assert photos.SECRET.encode() not in content
    assert finding.subject is not None
    with transaction(ALL):
        assert supervision.findings(ALL).total == 0  # the unit sees nothing of it yet
    page.get_by_role("button", name=TEXT).tap()
    expect(page.get_by_label("Unit", exact=True)).to_have_value("Property office of c1")
    page.get_by_role("button", name="They were told").tap()
    mine.send()
    mine.wait("All sent")
    assert story(finding.subject).finding.stage is Stage.TOLD
    with transaction(ALL):
        assert supervision.findings(ALL).total == 1


def fixed(sun: Actor, field: Field, *, team: str = "community 5") -> UUID:
    """A finding that was put right by somebody of a team, told from desks."""
    lin = access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY, team=team)
    finding = UUID(int=sun.account_id.int ^ 1)
    owner = {"owner": str(lin.account_id), "owner_team": lin.team, "unit": "Community 5"}
    steps: list[tuple[Actor, str, str, dict[str, Any]]] = [
        (sun, "finding", "found", {"severity": "serious", "text": TEXT}),
        (sun, "told", "told", {"unit": "Community 5"}),
        (lin, "plan", "planned", owner),
        (lin, "fixed", "fixed", {"evidence": ["A register lies at the gate"]}),
    ]
    for actor, kind, outcome, payload in steps:
        submit_office(
            actor,
            [
                OfficeRecord(
                    kind=f"supervision.{kind}", path=f"{COMMUNITY}.c1", subject_type="finding",
                    subject=finding, outcome=outcome, payload=payload,
                )
            ],
        )  # fmt: skip
    return finding


def test_somebody_else_looks_again_and_shows_what_was_seen(mine: Phone, field: Field, sun: Actor) -> None:
    finding, page = fixed(sun, field), mine.page
    mine.call("sync.download")
    go(page, "#/me")
    go(page, "#/inspect")
    page.get_by_role("button", name=TEXT).tap()
    expect(page.locator(".shows")).to_contain_text("A register lies at the gate")
    page.get_by_role("button", name="Save the re-check").tap()
    expect(page.locator(".problem").first).to_contain_text("This must be answered.")
    page.locator(".pick", has_text="Re-check failed").tap()
    page.get_by_role("button", name="Save the re-check").tap()
    expect(page.locator(".question.wrong")).to_contain_text("This outcome needs an answer here.")
    page.locator(".pick", has_text="Re-check passed, closed").tap()
    shoot(page, photos.photo())
    expect(page.locator(".photos canvas")).to_have_count(1)
    picture(page, "inspect-recheck")
    page.get_by_role("button", name="Save the re-check").tap()
    expect(page.locator(f'[data-finding="{finding}"]')).to_contain_text("Saved on this phone")
    mine.send()
    mine.wait("All sent")
    done = story(finding)
    assert done.finding.stage is Stage.CLOSED
    [record] = records("supervision.recheck")
    assert [photo_of(record.id)[0].id] == list(done.steps[-1].photos)


def test_ones_own_team_is_told_before_anything_is_sent(mine: Phone, field: Field, sun: Actor) -> None:
    fixed(sun, field, team="supervision 5")
    mine.call("sync.download")
    page = mine.page
    go(page, "#/me")
    go(page, "#/inspect")
    expect(page.get_by_role("button", name=TEXT)).to_contain_text("somebody else looks again")
    page.get_by_role("button", name=TEXT).tap()
    expect(page.locator("#screen")).to_contain_text("from another team")
    expect(page.get_by_role("button", name="Save the re-check")).to_have_count(0)


def test_what_is_no_photo_is_said_at_once_and_a_photo_can_be_taken_away(mine: Phone) -> None:
    page = mine.page
    page.get_by_role("button", name="Note a finding").tap()
    shoot(page, b"%PDF-1.7 not a photo")
    expect(page.locator(".photo-field .problem")).to_contain_text("cannot be read")
    for _ in range(2):
        shoot(page, photos.photo())
    expect(page.locator(".photos canvas")).to_have_count(2)
    page.get_by_role("button", name="Take photo 1 away").tap()
    expect(page.locator(".photos canvas")).to_have_count(1)
    expect(page.get_by_text("Take a photo")).to_be_visible()


def test_the_inspectors_screens_can_be_read_and_touched_by_everybody(
    mine: Phone, field: Field, sun: Actor
) -> None:
    page, wrong = mine.page, list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    finding = fixed(sun, field)
    mine.call("sync.download")
    for text, light, width in (("normal", "light", 390), ("largest", "dark", 390)):
        page.set_viewport_size({"width": width, "height": 844})
        mine.call("looks.setSize", text)
        mine.call("looks.setLight", light)
        for screen in ("inspect", "checklist", "finding", f"recheck?id={finding}"):
            go(page, f"#/{screen}")
            wrong += [f"{screen} {text}: {name} is small" for name in page.evaluate(SMALL)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{screen} {text} {light} is wider than {width}")
            wrong += [f"{screen} {text} {light}: {fault}" for fault in axe.violations(page, axe.PHONE)]
    assert wrong == [], "\n".join(wrong)
