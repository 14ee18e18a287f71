"""A file of people: every row is stored, unchanged or set aside, and the same file again changes nothing."""

from pathlib import Path

import pytest

from bulou.access.terms import Role
from bulou.doors.cli.people_file import register
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.screening.queries import register as on_register
from bulou.people import models
from bulou.people.actions.imports import Options, import_people
from bulou.people.actions.reading import reveal
from bulou.people.terms import Asked, ImportKind, Purpose, Receipt
from tests.make import people as make
from tests.make import rounds
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
HEAD = "姓名,身份证号码,联系电话,来源地,返乡日期,交通工具\n"


def take(text: str, kind: ImportKind = ImportKind.RETURNEES, **how: object) -> Receipt:
    options = Options(register=register, **how)  # type: ignore[arg-type]
    clerk = someone(Role.DATA_CLERK, DISTRICT)
    content = text.encode("utf-8-sig")
    return import_people(
        clerk, kind=kind, path=COMMUNITY, content=content, file_name="people.csv", options=options
    )


def sums(receipt: Receipt) -> tuple[int, int, int, int]:
    return receipt.rows, receipt.stored, receipt.unchanged, receipt.quarantined


def test_everybody_of_a_file_is_held_once_and_stands_on_the_register(tmp_path: Path) -> None:
    rows = "".join(f"张三{n},{make.number(n)},{make.phone(n)},湖北武汉,2020-01-2{n},火车\n" for n in range(5))
    bad = f"李四,123,,,,\n王五,,,,2020-13-01,\n,{make.number(9)},,,,\n张三0,{make.number(0)},,北京,,\n"
    aside = tmp_path / "aside.csv"
    with transaction(ALL):
        rounds.street()
        first = take(HEAD + rows + bad, quarantine_to=aside)
        assert sums(first) == (9, 5, 0, 4)
        found, _next, total = on_register.registered(ALL)
        assert total == 5
        assert found[0].facts.stays[0].place == "湖北武汉"
        assert sums(take(HEAD + rows)) == (5, 0, 5, 0)
        assert len(ledger.records_of(DISTRICT, kinds=["screening.person"])) == 5
        changed = rows.replace("张三1", "张三一")
        assert sums(take(HEAD + changed)) == (5, 1, 4, 0)
        assert models.Person.objects.count() == 5
    told = aside.read_text(encoding="utf-8-sig").splitlines()
    assert len(told) == 5
    assert aside.stat().st_mode & 0o777 == 0o600
    assert "李四" in told[1]


def test_nothing_of_a_row_that_was_set_aside_stays_in_the_database() -> None:
    with transaction(ALL):
        rounds.street()
        take(HEAD + "赵钱孙,123,,,,\n")
        told = "".join(e.payload.decode() for e in ledger.records_of(DISTRICT))
        assert "赵钱孙" not in told
        assert not models.Identity.objects.exists()


def test_a_trial_stores_nothing() -> None:
    with transaction(ALL):
        rounds.street()
        assert sums(take(HEAD + f"张三,{make.number(1)},,,,\n", dry=True)) == (1, 1, 0, 0)
        assert not models.Identity.objects.exists()
        assert on_register.registered(ALL)[2] == 0


def test_residents_are_held_by_order_for_a_short_time_and_stand_on_no_register() -> None:
    with transaction(ALL):
        rounds.street()
        text = f"name,id_number,compound\n张三,{make.number(1)},{COMMUNITY}.c1\n李四,,nowhere\n"
        receipt = take(text, ImportKind.RESIDENTS, basis="order 7")
        assert sums(receipt) == (2, 1, 0, 1)
        row = models.Identity.objects.get()
        assert (row.keep, row.trigger, row.basis, row.path) == (
            "roster",
            "order",
            "order 7",
            f"{COMMUNITY}.c1",
        )
        assert on_register.registered(ALL)[2] == 0


def test_names_in_two_columns_become_one() -> None:
    with transaction(ALL):
        rounds.street()
        take("last_name,first_name,phone_number\nDoe,Jane,410-867-5309\n张,三,13800138000\n")
        people = models.Person.objects.values_list("id", flat=True)
        shown = reveal(make.officer(), list(people), why=Asked(Purpose.FOLLOW_UP, "check"))
        assert {one.identity.name for one in shown.values()} == {"Jane Doe", "张三"}


def test_a_file_without_names_is_refused_as_a_whole() -> None:
    with transaction(ALL):
        rounds.street()
        with pytest.raises(ProblemError, match="columns_missing"):
            take("身份证号码,来源地\n1,2\n")
