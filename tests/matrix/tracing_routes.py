"""Addresses of the desk about cases and contacts: who may open them."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from bulou.kernel import ids
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}"
ONE = "tracing/<uuid:person_id>"
SEEN = (Verb.PERSON_VIEW,)


def _one(world: World) -> str:
    return f"/tracing/{world.person}"


def _no_list(_world: World) -> str:
    return f"/tracing/lists/{ids.uuid7()}"


def _case(world: World) -> Mapping[str, Any]:
    return {"step": "case", "person": str(ids.uuid7()), "standing": "confirmed", "onset_on": str(world.today)}


def _met(world: World) -> Mapping[str, Any]:
    return {
        "step": "met", "contact": str(world.double), "way": "same_meal", "began_at": f"{world.today}T00:00",
        "ended_at": f"{world.today}T00:01",
    }  # fmt: skip


TRACING_LINES = (
    Line("tracing", Verb.PERSON_VIEW, lambda _: "/tracing", foreign=200),
    Line("tracing", Verb.PERSON_REGISTER, lambda _: f"/tracing{HERE}", "POST", _case, (302,), also=SEEN),
    Line("tracing/lists", Verb.PERSON_REGISTER, lambda _: "/tracing/lists", foreign=200),
    Line("tracing/lists/<str:token>", Verb.PERSON_REGISTER, lambda _: "/tracing/lists/not-mine", own=(404,)),
    Line("tracing/lists/<uuid:list_id>", Verb.PERSON_REGISTER, _no_list, own=(404,)),
    Line("tracing/quality", Verb.PERSON_VIEW, lambda _: "/tracing/quality?check=not_landed", foreign=200),
    Line(ONE, Verb.PERSON_VIEW, _one),
    Line(ONE, Verb.PERSON_REGISTER, _one, "POST", _met, (302,), also=SEEN),
)
