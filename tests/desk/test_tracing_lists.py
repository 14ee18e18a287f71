"""Lists of contacts and visits at the desk: tried first, every row accounted for, taken in, taken back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulou.access.terms import Actor, Role
from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.tracing import models
from bulou.lines.tracing.queries import chains
from bulou.lines.tracing.terms import ContactClass
from bulou.people import models as vault
from tests.make import objects, people
from tests.make import tracing as make
from tests.make.access import person, signed_in
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
CONTACTS = ("姓名", "身份证号", "联系电话", "关联病例", "接触开始时间", "末次接触时间", "接触方式")
VISITS = ("姓名", "联系电话", "场所", "到访时间", "离开时间")


@pytest.fixture
def lin() -> Actor:
    with transaction(ALL):
        street()
        objects.sites("venue", 2)
    return person("lin", Role.COMMUNITY_OFFICER, COMMUNITY)


def day(back: int) -> str:
    return str(clock.local_date(clock.now()) - timedelta(days=back))


def csv(head: tuple[str, ...], *rows: tuple[str, ...]) -> bytes:
    return "\n".join(",".join(row) for row in (head, *rows)).encode("utf-8-sig")


def brought(desk: Client, body: bytes, *, kind: str = "contacts", name: str = "list.csv", **more: str) -> str:
    """Bring a file; where it can be tried."""
    file = SimpleUploadedFile(name, body)
    sent = desk.post(f"/tracing/lists?area={COMMUNITY}", {"kind": kind, "file": file, **more})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


def figures(page: Any) -> list[int]:
    """Rows, stored, unchanged, set aside: as the page says them."""
    shown = page.context["receipt"] or ()
    return [int(one.text) for one in shown]


def take_in(desk: Client, at: str) -> Any:
    return desk.post(at, {"run": "yes"}, follow=True)


def test_a_list_of_contacts_is_tried_taken_in_and_taken_back(lin: Actor) -> None:
    desk = signed_in(lin)
    with transaction(ALL):
        case = people.hold("病例甲", by=lin, number=people.number(9)).person_id
        make.say(None, make.case(case, onset_on=clock.local_date(clock.now())))
    body = csv(
        CONTACTS,
        ("张三", people.number(1), "", people.number(9), f"{day(1)} 10:00", f"{day(1)} 10:40", "同餐"),
        ("李四", "", people.phone(2), people.number(9), "", day(0), "同住"),
        ("王五", "", people.phone(3), people.number(9), "", day(1), "飞行"),
    )
    at = brought(desk, body)
    tried = desk.get(at)
    assert figures(tried) == [3, 2, 0, 1]
    (wrong,) = tried.context["aside"]
    assert wrong.row == 4
    assert wrong.column.startswith("接触方式 → ")
    assert "飞行" in wrong.why
    with transaction(ALL):
        assert not models.Exposure.objects.exists()
    file = desk.post(at, {"file": "set-aside"})
    assert "王五" in file.content.decode("utf-8-sig")
    assert "张三" not in file.content.decode("utf-8-sig")

    receipt = take_in(desk, at)
    assert [int(one.text) for one in receipt.context["row"].figures] == [3, 2, 0, 1]
    assert "王五" in desk.get(f"{receipt.request['PATH_INFO']}?file=set-aside").content.decode("utf-8-sig")
    with transaction(ALL):
        assert chains.case(ALL, case).n_by_class[ContactClass.CLOSE] == 2
    assert figures(desk.get(brought(desk, body))) == [3, 0, 2, 1]

    page = receipt.request["PATH_INFO"]
    assert desk.post(page, {"reason": "the wrong list"}).status_code == 302
    with transaction(ALL):
        assert chains.case(ALL, case).n_by_class[ContactClass.CLOSE] == 0
        assert not models.Exposure.objects.exists()
        assert vault.Identity.objects.count() == 3  # under seal until their time is over
    again = desk.get(page)
    assert again.context["row"].taken_back_at is not None
    assert desk.post(page, {"reason": "once more"}).context["row"].taken_back_at is not None
    assert figures(desk.get(brought(desk, body))) == [3, 2, 0, 1]


def test_visits_of_a_venue_name_whoever_was_there_with_the_case(lin: Actor) -> None:
    desk = signed_in(lin)
    rows = (
        ("病例甲", people.phone(9), "venue 1", f"{day(1)} 10:00", f"{day(1)} 11:00"),
        ("张三", people.phone(1), "venue 1", f"{day(1)} 10:30", "10:50"),
        ("李四", people.phone(2), "venue 2", f"{day(1)} 10:30", f"{day(1)} 10:50"),
        ("夜班", people.phone(3), "venue 1", f"{day(2)} 23:30", "00:10"),
    )
    bad = (
        ("王五", people.phone(4), "no such place", f"{day(1)} 10:30", "10:50"),
        ("赵六", people.phone(5), "venue 1", day(1), "10:50"),
        ("钱七", people.phone(6), "venue 1", f"{day(1)} 10:30", ""),
        ("孙八", people.phone(7), "venue 1", f"{day(1)} 10:30", f"{day(3)} 10:30"),
        ("周九", people.phone(8), "venue 1", f"{day(40)} 10:30", "11:00"),
        ("吴十", people.phone(10), "venue 1", f"{day(-2)} 10:30", "11:00"),
        ("", people.phone(11), "venue 1", f"{day(1)} 10:30", "11:00"),
    )
    body = csv(VISITS, *rows, *bad)
    at = brought(desk, body, kind="visits")
    tried = desk.get(at)
    assert figures(tried) == [11, 4, 0, 7]
    assert [one.column.partition(" ")[0] for one in tried.context["aside"]] == [
        "场所", "到访时间", "离开时间", "离开时间", "离开时间", "到访时间", "姓名",
    ]  # fmt: skip
    take_in(desk, at)
    assert figures(desk.get(brought(desk, body, kind="visits"))) == [11, 0, 4, 7]
    with transaction(ALL):
        assert models.Visit.objects.count() == 4
        case = vault.Person.objects.get(id=_whose("病例甲", lin)).id
        make.say(None, make.case(case, onset_on=clock.local_date(clock.now())))
    met = desk.get(f"/tracing/{case}").context["met"]
    assert [(one.minutes, one.place) for one in met] == [(20, "venue 1")]


def _whose(name: str, by: Actor) -> Any:
    """Whoever is held under this name: the same name and telephone are the same person."""
    return people.hold(name, by=by, phones=(people.phone(9),)).person_id


def test_a_workbook_of_one_venue_needs_no_column_for_the_place(lin: Actor, tmp_path: Path) -> None:
    file = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["到访登记表"])
        sheet.write_row(1, 0, ["姓名", "联系电话", "进入时间", "离开时间"])
        sheet.write_row(2, 0, ["张三", people.phone(1), f"{day(1)} 09:00", "09:45"])
    desk = signed_in(lin)
    lacking = desk.get(brought(desk, file.read_bytes(), kind="visits", name="v.xlsx"))
    assert lacking.status_code == 422
    at = brought(desk, file.read_bytes(), kind="visits", name="v.xlsx", venue="venue 2")
    assert figures(desk.get(at)) == [1, 1, 0, 0]
    take_in(desk, at)
    with transaction(ALL):
        assert models.Visit.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04 not a workbook",
        "姓名\n=cmd|' /C calc'!A0\n".encode(),
        b"\n\n\n",
        b'name,number\n"unclosed,1\n',
        b"first_name;dose\nA;1\n",
    ],
)
def test_no_file_is_too_odd_for_an_answer_in_words(lin: Actor, body: bytes) -> None:
    desk = signed_in(lin)
    file = SimpleUploadedFile("odd.csv", body or b" ")
    sent = desk.post("/tracing/lists", {"kind": "contacts", "file": file})
    page = desk.get(sent["Location"])
    assert page.status_code in {200, 422}
    assert page.context["problem"] or sum(figures(page)[1:]) == figures(page)[0]
    with transaction(ALL):
        assert not models.Person.objects.exists()


def test_a_list_is_seen_by_whoever_keeps_its_area_and_by_nobody_else(lin: Actor) -> None:
    desk = signed_in(lin)
    came = take_in(desk, brought(desk, csv(CONTACTS, ("张三", "", people.phone(1), "", "", day(1), ""))))
    page = came.request["PATH_INFO"]
    other = signed_in(person("qin", Role.COMMUNITY_OFFICER, f"{DISTRICT}.001.002"))
    assert other.get(page).status_code == 404
    assert other.post(page, {"reason": "not mine"}).status_code == 404
    assert not other.get("/tracing/lists").context["rows"]
    assert len(desk.get("/tracing/lists").context["rows"]) == 1
