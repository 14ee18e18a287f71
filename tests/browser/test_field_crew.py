"""A crew and those who sign off: objects with dose and area, warnings at once, other eyes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts
from bulou.coverage.terms import Operation
from bulou.kernel.scope import transaction, whole
from bulou.lines.disinfection import queries as disinfection
from bulou.lines.disinfection.terms import Caution, Job, Verdict
from tests.browser import axe
from tests.browser.phone import Phone, phone
from tests.browser.test_field_inspect import answer, photo_of, picture, shoot
from tests.browser.test_field_list import SMALL, go
from tests.make import access, objects, photos
from tests.make.field import Field
from tests.make.rounds import DISTRICT

ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def parks(field: Field) -> tuple[Operation, list[UUID]]:
    """A round over three parks."""
    with transaction(ALL):
        found = objects.sites("park", 3)
        return objects.object_round(["park"]), found


@pytest.fixture
def gao(field: Field) -> Actor:
    return access.crew("gao", DISTRICT, team="disinfection 1")


@contextmanager
def phone_of(browser: Browser, served: str, field: Field, actor: Actor, screen: str) -> Iterator[Phone]:
    with phone(browser, served) as found:
        found.enrol(field.code(actor))
        go(found.page, f"#/{screen}")
        yield found


@pytest.fixture
def mine(
    field_chromium: Browser, served: str, field: Field, parks: tuple[Operation, list[UUID]], gao: Actor
) -> Iterator[Phone]:
    """Gao's phone, with the parks on it."""
    with phone_of(field_chromium, served, field, gao, "crew") as found:
        yield found


def job(operation: Operation, subject: UUID) -> Job:
    with transaction(ALL):
        found = disinfection.job(ALL, operation.id, subject)
    assert found is not None
    return found


def begin(page: Page, operation: Operation, subject: UUID) -> None:
    page.locator(f'[data-key="{operation.id}:{subject}"]').tap()
    page.locator('[data-outcome="done"]').tap()


def fill(page: Page, *, dose: str = "500", minutes: str = "30") -> None:
    answer(page, "agent", "Chlorine-based disinfectant")
    answer(page, "method", "Wipe")
    answer(page, "target", "Touched surfaces")
    page.get_by_label("Available chlorine").fill(dose)
    page.get_by_label("Contact time").fill(minutes)
    page.get_by_label("Amount").fill("12")
    page.get_by_label("Area (m²)").fill("120")


def test_an_object_is_done_without_a_network_and_the_guidance_speaks_at_once(
    mine: Phone, parks: tuple[Operation, list[UUID]]
) -> None:
    page, (operation, found) = mine.page, parks
    expect(page.locator(".sum")).to_contain_text("0 of 3 objects are done")
    mine.worker_ready()
    mine.context.set_offline(True)
    begin(page, operation, found[0])
    page.get_by_role("button", name="Save: Done").tap()
    expect(page.locator('[data-key="agent"].wrong')).to_contain_text("must be answered")
    fill(page, dose="200", minutes="10")
    cautions = page.locator(".cautions p")
    expect(cautions).to_have_count(2)
    expect(page.locator('[data-warning="below_dose"]')).to_contain_text("too weak")
    expect(page.locator('[data-warning="contact_short"]')).to_contain_text("needs 30 minutes")
    answer(page, "mixed_with", "Acid cleaner")
    expect(page.locator('[data-warning="chlorine_mixed"]')).to_contain_text("poisonous gas")
    expect(page.locator('[data-warning="chlorine_mixed"]')).to_be_in_viewport()
    picture(page, "crew-warnings")
    answer(page, "mixed_with", "Nothing")
    page.get_by_label("Contact time").fill("30")
    expect(cautions).to_have_count(1)
    shoot(page, photos.photo())
    expect(page.locator(".photos canvas")).to_have_count(1)
    page.get_by_role("button", name="Save: Done").tap()
    expect(page.locator(".sum")).to_contain_text("1 of 3 objects are done")
    # the same bucket for the next one: agent, dose and time stand there
    begin(page, operation, found[1])
    expect(page.get_by_label("Available chlorine")).to_have_value("200")
    page.get_by_label("Available chlorine").fill("500")
    page.get_by_label("Area (m²)").fill("80")
    page.get_by_role("button", name="Save: Done").tap()
    expect(page.locator(".sum")).to_contain_text("2 of 3 objects are done")
    picture(page, "crew-list")
    mine.context.set_offline(False)
    mine.send()
    mine.wait("All sent")
    first, second = job(operation, found[0]), job(operation, found[1])
    assert (first.cautions, second.cautions) == ((Caution.BELOW_DOSE,), ())
    assert (first.concentration_mg_l, int(first.area_m2), int(first.litres)) == (200, 120, 12)
    assert photo_of(first.record)[0].width == 800
    with transaction(ALL):
        assert accounts.account(ALL, operation).done == 2


