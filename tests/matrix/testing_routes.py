"""The addresses of a testing day: boards, missed people by name, tubes, results."""

from bulou.access.terms import Verb
from tests.make.rounds import COMMUNITY
from tests.matrix.routes import Line

ROUND = "testing/<uuid:operation_id>"

TESTING_LINES = (
    Line("testing", Verb.ROUND_VIEW, lambda _: "/testing", foreign=200),
    Line(f"{ROUND}/live", Verb.ROUND_VIEW, lambda w: f"/testing/{w.testing.id}/live"),
    Line(
        f"{ROUND}/missed",
        Verb.PERSON_VIEW,
        lambda w: f"/testing/{w.testing.id}/missed",
        also=(Verb.UNIT_VIEW,),
    ),
    Line(
        f"{ROUND}/merged", Verb.UNIT_CHANGE, lambda w: f"/testing/{w.testing.id}/merged", "POST", own=(302,)
    ),
    Line(f"{ROUND}/report", Verb.REPORT_VIEW, lambda w: f"/testing/{w.testing.id}/report"),
    Line(
        f"{ROUND}/report",
        Verb.REPORT_SIGN,
        lambda w: f"/testing/{w.testing.id}/report",
        "POST",
        lambda _: {"act": "draft"},
        (302,),
        also=(Verb.REPORT_VIEW,),
    ),
    Line(f"{ROUND}/report.<str:kind>", Verb.REPORT_VIEW, lambda w: f"/testing/{w.testing.id}/report.json"),
    Line(f"{ROUND}/tubes", Verb.UNIT_VIEW, lambda w: f"/testing/{w.testing.id}/tubes"),
    Line("testing/tubes/<uuid:tube_id>", Verb.UNIT_VIEW, lambda w: f"/testing/tubes/{w.tube}"),
    Line("testing/results", Verb.RESULT_RECORD, lambda _: "/testing/results", foreign=200),
    Line(
        "testing/results",
        Verb.RESULT_RECORD,
        lambda _: f"/testing/results?area={COMMUNITY}",
        "POST",
        own=(422,),  # no file
    ),
)
