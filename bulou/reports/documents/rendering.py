"""One way from a report to a file, whatever the format."""

from dataclasses import dataclass

from django.utils.translation import override

from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.reports.documents import data, html, pdf, rounds, sheet, word
from bulou.reports.documents.layout import Document, lay_out
from bulou.reports.queries.archive import Shown
from bulou.reports.queries.rounds import ShownRound
from bulou.reports.rules import Report
from bulou.reports.terms import Format

TYPES = {
    Format.JSON: "application/json",
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: its bytes, its media type, and a name that every system can store."""

    content: bytes
    media_type: str
    name: str


def render(shown: Shown, *, format: str, language: str, address: html.Address | None = None) -> File:
    """The report in a format and a language (zh-hans, zh-hant, en).

    Raises:
        ProblemError: reports.bad_format (400).
    """
    wanted = _format(format)
    report = shown.report
    with override(language):
        if wanted is Format.JSON:
            content = data.render(report, archived=shown.archived, differences=shown.differences)
        else:
            document = lay_out(report, language=language, archived=shown.archived)
            content = _paper(document, report, wanted, address)
    return File(content, TYPES[wanted], f"daily-{report.path}-{report.on.isoformat()}.{wanted.value}")


def render_round(
    shown: ShownRound, *, format: str, language: str, address: html.Address | None = None
) -> File:  # fmt: skip
    """The report of a round in a format and a language (zh-hans, zh-hant, en).

    Raises:
        ProblemError: reports.bad_format (400).
    """
    wanted = _format(format)
    report = shown.report
    with override(language):
        if wanted is Format.JSON:
            content = data.render_round(report, archived=shown.archived, differences=shown.differences)
        else:
            document = rounds.lay_out(report, language=language, archived=shown.archived)
            content = _paper(document, report, wanted, address)
    at = report.opens_at.astimezone(clock.DISTRICT_ZONE)
    return File(content, TYPES[wanted], f"round-{report.path}-{at:%Y-%m-%d-%H%M}.{wanted.value}")


def _paper(document: Document, report: Report, wanted: Format, address: html.Address | None) -> bytes:
    if wanted is Format.HTML:
        return html.page(document, address=address) if address else html.page(document)
    if wanted is Format.PDF:
        return pdf.render(document)
    if wanted is Format.DOCX:
        return word.render(document)
    return sheet.render(document, report)


def _format(word_: str) -> Format:
    try:
        return Format(word_)
    except ValueError:
        raise ProblemError("reports.bad_format", status=400, format=word_[:20]) from None
