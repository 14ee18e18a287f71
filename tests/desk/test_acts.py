"""What an officer does at the desk, from the form to what holds afterwards."""

import io
import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulou.kernel import clock
from tests.make.access import signed_in
from tests.make.desk import PASSWORD, World
from tests.make.toasts import toasts


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_signing_in_needs_the_password_and_leads_to_the_page_that_was_asked_for(world: World) -> None:
    browser = Client()
    asked = browser.get("/rounds")
    assert asked.headers["Location"] == "/sign-in?next=%2Frounds"
    wrong = browser.post("/sign-in", {"name": "lin", "password": "not this one"})
    assert wrong.status_code == 422
    right = browser.post("/sign-in", {"name": "lin", "password": PASSWORD, "next": "/rounds"})
    assert right.headers["Location"] == "/rounds"
    assert browser.get("/rounds").status_code == 200
    browser.post("/sign-out")
    assert browser.get("/rounds").status_code == 302


def test_signing_in_never_leads_to_another_place(world: World) -> None:
    answer = Client().post("/sign-in", {"name": "lin", "password": PASSWORD, "next": "//elsewhere.example/x"})
    assert answer.headers["Location"] == "/"


def test_the_language_switches_in_place_and_stays(world: World) -> None:
    browser = signed_in(world.people["lin"])
    answer = browser.post("/language", {"language": "zh-hant", "next": "/rounds"})
    assert answer.headers["Location"] == "/rounds"
    assert '<html lang="zh-Hant"' in text(browser.get("/rounds"))


def test_the_text_size_switches_in_place(world: World) -> None:
    browser = signed_in(world.people["lin"])
    browser.post("/text-size", {"size": "largest", "next": "/"})
    assert 'data-text="largest"' in text(browser.get("/"))


def test_looking_at_an_area_does_not_choose_it_but_the_switch_does(world: World) -> None:
    browser = signed_in(world.people["he"])
    browser.get(f"/areas?area={world.community}")
    assert browser.session["area"] == "220303"
    browser.get(f"/area?next=/rounds&pick={world.community}")
    assert browser.session["area"] == world.community


def test_a_round_is_opened_with_its_legal_basis_and_not_without(world: World) -> None:
    browser = signed_in(world.people["he"])
    now = clock.now().astimezone(clock.DISTRICT_ZONE)
    form = {
        "protocol": "household-screening-round@1",
        "opens_at": f"{now:%Y-%m-%dT%H:%M}",
        "due_at": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "title": "",
        "basis_law": "",
        "basis_text": "",
    }
    address = f"/rounds/open?area={world.community}"
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert refused.context["form"].errors["basis_law"]
    opened = browser.post(address, form | {"basis_law": "district order 3"})
    assert opened.status_code == 302
    assert opened.headers["Location"].startswith("/rounds/")
    address = opened.headers["Location"]
    told, after = (toasts(browser.get(address)) for _time in range(2))
    assert len(told) == 1
    assert not after


def test_the_form_tells_how_many_units_a_round_would_have(world: World) -> None:
    browser = signed_in(world.people["he"])
    answer = browser.get("/rounds/open/preview?protocol=household-screening-round@1")
    assert re.search(r"\d+", text(answer))


def test_a_round_with_something_open_closes_only_short_and_with_a_reason(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["he"])
    address = f"/rounds/{world.screening.id}/close"
    without = browser.post(address, {"reason": ""})
    assert without.status_code == 422
    assert browser.get(address).context["account"].open.text in text(without)
    browser.post(address, {"reason": "the order was lifted"})
    assert world.screening.id
    assert browser.get(f"/rounds/{world.screening.id}").context["round"].closed_short


def test_many_units_are_given_after_a_look_and_taken_back(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["he"])
    missed = f"/rounds/{world.screening.id}/missed"
    page = browser.get(missed)
    rows, (to, _word) = page.context["rows"][:3], page.context["assign"][0]
    form = {"subject": [str(row.subject) for row in rows], "to": to}
    look = browser.post(f"{missed}/assign", form)
    assert look.status_code == 200
    assert look.context["n"] == "3"
    browser.post(f"{missed}/assign", form | {"do": "yes", "reason": "tonight"})
    after = browser.get(missed)
    given = {row.subject: row.owner for row in after.context["rows"]}
    assert all(given[row.subject] for row in rows)
    (toast,) = toasts(after)
    assert toast.undo(browser).status_code == 302
    assert toast.undo(browser).status_code == 404


