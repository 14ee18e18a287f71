"""Addresses of the desk about restrictions: who may open them."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}"
ONE = "restrictions/<uuid:restriction_id>"
WHY = {"reason": "as agreed on the telephone"}
LAW = {
    "law": "a law", "article": "", "order_number": "", "issuer": "the district", "valid_from": "2026-01-01",
    "valid_until": "",
}  # fmt: skip


def _new(_world: World) -> str:
    return f"/restrictions/new{HERE}"


def _law(_world: World) -> str:
    return f"/restrictions/law{HERE}"


def _one(world: World, rest: str = "") -> str:
    return f"/restrictions/{world.restriction}{rest}"


def _act(world: World, rest: str) -> str:
    return f"/restrictions/acts/{world.act}/{rest}"


def _why(_world: World) -> Mapping[str, Any]:
    return WHY


def _words(_world: World) -> Mapping[str, Any]:
    return {"channel": "phone", "words": "I was not there"}


def _answer(_world: World) -> Mapping[str, Any]:
    return {"outcome": "upheld", "reason": "the test is due"}


SEEN = (Verb.RESTRICTION_VIEW,)
RESTRICTION_LINES = (
    Line("restrictions", Verb.RESTRICTION_VIEW, lambda _: "/restrictions", foreign=200),
    Line("restrictions/new", Verb.RESTRICTION_DECIDE, _new),
    Line("restrictions/new", Verb.RESTRICTION_DECIDE, _new, "POST", _why, (422,)),
    Line("restrictions/law", Verb.BASIS_SET, _law),
    Line("restrictions/law", Verb.BASIS_SET, _law, "POST", lambda _: LAW, (302,)),
    Line(
        "restrictions/of/<uuid:person_id>", Verb.RESTRICTION_VIEW, lambda w: f"/restrictions/of/{w.person}",
        own=(302,), foreign=302,
    ),
    Line("restrictions/acts/<uuid:act_id>/accept", Verb.RESTRICTION_SECOND, lambda w: _act(w, "accept")),
    Line(
        "restrictions/acts/<uuid:act_id>/refuse", Verb.RESTRICTION_SECOND,
        lambda w: _act(w, "refuse"), "POST", _why, (302,),
    ),
    Line("restrictions/acts/<uuid:act_id>/notices", Verb.RESTRICTION_NOTICE, lambda w: _act(w, "notices")),
    Line(ONE, Verb.RESTRICTION_VIEW, _one),
    Line(f"{ONE}/notice", Verb.RESTRICTION_NOTICE, lambda w: _one(w, "/notice"), "POST"),
    Line(f"{ONE}/object", Verb.APPEAL_RECORD, lambda w: _one(w, "/object"), "POST", _words, (302,)),
    Line(f"{ONE}/freeze", Verb.RESTRICTION_FREEZE, lambda w: _one(w, "/freeze"), "POST", _why, (302,)),
    Line(
        "restrictions/objections/<uuid:appeal_id>", Verb.APPEAL_ANSWER,
        lambda w: f"/restrictions/objections/{w.appeal}", "POST", _answer, (302,),
    ),
    Line(
        "restrictions/objections/<uuid:appeal_id>/review", Verb.APPEAL_REVIEW,
        lambda w: f"/restrictions/objections/{w.appeal}/review",
    ),
    Line(f"{ONE}/lift", Verb.RESTRICTION_LIFT, lambda w: _one(w, "/lift"), "POST", _why, (302,)),
)  # fmt: skip
