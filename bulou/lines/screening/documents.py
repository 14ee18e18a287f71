"""The card of one person as PDF: A4, with its own fonts, tagged for screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bulou.kernel import papers
from bulou.lines.screening.rules import cards

DAYS = tuple(range(1, 15))


@dataclass(frozen=True, slots=True)
class Card:
    """What the card says, in words of the reader's language."""

    title: str
    place: str
    rows: Sequence[tuple[str, str]]
    follow_up: str
    head: Sequence[str]
    note: str
    language: str
    made_at: datetime
    code: str
    """By which a sampling station finds the person, scanned or typed."""


def card(content: Card) -> bytes:
    """The card as a PDF file (PDF/UA-1). About 0.2 s.

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    data = {
        "title": content.title, "place": content.place, "rows": [list(row) for row in content.rows],
        "follow_up": content.follow_up, "head": list(content.head), "days": [str(day) for day in DAYS],
        "note": content.note, "code": cards.spaced(content.code), "bars": cards.bars(content.code),
        **papers.spoken(content.language),
    }  # fmt: skip
    return papers.pdf("bulou.lines.screening", "card.typ", data, made_at=content.made_at)
