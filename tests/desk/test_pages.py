"""Every page answers for who may see it, links its figures to lists, and keeps to its budget of queries."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.kernel import clock
from tests.make.access import signed_in
from tests.make.desk import World

BUDGETS = Path(__file__).parent.parent / "counts" / "query_counts.json"


class Links(HTMLParser):
    """The figures of a page: address and text of every link of class fig."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._href = (
            (values.get("href") or "") if tag == "a" and "fig" in (values.get("class") or "").split() else ""
        )

    def handle_data(self, data: str) -> None:
        if self._href and data.strip():
            self.found.append((unescape(self._href), data.strip()))


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """Who looks, under which name the budget stands, and at what."""
    assert world.screening is not None
    board = f"/rounds/{world.screening.id}"
    moment = f"{clock.now().astimezone(clock.DISTRICT_ZONE):%Y-%m-%dT%H:%M}"
    yield "he", "today", "/"
    yield "he", "rounds", "/rounds"
    yield "he", "rounds/open", "/rounds/open"
    yield "he", "board", board
    yield "he", "board/live", f"{board}/live"
    yield "he", "board of a past moment", f"{board}?as_of={moment}"
    yield "he", "board of a community", f"{board}?area={world.community}"
    yield "he", "close", f"{board}/close"
    yield "he", "missed", f"{board}/missed"
    yield "he", "missed of a community", f"{board}/missed?area={world.community}&why=untried&why=absent"
    yield "he", "missed/late", f"{board}/missed?late=yes&alert=yes&owner=me"
    yield "he", "missed/sheets", f"{board}/missed/sheets?area={world.community}"
    yield "he", "missed/csv", f"{board}/missed.csv?area={world.community}"
    yield "he", "missed/xlsx", f"{board}/missed.xlsx?area={world.community}"
    for show in ("expected", "done", "excused", "moved", "alert", "removed"):
        yield "he", f"units/{show}", f"{board}/units?show={show}"
    yield "lin", "subject", f"/subjects/dwelling/{world.door}"
    yield "he", "review", "/review"
    yield "he", "review/conflicts", "/review/conflicts"
    yield "he", "review/gaps", "/review/gaps"
    yield "he", "areas", "/areas"
    yield "wen", "areas/rename", f"/areas/rename?area={world.community}"
    yield "he", "area", "/area?next=/rounds"
    yield "he", "doors", "/doors"
    yield "he", "sites", "/sites?type=compound_grounds"
    yield "he", "search", "/search?q=1"
    yield from further_pages(world)


def further_pages(world: World) -> Iterator[tuple[str, str, str]]:
    """The same for what is no round and no register."""
    yield "wen", "imports", "/imports"
    yield "wen", "imports/page", f"/imports/{world.import_id}"
    yield "wen", "imports/set-aside", f"/imports/{world.import_id}/set-aside.csv"
    yield "wen", "imports/new", "/imports/new"
    yield "he", "disinfection", "/disinfection"
    yield "sun", "findings", "/findings"
    yield "sun", "findings/new", "/findings/new"
    yield "sun", "finding", f"/findings/{world.findings[1]}"
    yield "he", "isolation", f"/isolation?area={world.community}"
    yield "lin", "isolation/site", f"/isolation/sites/{world.site}"
    yield "lin", "isolation/intake", f"/isolation/sites/{world.site}/intake"
    yield "lin", "isolation/stay", f"/isolation/stays/{world.stay}"
    yield "lin", "isolation/requests", f"/isolation/requests?area={world.community}"
    yield "lin", "isolation/breaches", f"/isolation/requests?show=breaches&area={world.community}"
    yield "lin", "isolation/homes", f"/isolation/homes?area={world.community}"
    yield "lin", "isolation/home", f"/isolation/homes/{world.door}"
    yield "he", "watches", f"/watches?area={world.community}"
    yield "he", "watch", f"/watches/{world.watch}"
    yield "he", "handovers", "/handovers"
    yield "he", "restrictions", "/restrictions"
    yield "he", "restriction", f"/restrictions/{world.restriction}"
    yield "he", "command", "/command"
    yield "he", "command/zone", f"/command/zones/{world.zone}"
    yield "he", "command/zones/new", f"/command/zones/new?area={world.community}"
    yield "he", "command/orders", "/command/orders"
    yield "he", "command/order", f"/command/orders/{world.order}"
    yield "he", "command/orders/new", "/command/orders/new"
    yield "he", "reports", "/reports"
    yield "he", "reports/daily", "/reports/daily"
    yield "ma", "accounts", "/accounts"
    yield "ma", "accounts/new", "/accounts/new"
    yield "ma", "account", f"/accounts/{world.people['lin'].account_id}"
    yield "ma", "devices", "/devices"
    yield "ma", "devices/enrol", "/devices/enrol"
    yield "he", "arrivals", "/arrivals?minutes=240"
    yield "he", "arrivals/live", "/arrivals/live?minutes=240"
    yield "sun", "proposals", "/accounts/proposals"
    yield "sun", "glass", "/glass"
    yield "lin", "glass/take", "/glass/take"
    yield "he", "views", "/views"
    yield "he", "views/new", "/views/new?address=/rounds"
    yield "he", "me", "/me"


