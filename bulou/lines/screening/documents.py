"""The card of one person as PDF: A4, with its own fonts, tagged for screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
import pylopdf_fonts_zh_cn as fonts
import typst

_REGIONS = {"zh-hans": ("zh", "cn"), "zh-hant": ("zh", "tw"), "en": ("en", "gb")}
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


def card(content: Card) -> bytes:
    """The card as a PDF file (PDF/UA-1). About 0.2 s.

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    lang, region = _REGIONS.get(content.language, ("zh", "cn"))
    data = {
        "title": content.title, "place": content.place, "rows": [list(row) for row in content.rows],
        "follow_up": content.follow_up, "head": list(content.head), "days": [str(day) for day in DAYS],
        "note": content.note, "lang": lang, "region": region,
    }  # fmt: skip
    made = typst.Compiler(font_paths=[fonts.sans_path().parent], ignore_system_fonts=True).compile(
        input=_template(),
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        pdf_standards="ua-1",
        timestamp=content.made_at.replace(microsecond=0),
    )
    assert isinstance(made, bytes)  # noqa: S101 - one PDF is one file
    return made


@cache
def _template() -> bytes:
    return (files("bulou.lines.screening") / "card.typ").read_bytes()
