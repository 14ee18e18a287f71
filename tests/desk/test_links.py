"""No link on a page leads its reader to "there is nothing here"."""

import re
from html import unescape

import pytest
from django.http import HttpResponse, HttpResponseBase

from tests.make.access import signed_in
from tests.make.desk import World

LINK = re.compile(r'<a\s[^>]*?href="([^"]+)"')
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
SKIPPED = ("#", "http", "/static", "/reports/daily.", "mailto:")


def links(answer: HttpResponseBase, address: str) -> set[str]:
    """Where a page leads."""
    if (
        not isinstance(answer, HttpResponse)
        or answer.status_code != 200
        or not answer.headers["Content-Type"].startswith("text/html")
    ):
        return set()
    found = (unescape(href) for href in LINK.findall(answer.content.decode()))
    here = address.partition("?")[0]
    return {here + href if href.startswith("?") else href for href in found if not href.startswith(SKIPPED)}


def shape(href: str) -> str:
    """The address without its ids and values: one of each kind is enough."""
    path, _question, query = href.partition("?")
    keys = sorted({part.partition("=")[0] for part in query.split("&") if part})
    return UUID.sub("…", path) + "?" + "&".join(keys)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["he", "lin", "zhou", "sun", "wen", "ma", "gao", "worker1"])
def test_every_link_that_one_sees_opens(world: World, who: str) -> None:
    browser = signed_in(world.people[who])
    tried: dict[str, str] = {}
    waiting = sorted(links(browser.get("/"), "/"))
    wrong: list[str] = []
    for _depth in range(2):
        following: set[str] = set()
        for href in waiting:
            if shape(href) in tried or len(tried) > 70:
                continue
            tried[shape(href)] = href
            answer = browser.get(href)
            if answer.status_code not in {200, 204, 302}:
                wrong.append(f"{answer.status_code} {href}")
            following |= links(answer, href)
        waiting = sorted(following)
    assert wrong == [], "\n".join(wrong)
    assert len(tried) > 5
