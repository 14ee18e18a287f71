"""Addresses of gates and passes: who may open them."""

from bulou.access.terms import Verb
from bulou.kernel import clock
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import API, Line

HERE = f"?area={COMMUNITY}"
TODAY = clock.local_date(clock.now())
PASSAGE = "gates/passages/<uuid:passage_id>"
REVOKE = "passes/<uuid:pass_id>/revoke"
TERMS = {
    "per_household": "1", "valid_from": f"{TODAY}", "valid_until": f"{TODAY}", "exits": "1", "days": "2",
}  # fmt: skip

GATE_LINES = (
    Line("gates", Verb.GATE_VIEW, lambda _: "/gates", foreign=200),
    Line("gates", Verb.GATE_VIEW, lambda _: f"/gates{HERE}"),
    Line(PASSAGE, Verb.GATE_VIEW, lambda w: f"/gates/passages/{w.passage}"),
    Line(
        PASSAGE, Verb.PASSAGE_REVEAL, lambda w: f"/gates/passages/{w.passage}", "POST",
        lambda _: {"why": "contact of a case"}, own=(422,), refused=(200, 403, 404),
    ),
    Line(
        "gates/handovers/<uuid:passage_id>/accept", Verb.HANDOVER_ACCEPT,
        lambda w: f"/gates/handovers/{w.handover}/accept", "POST", own=(302,),
    ),
    Line("passes", Verb.PASS_VIEW, lambda _: "/passes", foreign=200),
    Line("passes", Verb.PASS_VIEW, lambda _: f"/passes{HERE}"),
    Line("passes/issue", Verb.PASS_ISSUE, lambda _: f"/passes/issue{HERE}"),
    Line(
        "passes/issue", Verb.PASS_ISSUE, lambda _: f"/passes/issue{HERE}", "POST", lambda _: TERMS,
        own=(302,),
    ),
    Line("passes/sheet", Verb.PASS_ISSUE, lambda _: f"/passes/sheet{HERE}"),
    Line("passes/sheet.pdf", Verb.PASS_ISSUE, lambda _: f"/passes/sheet.pdf{HERE}"),
    Line(REVOKE, Verb.PASS_VIEW, lambda w: f"/passes/{w.household_pass}/revoke"),
    Line(
        REVOKE, Verb.PASS_REVOKE, lambda w: f"/passes/{w.household_pass}/revoke", "POST",
        lambda _: {"reason": "lost on the way"}, own=(302,),
    ),
)  # fmt: skip

GATE_API_LINES = (
    Line("GET /gates/day", Verb.GATE_VIEW, lambda w: f"{API}/gates/day?date={w.today}&area={COMMUNITY}"),
)
