"""Addresses of the desk about zones and orders: who may open them."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}.c2"
ZONE = {
    "level": "sealed_area", "from_at": "2026-01-01T08:00", "until": "2026-01-10T08:00", "law": "a law",
    "number": "1", "issuer": "the district", "reason": "a result", "evidence": "report 1",
}  # fmt: skip


def _zone(world: World) -> str:
    return f"/command/zones/{world.zone}"


def _end(_world: World) -> Mapping[str, Any]:
    return {"do": "end", "reason": "nobody new is ill"}


COMMAND_LINES = (
    Line("command", Verb.GRID_VIEW, lambda _: "/command", foreign=200),
    Line("command/zones/new", Verb.ZONE_SET, lambda _: f"/command/zones/new{HERE}"),
    Line(
        "command/zones/new", Verb.ZONE_SET, lambda _: f"/command/zones/new{HERE}", "POST", lambda _: ZONE,
        (422,),
    ),
    Line("command/zones/<uuid:zone_id>", Verb.GRID_VIEW, _zone),
    Line("command/zones/<uuid:zone_id>", Verb.ZONE_SET, _zone, "POST", _end, (302,)),
)  # fmt: skip
