"""Every call of the API: who may make it. A call or an address without a line fails the tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bulou.access.terms import Verb
from bulou.kernel import clock
from tests.make import rounds
from tests.make.rounds import COMMUNITY
from tests.matrix.world import World

Address = Callable[[World], str]
Body = Callable[[World], Mapping[str, Any]]


def nothing(_world: World) -> Mapping[str, Any]:
    """Return an empty body."""
    return {}


@dataclass(frozen=True, slots=True)
class Line:
    """One way to open one address.

    `verb`: who holds it may; None: whoever is signed in. What needs nobody stands at the end.
    `foreign`: what somebody gets who holds the verb only elsewhere: 404 for a thing that is not his,
    200 for a page that shows each his own (then nothing of the community may stand in it).
    `refused`: what somebody gets who sees the place and lacks the verb.
    """

    route: str
    verb: Verb | None
    address: Address
    method: str = "GET"
    body: Body = nothing
    own: tuple[int, ...] = (200,)
    foreign: int = 404
    refused: tuple[int, ...] = (403, 404)
    also: tuple[Verb, ...] = field(default=())


API = "/api/v1"


def _round(world: World) -> str:
    return f"{API}/operations/{world.operation.id}"


def _opening(world: World) -> Mapping[str, Any]:
    now = clock.now()
    return {
        "protocol": "household-screening-round",
        "area": COMMUNITY,
        "opens_at": now.isoformat(),
        "due_at": world.operation.due_at.isoformat(),
        "basis": {"law": "a law", "text": "an order"},
    }


def _person(world: World) -> Mapping[str, Any]:
    return {
        "id": str(world.grant), "area": COMMUNITY, "name": "Somebody", "trigger": "returnee",
        "basis": "order 3", "reason": "came back",
    }  # fmt: skip


def _batch(world: World) -> Mapping[str, Any]:
    return {"sent_at": clock.now().isoformat(), "records": [rounds.visit(world.operation, world.door)]}


def _results(_: World) -> Mapping[str, Any]:
    return {"area": COMMUNITY, "results": [{"tube": "T0", "result": "negative"}]}


API_LINES = (
    Line("GET /worklist", Verb.WORKLIST_VIEW, lambda _: f"{API}/worklist", foreign=200),
    Line("POST /records", Verb.RECORD_SUBMIT, lambda _: f"{API}/records", "POST", _batch, foreign=200),
    Line("GET /operations", Verb.ROUND_VIEW, lambda _: f"{API}/operations", foreign=200),
    Line("POST /operations", Verb.ROUND_OPEN, lambda _: f"{API}/operations", "POST", _opening, (201,)),
    Line("GET /operations/{id}/account", Verb.ROUND_VIEW, lambda w: f"{_round(w)}/account"),
    Line(
        "GET /operations/{id}/account",
        Verb.ROUND_VIEW,
        lambda w: f"{_round(w)}/account?area={COMMUNITY}&depth=1",
    ),
    Line("GET /operations/{id}/missed", Verb.UNIT_VIEW, lambda w: f"{_round(w)}/missed"),
    Line("GET /operations/{id}/missed", Verb.UNIT_VIEW, lambda w: f"{_round(w)}/missed?area={COMMUNITY}.c1"),
    Line("POST /operations/{id}/close", Verb.ROUND_CLOSE, lambda w: f"{_round(w)}/close", "POST", own=(409,)),
    Line(
        "POST /operations/{id}/close",
        Verb.ROUND_CLOSE_SHORT,
        lambda w: f"{_round(w)}/close",
        "POST",
        lambda _: {"reason": "the order was withdrawn"},
    ),
    Line("GET /attachments/{id}", Verb.RECORD_VIEW, lambda w: f"{API}/attachments/{w.photo}"),
    Line(  # whoever may hand in a photo is told that this is none
        "POST /attachments/{id}",
        Verb.RECORD_SUBMIT,
        lambda w: f"{API}/attachments/{w.door}?record={w.visit}&area={COMMUNITY}",
        "POST",
        own=(415,),
        foreign=415,
    ),
    Line("POST /people", Verb.PERSON_REGISTER, lambda _: f"{API}/people", "POST", _person),
    Line(
        "POST /people/{id}/reveal",
        Verb.PERSON_REVEAL,
        lambda w: f"{API}/people/{w.person}/reveal",
        "POST",
        lambda _: {"purpose": "follow_up", "reason": "no answer"},
    ),
    Line("GET /sample", Verb.RECORD_SUBMIT, lambda _: f"{API}/sample", foreign=200),
    Line(
        "GET /sample/people",
        Verb.RECORD_SUBMIT,
        lambda w: f"{API}/sample/people?operation={w.testing.id}&area={COMMUNITY}",
    ),
    Line(
        "GET /sample/home",
        Verb.RECORD_SUBMIT,
        lambda w: f"{API}/sample/home?operation={w.testing.id}&area={COMMUNITY}",
    ),
    Line(
        "GET /subjects/{type}/{id}/history",
        Verb.RECORD_VIEW,
        lambda w: f"{API}/subjects/dwelling/{w.visited}/history",
    ),
    Line(
        "GET /reports/daily",
        Verb.REPORT_VIEW,
        lambda w: f"{API}/reports/daily?area={COMMUNITY}&date={w.today}",
    ),
    Line(
        "GET /reports/round",
        Verb.REPORT_VIEW,
        lambda w: f"{API}/reports/round?area={COMMUNITY}&round={w.testing.id}",
    ),
    Line("POST /results", Verb.RESULT_RECORD, lambda _: f"{API}/results", "POST", _results),
)

# Calls and addresses that need nobody, each with the reason.
OPEN_CALLS = {
    "POST /devices/enrol": "the one-time code is the permission",
    "POST /devices/share": "the phone's own secret and the PIN are the permission",
    "POST /devices/standing": "the phone's own secret is the permission; it tells whether the phone counts",
    "POST /sealed": "the phone's own secret opens the door, what is inside each envelope proves its author",
}
OPEN_ROUTES = {
    "r/": "the code on one's paper is the permission",
    "r/mine": "the same, remembered for half an hour",
    "r/today": "the same",
    "r/help": "the same",
    "r/leave": "one's own session",
    "r/object": "the same",
    "r/further": "the same",
    "r/language": "one's own cookie",
    "r/results": "counts that an officer let the public read",
    "z/": "an order about a place is public",
    "field": "leads to the app",
    "field/": "the app without anything personal in it",
    "field/sw.js": "the worker of the app",
    "field/manifest.webmanifest": "what a phone needs to install the app",
    "field/words/<str:language>.json": "the texts of the app",
    "field/a/<str:version>/<path:name>": "the files of the app",
    "healthz": "says only that the program runs",
    "readyz": "says only that the database answers",
    "sign-in": "the password is the permission",
    "code": "the one-time code is the permission",
    "start": "the first-start code is the permission, and only while there is no account",
    "language": "one's own cookie and preference",
    "text-size": "one's own cookie and preference",
    "^api(/.*)?$": "everything else below the API: not there",
}
