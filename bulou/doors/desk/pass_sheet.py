"""Passes as PDF: eight cards on A4, with their own font, the same on every printer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import segno

from bulou.kernel import papers

PER_PAGE = 8


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
    data = {
        "title": sheet.title,
        "ask": sheet.ask,
        **papers.spoken(sheet.language),
        "cards": [
            {
                "place": c.place, "door": c.door, "serial": c.serial, "number": c.number, "valid": c.valid,
                "rule": c.rule, "rows": _squares(c.code),
            }
            for c in sheet.cards
        ],
    }  # fmt: skip
    return papers.pdf("bulou.doors.desk", "passes.typ", data, made_at=at)


def _squares(code: str) -> str:
    """The QR as an SVG, which typst draws without a temporary file."""
    return segno.make(code, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=False)
