"""Addresses of the desk about a testing day's plan: who may open them."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}"
ONE = "testing/plans/<uuid:plan_id>"


def _new(_world: World) -> str:
    return f"/testing/plans/new{HERE}"


def _one(world: World, rest: str = "") -> str:
    return f"/testing/plans/{world.plan}{rest}"


def _call(_world: World) -> Mapping[str, Any]:
    return {"act": "call", "batch": "1"}


def _round(world: World) -> Mapping[str, Any]:
    return {"round": str(world.testing.id)}


PLAN_LINES = (
    Line("testing/plans", Verb.ROUND_VIEW, lambda _: "/testing/plans", foreign=200),
    Line("testing/plans/new", Verb.TASK_ASSIGN, _new),
    Line("testing/plans/new", Verb.TASK_ASSIGN, _new, "POST", own=(422,)),
    Line(ONE, Verb.ROUND_VIEW, _one),
    Line(ONE, Verb.ROUND_OPEN, _one, "POST", own=(409,)),  # it is published already
    Line(f"{ONE}/rounds", Verb.ROUND_OPEN, lambda w: _one(w, "/rounds"), "POST", _round, (302,)),
    Line(f"{ONE}/calls", Verb.ROUND_VIEW, lambda w: _one(w, "/calls")),
    Line(f"{ONE}/calls", Verb.TASK_ASSIGN, lambda w: _one(w, "/calls"), "POST", _call, (302,)),
    Line(f"{ONE}/notices", Verb.ROUND_VIEW, lambda w: _one(w, "/notices?batch=1")),
    Line(f"{ONE}/home", Verb.UNIT_VIEW, lambda w: _one(w, "/home")),
    Line("testing/unknown", Verb.UNIT_VIEW, lambda _: "/testing/unknown", foreign=200),
)
