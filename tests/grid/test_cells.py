"""What single cells mean, and which headers are understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.grid.rules import cells, columns, words
from bulou.grid.terms import AreaKind, DwellingKind, ImportKind, Level, Need, SiteType


@pytest.mark.parametrize(
    ("written", "door", "sort"),
    [
        ("501", "501", "00501"),
        ("501室", "501", "00501"),
        ("3-2-501", "3-2-501", "00003-00002-00501"),
        ("５０１", "501", "00501"),
        ("东院", "东院", "东院"),
    ],
)
def test_doors_are_read_as_they_hang_on_the_wall(written: str, door: str, sort: str) -> None:
    assert cells.door(written) == (door, sort)


@pytest.mark.parametrize("written", ["", "   ", "a\tb\x00", "9" * 41])
def test_what_cannot_be_a_door_is_none(written: str) -> None:
    assert cells.door(written) is None


@given(st.text(max_size=60))
def test_reading_a_door_never_fails(text: str) -> None:
    read = cells.door(text)
    assert read is None or (read[0] and read[0].isprintable())


@pytest.mark.parametrize(
    ("written", "floor"), [("5", 5), ("5层", 5), ("5F", 5), ("-1", -1), ("B2", -2), ("", None)]
)
def test_floors(written: str, floor: int | None) -> None:
    assert cells.floor(written) == floor


@pytest.mark.parametrize("written", ["x", "5.5", "201", "-10", "½"])
def test_what_is_no_floor_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        cells.floor(written)


def test_needs_are_a_sorted_set() -> None:
    assert cells.needs("独居老人、透析；独居老人") == (Need.DIALYSIS, Need.ELDERLY_ALONE)
    assert cells.needs("无") == ()
    assert cells.needs("临产") == cells.needs("孕晚期") == (Need.NEAR_TERM,)
    assert cells.needs("孕妇") == (Need.PREGNANT,)
    with pytest.raises(ValueError, match="rich"):
        cells.needs("rich")


@pytest.mark.parametrize("written", ["2020-01-27", "2020/1/27", "2020年1月27日", "2020.1.27"])
def test_days(written: str) -> None:
    assert cells.day(written) == date(2020, 1, 27)


def test_days_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match=r".*"):
        cells.day("2020-02-30")


def test_head_counts() -> None:
    assert cells.count("156,000人") == 156_000
    with pytest.raises(ValueError, match=r".*"):
        cells.count("-1")


def test_kinds_have_their_own_value_and_office_words() -> None:
    assert cells.dwelling_kind("") is DwellingKind.HOME
    assert cells.dwelling_kind("空置") is DwellingKind.VACANT_KNOWN
    assert cells.area_kind("老旧小区") is AreaKind.COMPOUND_OLD
    assert cells.site_type("公厕") is SiteType.PUBLIC_TOILET
    assert cells.level("自然村") is Level.COMPOUND
    for kind in SiteType:
        assert cells.site_type(kind.value) is kind


def test_every_word_of_the_packaged_table_means_something() -> None:
    for word in words.meanings("dwelling"):
        cells.dwelling_kind(word)
    for word in words.meanings("need"):
        assert cells.needs(word)
    for word in words.meanings("site_type"):
        cells.site_type(word)
    for word in words.meanings("area_kind"):
        cells.area_kind(word)
    for word in words.meanings("level"):
        cells.level(word)
    fields = set().union(*columns.FIELDS.values())
    assert set(words.meanings("header").values()) - fields == {"province"} - fields


def test_headers_are_matched_whatever_their_width_case_and_marks() -> None:
    found = columns.match(["＊街道", " Community ", "小区名称", "门牌号", "what"], ImportKind.DWELLINGS)
    assert dict(found.at) == {"street": 0, "community": 1, "compound": 2, "door": 3}
    assert found.ignored == ("what",)
    assert columns.missing(found, ImportKind.DWELLINGS) == ()


def test_the_users_own_mapping_goes_first() -> None:
    mapping = {"what": "door", "门牌": ""}
    found = columns.match(["社区", "门牌", "what"], ImportKind.DWELLINGS, mapping)
    assert dict(found.at) == {"community": 0, "door": 2}


def test_of_two_columns_for_one_field_the_first_counts() -> None:
    found = columns.match(["社区", "community", "房号"], ImportKind.DWELLINGS)
    assert found.at["community"] == 0
    assert found.ignored == ("community",)


def test_a_title_above_the_table_is_not_the_header() -> None:
    rows = [
        ["东晟社区住户登记表"],
        ["2020-01-27", "共 12 户"],
        ["社区", "楼号", "房号"],
        ["东晟", "1", "101"],
    ]
    assert columns.header_row(rows, ImportKind.DWELLINGS, None) == 2


@pytest.mark.parametrize(
    ("kind", "header", "lacking"),
    [
        (ImportKind.DWELLINGS, ["楼层"], ("community", "door")),
        (ImportKind.SITES, ["名称"], ("kind",)),
        (ImportKind.AREAS, ["备注"], ("name",)),
    ],
)
def test_missing_columns_are_named(kind: ImportKind, header: list[str], lacking: tuple[str, ...]) -> None:
    assert columns.missing(columns.match(header, kind), kind) == lacking
