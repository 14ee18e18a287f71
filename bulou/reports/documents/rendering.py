"""One way from a report to a file, whatever the format."""

from dataclasses import dataclass

from django.utils.translation import override

from bulou.kernel.problems import ProblemError
from bulou.reports.documents import data, html, pdf, sheet, word
from bulou.reports.documents.layout import lay_out
from bulou.reports.queries.archive import Shown
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
            if wanted is Format.HTML:
                content = html.page(document, address=address) if address else html.page(document)
            elif wanted is Format.PDF:
                content = pdf.render(document)
            elif wanted is Format.DOCX:
                content = word.render(document)
            else:
                content = sheet.render(document, report)
    return File(content, TYPES[wanted], f"daily-{report.path}-{report.on.isoformat()}.{wanted.value}")


def _format(word_: str) -> Format:
    try:
        return Format(word_)
    except ValueError:
        raise ProblemError("reports.bad_format", status=400, format=word_[:20]) from None
