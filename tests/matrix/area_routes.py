"""The addresses of areas, doors and sites: who may open them."""

from typing import Any

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Address, Body, Line, nothing

HERE = f"?area={COMMUNITY}"
SAW = {"reason": "as agreed on the telephone"}


def _form(**values: Any) -> Body:
    return lambda _world: values


def _change(**values: str) -> Body:
    return lambda world: {"on": str(world.today), "reason": "order 7 of the street", **values}


def _door(what: str) -> Address:
    return lambda world: f"/doors/{world.door}/{what}"


def _site(what: str) -> Address:
    return lambda world: f"/sites/{world.object}/{what}"


AREA_LINES = (
    # areas and registers
    Line("area", Verb.GRID_VIEW, lambda _: "/area", foreign=200),
    Line("area", Verb.GRID_VIEW, lambda _: f"/area{HERE}", own=(200, 302)),
    Line("search", Verb.GRID_VIEW, lambda _: "/search?q=c1", foreign=200),
    Line("areas", Verb.GRID_VIEW, lambda _: "/areas", foreign=200),
    Line("areas", Verb.GRID_VIEW, lambda _: f"/areas{HERE}.c1"),
    Line("doors", Verb.UNIT_VIEW, lambda _: "/doors", foreign=200),
    Line("doors", Verb.UNIT_VIEW, lambda _: f"/doors{HERE}"),
    Line("sites", Verb.GRID_VIEW, lambda _: "/sites", foreign=200),
    Line("sites", Verb.GRID_VIEW, lambda _: f"/sites{HERE}"),
    Line("areas/add", Verb.GRID_EDIT, lambda _: f"/areas/add{HERE}"),
    Line("areas/add", Verb.GRID_EDIT, lambda _: f"/areas/add{HERE}", "POST", _change(name="Garden"), (302,)),
    Line("areas/rename", Verb.GRID_EDIT, lambda _: f"/areas/rename{HERE}.c1"),
    Line(
        "areas/rename",
        Verb.GRID_EDIT,
        lambda _: f"/areas/rename{HERE}.c1",
        "POST",
        _change(name="Lake"),
        (302,),
    ),
    Line("areas/split", Verb.GRID_EDIT, lambda _: f"/areas/split{HERE}"),
    Line(
        "areas/split",
        Verb.GRID_EDIT,
        lambda _: f"/areas/split{HERE}",
        "POST",
        _change(name="New", children=f"{COMMUNITY}.c1"),
        (302, 422),
    ),
    Line("areas/merge", Verb.GRID_EDIT, lambda _: f"/areas/merge{HERE}.c1"),
    Line(
        "areas/merge",
        Verb.GRID_EDIT,
        lambda _: f"/areas/merge{HERE}.c1",
        "POST",
        _change(others=f"{COMMUNITY}.c2"),
        (302, 422),
    ),
    Line("areas/move", Verb.GRID_EDIT, lambda _: f"/areas/move{HERE}.c1"),
    Line(
        "areas/move",
        Verb.GRID_EDIT,
        lambda _: f"/areas/move{HERE}.c1",
        "POST",
        _change(to="nowhere"),
        (422,),
    ),
    Line("areas/end", Verb.GRID_EDIT, lambda _: f"/areas/end{HERE}.c1"),
    Line("areas/end", Verb.GRID_EDIT, lambda _: f"/areas/end{HERE}.c1", "POST", _change(), (422,)),
    Line("doors/add", Verb.GRID_EDIT, lambda _: f"/doors/add{HERE}.c1"),
    Line(
        "doors/add",
        Verb.GRID_EDIT,
        lambda _: f"/doors/add{HERE}.c1",
        "POST",
        _change(door="901", kind="home"),
        (302,),
    ),
    *(
        Line(f"doors/<uuid:subject_id>/{what}", Verb.GRID_EDIT, _door(what), method, body, own)
        for what, method, body, own in (
            ("change", "GET", nothing, (200,)),
            ("change", "POST", _change(door="902", kind="shop"), (302,)),
            ("end", "GET", nothing, (200,)),
            ("end", "POST", _change(), (302,)),
        )
    ),
    Line("sites/add", Verb.GRID_EDIT, lambda _: f"/sites/add{HERE}"),
    Line(
        "sites/add",
        Verb.GRID_EDIT,
        lambda _: f"/sites/add{HERE}",
        "POST",
        _change(name="South gate", type="market"),
        (302,),
    ),
    *(
        Line(f"sites/<uuid:subject_id>/{what}", Verb.GRID_EDIT, _site(what), method, body, own)
        for what, method, body, own in (
            ("change", "GET", nothing, (200,)),
            ("change", "POST", _change(name="East park", type="park"), (302,)),
            ("end", "GET", nothing, (200,)),
            ("end", "POST", _change(), (302,)),
        )
    ),
    Line("areas/people", Verb.GRID_EDIT, lambda _: f"/areas/people{HERE}"),
    Line(
        "areas/people",
        Verb.GRID_EDIT,
        lambda _: f"/areas/people{HERE}",
        "POST",
        _change(kind="living", n="20"),
        (302,),
    ),
    Line("areas/duty", Verb.DUTY_ASSIGN, lambda _: f"/areas/duty{HERE}"),
    Line(
        "areas/duty",
        Verb.DUTY_ASSIGN,
        lambda _: f"/areas/duty{HERE}",
        "POST",
        lambda w: {"role": "lead", "account": str(w.account)},
        (302,),
    ),
)
