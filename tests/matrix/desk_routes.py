"""Every address of the desk: who may open it. An address without a line fails the tests."""

from collections.abc import Mapping
from typing import Any

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.area_routes import AREA_LINES
from tests.matrix.care_routes import CARE_LINES
from tests.matrix.command_routes import COMMAND_LINES
from tests.matrix.isolation_routes import ISOLATION_LINES
from tests.matrix.people_routes import PEOPLE_LINES
from tests.matrix.restriction_routes import RESTRICTION_LINES
from tests.matrix.routes import Body, Line
from tests.matrix.testing_plan_routes import PLAN_LINES
from tests.matrix.testing_routes import TESTING_LINES
from tests.matrix.tracing_routes import TRACING_LINES
from tests.matrix.world import World


def _opening_form(world: World) -> Mapping[str, Any]:
    return {
        "protocol": "household-screening-round@1",
        "opens_at": "2026-01-01T08:00",
        "due_at": "2099-01-01T08:00",
        "title": "",
        "basis_law": "a law",
        "basis_text": "an order",
    }


def _form(**values: Any) -> Body:
    return lambda _world: values


def _board(world: World) -> str:
    return f"/rounds/{world.operation.id}"


HERE = f"?area={COMMUNITY}"
SAW = {"reason": "as agreed on the telephone"}
PASSED = "disinfection/<uuid:operation_id>/sign-off"
ROUND = "rounds/<uuid:operation_id>"
PROPOSAL = "accounts/proposals/<uuid:proposal_id>"
ACCOUNT = "accounts/<uuid:account_id>"
ACT = "accounts/<uuid:account_id>/<str:what>"

