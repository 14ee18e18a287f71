"""Lists of contacts: every row is accounted for, nobody is held twice, and the same list changes nothing."""

from pathlib import Path

import pytest

from bulou.access.terms import Role
from bulou.intake.actions.contact_lists import take_list
from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.tracing import models
from bulou.lines.tracing.queries import chains
from bulou.lines.tracing.terms import Check, ContactClass
from bulou.people import models as vault
from bulou.people.actions.imports import Options
from bulou.people.terms import ImportKind, Keep, Receipt
from tests.make import people, rounds
from tests.make import tracing as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
HEAD = "姓名,身份证号,联系电话,关联病例,接触开始时间,末次接触时间,接触方式,接触者类别\n"


def take(text: str, aside: Path | None = None) -> tuple[int, int, int, int]:
    receipt: Receipt = take_list(
        someone(Role.DATA_CLERK, DISTRICT), kind=ImportKind.CONTACTS, path=COMMUNITY,
        content=(HEAD + text).encode("utf-8-sig"), file_name="contacts.csv",
        options=Options(quarantine_to=aside),
    )  # fmt: skip
    return receipt.rows, receipt.stored, receipt.unchanged, receipt.quarantined


def test_a_list_of_contacts_becomes_a_chain_and_the_same_list_changes_nothing(tmp_path: Path) -> None:
    rows = (
        f"张三,{people.number(1)},,{people.number(9)},2026-10-19 10:00,2026-10-19 10:20,同餐,密接\n"
        f"张三,{people.number(1)},,{people.number(9)},2026-10-21 18:00,2026-10-21 18:05,其他,密接\n"
        f"李四,,{people.phone(2)},{people.number(1)},,2026-10-20,同住,次密接\n"
        f"王五,,{people.phone(3)},没有这人,2026-10-20 08:00,2026-10-20 09:00,同屋,密接\n"
    )
    bad = (
        f"赵六,,{people.phone(4)},,2026-10-20 09:00,2026-10-20 08:00,同屋,\n"
        f"钱七,,{people.phone(5)},,2026-10-20,,飞行,\n"
        f"孙八,,{people.phone(6)},,,,,\n"
        f"周九,,{people.phone(7)},,2027-01-01,,,\n"
    )
    aside = tmp_path / "aside.csv"
    with clock.frozen(make.at(5)), transaction(ALL):
        rounds.street()
        case = people.hold("病例甲", by=people.officer(), number=people.number(9)).person_id
        make.say(None, make.case(case))
        assert take(rows + bad, aside) == (8, 4, 0, 4)
        assert take(rows) == (4, 0, 4, 0)
        held = vault.Identity.objects.filter(keep=Keep.CONTACT_CHAIN)
        assert held.count() == 3
        assert chains.case(ALL, case).n_by_class[ContactClass.CLOSE] == 1
        assert chains.case(ALL, case).n_by_class[ContactClass.SECONDARY] == 1
        assert models.Exposure.objects.count() == 4
        assert [
            one.judged.klass for one in chains.with_fault(ALL, DISTRICT, Check.PRIMARY_MISSING).items
        ] == [ContactClass.UNLINKED]
        told = "".join(e.payload.decode() for e in ledger.records_of(DISTRICT))
        assert not any(name in told for name in ("张三", "李四", "王五", "没有这人", people.number(9)))
    assert len(aside.read_text(encoding="utf-8-sig").splitlines()) == 5


def test_somebody_who_is_held_as_a_returnee_is_not_held_twice() -> None:
    with clock.frozen(make.at(5)), transaction(ALL):
        rounds.street()
        known = people.hold("张三", by=people.officer(), number=people.number(1)).person_id
        assert take(f"张三,{people.number(1)},,,,2026-10-20,,\n") == (1, 1, 0, 0)
        assert vault.Person.objects.count() == 1
        assert chains.contact(ALL, known).n_exposures == 1
