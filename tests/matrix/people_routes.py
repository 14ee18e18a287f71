"""Addresses of the desk about people: who may open them."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}"
ONE = "people/<uuid:person_id>"
WHY = {"purpose": "follow_up", "reason": "no answer at the door"}
NEW = {
    "trigger": "returnee", "name": "Somebody", "number": "", "phones": "", "address": "", "came_from": "",
    "left_on": "", "arrived_on": "", "contact": "unknown", "transport": "", "trip": "", "basis": "order 3",
    "reason": "came back",
}  # fmt: skip


def _page(world: World, rest: str = "") -> str:
    return f"/people/{world.person}{rest}"


def _pair(world: World) -> Mapping[str, Any]:
    return {"keep": str(world.person), "drop": str(world.double), "reason": "the same phone"}


def _member(world: World) -> Mapping[str, Any]:
    return {"role": "police", "account": str(world.account), "until": "", "override": ""}


SEEN = (Verb.PERSON_VIEW,)
PEOPLE_LINES = (
    Line("people", Verb.PERSON_VIEW, lambda _: "/people", foreign=200),
    Line("people", Verb.PERSON_VIEW, lambda _: "/people?who=Somebody", foreign=200),
    Line("people/new", Verb.PERSON_REGISTER, lambda _: "/people/new", foreign=200),
    Line("people/new", Verb.PERSON_REGISTER, lambda _: f"/people/new{HERE}", "POST", lambda _: NEW, (302,)),
    Line("people/register", Verb.PERSON_VIEW, lambda _: "/people/register", foreign=200),
    Line("people/doubles", Verb.PERSON_MERGE, lambda _: "/people/doubles", foreign=200),
    Line("people/doubles", Verb.PERSON_MERGE, lambda _: "/people/doubles", "POST", _pair, (302,)),
    Line(
        "people/merges/<uuid:person_id>",
        Verb.PERSON_MERGE,
        lambda w: f"/people/merges/{w.double}",
        "POST",
        lambda _: {"verdict": "approve"},
        (302,),
    ),
    Line("people/rule", Verb.PERSON_VIEW, lambda _: "/people/rule", foreign=200),
    Line(  # the rule is the district's: who commands one community only may not set it
        "people/rule",
        Verb.RISK_SET,
        lambda _: "/people/rule",
        "POST",
        lambda _: {"places": "x", "reason": "order 3", "do": "set"},
        (403, 404),
    ),
    Line("people/destroyed", Verb.PERSON_VIEW, lambda _: "/people/destroyed", foreign=200),
    Line(ONE, Verb.PERSON_VIEW, _page),
    Line(
        ONE,
        Verb.PERSON_REGISTER,
        _page,
        "POST",
        lambda _: {"step": "left", "why": "duty_over", "reason": "day 14"},
        (302,),
        also=SEEN,
    ),
    Line(
        f"{ONE}/reveal",
        Verb.PERSON_REVEAL,
        lambda w: _page(w, "/reveal"),
        "POST",
        lambda _: WHY,
        also=SEEN,
    ),
    Line(f"{ONE}/masked", Verb.PERSON_VIEW, lambda w: _page(w, "/masked")),
    Line(f"{ONE}/card", Verb.PERSON_REVEAL, lambda w: _page(w, "/card"), "POST", lambda _: WHY, also=SEEN),
    Line(f"{ONE}/team", Verb.TEAM_SET, lambda w: _page(w, "/team")),
    Line(f"{ONE}/team", Verb.TEAM_SET, lambda w: _page(w, "/team"), "POST", _member, (302,)),
    Line(
        f"{ONE}/objections/<uuid:dispute_id>",
        Verb.PERSON_MERGE,
        lambda w: _page(w, f"/objections/{w.dispute}"),
        "POST",
        lambda _: {"verdict": "accept", "answer": "seen"},
        (302,),
        also=SEEN,
    ),
    Line("teams", Verb.PERSON_VIEW, lambda _: "/teams", foreign=200),
    Line(
        "teams",
        Verb.TEAM_SET,
        lambda _: f"/teams{HERE}",
        "POST",
        lambda _: {"step": "plan", "roles": ["police"], "reason": "order 3"},
        (302,),
        also=SEEN,
    ),
)