DESK_LINES = (
    # one's own
    Line("", Verb.GRID_VIEW, lambda _: "/", foreign=200),
    Line("", Verb.GRID_VIEW, lambda _: f"/{HERE}"),
    Line("sign-out", None, lambda _: "/sign-out", "POST", own=(302,), foreign=302),
    Line("me", None, lambda _: "/me", foreign=200),
    Line("me/password", None, lambda _: "/me/password", "POST", own=(422,), foreign=422),
    *AREA_LINES,
    *COMMAND_LINES,
    # rounds
    Line("rounds", Verb.ROUND_VIEW, lambda _: "/rounds", foreign=200),
    Line("rounds/open", Verb.ROUND_OPEN, lambda _: "/rounds/open", foreign=200),
    Line("rounds/open", Verb.ROUND_OPEN, lambda _: f"/rounds/open{HERE}", "POST", _opening_form, (302,)),
    Line("rounds/open/preview", Verb.ROUND_OPEN, lambda _: f"/rounds/open/preview{HERE}"),
    Line(ROUND, Verb.ROUND_VIEW, _board),
    Line(ROUND, Verb.ROUND_VIEW, lambda w: f"{_board(w)}{HERE}.c1"),
    Line(f"{ROUND}/live", Verb.ROUND_VIEW, lambda w: f"{_board(w)}/live"),
    Line(f"{ROUND}/close", Verb.ROUND_VIEW, lambda w: f"{_board(w)}/close"),
    Line(
        f"{ROUND}/close", Verb.ROUND_CLOSE_SHORT, lambda w: f"{_board(w)}/close", "POST", _form(**SAW), (302,)
    ),
    Line(f"{ROUND}/units", Verb.UNIT_VIEW, lambda w: f"{_board(w)}/units"),
    Line(f"{ROUND}/missed", Verb.UNIT_VIEW, lambda w: f"{_board(w)}/missed"),
    Line(f"{ROUND}/missed", Verb.UNIT_VIEW, lambda w: f"{_board(w)}/missed{HERE}.c1"),
    Line(
        f"{ROUND}/missed/assign",
        Verb.TASK_ASSIGN,
        lambda w: f"{_board(w)}/missed/assign",
        "POST",
        lambda w: {"subject": str(w.door), "to": str(w.account), "do": "1", **SAW},
        (302,),
        refused=(403, 404, 422),  # the form says that none of the rows is his to give
        also=(Verb.UNIT_VIEW,),
    ),
    Line(
        f"{ROUND}/missed/unassign",
        Verb.TASK_ASSIGN,
        lambda w: f"{_board(w)}/missed/unassign",
        "POST",
        own=(404,),
    ),
    Line(f"{ROUND}/missed/sheets", Verb.UNIT_VIEW, lambda w: f"{_board(w)}/missed/sheets"),
    Line(
        f"{ROUND}/missed.<str:kind>",
        Verb.LIST_EXPORT,
        lambda w: f"{_board(w)}/missed.csv",
        also=(Verb.UNIT_VIEW,),
    ),
    Line(
        f"{ROUND}/missed.<str:kind>",
        Verb.LIST_EXPORT,
        lambda w: f"{_board(w)}/missed.xlsx",
        also=(Verb.UNIT_VIEW,),
    ),
    Line(
        "subjects/<str:kind>/<uuid:subject_id>", Verb.UNIT_VIEW, lambda w: f"/subjects/dwelling/{w.visited}"
    ),
    Line("subjects/<str:kind>/<uuid:subject_id>", Verb.UNIT_VIEW, lambda w: f"/subjects/site/{w.object}"),
    # records to review
    Line("review", Verb.RECORD_REVIEW, lambda _: "/review", foreign=200),
    Line("review/records/<uuid:record_id>", Verb.RECORD_REVIEW, lambda w: f"/review/records/{w.doubtful}"),
    Line(
        "review/records/<uuid:record_id>",
        Verb.RECORD_REVIEW,
        lambda w: f"/review/records/{w.doubtful}",
        "POST",
        _form(verdict="accept", **SAW),
        (302,),
    ),
    Line("review/conflicts", Verb.RECORD_REVIEW, lambda _: "/review/conflicts", foreign=200),
    Line(
        "review/conflicts/<uuid:conflict_id>", Verb.RECORD_REVIEW, lambda w: f"/review/conflicts/{w.conflict}"
    ),
    Line("review/gaps", Verb.DEVICE_VIEW, lambda _: "/review/gaps", foreign=200),
    # files brought in
    Line("imports", Verb.GRID_IMPORT, lambda _: "/imports", foreign=200),
    Line("imports/new", Verb.GRID_IMPORT, lambda _: "/imports/new", foreign=200),
    Line("imports/new", Verb.GRID_IMPORT, lambda _: f"/imports/new{HERE}"),
    Line("imports/check/<str:token>", Verb.GRID_IMPORT, lambda _: "/imports/check/not-mine", own=(404,)),
    Line("imports/<uuid:import_id>", Verb.GRID_IMPORT, lambda w: f"/imports/{w.imported}"),
    Line(
        "imports/<uuid:import_id>/set-aside.csv",
        Verb.GRID_IMPORT,
        lambda w: f"/imports/{w.imported}/set-aside.csv",
    ),
    Line("imports/<uuid:import_id>/undo", Verb.GRID_UNDO, lambda w: f"/imports/{w.imported}/undo"),
    Line(
        "imports/<uuid:import_id>/undo",
        Verb.GRID_UNDO,
        lambda w: f"/imports/{w.imported}/undo",
        "POST",
        _form(**SAW),
        (302,),
    ),
    # lines of work
    *TESTING_LINES,
    *PLAN_LINES,
    Line("disinfection", Verb.ROUND_VIEW, lambda _: "/disinfection", foreign=200),
    Line(
        PASSED,
        Verb.SIGNOFF_GIVE,
        lambda w: f"/disinfection/{w.disinfection.id}/sign-off",
        "POST",
        lambda w: {"job": f"passed:{w.object}"},
        (302,),
    ),
    Line("attachments/<uuid:attachment_id>", Verb.RECORD_VIEW, lambda w: f"/attachments/{w.photo}"),
    Line("findings", Verb.FINDING_VIEW, lambda _: "/findings", foreign=200),
    Line("findings/new", Verb.FINDING_CREATE, lambda _: "/findings/new", foreign=200),
    Line(
        "findings/new",
        Verb.FINDING_CREATE,
        lambda _: "/findings/new",
        "POST",
        _form(path=f"{COMMUNITY}.c1", text="A door is unlocked.", severity="ordinary"),
        (302,),
    ),
    Line("findings/<uuid:finding_id>", Verb.FINDING_VIEW, lambda w: f"/findings/{w.finding}"),
    Line(
        "findings/<uuid:finding_id>",
        Verb.FINDING_TELL,
        lambda w: f"/findings/{w.finding}",
        "POST",
        _form(step="told", unit="community 005"),
        (302,),
    ),
    *PEOPLE_LINES,
    *CARE_LINES,
    *ISOLATION_LINES,
    *RESTRICTION_LINES,
    *TRACING_LINES,
    # reports
    Line("reports", Verb.REPORT_VIEW, lambda _: "/reports", foreign=200),
    Line("reports/daily", Verb.REPORT_VIEW, lambda w: f"/reports/daily{HERE}&date={w.today}"),
    Line("reports/daily.<str:kind>", Verb.REPORT_VIEW, lambda w: f"/reports/daily.xlsx{HERE}&date={w.today}"),
    Line(
        "reports/draft",
        Verb.REPORT_SIGN,
        lambda _: f"/reports/draft{HERE}",
        "POST",
        lambda w: {"date": str(w.report.on)},
        (302,),
    ),
    Line(
        "reports/<uuid:report_id>/sign",
        Verb.REPORT_SIGN,
        lambda w: f"/reports/{w.report.id}/sign",
        "POST",
        lambda w: {"seen": w.report.sha256, "date": str(w.report.on)},
        (302,),
    ),
    # accounts and devices
    Line("accounts", Verb.ACCOUNT_VIEW, lambda _: "/accounts", foreign=200),
    Line("accounts/new", Verb.ACCOUNT_CREATE, lambda _: "/accounts/new", foreign=200),
    Line(
        "accounts/new",
        Verb.ACCOUNT_CREATE,
        lambda _: f"/accounts/new{HERE}",
        "POST",
        _form(name="tang", display_name="Tang"),
    ),
    Line(ACCOUNT, Verb.ACCOUNT_VIEW, lambda w: f"/accounts/{w.account}"),
    Line(
        ACCOUNT,
        Verb.ACCOUNT_GRANT,
        lambda w: f"/accounts/{w.account}",
        "POST",
        _form(role="viewer", path=COMMUNITY, **SAW),
        (302,),
    ),
    Line(f"{ACCOUNT}/close", Verb.ACCOUNT_VIEW, lambda w: f"/accounts/{w.account}/close"),
    Line(
        f"{ACCOUNT}/close",
        Verb.ACCOUNT_CLOSE,
        lambda w: f"/accounts/{w.account}/close",
        "POST",
        _form(**SAW),
        (302,),
    ),
    Line(ACT, Verb.ACCOUNT_RESET, lambda w: f"/accounts/{w.account}/password", "POST"),
    Line(ACT, Verb.DEVICE_ENROL, lambda w: f"/accounts/{w.account}/enrol", "POST"),
    Line(ACT, Verb.ACCOUNT_UNLOCK, lambda w: f"/accounts/{w.account}/unlock", "POST", own=(302,)),
    Line(ACT, Verb.ACCOUNT_RESET, lambda w: f"/accounts/{w.account}/sessions", "POST", own=(302,)),
    Line(
        f"{ACCOUNT}/grants/<uuid:grant_id>/revoke",
        Verb.ACCOUNT_VIEW,
        lambda w: f"/accounts/{w.account}/grants/{w.grant}/revoke",
    ),
    Line(
        f"{ACCOUNT}/grants/<uuid:grant_id>/revoke",
        Verb.ACCOUNT_GRANT,
        lambda w: f"/accounts/{w.account}/grants/{w.grant}/revoke",
        "POST",
        _form(**SAW),
        (302,),
    ),
    Line("accounts/proposals", Verb.ACCOUNT_VIEW, lambda _: "/accounts/proposals", foreign=200),
    Line(
        "accounts/proposals",
        Verb.ACCOUNT_APPROVE,
        lambda _: "/accounts/proposals",
        "POST",
        lambda w: {"subject": str(w.proposal)},
        (302,),
        also=(Verb.ACCOUNT_VIEW,),
    ),
    Line(f"{PROPOSAL}/refuse", Verb.ACCOUNT_APPROVE, lambda w: f"/accounts/proposals/{w.proposal}/refuse"),
    Line(
        f"{PROPOSAL}/refuse",
        Verb.ACCOUNT_APPROVE,
        lambda w: f"/accounts/proposals/{w.proposal}/refuse",
        "POST",
        _form(**SAW),
        (302,),
    ),
    Line(
        f"{PROPOSAL}/withdraw",
        Verb.ACCOUNT_GRANT,
        lambda w: f"/accounts/proposals/{w.proposal}/withdraw",
        "POST",
        own=(404,),  # only who proposed it takes it back
    ),
    Line("glass", Verb.GLASS_REVIEW, lambda _: "/glass", foreign=200),
    Line("glass/take", Verb.GLASS_BREAK, lambda _: "/glass/take", foreign=200),
    Line(
        "glass/take",
        Verb.GLASS_BREAK,
        lambda _: "/glass/take",
        "POST",
        _form(role="data_clerk", path=COMMUNITY, reason="the clerk fell ill at night"),
        (302,),
        foreign=302,
    ),
    Line("glass/end", None, lambda _: "/glass/end", "POST", own=(302,), foreign=302),
    Line("glass/<uuid:glass_id>", Verb.GLASS_REVIEW, lambda w: f"/glass/{w.glass}"),
    Line(
        "glass/<uuid:glass_id>",
        Verb.GLASS_REVIEW,
        lambda w: f"/glass/{w.glass}",
        "POST",
        _form(verdict="yes", note="the clerk was ill"),
        (302,),
    ),
    Line("views", None, lambda _: "/views", foreign=200),
    Line("views/new", Verb.GRID_VIEW, lambda _: "/views/new?address=/rounds", foreign=200),
    Line(
        "views/new",
        Verb.GRID_VIEW,
        lambda _: "/views/new",
        "POST",
        _form(address=f"/rounds?area={COMMUNITY}", name="mine"),
        (302,),
        foreign=404,
    ),
    Line("views/restore", None, lambda _: "/views/restore", "POST", own=(404,), foreign=404),
    Line("views/<uuid:view_id>", Verb.GRID_VIEW, lambda w: f"/views/{w.view}", own=(302,)),
    Line(
        "views/<uuid:view_id>/remove",
        Verb.GRID_VIEW,
        lambda w: f"/views/{w.view}/remove",
        "POST",
        own=(404,),  # only who keeps it removes it
    ),
    Line("devices", Verb.DEVICE_VIEW, lambda _: "/devices", foreign=200),
    Line("devices/hand-in", Verb.DEVICE_ENROL, lambda _: "/devices/hand-in", foreign=200),
    Line("devices/enrol", Verb.DEVICE_ENROL, lambda _: "/devices/enrol", foreign=200),
    Line(
        "devices/enrol",
        Verb.DEVICE_ENROL,
        lambda _: "/devices/enrol",
        "POST",
        lambda w: {"subject": str(w.account)},
    ),
    Line("arrivals", Verb.RECORD_VIEW, lambda _: "/arrivals", foreign=200),
    Line("arrivals", Verb.RECORD_VIEW, lambda _: f"/arrivals{HERE}"),
    Line("arrivals/live", Verb.RECORD_VIEW, lambda _: f"/arrivals/live{HERE}"),
    Line("devices/<uuid:device_id>/revoke", Verb.DEVICE_VIEW, lambda w: f"/devices/{w.device}/revoke"),
    Line(
        "devices/<uuid:device_id>/revoke",
        Verb.DEVICE_REVOKE,
        lambda w: f"/devices/{w.device}/revoke",
        "POST",
        _form(**SAW),
        (302,),
    ),
)
