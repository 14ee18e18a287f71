"""The addresses of isolation: who may open them."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from bulou.kernel import ids
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}"
SITE, STAY, HOME = (
    "isolation/sites/<uuid:site_id>",
    "isolation/stays/<uuid:stay_id>",
    "isolation/homes/<uuid:dwelling_id>",
)
SEEN = (Verb.WATCH_VIEW,)


def _site(world: World) -> str:
    return f"/isolation/sites/{world.isolation}"


def _intake(world: World) -> str:
    return f"{_site(world)}/intake"


def _stay(world: World) -> str:
    return f"/isolation/stays/{world.stay}"


def _home(world: World) -> str:
    return f"/isolation/homes/{world.door}"


def _coming(world: World) -> Mapping[str, Any]:
    return {
        "step": "expect", "persons": str(ids.uuid7()), "regime": "cn-v9", "ground": "consent",
        "counted_from": str(world.today),
    }  # fmt: skip


ROOMS = {"step": "rooms", "numbers": "201", "floor": 2, "beds": 1, "zone": "medical", "area": "contaminated"}
BREACH = {"step": "breach", "breach": "waste"}
ALONE = {"step": "leave", "outcome": "alone"}
CHECK = {"step": "check", "residents": 2}
ISOLATION_LINES = (
    Line("isolation", Verb.WATCH_VIEW, lambda _: "/isolation", foreign=200),
    Line("isolation/homes", Verb.WATCH_VIEW, lambda _: "/isolation/homes", foreign=200),
    Line("isolation/requests", Verb.CASE_VIEW, lambda _: "/isolation/requests", foreign=200),
    Line(SITE, Verb.WATCH_VIEW, _site),
    Line(SITE, Verb.WATCH_CHANGE, _site, "POST", lambda _: ROOMS, (302,), also=SEEN),
    Line(
        SITE, Verb.CASE_OPEN, _site, "POST", lambda _: BREACH, (302,), also=SEEN
    ),
    Line(f"{SITE}/intake", Verb.WATCH_VIEW, _intake),
    Line(f"{SITE}/intake", Verb.WATCH_START, _intake, "POST", _coming, (302,), also=SEEN),
    Line(STAY, Verb.WATCH_VIEW, _stay),
    Line(
        STAY, Verb.WATCH_RECORD, _stay, "POST", lambda _: ALONE, (302,), also=SEEN
    ),
    Line(f"{STAY}/note", Verb.WATCH_VIEW, lambda w: f"{_stay(w)}/note"),
    Line(HOME, Verb.WATCH_VIEW, _home),
    Line(HOME, Verb.WATCH_RECORD, _home, "POST", lambda _: CHECK, (302,), also=SEEN),
)  # fmt: skip
