"""How a station finds people without a network: by card, number, telephone, pinyin, masked name, door."""

from typing import Any
from uuid import UUID

import pytest

from bulou.lines.screening.rules import cards
from bulou.people.rules import names
from tests.field.test_screens import NODE, asked
from tests.make.people import number

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")
ZHANG = UUID("0199c0de-0000-7000-8000-00000000abcd")
LI = UUID("0199c0de-0000-7000-8000-7fffffffffff")
WANG = UUID("0199c0de-0000-7000-8000-0000000000ff")


def person(person_id: UUID, name: str, door: str, tail: str, digits: str) -> dict[str, Any]:
    return {
        "id": str(person_id), "label": door, "building": "1", "path": "a", "settled": False, "again": "",
        "name": names.masked_name(name), "initials": names.initials(name), "tails": [tail],
        "digest": names.digest(digits, "round"),
    }  # fmt: skip


PEOPLE = [
    person(ZHANG, "张小三", "1 101", "8000", number(3)),
    person(LI, "李西安", "1 101", "8111", number(4)),
    person(WANG, "王五", "1 202", "8000", number(5)),
]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (cards.code(ZHANG), [ZHANG]),
        (cards.spaced(cards.code(LI)).lower(), [LI]),
        (number(4), [LI]),
        (number(4).replace("X", "x"), [LI]),
        ("8111", [LI]),
        ("13700008000", [ZHANG, WANG]),
        ("zhangxiaosan", [ZHANG]),
        ("li xian", [LI]),
        ("lxa", [LI]),
        ("张某三", [ZHANG]),
        ("张某四", []),
        ("101", [ZHANG, LI]),
        ("1 202", [WANG]),
        (str(WANG), [WANG]),
        (cards.code(UUID(int=1)), []),
    ],
)
def test_whom_a_text_can_mean(text: str, who: list[UUID]) -> None:
    assert asked(("find", {"people": PEOPLE, "texts": [text]})) == [[[str(one) for one in who]]]


def test_a_misread_card_finds_nobody() -> None:
    code = cards.code(ZHANG)
    wrong = {code[:n] + other + code[n + 1 :] for n in range(9) for other in cards.LETTERS} - {code}
    swapped = {code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in range(8)} - {code}
    texts = sorted(wrong | swapped)
    assert asked(("find", {"people": PEOPLE, "texts": texts})) == [[[]] * len(texts)]


def test_the_bars_of_a_card_begin_and_end_with_the_same_letter() -> None:
    first, *_, last = cards.bars(cards.code(ZHANG))
    assert first == (0, 1)
    assert last[0] + last[1] == 11 * 16 - 1  # nine letters and two stops of fifteen, a gap between each two
