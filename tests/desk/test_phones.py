"""The office side of the phones: codes on a sheet, the list of devices, records as they come in."""

import re
from html import unescape

from django.test import Client

from bulou.access.actions.devices import enrol_device, revoke_device
from bulou.access.terms import MOST_CODES
from bulou.coverage.queries.units import missed
from bulou.intake.actions.submitting import submit
from bulou.kernel.scope import transaction, whole
from tests.make.access import signed_in
from tests.make.desk import DISTRICT, World, phone
from tests.make.rounds import batch, visit


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_a_sheet_has_a_code_and_a_picture_for_each_person_and_each_code_enrols_one_phone(
    world: World,
) -> None:
    ma = signed_in(world.people["ma"])
    shown = {row.name: row for row in ma.get("/devices/enrol").context["rows"]}
    assert "worker1" in shown
    assert "ma" not in shown, "an administrator sends no records"
    made = ma.post("/devices/enrol", {"subject": [str(shown["worker1"].id), str(shown["gao"].id)]})
    cards = made.context["cards"]
    assert [card.name for card in cards] == ["worker1", "gao"]
    assert text(made).count('class="qr"') == 2
    assert "style=" not in text(made)
    first = enrol_device(cards[0].code, name="phone-31")
    assert first.token
    assert "phone-31" in text(ma.get("/devices"))


def test_a_code_is_shown_once(world: World) -> None:
    ma = signed_in(world.people["ma"])
    row = ma.get("/devices/enrol").context["rows"][0]
    code = ma.post("/devices/enrol", {"subject": str(row.id)}).context["cards"][0].code
    assert code not in text(ma.get("/devices/enrol"))


def test_without_a_mark_or_with_too_many_the_page_says_so_and_makes_nothing(world: World) -> None:
    ma = signed_in(world.people["ma"])
    assert ma.post("/devices/enrol").status_code == 422
    many = [f"01a20125-218d-7eb4-b840-{n:012d}" for n in range(MOST_CODES + 1)]
    assert ma.post("/devices/enrol", {"subject": many}).status_code == 422


def test_nobody_makes_a_code_for_who_holds_more_than_he_could_give(world: World) -> None:
    zhou = signed_in(world.people["zhou"])
    lin = str(world.people["lin"].account_id)
    assert zhou.post("/devices/enrol", {"subject": lin}).status_code == 200
    command = str(world.people["he"].account_id)
    assert zhou.post("/devices/enrol", {"subject": command}).status_code == 404


def test_the_devices_that_need_a_look_are_figures_and_each_is_a_list(world: World) -> None:
    ma = signed_in(world.people["ma"])
    page = ma.get("/devices")
    for figure in page.context["figures"]:
        assert len(ma.get(f"/devices{figure.href}").context["rows"]) == int(figure.text), figure.key


def test_a_revoked_device_says_so_and_stands_in_its_own_list(world: World) -> None:
    ma = world.people["ma"]
    browser = signed_in(ma)
    row = browser.get("/devices").context["rows"][0]
    revoke_device(ma, device_id=row.id, reason="lost in the market")
    assert row.id in {r.id for r in browser.get("/devices?only=revoked").context["rows"]}


def _live(browser: Client, address: str) -> str:
    found = re.search(r'hx-get="([^"]+)"', browser.get(address).content.decode())
    assert found is not None
    return unescape(found[1])


def test_records_stand_on_the_page_as_they_come_in_by_area(world: World) -> None:
    assert world.screening is not None
    he = signed_in(world.people["he"])
    live = _live(he, f"/arrivals?area={world.street}")
    assert he.get(live).status_code == 204
    before = int(he.get(f"/arrivals?area={world.street}").context["together"].text.replace(",", ""))
    with transaction(whole(DISTRICT)):
        units = missed(whole(DISTRICT), world.screening, path=world.street, limit=1).items
    submit(phone(world.people["worker1"], "phone-9"), batch([visit(world.screening, units[0].subject)]))
    fresh = he.get(live)
    assert fresh.status_code == 200
    assert int(fresh.context["together"].text.replace(",", "")) == before + 1
    assert fresh.context["arrivals"][0].source.startswith("phone-9")
    assert sum(int(row.records.text.replace(",", "")) for row in fresh.context["rows"]) == before + 1


def test_each_figure_of_the_arrivals_opens_the_records_it_counts(world: World) -> None:
    he = signed_in(world.people["he"])
    page = he.get("/arrivals?minutes=240")
    assert page.context["rows"]
    for row in page.context["rows"][:3]:
        for figure in (row.records, row.doubtful):
            assert he.get(figure.href).context["together"].text == figure.text


def test_who_may_not_read_records_does_not_see_them_arrive(world: World) -> None:
    assert signed_in(world.people["ma"]).get("/arrivals").status_code == 404
    zhao = signed_in(world.people["zhao"])
    assert zhao.get(f"/arrivals?area={world.community}").status_code == 404