def test_other_eyes_send_the_work_back_and_the_crew_does_it_again(
    field_chromium: Browser,
    served: str,
    mine: Phone,
    field: Field,
    parks: tuple[Operation, list[UUID]],
) -> None:
    page, (operation, found) = mine.page, parks
    begin(page, operation, found[0])
    fill(page)
    page.get_by_role("button", name="Save: Done").tap()
    mine.send()
    mine.wait("All sent")
    sun = access.person("sun", Role.SUPERVISION, DISTRICT, team="supervision 5")
    with phone_of(field_chromium, served, field, sun, "inspect") as other:
        other.page.locator(f'[data-job="{found[0]}"]').tap()
        expect(other.page.locator(".answers")).to_contain_text("500 mg/L")
        other.page.get_by_role("button", name="Save the sign-off").tap()
        expect(other.page.locator(".problem").first).to_contain_text("This must be answered.")
        other.page.locator(".pick", has_text="No, do it again").tap()
        other.page.get_by_label("What was seen?").fill("The benches are dry.")
        picture(other.page, "crew-signoff")
        other.page.get_by_role("button", name="Save the sign-off").tap()
        expect(other.page.locator(f'[data-job="{found[0]}"]')).to_contain_text("Saved on this phone")
        other.send()
        other.wait("All sent")
    assert job(operation, found[0]).verdict is Verdict.FAILED
    mine.call("sync.download")
    go(page, "#/me")
    go(page, "#/crew")
    page.locator(f'[data-job="{found[0]}"]').tap()
    page.locator('[data-outcome="done"]').tap()
    page.get_by_label("Area (m²)").fill("120")
    page.get_by_role("button", name="Save: Done").tap()
    mine.send()
    mine.wait("All sent")
    assert job(operation, found[0]).verdict is None  # it waits anew


def test_ones_own_crew_may_not_sign_off(
    field_chromium: Browser,
    served: str,
    field: Field,
    gao: Actor,
    parks: tuple[Operation, list[UUID]],
) -> None:
    operation, found = parks
    with transaction(ALL):
        objects.work(access.phone(gao).actor, operation, found[:1])
    helper = access.person("lin", Role.SUPERVISION, DISTRICT, team="disinfection 1")
    with phone_of(field_chromium, served, field, helper, "inspect") as other:
        expect(other.page.locator(f'[data-job="{found[0]}"]')).to_have_count(0)
        go(other.page, f"#/signoff?operation={operation.id}&subject={found[0]}")
        expect(other.page.locator("#screen")).to_contain_text("from another team")
        expect(other.page.get_by_role("button", name="Save the sign-off")).to_have_count(0)


def test_the_crews_screens_can_be_read_and_touched_by_everybody(
    mine: Phone, parks: tuple[Operation, list[UUID]]
) -> None:
    page, (operation, found), wrong = mine.page, parks, list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    begin(page, operation, found[0])
    fill(page, dose="200", minutes="10")
    answer(page, "mixed_with", "Acid cleaner")
    about = f"operation={operation.id}&subject={found[0]}"
    for text, light, width in (("normal", "light", 390), ("largest", "dark", 390)):
        page.set_viewport_size({"width": width, "height": 844})
        mine.call("looks.setSize", text)
        mine.call("looks.setLight", light)
        for screen in ("crew", f"job?{about}"):
            go(page, f"#/{screen}")
            wrong += [f"{screen} {text}: {name} is small" for name in page.evaluate(SMALL)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{screen} {text} {light} is wider than {width}")
            wrong += [f"{screen} {text} {light}: {fault}" for fault in axe.violations(page, axe.PHONE)]
    assert wrong == [], "\n".join(wrong)
    [draft] = [mine.call("outbox.own")]
    assert msgspec.json.encode(draft) == b"[]"
