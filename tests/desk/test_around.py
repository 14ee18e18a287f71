"""What stands around a page is written once and fits each request: its address, its person, its token."""

import re

from django.middleware.csrf import get_token
from django.test import RequestFactory

from tests.make.access import signed_in
from tests.make.desk import World


def shown(world: World, who: str, address: str) -> str:
    return signed_in(world.people[who]).get(address).content.decode()


def test_the_way_back_is_the_address_that_is_looked_at_however_strange(world: World) -> None:
    for query in ('a=1&b="><i>', "q=八道街&x=%26next"):
        page = shown(world, "lin", f"/rounds?{query}")
        back = re.search(r'name="next" value="([^"]*)"', page)
        assert back is not None
        assert back[1].startswith("/rounds?")
        assert "<i>" not in page
        assert re.search(r'href="/area\?next=/rounds%3F[^"&<]*"', page)


def test_what_was_searched_for_stays_in_the_field_and_is_text(world: World) -> None:
    page = shown(world, "lin", '/search?q="><script>slot')
    assert 'value="&quot;&gt;&lt;script&gt;slot"' in page


def test_nobody_sees_the_bar_of_another(world: World) -> None:
    for _again in range(2):
        lin, he = shown(world, "lin", "/rounds"), shown(world, "he", "/rounds")
        assert f"<summary>{world.people['lin'].display_name}</summary>" in lin
        assert f"<summary>{world.people['he'].display_name}</summary>" in he
        assert f"<summary>{world.people['lin'].display_name}</summary>" not in he


def test_each_form_carries_the_token_of_its_own_browser(world: World) -> None:
    pages = [shown(world, "lin", "/rounds") for _browser in range(2)]
    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page) for page in pages]
    like = get_token(RequestFactory().get("/"))
    assert all(len(token) == len(like) for found in tokens for token in found)
    assert len(tokens[0]) >= 3
    assert set(tokens[0]).isdisjoint(tokens[1])


def test_what_was_just_done_is_told_once_on_a_board_that_stands_ready(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["lin"])
    address = f"/rounds/{world.screening.id}"
    before = browser.get(address).content.decode()
    session = browser.session
    session["toasts"] = [["Noted, once.", "", ""]]
    session.save()
    told, after = (browser.get(address).content.decode() for _time in range(2))
    assert ["Noted, once." in page for page in (before, told, after)] == [False, True, False]


def test_a_board_speaks_the_language_of_who_asks(world: World) -> None:
    assert world.screening is not None
    browser = signed_in(world.people["lin"])
    address = f"/rounds/{world.screening.id}"
    for _time in range(2):
        for language, noun in (("zh-hans", "轮次"), ("en", "Rounds"), ("zh-hant", "輪次")):
            page = browser.get(address, headers={"Accept-Language": language}).content.decode()
            nav = page[page.index("<nav") : page.index("</nav>")]
            assert f">{noun}<" in re.sub(r"\s+", "", nav), (language, nav[:300])