def test_a_doubtful_record_counts_once_it_is_accepted_with_a_reason(world: World) -> None:
    browser = signed_in(world.people["he"])
    row = browser.get("/review").context["rows"][0]
    assert browser.post(row.href, {"verdict": "accept", "reason": ""}).status_code == 422
    browser.post(row.href, {"verdict": "accept", "reason": "asked the team"})
    left = browser.get("/review").context["rows"]
    assert row.href not in {r.href for r in left}
    assert browser.get(row.href).context["settled"]


def test_two_contents_of_one_id_stand_side_by_side(world: World) -> None:
    browser = signed_in(world.people["he"])
    row = browser.get("/review/conflicts").context["rows"][0]
    lines = browser.get(row.href).context["lines"]
    assert any(line.differs for line in lines)
    assert any(not line.differs for line in lines)


def test_a_finding_goes_its_way_and_nobody_closes_his_own_work(world: World) -> None:
    sun, lin = signed_in(world.people["sun"]), signed_in(world.people["lin"])
    finding = f"/findings/{world.findings[1]}"
    owner = str(world.people["lin"].account_id)
    lin.post(finding, {"step": "plan", "owner": owner, "unit": "property office", "due_at": "", "text": ""})
    fixed = lin.post(finding, {"step": "fixed", "evidence": "", "note": ""})
    assert fixed.status_code == 422
    lin.post(finding, {"step": "fixed", "evidence": "swept and sprayed", "note": ""})
    assert lin.post(finding, {"step": "recheck", "verdict": "passed", "note": ""}).status_code == 403
    sun.post(finding, {"step": "recheck", "verdict": "passed", "note": "seen"})
    assert sun.get(finding).context["finding"].stage == "closed"


def test_an_import_is_tried_before_it_is_run_and_its_bad_rows_come_back_as_a_file(world: World) -> None:
    wen = signed_in(world.people["wen"])
    rows = f"path,building,floor,door\n{world.community},,1,901\n{world.community},,two,902\n"
    upload = SimpleUploadedFile("doors.csv", rows.encode())
    sent = wen.post("/imports/new", {"kind": "dwellings", "file": upload})
    check = sent.headers["Location"]
    tried = wen.get(check)
    figures = {figure.key: figure.text for figure in tried.context["receipt"]}
    assert figures["rows"] == "2"
    assert wen.get("/doors?area=" + world.community).status_code in {200, 404}
    header = {"header": ["path", "building", "floor", "door"], "field": ["path", "building", "floor", "door"]}
    run = wen.post(check, header | {"run": "yes"})
    receipt = wen.get(run.headers["Location"])
    counted = [int(figure.text) for figure in receipt.context["receipt"]]
    assert counted[0] == sum(counted[1:])
    assert io.BytesIO(wen.get(receipt.context["file_href"]).content).read().startswith("\ufeff".encode())
    assert wen.get(check).status_code == 404


def test_a_new_account_gets_a_code_that_is_shown_once(world: World) -> None:
    ma = signed_in(world.people["ma"])
    made = ma.post("/accounts/new", {"name": "new.person", "display_name": "New", "team": ""})
    code = made.context["code"]
    assert code in text(made)
    redeemed = Client().post(
        "/code", {"code": code, "password": "nine green pianos", "again": "nine green pianos"}
    )
    assert redeemed.headers["Location"] == "/sign-in"
    again = Client().post(
        "/code", {"code": code, "password": "nine green pianos", "again": "nine green pianos"}
    )
    assert again.status_code == 422


def test_a_daily_report_is_drafted_and_its_files_open(world: World) -> None:
    he = signed_in(world.people["he"])
    today = clock.local_date(clock.now()).isoformat()
    he.post("/reports/draft", {"date": today})
    page = he.get(f"/reports/daily?date={today}")
    assert page.context["draft"] is not None
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!doctype")):
        file = he.get(f"/reports/daily.{kind}?date={today}")
        assert file.content.startswith(start), kind
    assert he.get(f"/reports/daily.exe?date={today}").status_code == 400


def test_an_area_is_renamed_with_a_reason_and_the_day_before_keeps_its_name(world: World) -> None:
    wen = signed_in(world.people["wen"])
    today = clock.local_date(clock.now()).isoformat()
    address = f"/areas/rename?area={world.community}"
    assert (
        wen.post(address, {"name": "New Harbour", "kind": "", "on": today, "reason": ""}).status_code == 422
    )
    wen.post(address, {"name": "New Harbour", "kind": "community", "on": today, "reason": "order 7"})
    page = wen.get(f"/areas?area={world.community}")
    assert page.context["area"].name.startswith("New Harbour")
    assert len(page.context["versions"]) == 2
