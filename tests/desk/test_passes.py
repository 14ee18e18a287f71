"""Gates and household passes at the desk: what is shown, issued, printed, revoked, accepted and revealed."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.terms import Actor, Role
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.checkpoints.actions import details
from bulou.lines.checkpoints.actions.phone import take_along
from bulou.lines.checkpoints.queries import gates, passes
from bulou.lines.checkpoints.rules import sealing
from bulou.lines.checkpoints.terms import Details, PassState
from tests.make import access
from tests.make import gates as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
TODAY = clock.local_date(clock.now())
FORM = {
    "per_household": "2", "valid_from": f"{TODAY}", "valid_until": f"{TODAY + timedelta(days=6)}",
    "exits": "1", "days": "2",
}  # fmt: skip


@pytest.fixture
def post() -> UUID:
    with transaction(ALL):
        street(compounds=2, doors=5)
        return make.post()


@pytest.fixture
def lin(post: UUID) -> Actor:
    return access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY)


@pytest.fixture
def browser(lin: Actor) -> Client:
    made = access.signed_in(lin)
    made.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return made


@pytest.fixture
def guard(post: UUID) -> Actor:
    return access.phone(access.person("meng", Role.CHECKPOINT, COMMUNITY)).actor


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_passes_are_issued_to_every_door_and_printed_eight_to_a_page(browser: Client) -> None:
    answer = browser.post(f"/passes/issue?area={make.GATE}", FORM)
    assert answer.headers["Location"] == "/passes"
    page = text(browser.get(f"/passes?area={COMMUNITY}"))
    with transaction(ALL):
        made = passes.passes(ALL, TODAY, limit=100).items
    assert len(made) == 10
    assert all(one.serial in page for one in made)
    sheet = text(browser.get(f"/passes/sheet?area={COMMUNITY}"))
    assert sheet.count('class="card"') == 10
    assert "2 pages" in sheet
    assert sheet.count("<svg") >= 10
    assert "style=" not in sheet, "the page's policy shows no style of its own"
    pdf = browser.get(f"/passes/sheet.pdf?area={COMMUNITY}").content
    assert pdf.startswith(b"%PDF")


def test_an_impossible_pass_is_said_beside_the_form(browser: Client) -> None:
    late = FORM | {"valid_until": f"{TODAY + timedelta(days=90)}"}
    answer = browser.post(f"/passes/issue?area={make.GATE}", late)
    assert answer.status_code == 422
    assert "62 days" in text(answer)


def test_a_lost_pass_is_revoked_with_a_reason(browser: Client) -> None:
    browser.post(f"/passes/issue?area={make.GATE}", FORM)
    with transaction(ALL):
        one = passes.passes(ALL, TODAY).items[0]
    assert browser.post(f"/passes/{one.id}/revoke", {"reason": ""}).status_code == 422
    assert browser.post(f"/passes/{one.id}/revoke", {"reason": "lost on the way"}).status_code == 302
    shown = text(browser.get(f"/passes?area={COMMUNITY}&state=revoked"))
    assert one.serial in shown
    with transaction(ALL):
        assert passes.counts(ALL, TODAY)[PassState.REVOKED] == 1


def test_the_gates_show_who_stands_there_who_is_held_and_what_nobody_has_accepted(
    browser: Client, guard: Actor, post: UUID
) -> None:
    shift, ill, sent = ids.uuid7(), ids.uuid7(), ids.uuid7()
    began = clock.now() - timedelta(minutes=30)
    send(
        guard,
        make.record("shift", "opened", {"post": str(post), "n_staff": 3}, subject=shift, at=began),
        make.passage(post, shift=str(shift), n_persons=4),
        make.passage(post, "held", subject=ill, temperature_c=37.6, at=clock.now() - timedelta(minutes=20)),
        make.passage(post, "handed_over", subject=sent, to=COMMUNITY),
        make.record("patrol", "clear", {"minutes": 30, "n_told": 5}),
    )
    today = text(browser.get(f"/?area={COMMUNITY}"))
    assert "Held at a checkpoint, not measured again" in today
    assert "Handed over by checkpoints, not received yet" in today
    page = text(browser.get(f"/gates?area={COMMUNITY}"))
    for words in ("south gate", "3 on duty", "37.6 °C", "They have arrived here", "5 people spoken to"):
        assert words in page, words
    assert page.count("<rect") >= 1
    assert "late" in page, "a hold of twenty minutes"
    assert browser.post(f"/gates/handovers/{sent}/accept").status_code == 302
    with transaction(ALL):
        assert gates.to_receive(ALL) == []
        assert gates.sent_on(ALL) == []


def test_a_plate_is_shown_for_a_reason_once_and_the_look_is_told(
    browser: Client, guard: Actor, post: UUID, lin: Actor
) -> None:
    take_along(guard)
    passage = ids.uuid7()
    with transaction(ALL):
        private, _tags = details.known_keys(DISTRICT)[TODAY]
    sealed = sealing.seal(
        Details(plate="ABC123"), public=sealing.public_bytes(private), on=TODAY, passage=passage
    )
    send(guard, make.passage(post, subject=passage, key=f"{TODAY}", sealed=sealed))
    assert "ABC123" not in text(browser.get(f"/gates/passages/{passage}"))
    assert browser.post(f"/gates/passages/{passage}", {"why": ""}).status_code == 422
    assert "ABC123" in text(browser.post(f"/gates/passages/{passage}", {"why": "contact of a case"}))
    assert "ABC123" not in text(browser.get(f"/gates/passages/{passage}"))
    with transaction(ALL):
        told = [e for e in ledger.history(ALL, passage) if e.kind == "passage.revealed"]
    assert [e.author for e in told] == [lin.account_id]


def test_the_gate_has_no_form_for_details_and_no_passes_to_issue(guard: Actor, post: UUID) -> None:
    passage = ids.uuid7()
    send(guard, make.passage(post, subject=passage, key=f"{TODAY}", sealed="AAAA"))
    own = access.signed_in(access.person("zhou", Role.CHECKPOINT, COMMUNITY))
    assert 'class="form"' not in text(own.get(f"/gates/passages/{passage}"))
    assert own.get("/passes").status_code == 404
