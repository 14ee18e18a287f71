"""Bars and figures: what is drawn says what is counted."""

from datetime import UTC, datetime

from django.http import QueryDict
from django.test import RequestFactory

from bulou.coverage.terms import Account, OpenBy
from bulou.doors.desk import figures, lists
from bulou.doors.desk.sheets import harmless

AT = datetime(2026, 1, 1, tzinfo=UTC)


def account(expected: int, done: int, excused: int, moved: int, untried: int) -> Account:
    return Account("220303", expected, done, excused, moved, OpenBy(untried=untried), 0, AT)


def test_an_account_on_the_page_balances_and_each_figure_links_to_its_own_list() -> None:
    view = figures.account_view(account(100, 60, 5, 5, 30), lambda key: f"/{key}")
    assert view.balanced
    assert [part.text for part in view.parts] == ["60", "5", "5", "30"]
    assert [part.href for part in view.parts] == ["/done", "/excused", "/moved", "/open"]
    assert view.whys[0].href == "/untried"


def test_only_what_is_open_is_hot_and_a_zero_never_is() -> None:
    view = figures.account_view(account(10, 10, 0, 0, 0), lambda key: key)
    assert not view.open.hot
    assert view.open.zero
    assert figures.account_view(account(10, 0, 0, 0, 10), lambda key: key).open.hot


def test_the_parts_of_a_bar_fill_it_and_a_small_part_can_be_seen() -> None:
    bar = figures.bar({"done": 99_999, "excused": 0, "moved": 0, "open": 1}, 100_000)
    assert [part.key for part in bar.parts] == ["done", "open"]
    assert sum(float(part.width) for part in bar.parts) == 100
    assert float(bar.parts[-1].width) > 0.5


def test_a_bar_of_nothing_has_no_parts() -> None:
    assert figures.bar({"done": 0, "excused": 0, "moved": 0, "open": 0}, 0).parts == ()


def test_a_chip_puts_its_value_on_or_takes_it_off_and_starts_paging_again() -> None:
    request = RequestFactory().get("/", {"why": ["absent"], "cursor": "x", "area": "1.2"})
    group = lists.chips(request, "why", "Why", (("absent", "absent"), ("refused", "refused")))
    assert [chip.on for chip in group.chips] == [True, False]
    assert QueryDict(group.chips[0].href[1:]).dict() == {"area": "1.2"}
    assert QueryDict(group.chips[1].href[1:]).getlist("why") == ["absent", "refused"]


def test_no_cell_of_an_export_is_a_formula() -> None:
    for cell in ("=1+1", "+1", "-1", "@x", "\tx", "＝1"):
        assert harmless(cell).startswith("'")
    assert harmless("1-101") == "1-101"
