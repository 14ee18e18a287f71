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
ORDER = {
    "number": "77", "title": "Knock again", "text": "Every closed door.", "unit": "the community",
    "areas": [COMMUNITY], "answer_by": "2099-01-01T08:00",
}  # fmt: skip


def _zone(world: World) -> str:
    return f"/command/zones/{world.zone}"


def _order(world: World) -> str:
    return f"/command/orders/{world.order}"


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
    Line("command/orders", Verb.ROUND_VIEW, lambda _: "/command/orders", foreign=200),
    Line("command/orders/new", Verb.ORDER_ISSUE, lambda _: f"/command/orders/new?area={COMMUNITY}"),
    Line(
        "command/orders/new", Verb.ORDER_ISSUE, lambda _: f"/command/orders/new?area={COMMUNITY}", "POST",
        lambda _: ORDER, (302,),
    ),
    Line("command/orders/<uuid:order_id>", Verb.ROUND_VIEW, _order),
    Line("command/orders/<uuid:order_id>", Verb.ROUND_VIEW, _order, "POST", lambda _: {"do": "read"}, (302,)),
)  # fmt: skip
