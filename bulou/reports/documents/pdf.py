"""The report as PDF: A4, with its own fonts, the same on every machine, tagged for screen readers."""

from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import pylopdf_fonts_zh_cn as fonts
import typst

from bulou.reports.documents.layout import Bar, Document, Table

_REGIONS = {"zh-Hans": ("zh", "cn"), "zh-Hant": ("zh", "tw"), "en": ("en", "gb")}


def render(document: Document) -> bytes:
    """The report as a PDF file (PDF/UA-1). About 0.2 s; system fonts are not looked at.

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    made = _compiler().compile(
        input=_template(),
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(_data(document)).decode()},
        pdf_standards="ua-1",
        timestamp=document.made_at.replace(microsecond=0),  # typst takes whole seconds
    )
    assert isinstance(made, bytes)  # noqa: S101 - one PDF is one file
    return made


@cache
def _template() -> bytes:
    return (files("bulou.reports.documents") / "daily.typ").read_bytes()


def _compiler() -> typst.Compiler:
    folder = fonts.sans_path().parent
    return typst.Compiler(font_paths=[folder], ignore_system_fonts=True)


def _data(document: Document) -> dict[str, Any]:
    lang, region = _REGIONS.get(document.language, ("zh", "cn"))
    return {
        **asdict(document),
        "lang": lang,
        "region": region,
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
