"""Passes as PDF: eight cards on A4, with their own font, the same on every printer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Protocol

import msgspec
import pylopdf_fonts_zh_cn as fonts
import segno
import typst

PER_PAGE = 8
_REGIONS = {"zh-Hans": ("zh", "cn"), "zh-Hant": ("zh", "tw"), "en": ("en", "gb")}


class Printed(Protocol):
    """What of a card goes on paper."""

    @property
    def place(self) -> str:
        """The compound."""

    @property
    def door(self) -> str:
        """Building and door."""

    @property
    def serial(self) -> str:
        """The ten letters."""

    @property
    def number(self) -> str:
        """Which of how many."""

    @property
    def valid(self) -> str:
        """From when until when."""

    @property
    def rule(self) -> str:
        """How often."""

    @property
    def code(self) -> str:
        """What the QR says."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cards with their common words."""

    title: str
    language: str
    cards: Sequence[Printed]
    ask: str


def pdf(sheet: Sheet, at: datetime) -> bytes:
    """The cards as a PDF file (PDF/UA-1). System fonts are not looked at.

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    lang, region = _REGIONS.get(sheet.language, ("zh", "cn"))
    data = {
        "title": sheet.title,
        "ask": sheet.ask,
        "lang": lang,
        "region": region,
        "cards": [
            {
                "place": c.place, "door": c.door, "serial": c.serial, "number": c.number, "valid": c.valid,
                "rule": c.rule, "rows": _squares(c.code),
            }
            for c in sheet.cards
        ],
    }  # fmt: skip
    compiler = typst.Compiler(font_paths=[fonts.sans_path().parent], ignore_system_fonts=True)
    made = compiler.compile(
        input=_template(),
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        pdf_standards="ua-1",
        timestamp=at.replace(microsecond=0),  # typst takes whole seconds
    )
    assert isinstance(made, bytes)  # noqa: S101 - one PDF is one file
    return made


def _squares(code: str) -> str:
    """The QR as an SVG, which typst draws without a temporary file."""
    return segno.make(code, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=False)


@cache
def _template() -> bytes:
    return (files("bulou.doors.desk") / "passes.typ").read_bytes()
