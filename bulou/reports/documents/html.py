"""The report as HTML: a fragment for the desk, and a page that stands alone. All words are escaped."""

from collections.abc import Callable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bulou.reports.documents.layout import Bar, Cell, Document, Section, Table
from bulou.reports.terms import ListLink

Address = Callable[[ListLink], str | None]

# Told apart without colour: full, striped, dotted, empty. By attributes: the desk's policy allows no styles.
_PATTERNS = mark_safe(
    '<svg class="bar-patterns" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="report-excused" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path d="M0 6L6 0" stroke="currentColor" stroke-width="1.5"/></pattern>'
    '<pattern id="report-moved" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle cx="3" cy="3" r="1.3" fill="currentColor"/></pattern></defs></svg>'
)
_FILLS = {
    "done": "currentColor",
    "excused": "url(#report-excused)",
    "moved": "url(#report-moved)",
    "open": "none",
}
_WIDTH = 1000
_STYLE = """
:root{font-family:"Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;color:#1b1f23}
body{max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.6}
h1{text-align:center;font-size:1.5rem;margin:.25rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.issuer,.number{text-align:center;margin:.25rem 0}.bar{width:100%;height:1.5rem}
.bar,.bar-patterns{color:#1f5f8b}.bar-patterns{position:absolute}.report-bar{margin:1rem 0}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{border-bottom:1px solid #c8ccd0;padding:.25rem .5rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}dd{margin:0;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}
@media print{body{margin:0;max-width:none}}
"""


def _nowhere(_link: ListLink) -> None:
    return None


def fragment(document: Document, *, address: Address = _nowhere) -> SafeString:
    """The report as one article; `address` gives the page of the list behind a figure, or None."""
    return format_html(
        '<article class="report" lang="{}">{}{}<dl class="report-facts">{}</dl>{}'
        '<section class="report-signature"><dl>{}</dl></section></article>',
        document.language,
        _PATTERNS,
        _head(document),
        _pairs(document.facts),
        format_html_join("", "{}", ((_section(section, address),) for section in document.sections)),
        _pairs(document.signature),
    )


def page(document: Document, *, address: Address = _nowhere) -> bytes:
    """The report as a page of its own, with its styles in it: for saving and printing."""
    whole = format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title>'
        "<style>{}</style></head><body>{}</body></html>",
        document.language,
        f"{document.title} {document.footer}",
        mark_safe(_STYLE),  # noqa: S308 - a constant
        fragment(document, address=address),
    )
    return whole.encode()


def _head(document: Document) -> SafeString:
    state = format_html('<p class="report-draft">{}</p>', document.draft_note) if document.is_draft else ""
    number = format_html('<p class="number">{}</p>', document.number) if document.number else ""
    return format_html(
        '<header><p class="issuer">{}</p><h1>{}</h1><p class="issuer">{}</p>{}{}</header>',
        document.issuer, document.title, document.day, number, state,
    )  # fmt: skip


def _pairs(pairs: tuple[tuple[str, str], ...]) -> SafeString:
    return format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)


def _section(section: Section, address: Address) -> SafeString:
    parts = format_html_join("", "{}", ((_part(part, address),) for part in section.parts))
    return format_html("<section><h2>{}{}</h2>{}</section>", section.number, section.title, parts)


def _part(part: str | Bar | Table, address: Address) -> SafeString:
    if isinstance(part, Bar):
        return _bar(part)
    if isinstance(part, Table):
        return _table(part, address)
    return format_html("<p>{}</p>", part)


def _bar(bar: Bar) -> SafeString:
    drawn: list[tuple[str, str, str, str]] = []
    start = 0.0
    for segment in bar.segments:
        width = segment.share * _WIDTH
        label = f"{segment.label} {segment.n:,}"
        drawn.append((f"{start:.1f}", f"{width:.1f}", _FILLS[segment.key], label))
        start += width
    rects = format_html_join(
        "",
        '<rect x="{}" y="1" width="{}" height="22" fill="{}" stroke="currentColor"><title>{}</title></rect>',
        (one for one in drawn if one[1] != "0.0"),
    )
    return format_html(
        '<figure class="report-bar"><svg class="bar" viewBox="-1 0 1002 24" preserveAspectRatio="none"'
        ' role="img" aria-label="{}">{}</svg><figcaption>{}</figcaption></figure>',
        bar.caption, rects, bar.caption,
    )  # fmt: skip


def _table(table: Table, address: Address) -> SafeString:
    caption = format_html("<caption>{}</caption>", table.caption) if table.caption else ""
    numbers = [cell.is_number for cell in table.rows[0]] if table.rows else [False] * len(table.head)
    head = format_html_join(
        "", '<th scope="col"{}>{}</th>', zip(map(_class, numbers), table.head, strict=True)
    )
    rows = format_html_join("", "<tr>{}</tr>", ((_row(row, address),) for row in table.rows))
    return format_html("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>", caption, head, rows)


def _row(row: tuple[Cell, ...], address: Address) -> SafeString:
    return format_html_join(
        "", "<td{}>{}</td>", ((_class(cell.is_number), _cell(cell, address)) for cell in row)
    )


def _class(is_number: bool) -> SafeString:  # noqa: FBT001 - one flag of a cell
    return mark_safe(' class="n"' if is_number else "")  # noqa: S308 - constants


def _cell(cell: Cell, address: Address) -> SafeString | str:
    href = address(cell.link) if cell.link else None
    if cell.link and href:
        return format_html('<a href="{}" title="{}">{}</a>', href, cell.meaning, cell.text)
    if cell.link:
        return format_html('<span title="{}">{}</span>', f"{cell.meaning} {cell.link.text}", cell.text)
    return cell.text
