"""One door, one site, one area at a desk: added, changed, moved, ended, each with a reason."""

from bulou.grid import queries as grid
from bulou.grid.terms import Area
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from tests.make.access import signed_in
from tests.make.desk import DISTRICT, World


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def today() -> str:
    return clock.local_date(clock.now()).isoformat()


def below(path: str) -> tuple[Area, ...]:
    with transaction(whole(DISTRICT)):
        return grid.children(whole(DISTRICT), path, clock.local_date(clock.now()))


def test_a_door_is_added_changed_and_ended_and_its_timeline_tells_each(world: World) -> None:
    wen = signed_in(world.people["wen"])
    form = {"door": "9901", "floor": "9", "kind": "home", "needs_help": ["infant"], "on": today()}
    compound = below(world.community)[0].path
    assert wen.post(f"/doors/add?area={compound}", form | {"reason": ""}).status_code == 422
    assert wen.post(f"/doors/add?area={compound}", form | {"reason": "new flat"}).status_code == 302
    rows = wen.get(f"/doors?area={compound}").context["rows"]
    href = next(row.href for row in rows if row.name.endswith("9901"))
    door = href.rpartition("/")[2]
    change = form | {"door": "9902", "kind": "shop", "reason": "a shop now"}
    assert wen.post(f"/doors/{door}/change", change).status_code == 302
    page = wen.get(href)
    assert page.context["subject"].title.endswith("9902")
    assert wen.post(f"/doors/{door}/end", {"on": today(), "reason": "torn down"}).status_code == 302
    ended = wen.get(href)
    assert ended.context["subject"].valid_until
    assert not ended.context["acts"] or "/change" not in text(ended)
    with transaction(whole(DISTRICT)):
        kinds = [entry.kind for entry in ledger.history(whole(DISTRICT), ended.context["subject_id"])]
    assert kinds == ["grid.dwelling_added", "grid.dwelling_changed", "grid.dwelling_closed"]


def test_a_door_cannot_take_the_number_of_its_neighbour(world: World) -> None:
    wen = signed_in(world.people["wen"])
    with transaction(whole(DISTRICT)):
        one = grid.dwellings(whole(DISTRICT), world.community, limit=1).items[0]
    form = {"door": "9903", "floor": "", "kind": "home", "on": today(), "reason": "beside it"}
    assert wen.post(f"/doors/add?area={one.path}", form).status_code == 302
    answer = wen.post(f"/doors/{one.dwelling_id}/change", form)
    assert answer.status_code == 422
    assert "9903" in text(answer)


def test_a_site_is_added_changed_and_ended(world: World) -> None:
    wen = signed_in(world.people["wen"])
    form = {"name": "South market", "type": "market", "area_m2": "1200", "on": today(), "reason": "opened"}
    assert wen.post(f"/sites/add?area={world.community}", form).status_code == 302
    rows = wen.get(f"/sites?area={world.community}&type=market").context["rows"]
    href = next(row.href for row in rows if row.name == "South market")
    site = href.rpartition("/")[2]
    assert wen.post(f"/sites/{site}/change", form | {"name": "South hall"}).status_code == 302
    assert wen.get(href).context["subject"].title == "South hall"
    assert wen.post(f"/sites/{site}/end", {"on": today(), "reason": "closed for good"}).status_code == 302
    assert wen.get(href).context["subject"].valid_until


def test_a_community_moves_to_another_street_with_everything_in_it(world: World) -> None:
    wen = signed_in(world.people["wen"])
    page = wen.get(f"/areas/move?area={world.community}")
    to = next(value for value, _word in page.context["form"].fields["to"].choices if value)
    form = {"to": to, "on": today(), "reason": "order 12"}
    assert wen.post(f"/areas/move?area={world.community}", form).status_code == 302
    name = page.context["title"]
    assert any(area.name in name for area in below(to))


def test_an_area_that_holds_something_does_not_end_and_an_empty_one_does(world: World) -> None:
    wen = signed_in(world.people["wen"])
    form = {"on": today(), "reason": "order 13"}
    refused = wen.post(f"/areas/end?area={world.community}", form)
    assert refused.status_code == 422
    made = {"name": "Empty Garden", "kind": "compound_old", **form}
    wen.post(f"/areas/add?area={world.community}", made)
    path = next(area.path for area in below(world.community) if area.name == "Empty Garden")
    assert wen.post(f"/areas/end?area={path}", form).status_code == 302
    assert path not in {area.path for area in below(world.community)}


def test_who_may_not_change_the_register_sees_no_button_and_no_form(world: World) -> None:
    lin = signed_in(world.people["lin"])
    assert lin.get(f"/doors/{world.door}/change").status_code == 404
    assert "/doors/add" not in text(lin.get("/doors"))
    assert f"/doors/{world.door}/end" not in text(lin.get(f"/subjects/dwelling/{world.door}"))
