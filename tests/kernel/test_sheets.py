"""Files that are damaged, hostile or only unusual."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.kernel.sheets.book import OLE, opened
from bulou.kernel.sheets.limits import MESSAGES, Limits, SheetError
from bulou.kernel.sheets.plain import neutralised, write_csv

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)


def rows(path: Path, *, name: str | None = None, limits: Limits | None = None) -> list[list[str]]:
    with opened(path, name=name, limits=limits) as sheet:
        return list(sheet.rows())


def refusal(path: Path, *, name: str | None = None, limits: Limits | None = None) -> str:
    with pytest.raises(SheetError) as caught:
        rows(path, name=name, limits=limits)
    code = caught.value.refusal.code
    assert MESSAGES[code] % caught.value.refusal.params
    return code


def written(tmp_path: Path, content: bytes, name: str = "a.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(content)
    return file


def workbook(tmp_path: Path, table: list[list[object]], name: str = "a.xlsx") -> Path:
    file = tmp_path / name
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return file


def archive(tmp_path: Path, parts: dict[str, bytes], name: str = "a.xlsx") -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in {
            "[Content_Types].xml": CONTENT_TYPES.encode(),
            "xl/a.xml": b"<a/>",
            **parts,
        }.items():
            packed.writestr(part, content)
    return written(tmp_path, out.getvalue(), name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_usual_encoding_and_delimiter_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f'社区{delimiter}门牌\r\n鄌郚{delimiter}"1{delimiter}2"\n\n东晟{delimiter}3'
    found = rows(written(tmp_path, text.encode(encoding)))
    assert found == [["社区", "门牌"], ["鄌郚", f"1{delimiter}2"], [], ["东晟", "3"]]


def test_a_workbook_is_read_as_a_person_would_type_it(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["社区", "门牌"], [], ["东晟", 501], ["东晟", 1.5], ["东晟", True]])
    assert rows(file) == [["社区", "门牌"], [], ["东晟", "501"], ["东晟", "1.5"], ["东晟", "1"]]


@given(st.binary(max_size=400))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    code = "sheet.empty"
    try:
        rows(written(tmp_path, content))
    except SheetError as error:
        code = error.refusal.code
    assert code in MESSAGES


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "sheet.empty"),
        (b"a,b\0\n", "a.csv", "sheet.nul_bytes"),
        ("a,b\n".encode("utf-16"), "a.csv", "sheet.nul_bytes"),
        (b"a,\xff\xff\xff\n", "a.csv", "sheet.encoding"),
        (b'a,"b\n1,2\n', "a.csv", "sheet.quotes"),
        (b'"a"b,c\n', "a.csv", "sheet.quotes"),
        (b"a,b\n" + b"x" * 5000, "a.csv", "sheet.cell_too_long"),
        (b"," * 250 + b"\n", "a.csv", "sheet.too_many_columns"),
        (b"%PDF-1.4", "a.csv", "sheet.not_a_table"),
        (b"a,b\n", "a.xlsx", "sheet.wrong_extension"),
        (b"a,b\n", "a.xlsm", "sheet.macros"),
        (b"PK\x03\x04junk", "a.csv", "sheet.wrong_extension"),
        (b"PK\x03\x04junk", "a.xlsx", "sheet.damaged"),
        (OLE + b"old", "a.xls", "sheet.old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "sheet.encrypted"),
    ],
)  # fmt: skip
def test_files_that_are_refused(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    assert refusal(written(tmp_path, content, "upload"), name=name) == code


def test_files_over_the_limits_are_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, b"a\n" * 12), limits=Limits(csv_rows=10)) == "sheet.too_many_rows"
    assert refusal(written(tmp_path, b"a\n" * 12), limits=Limits(file_bytes=10)) == "sheet.too_large"
    file = workbook(tmp_path, [["a"]] * 12)
    assert refusal(file, limits=Limits(xlsx_rows=10)) == "sheet.too_many_rows"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({f"xl/{n}.xml": b"<a/>" for n in range(250)}, "sheet.zip_members"),
        ({"xl/b.xml": b" " * 3_000_000}, "sheet.zip_ratio"),
        ({"../evil.xml": b"<a/>"}, "sheet.zip_names"),
        ({"/evil.xml": b"<a/>"}, "sheet.zip_names"),
        ({"XL/A.xml": b"<a/>"}, "sheet.zip_names"),
        ({"xl/vbaProject.bin": b"x"}, "sheet.macros"),
        ({"xl/b.xml": b"<x>macroEnabled</x>"}, "sheet.macros"),
        ({"xl/b.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "sheet.doctype"),
        ({"xl/b.xml": "<!DOCTYPE a>".encode("utf-16")}, "sheet.doctype"),
        ({}, "sheet.damaged"),
    ],
)
def test_archives_that_are_refused(tmp_path: Path, parts: dict[str, bytes], code: str) -> None:
    assert refusal(archive(tmp_path, parts)) == code


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    file = archive(tmp_path, {"xl/b.xml": b" " * 3_000_000})
    content = file.read_bytes().replace((3_000_000).to_bytes(4, "little"), (30).to_bytes(4, "little"))
    assert refusal(written(tmp_path, content, "lie.xlsx")) in {"sheet.damaged", "sheet.zip_ratio"}


def test_a_plain_zip_is_no_workbook(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("readme.txt", "x")
    assert refusal(written(tmp_path, out.getvalue(), "a.xlsx")) == "sheet.not_a_table"


def test_a_workbook_that_wants_all_memory_is_stopped(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["a"]])
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as packed:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            packed.writestr(part, content)
    assert refusal(written(tmp_path, out.getvalue(), "wide.xlsx")) in {"sheet.too_complex", "sheet.damaged"}


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@x", "\tx", "＝1", "＋1", "－x", "＠x", " =1"])
def test_formulas_become_text(cell: str) -> None:
    assert neutralised(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "501", "-1", "+86.5", "a=b", "东晟"])
def test_plain_cells_stay(cell: str) -> None:
    assert neutralised(cell) == cell


def test_a_written_table_opens_right_in_excel(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["社区"], [["=1"]])
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows(tmp_path / "a.csv") == [["社区"], ["'=1"]]
