"""The report as PDF: A4, with its own fonts, the same on every machine, tagged for screen readers."""

from dataclasses import asdict
from typing import Any

from bulou.kernel import papers
from bulou.reports.documents.layout import Bar, Document, Table


def render(document: Document) -> bytes:
    """The report as a PDF file (PDF/UA-1). About 0.2 s; system fonts are not looked at.

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    return papers.pdf("bulou.reports.documents", "daily.typ", _data(document), made_at=document.made_at)


def _data(document: Document) -> dict[str, Any]:
    return {
        **asdict(document),
        **papers.spoken(document.language),
        "sections": [
            {"number": s.number, "title": s.title, "parts": [_part(part) for part in s.parts]}
            for s in document.sections
        ],
    }


def _part(part: str | Bar | Table) -> dict[str, Any]:
    if isinstance(part, Bar):
        segments = [{"key": s.key, "share": s.share, "text": f"{s.label} {s.n:,}"} for s in part.segments]
        return {"kind": "bar", "caption": part.caption, "segments": segments}
    if isinstance(part, Table):
        numbers = [cell.is_number for cell in part.rows[0]] if part.rows else [False] * len(part.head)
        return {
            "kind": "table",
            "caption": part.caption,
            "head": part.head,
            "widths": part.widths,
            "numbers": numbers,
            "rows": [[cell.text for cell in row] for row in part.rows],
        }
    return {"kind": "text", "text": part}
