"""The note of release as PDF: A4, large print, with its own fonts, tagged for screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
import pylopdf_fonts_zh_cn as fonts
import typst

_REGIONS = {"zh-hans": ("zh", "cn"), "zh-hant": ("zh", "tw"), "en": ("en", "gb")}


@dataclass(frozen=True, slots=True)
class Note:
    """What the note says, in words of the reader's language. The name is written in by hand."""

    title: str
    serial: str
    first: str
    rows: Sequence[tuple[str, str]]
    lines: Sequence[str]
    signatures: Sequence[str]
    language: str
    made_at: datetime


def release_note(note: Note) -> bytes:
    """The note as a PDF file (PDF/UA-1). About 0.2 s.

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    lang, region = _REGIONS.get(note.language, ("zh", "cn"))
    data = {
        "title": note.title, "serial": note.serial, "first": note.first,
        "rows": [list(row) for row in note.rows], "lines": list(note.lines),
        "signatures": list(note.signatures), "lang": lang, "region": region,
    }  # fmt: skip
    made = typst.Compiler(font_paths=[fonts.sans_path().parent], ignore_system_fonts=True).compile(
        input=_template(),
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        pdf_standards="ua-1",
        timestamp=note.made_at.replace(microsecond=0),
    )
    assert isinstance(made, bytes)  # noqa: S101 - one PDF is one file
    return made


@cache
def _template() -> bytes:
    return (files("bulou.lines.isolation") / "release.typ").read_bytes()
