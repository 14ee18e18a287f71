"""Names as the files write them, and what they come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.grid.queries import packaged_divisions
from bulou.grid.rules import naming
from bulou.grid.terms import AreaFlag, AreaKind, Level

ABOVE = ["四平市", "铁东区", "平东街道"]


@pytest.mark.parametrize(
    ("written", "official", "short", "kind"),
    [
        ("四平市铁东区平东街道东晟社区居民委员会", "东晟社区居民委员会", "东晟社区", AreaKind.COMMUNITY),
        ("四平市铁东区平东街东晟社区居民委员会", "东晟社区居民委员会", "东晟社区", AreaKind.COMMUNITY),
        ("乌龙巷居委会（社区）", "乌龙巷居委会（社区）", "乌龙巷社区", AreaKind.COMMUNITY),
        ("磨盘沟村村民委员会", "磨盘沟村村民委员会", "磨盘沟村", AreaKind.VILLAGE),
        ("头道村民委员会", "头道村民委员会", "头道村", AreaKind.VILLAGE),
        ("纳兰社区", "纳兰社区", "纳兰社区", AreaKind.COMMUNITY),
        ("平东村委会", "平东村委会", "平东村", AreaKind.VILLAGE),
    ],
)
def test_a_community_has_an_official_and_a_short_name(
    written: str, official: str, short: str, kind: AreaKind
) -> None:
    cleaned = naming.clean(written, Level.COMMUNITY, ABOVE)
    assert (cleaned.official, cleaned.short, cleaned.kind) == (official, short, kind)


def test_the_city_before_the_district_is_taken_off_even_when_nobody_names_it() -> None:
    assert naming.clean("四平市铁东区平东街道", Level.STREET, ["铁东区"]).official == "平东街道"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("平东街道", AreaKind.STREET),
        ("获鹿镇", AreaKind.TOWN),
        ("城东乡", AreaKind.TOWNSHIP),
        ("湖北曾都经济开发区", AreaKind.ZONE),
        ("八五〇农场", AreaKind.FARM),
    ],
)
def test_the_ending_says_what_a_street_is(name: str, kind: AreaKind) -> None:
    assert naming.clean(name, Level.STREET).kind is kind


def test_statistical_areas_are_flagged() -> None:
    cleaned = naming.clean("红旗林场生活区", Level.COMMUNITY)
    assert cleaned.kind is AreaKind.PSEUDO
    assert AreaFlag.PSEUDO in cleaned.flags


def test_private_use_characters_are_warned_about_and_kept() -> None:
    cleaned = naming.clean("\ue123家村委会", Level.COMMUNITY)
    assert cleaned.flags == (AreaFlag.RARE_CHARACTERS,)
    assert cleaned.short == "\ue123家村"


def test_rare_characters_outside_the_basic_plane_need_no_warning() -> None:
    assert naming.clean("𬭁家村委会", Level.COMMUNITY).flags == ()


@pytest.mark.parametrize("code", ["130110", "140105", "220303", "370725", "421303"])
def test_every_packaged_name_keeps_a_name(code: str) -> None:
    divisions = packaged_divisions(code)
    assert divisions
    for row in divisions:
        street = naming.clean(row.street, Level.STREET, [row.city, row.district])
        cleaned = naming.clean(row.village, Level.COMMUNITY, [row.city, row.district, street.official])
        assert 2 <= len(cleaned.short) <= len(cleaned.official) + 1
        assert row.village.endswith(cleaned.official)
        assert row.city not in cleaned.official


@given(st.text(max_size=40), st.sampled_from(list(Level)), st.lists(st.text(max_size=10), max_size=3))
def test_cleaning_twice_is_cleaning_once(written: str, level: Level, above: list[str]) -> None:
    once = naming.clean(written, level)
    assert naming.clean(once.official, level) == once
    naming.clean(written, level, above)


@pytest.mark.parametrize("spelling", ["3号楼", "03栋", "3#", "３幢", " 3 "])
def test_a_building_has_one_key_however_it_is_written(spelling: str) -> None:
    assert naming.key(spelling, Level.BUILDING) == "3"


def test_pinyin_serves_both_ways_of_typing() -> None:
    assert naming.pinyin("平东街道") == "pingdongjiedao pdjd"
