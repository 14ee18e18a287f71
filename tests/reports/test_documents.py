import json
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import docx
import pytest
from python_calamine import CalamineWorkbook

from bulou.grid.terms import SiteType
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.reports import rules
from bulou.reports.documents import html, labels, layout, pdf, rendering, sheet, word
from bulou.reports.documents.sites import SITE_TYPES
from bulou.reports.queries.archive import Shown
from bulou.reports.terms import Format, ListLink
from tests.make.reports import HOSTILE, full, signed

LANGUAGES = ("zh-hans", "zh-hant", "en")


def laid_out(language: str = "en", **more: Any) -> layout.Document:
    return layout.lay_out(full(), language=language, **more)


class Reader(HTMLParser):
    """Collects tags and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.links: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wanted", list(Format))
def test_every_format_is_made_in_every_language(wanted: Format, language: str) -> None:
    file = rendering.render(Shown(full(), None, ()), format=wanted.value, language=language)
    assert file.content
    assert file.media_type == rendering.TYPES[wanted]
    assert file.name == f"daily-370725.001-2020-01-28.{wanted.value}"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ProblemError) as refused:
        rendering.render(Shown(full(), None, ()), format="exe", language="en")
    assert refused.value.problem.code == "reports.bad_format"


def test_sections_are_numbered_as_the_language_does_it() -> None:
    assert [section.number for section in laid_out("zh-hans").sections][:2] == ["一、", "二、"]
    assert [section.number for section in laid_out("en").sections][:2] == ["1. ", "2. "]


def test_a_round_has_its_title_in_the_language_of_the_document() -> None:
    captions = {
        language: next(part for part in laid_out(language).sections[1].parts if isinstance(part, layout.Bar))
        for language in LANGUAGES
    }
    assert "入户排查" in captions["zh-hans"].caption
    assert "入戶排查" in captions["zh-hant"].caption
    assert "Household screening round" in captions["en"].caption


def test_the_parts_of_a_bar_are_the_whole() -> None:
    (bar,) = (part for part in laid_out().sections[1].parts if isinstance(part, layout.Bar))
    assert sum(segment.share for segment in bar.segments) == pytest.approx(1)
    assert [segment.key for segment in bar.segments] == ["done", "excused", "moved", "open"]


def test_the_end_of_the_day_is_written_as_24_00_of_that_day() -> None:
    assert "2020-01-28 24:00" in dict(laid_out().facts).values()


def test_a_number_that_nobody_knows_is_a_dash() -> None:
    assert layout.grouped(None) == "–"
    assert layout.grouped(8_000_000) == "8,000,000"


def test_a_draft_says_so_and_a_signed_report_shows_number_and_hash() -> None:
    draft, final = laid_out(), laid_out(archived=signed(full()))
    assert (draft.is_draft, draft.number) == (True, "")
    assert (final.is_draft, final.number) == (False, "No. 3 of 2020")
    assert rules.digest(rules.pack(full())) in dict(final.signature).values()


def test_html_escapes_what_people_wrote_and_carries_no_styles() -> None:
    fragment = html.fragment(laid_out())
    reader = read(fragment)
    assert HOSTILE in reader.words
    assert "b" not in reader.tags
    assert "style" not in reader.attributes
    assert "script" not in reader.tags


def test_html_links_every_figure_to_its_list() -> None:
    def address(link: ListLink) -> str:
        return f"/lists/{link.text}"

    links = read(html.fragment(laid_out(), address=address)).links
    shown = {figure.link.text for _, figure in rules.figures(full()) if figure.key != "closures.village_road"}
    assert {link.removeprefix("/lists/") for link in links} == shown


def test_html_without_addresses_still_names_the_query() -> None:
    assert "coverage.units?path=370725.001" in html.fragment(laid_out())


def test_the_page_stands_alone() -> None:
    page = html.page(laid_out("zh-hans")).decode()
    assert page.startswith("<!doctype html>")
    assert '<html lang="zh-Hans">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_a4_and_holds_its_own_fonts(language: str, tmp_path: Path) -> None:
    if not (which("pdfinfo") and which("pdffonts")):
        pytest.skip("poppler-utils is not installed")
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.render(laid_out(language)))
    info = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in info
    assert "Tagged:          yes" in info
    assert "NotoSansSC" in fonts
    assert all(" yes yes yes " in line for line in fonts.splitlines()[2:])


def test_the_pdf_holds_the_words_and_takes_none_of_them_for_markup(tmp_path: Path) -> None:
    if not which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.render(laid_out("zh-hans")))
    told = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    plain = "".join(told.split())
    for words in ("宝都街道", "入户排查", "𠅤家庄", "112,000", "#标记#", "$公式$", "*星号*", "<b>粗</b>"):
        assert words in plain


def test_a_report_of_this_very_moment_prints() -> None:
    document = replace(laid_out(), made_at=clock.now().replace(microsecond=123456))
    assert pdf.render(document).startswith(b"%PDF")


def test_one_report_makes_one_pdf_byte_for_byte() -> None:
    assert pdf.render(laid_out()) == pdf.render(laid_out())


def test_word_is_a4_with_chinese_fonts_and_the_tables() -> None:
    made = docx.Document(BytesIO(word.render(laid_out("zh-hans"))))
    section = made.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    text = "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)
    assert HOSTILE in text
    assert "𠅤家庄" in text
    with zipfile.ZipFile(BytesIO(word.render(laid_out("zh-hans")))) as parts:
        assert 'w:eastAsia="宋体"' in parts.read("word/styles.xml").decode()


def test_the_workbook_holds_every_figure_with_its_query() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(sheet.render(laid_out(), full())))
    rows = book.get_sheet_by_name("figures").to_python()
    assert rows[0] == ["key", "of", "figure", "value", "unit", "definition", "query"]
    told = [(key, of, value, query) for key, of, _, value, _, _, query in rows[1:]]
    assert told == [
        (figure.key, of, "" if figure.value is None else figure.value, figure.link.text)
        for of, figure in rules.figures(full())
    ]


def test_nothing_in_the_workbook_is_a_formula() -> None:
    with zipfile.ZipFile(BytesIO(sheet.render(laid_out(), full()))) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in one for one in sheets)
    assert sheet.harmless(HOSTILE).startswith("'=")
    assert sheet.harmless("阳光花园") == "阳光花园"


def test_the_data_names_every_query_and_keeps_rounds_apart() -> None:
    file = rendering.render(Shown(full(), signed(full()), ()), format="json", language="en")
    data = json.loads(file.content)
    figures = {figure["key"]: figure for figure in data["figures"]}
    assert figures["grid.compounds"] == {
        "key": "grid.compounds", "value": 256, "unit": "count",
        "query": "grid.areas?path=370725.001&on=2020-01-28",
    }  # fmt: skip
    (line,) = data["rounds"]
    assert line["expected"] == line["done"] + line["excused"] + line["moved"] + line["open"]
    assert data["archive"]["number"] == 3
    assert data["date"] == "2020-01-28"


def test_every_figure_and_every_type_of_site_has_words() -> None:
    keys = {figure.key for _, figure in rules.figures(full())}
    assert keys <= labels.FIGURES.keys()
    assert {site.value for site in SiteType} == {str(key) for key in SITE_TYPES}
    assert set(rules.CLOSURES) == labels.GROUPS.keys()
    without = labels.FIGURES.keys() - labels.DEFINITIONS.keys()
    assert without == {f"closures.{group}" for group in rules.CLOSURES}
