"""A laboratory's own system sends results: what it says of each tube, by the same rules as its files."""

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema

from bulou.doors.api.auth import actor
from bulou.doors.api.schemas import PATH
from bulou.intake.actions.laboratory import take_rows
from bulou.lines.testing.terms import PROBLEMS

router = Router(tags=["results"])
MOST = 2_000
FIELDS = ("tube", "result", "reason", "laboratory")


class ResultIn(Schema):
    """What a laboratory says of one tube."""

    tube: str = Field(pattern=r"\S", max_length=60, description="The barcode as it was scanned.")
    result: str = Field(
        max_length=60, description="negative, positive, grey, lost; the words of laboratories are known too."
    )
    reason: str = Field("", max_length=100, description="Why a tube has no result: broken, too little.")
    laboratory: str = Field("", max_length=60)


class ResultsIn(Schema):
    """Results of tubes that were filled at or below an area."""

    area: str = Field(pattern=PATH)
    results: list[ResultIn] = Field(min_length=1, max_length=MOST)
    dry: bool = Field(default=False, description="Only say what would become of each row; nothing is stored.")


class AsideOut(Schema):
    """A row that was set aside; it is not stored."""

    row: int = Field(description="Counted from 0, as in the request.")
    tube: str
    code: str
    message: str


class ResultsOut(Schema):
    """What became of every row: rows = stored + unchanged + quarantined."""

    rows: int
    stored: int
    unchanged: int
    quarantined: int
    not_negative: int
    problems: list[AsideOut]


@router.post(
    "", response=ResultsOut, operation_id="send_results", summary="Send a laboratory's results of tubes"
)
def send(request: HttpRequest, body: ResultsIn) -> ResultsOut:
    """All in one transaction; the same rows again change nothing.

    A positive result of a tube with one person in it is that person's; of a pool it opens the case *positive
    pool*. A row whose tube is not known there, or that says what nobody understands, is set aside.
    """
    rows = [(one.tube, one.result, one.reason, one.laboratory) for one in body.results]
    receipt = take_rows(actor(request), path=body.area, rows=[FIELDS, *rows], dry=body.dry)
    return ResultsOut(
        rows=receipt.rows, stored=receipt.stored, unchanged=receipt.unchanged,
        quarantined=receipt.quarantined, not_negative=receipt.not_negative,
        problems=[
            # a receipt counts lines as a sheet does, the header being the first
            AsideOut(row=line - 2, tube=rows[line - 2][0], code=code, message=gettext(PROBLEMS[code].message))
            for line, code in receipt.problems
        ],
    )  # fmt: skip
