"""The addresses of watches, cases and handovers: who may open them."""

from bulou.access.terms import Verb
from bulou.kernel import ids
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line
from tests.matrix.world import World

HERE = f"?area={COMMUNITY}"
WATCH, CASE, CHAIN = "watches/<uuid:watch_id>", "cases/<uuid:case_id>", "handovers/<uuid:chain_id>"


def _watch(world: World) -> str:
    return f"/watches/{world.watch}"


def _case(world: World) -> str:
    return f"/cases/{world.case}"


def _chain(world: World) -> str:
    return f"/handovers/{world.chain}"


CARE_LINES = (
    Line("watches", Verb.WATCH_VIEW, lambda _: "/watches", foreign=200),
    Line("watches", Verb.WATCH_VIEW, lambda _: "/watches?show=missed", foreign=200),
    Line("watches/new", Verb.WATCH_START, lambda _: "/watches/new", foreign=200),
    Line(
        "watches/new",
        Verb.WATCH_START,
        lambda _: f"/watches/new{HERE}",
        "POST",
        lambda w: {
            "path": COMMUNITY,
            "person": str(ids.uuid7()),
            "rules": "key-person-watch@1 cn-2020",
            "counted_from": str(w.today),
        },
        (302,),
    ),
    Line(WATCH, Verb.WATCH_VIEW, _watch),
    Line(
        WATCH,
        Verb.WATCH_RECORD,
        _watch,
        "POST",
        lambda _: {"step": "seen", "outcome": "not_seen"},
        (302,),
        also=(Verb.WATCH_VIEW,),
    ),
    Line(
        WATCH,
        Verb.WATCH_CHANGE,
        _watch,
        "POST",
        lambda w: {"step": "regime", "regime": "cn-10", "counted_from": str(w.today), "reason": "order 7"},
        (302,),
        also=(Verb.WATCH_VIEW,),
    ),
    Line(
        WATCH,
        Verb.WATCH_END,
        _watch,
        "POST",
        lambda _: {"step": "end", "outcome": "in_error"},
        (302,),
        also=(Verb.WATCH_VIEW,),
    ),
    Line("watches", Verb.WATCH_VIEW, lambda _: "/watches?show=reported", foreign=200),
    Line(
        f"{WATCH}/report",
        Verb.WATCH_VIEW,
        lambda w: f"{_watch(w)}/report",
        "POST",
        lambda _: {"report": f"confirmed {ids.uuid7()}"},  # no such report waits
        (302,),
    ),
    Line(f"{WATCH}/card", Verb.WATCH_START, lambda w: f"{_watch(w)}/card", "POST"),
    Line("cases", Verb.CASE_VIEW, lambda _: "/cases", foreign=200),
    Line(CASE, Verb.CASE_VIEW, _case),
    Line(
        CASE,
        Verb.CASE_WORK,
        _case,
        "POST",
        lambda _: {"step": "case.step", "outcome": "isolated"},
        (302,),
        also=(Verb.CASE_VIEW,),
    ),
    Line(
        CASE,
        Verb.CASE_CLOSE,
        _case,
        "POST",
        lambda _: {"step": "case.closed", "outcome": "excluded", "hospital": "county hospital"},
        (302,),
        also=(Verb.CASE_VIEW,),
    ),
    Line("handovers", Verb.CUSTODY_VIEW, lambda _: "/handovers", foreign=200),
    Line("handovers/new", Verb.CUSTODY_OPEN, lambda _: "/handovers/new", foreign=200),
    Line(
        "handovers/new",
        Verb.CUSTODY_OPEN,
        lambda _: f"/handovers/new{HERE}",
        "POST",
        lambda _: {
            "path": COMMUNITY,
            "protocol": "escort-handover@1",
            "items": str(ids.uuid7()),
            "to": f"{COMMUNITY}.c1",
        },
        (302,),
    ),
    Line(CHAIN, Verb.CUSTODY_VIEW, _chain),
    Line(
        CHAIN,
        Verb.CUSTODY_GIVE,
        _chain,
        "POST",
        lambda _: {"step": "give", "outcome": "departed"},
        (302,),
        also=(Verb.CUSTODY_VIEW,),
    ),
)
