"""The report as a Word document that an office can go on writing in."""

from io import BytesIO

import docx
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell, _Row

from bulou.reports.documents.layout import Bar, Cell, Document, Table

# Fonts by name, as every office has them; Word takes its own where they are missing.
_EAST_ASIAN = {"zh-Hans": "宋体", "zh-Hant": "新細明體", "en": "宋体"}
_LATIN = "Times New Roman"
_BAR_LENGTH = 40
_BLOCKS = {"done": "█", "excused": "▒", "moved": "░", "open": "·"}


def render(document: Document) -> bytes:
    """The report as a .docx file: A4, headings as headings, tables with repeated heads, Chinese fonts set."""
    word = docx.Document()
    _page(word, document)
    _head(word, document)
    for section in document.sections:
        word.add_heading(section.number + section.title, level=1)
        for part in section.parts:
            if isinstance(part, Table):
                _table(word, part)
            elif isinstance(part, Bar):
                _bar(word, part)
            else:
                word.add_paragraph(part)
    word.add_paragraph()
    for label, value in document.signature:
        word.add_paragraph(_("%(label)s: %(value)s") % {"label": label, "value": value or "＿" * 12})
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    section.footer.paragraphs[0].text = document.footer
    for name, size in (("Normal", 10.5), ("Heading 1", 14), ("Title", 20), ("Caption", 10.5)):
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - styles of the empty document
        _font(style, document.language, size)
    properties = word.core_properties
    properties.title, properties.author = f"{document.title} {document.footer}", document.issuer
    properties.language = document.language
    properties.created = properties.modified = document.made_at


def _font(style: ParagraphStyle, language: str, size: float) -> None:
    style.font.name, style.font.size = _LATIN, Pt(size)
    style.font.bold = False
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _EAST_ASIAN.get(language, _EAST_ASIAN["zh-Hans"]))


def _head(word: WordDocument, document: Document) -> None:
    words = [document.issuer, document.title, " ".join(filter(None, (document.day, document.number)))]
    if document.is_draft:
        words.append(document.draft_note)
    for text in words:
        paragraph = word.add_paragraph(text, style="Title" if text == document.title else "Normal")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for label, value in document.facts:
        line = _("%(label)s: %(value)s") % {"label": label, "value": value}
        word.add_paragraph(line).paragraph_format.space_after = Pt(0)


def _bar(word: WordDocument, bar: Bar) -> None:
    word.add_paragraph(bar.caption).paragraph_format.keep_with_next = True
    drawn = "".join(_BLOCKS[s.key] * max(round(s.share * _BAR_LENGTH), s.n > 0) for s in bar.segments)
    legend = "  ".join(f"{_BLOCKS[s.key]} {s.label} {s.n:,}" for s in bar.segments)
    word.add_paragraph(drawn).paragraph_format.space_after = Pt(0)
    word.add_paragraph(legend)


def _table(word: WordDocument, table: Table) -> None:
    if table.caption:
        word.add_paragraph(table.caption).paragraph_format.keep_with_next = True
    made = word.add_table(rows=1, cols=len(table.head), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _repeat(made.rows[0])
    numbers = [cell.is_number for cell in table.rows[0]] if table.rows else [False] * len(table.head)
    for cell, text, is_number in zip(made.rows[0].cells, table.head, numbers, strict=True):
        _fill(cell, Cell(text, is_number=is_number))
    for row in table.rows:
        for cell, content in zip(made.add_row().cells, row, strict=True):
            _fill(cell, content)
    word.add_paragraph()


def _repeat(row: _Row) -> None:
    marks = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way to repeat a head
    marks.append(marks.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _fill(cell: _Cell, content: Cell) -> None:
    cell.text = content.text
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if content.is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