def browsers(world: World) -> dict[str, Client]:
    return {name: signed_in(world.people[name]) for name in ("he", "lin", "wen", "sun", "ma")}


def test_every_page_answers_within_its_budget_of_queries(world: World) -> None:
    budgets: dict[str, int] = json.loads(BUDGETS.read_text(encoding="utf-8"))
    seen = browsers(world)
    counted: dict[str, int] = {}
    for who, name, address in pages(world):
        seen[who].get(address)  # what is read once per process is read
        with CaptureQueriesContext(connection) as queries:
            answer = seen[who].get(address)
        assert answer.status_code == 200, f"{name}: {answer.status_code}"
        counted[name] = len(queries)
    over = {name: (n, budgets.get(name)) for name, n in counted.items() if n > budgets.get(name, 0)}
    assert over == {}, f"more queries than tests/counts/query_counts.json allows: {over}"


def test_no_page_has_anything_inline(world: World) -> None:
    seen = browsers(world)
    for who, name, address in pages(world):
        answer = seen[who].get(address)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", page), name


def test_each_figure_of_a_board_counts_the_rows_of_its_list(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["he"])
    page = browser.get(f"/rounds/{world.screening.id}?area={world.community}").content.decode()
    checked = 0
    for href, text in Links(page).found:
        if not text.replace(",", "").isdigit() or "/rounds/" not in href:
            continue
        answer = browser.get(href)
        assert answer.status_code == 200, href
        assert answer.context["pager"].total == int(text.replace(",", "")), href
        checked += 1
    assert checked > 20


def test_a_live_board_answers_nothing_until_something_changes(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["he"])
    page = browser.get(f"/rounds/{world.screening.id}").content.decode()
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found is not None
    live = unescape(found[1])
    same = browser.get(live)
    assert same.status_code == 204
    assert "asof" in same.headers["HX-Trigger"]
    other = browser.get(re.sub(r"v=\w+", "v=0", live))
    assert other.status_code == 200
    assert 'id="board"' in other.content.decode()


def test_columns_are_hidden_by_the_address_and_shown_again(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["he"])
    address = f"/rounds/{world.screening.id}/missed"
    page = browser.get(address)
    hide = page.context["columns"][0].chips[0]
    hidden = browser.get(address + hide.href)
    assert len(hidden.context["hidden"]) == 1
    assert "no-" in hidden.content.decode()
    back = hidden.context["columns"][0].chips[0]
    assert not back.on
    assert browser.get(address + back.href).context["hidden"] == frozenset()


def test_the_exported_list_is_the_shown_list(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["he"])
    query = f"?area={world.community}&why=untried"
    shown = browser.get(f"/rounds/{world.screening.id}/missed{query}").context["pager"].total
    file = browser.get(f"/rounds/{world.screening.id}/missed.csv{query}").content
    assert file.startswith("\ufeff".encode())
    assert len(file.decode("utf-8-sig").splitlines()) == shown + 1


@pytest.mark.parametrize(
    "query", ["why=nonsense", "cursor=!!!", "owner=nobody", "area=999999", "area=..", "area=220303'--"]
)
def test_a_damaged_address_is_an_answer_in_words_and_never_our_fault(world: World, query: str) -> None:
    assert world.screening is not None
    answer = signed_in(world.people["he"]).get(f"/rounds/{world.screening.id}/missed?{query}")
    assert 400 <= answer.status_code < 500


def test_what_is_not_mine_and_what_is_not_there_are_the_same_page(world: World) -> None:
    assert world.screening is not None
    zhao = signed_in(world.people["zhao"])
    foreign = zhao.get(f"/subjects/dwelling/{world.door}")
    absent = zhao.get("/subjects/dwelling/01a20125-218d-7eb4-b840-e5563bee6878")
    assert foreign.status_code == absent.status_code == 404
    assert "access.not_found" in foreign.content.decode()
