"""The note of release as PDF: A4, large print, with its own fonts, tagged for screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bulou.kernel import papers


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
    data = {
        "title": note.title, "serial": note.serial, "first": note.first,
        "rows": [list(row) for row in note.rows], "lines": list(note.lines),
        "signatures": list(note.signatures), **papers.spoken(note.language),
    }  # fmt: skip
    return papers.pdf("bulou.lines.isolation", "release.typ", data, made_at=note.made_at)
