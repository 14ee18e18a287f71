"""At the desk: roles that two people give, emergency roles that are looked at, views that are kept."""

from tests.make.access import signed_in
from tests.make.desk import DISTRICT, World
from tests.make.toasts import toasts


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def propose(world: World, role: str = "crew") -> str:
    ma = signed_in(world.people["ma"])
    account = f"/accounts/{world.people['worker1'].account_id}"
    form = {"role": role, "path": world.street, "valid_until": "", "reason": "reserve for the night"}
    sent = ma.post(account, form)
    assert sent.status_code == 302
    return account


def test_an_officer_proposes_and_the_supervision_approves_the_marked_rows(world: World) -> None:
    account = propose(world)
    ma, sun = signed_in(world.people["ma"]), signed_in(world.people["sun"])
    assert ma.get(account).context["proposed"]
    assert "/accounts/proposals" in text(sun.get("/"))
    row = sun.get("/accounts/proposals").context["rows"][0]
    assert row.may_decide
    sun.post("/accounts/proposals", {"subject": str(row.id)})
    assert not sun.get("/accounts/proposals").context["rows"]
    assert not ma.get(account).context["proposed"]
    assert any(grant.live and grant.area for grant in ma.get(account).context["grants"])


def test_the_proposer_sees_it_wait_cannot_approve_it_and_can_take_it_back(world: World) -> None:
    propose(world)
    ma = signed_in(world.people["ma"])
    row = ma.get("/accounts/proposals").context["rows"][0]
    assert row.mine
    assert not row.may_decide
    assert ma.post("/accounts/proposals", {"subject": str(row.id)}).status_code == 403
    ma.post(f"/accounts/proposals/{row.id}/withdraw")
    assert not ma.get("/accounts/proposals").context["rows"]


def test_a_role_is_refused_with_a_reason(world: World) -> None:
    propose(world)
    sun = signed_in(world.people["sun"])
    row = sun.get("/accounts/proposals").context["rows"][0]
    address = f"/accounts/proposals/{row.id}/refuse"
    assert sun.post(address, {"reason": ""}).status_code == 422
    assert sun.post(address, {"reason": "nobody knows this person"}).status_code == 302
    assert not sun.get("/accounts/proposals").context["rows"]


def test_an_emergency_role_opens_what_was_closed_says_so_everywhere_and_is_noted(world: World) -> None:
    lin, sun = signed_in(world.people["lin"]), signed_in(world.people["sun"])
    assert lin.get("/rounds/open").status_code == 404
    form = {"role": "command", "path": DISTRICT, "reason": "the office does not answer"}
    assert lin.post("/glass/take", form).status_code == 302
    opened = lin.get("/rounds/open")
    assert opened.status_code == 200
    assert "/glass/end" in text(opened)
    lin.get("/doors?area=999999")
    lin.post("/glass/end")
    assert lin.get("/rounds/open").status_code == 404
    row = sun.get("/glass").context["rows"][0]
    uses = [(use.method, use.address, use.status) for use in sun.get(row.href).context["uses"]]
    assert ("GET", "/rounds/open", "200") in uses
    assert ("GET", "/doors?area=999999", "404") in uses, "refusals are noted too"
    sun.post(row.href, {"verdict": "yes", "note": "the office was moving"})
    assert sun.get("/glass").context["rows"][0].mark == "good"


def test_what_waits_for_a_second_person_stands_on_the_first_page(world: World) -> None:
    lin, sun = signed_in(world.people["lin"]), signed_in(world.people["sun"])
    lin.post("/glass/take", {"role": "data_clerk", "path": world.community, "reason": "the clerk is ill"})
    assert "/glass" in {figure.href for figure in sun.get("/").context["waiting"]}


def test_a_view_is_kept_with_its_filters_and_shared_with_who_sees_the_area(world: World) -> None:
    assert world.screening is not None
    he, zhou, zhao = (signed_in(world.people[name]) for name in ("he", "zhou", "zhao"))
    page = f"/rounds/{world.screening.id}/missed?area={world.street}&why=absent&cursor=x"
    he.post("/views/new", {"address": page, "name": "absent in the first street", "shared": "on"})
    row = he.get("/views").context["rows"][0]
    went = zhou.get(row.href)
    assert went.status_code == 302
    assert went.headers["Location"] == page.replace("&cursor=x", "").replace(
        f"area={world.street}&why=absent", f"area={world.street}&why=absent"
    )
    assert zhou.get(went.headers["Location"]).status_code == 200
    assert zhao.get(row.href).status_code == 404
    assert not zhao.get("/views").context["rows"]


def test_a_view_that_is_not_shared_is_ones_own(world: World) -> None:
    he, zhou = signed_in(world.people["he"]), signed_in(world.people["zhou"])
    he.post("/views/new", {"address": "/rounds?state=open", "name": "open"})
    row = he.get("/views").context["rows"][0]
    assert he.get(row.href).headers["Location"] == f"/rounds?state=open&area={DISTRICT}"
    assert zhou.get(row.href).status_code == 404


def test_a_removed_view_can_be_put_back(world: World) -> None:
    he = signed_in(world.people["he"])
    he.post("/views/new", {"address": "/rounds", "name": "all rounds"})
    row = he.get("/views").context["rows"][0]
    he.post(f"/views/{row.id}/remove")
    gone = he.get("/views")
    assert not gone.context["rows"]
    (toast,) = toasts(gone)
    assert toast.undo(he).status_code == 302
    assert [r.name for r in he.get("/views").context["rows"]] == ["all rounds"]


def test_only_pages_of_the_desk_can_be_kept(world: World) -> None:
    he = signed_in(world.people["he"])
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "/api/v1/records", "/nothing", ""):
        sent = he.post("/views/new", {"address": address, "name": "x"})
        assert sent.status_code == 422, address
