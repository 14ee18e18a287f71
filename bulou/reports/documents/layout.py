"""The report laid out in one language: title, issuing unit, numbered sections, tables, signature."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from bulou.kernel.clock import DISTRICT_ZONE, day_bounds
from bulou.reports.documents import labels
from bulou.reports.documents.sites import SITE_TYPES
from bulou.reports.terms import DailyReport, Figure, Line, ListLink, Paper, RoundLine, State

_NUMERALS = "一二三四五六七八九十"
_PARTS = ("done", "excused", "moved", "open")
# What fits beside each other on a page; the workbook has the rest.
_BY_CLASS = frozenset(
    f"disinfection.{key}" for key in ("expected", "done", "open", "signed_off_by_other", "area_m2", "litres")
)
TITLE_LANGUAGE = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
Numbering = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; a number carries the list behind it and what it means."""

    text: str
    is_number: bool = False
    link: ListLink | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    """Relative widths of the columns."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of an account bar: what it is, how many, its share of the whole."""

    key: str
    label: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The account of a round drawn as one bar: expected = done + excused + moved + open."""

    caption: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section: words, bars, tables, in this order for each topic."""

    number: str
    title: str
    parts: tuple["str | Bar | Table", ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a renderer needs, already in words."""

    language: str
    title: str
    issuer: str
    number: str
    day: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signature: tuple[tuple[str, str], ...]
    is_draft: bool
    draft_note: str
    footer: str
    made_at: datetime
    """Goes into the properties of a file, so that one report makes one file, byte for byte."""


def lay_out(report: DailyReport, *, language: str, archived: Paper | None = None) -> Document:
    """The report in words of one language (zh-hans, zh-hant, en). Names no person."""
    with override(language):
        signed = archived if archived and archived.state is State.SIGNED else None
        day = long_date(report.on)
        return Document(
            language=TITLE_LANGUAGE.get(language, language),
            title=_("Daily report of epidemic prevention and control"),
            issuer=_("%(place)s command office for epidemic prevention and control")
            % {"place": report.place},
            number=number_of(signed),
            day=day,
            facts=(
                (_("Area"), _("%(name)s (%(code)s)") % {"name": report.place, "code": report.path}),
                (_("Day"), day),
                (_("As of"), _as_of(report)),
                (_("Made"), clock_time(report.made_at)),
            ),
            sections=_sections(report, language),
            signature=signature_of(signed),
            is_draft=signed is None,
            draft_note=_("Draft, not signed"),
            footer=f"{report.place} · {day}",
            made_at=report.made_at,
        )


def long_date(on: date) -> str:
    """A day as the language of the document writes it."""
    return str(formats.date_format(on, "DATE_FORMAT"))


def clock_time(at: datetime) -> str:
    """A moment in the district's time, the same in every language."""
    return f"{at.astimezone(DISTRICT_ZONE):%Y-%m-%d %H:%M}"


def grouped(value: int | None) -> str:
    """A number with its thousands apart; a dash where it is not known."""
    return "–" if value is None else f"{value:,}"


def _as_of(report: DailyReport) -> str:
    if report.as_of == day_bounds(report.on)[1]:
        return f"{report.on.isoformat()} 24:00"
    return clock_time(report.as_of)


def number_of(signed: Paper | None) -> str:
    """The number of a signed report in its year."""
    if signed is None or signed.number is None:
        return ""
    return _("No. %(number)s of %(year)s") % {"number": signed.number, "year": signed.on.year}


def signature_of(signed: Paper | None) -> tuple[tuple[str, str], ...]:
    """Who signed, when, and what proves it; empty lines to sign on without that."""
    if signed is None or signed.signed_at is None:
        return ((_("Signed by"), ""), (_("Date"), ""))
    return (
        (_("Signed by"), word_of(labels.ROLES, signed.signed_role)),
        (_("Date"), clock_time(signed.signed_at)),
        (_("Content, SHA-256"), signed.sha256),
        (_("Signature, Ed25519"), signed.signature),
        (_("Public key"), signed.key),
    )


def _sections(report: DailyReport, language: str) -> tuple[Section, ...]:
    language = TITLE_LANGUAGE.get(language, language)
    made: list[tuple[str, tuple[str | Bar | Table, ...]]] = [
        (_("Area and population"), (figures_table(report.area),)),
        (_("Rounds"), _rounds(report.rounds, language)),
        (_("Disinfection"), _disinfection(report)),
        (_("Closures"), _closures(report)),
        (_("Supervision"), _supervision(report)),
        *([(_("Register and follow-up"), (figures_table(report.people),))] if report.people else []),
        (_("Records waiting for a decision"), (figures_table(report.quality),)),
    ]
    number = numbering(language)
    return tuple(Section(number(n), title, parts) for n, (title, parts) in enumerate(made, start=1))


def numbering(language: str) -> Numbering:
    """How the language numbers sections."""
    return (lambda n: f"{_NUMERALS[n - 1]}、") if language.startswith("zh") else (lambda n: f"{n}. ")


def figures_table(figures: Iterable[Figure], caption: str = "") -> Table:
    """Figures one below the other, each with the list behind it."""
    rows = tuple((Cell(name(figure)), _cell(figure), Cell(_source(figure.link))) for figure in figures)
    return Table(caption, (_("Figure"), _("Number"), _("List behind it")), rows, (5, 2, 4))


def _rounds(rounds: Sequence[RoundLine], language: str) -> tuple[str | Bar | Table, ...]:
    if not rounds:
        return (_("No round was open on this day."),)
    parts: list[str | Bar | Table] = []
    for line in rounds:
        title = title_of(line, language)
        parts.append(bar_of(title, line.figures))
        parts.append(
            _("%(state)s, opened %(opened)s, due %(due)s.")
            % {
                "state": word_of(labels.STATES, line.state),
                "opened": clock_time(line.opens_at),
                "due": clock_time(line.due_at),
            }
        )
        if line.close_reason:
            parts.append(_("Reason for closing: %(reason)s") % {"reason": line.close_reason})
        parts.append(figures_table(line.figures, title))
        if line.parts:
            parts.append(by_table(line.parts, _("%(round)s by area") % {"round": title}, _("Area")))
    return tuple(parts)


def title_of(line: RoundLine, language: str) -> str:
    """The title of a round in the language of the document, else as its protocol is called."""
    return dict(line.titles).get(language, line.protocol)


def bar_of(title: str, figures: Sequence[Figure]) -> Bar:
    """An account as one bar, with its equation in words."""
    value = {figure.key.rpartition(".")[2]: figure.value or 0 for figure in figures}
    whole = value["expected"] or 1
    return Bar(
        _("%(round)s: %(expected)s = %(done)s done + %(excused)s excused + %(moved)s moved + %(open)s open")
        % {"round": title, **{key: grouped(value[key]) for key in ("expected", *_PARTS)}},
        tuple(
            Segment(key, word_of(labels.FIGURES, f"round.{key}"), value[key], value[key] / whole)
            for key in _PARTS
        ),
    )


def _disinfection(report: DailyReport) -> tuple[str | Bar | Table, ...]:
    if not report.disinfection_classes:
        return (_("No disinfection round was open on this day."),)
    lines = [
        Line(line.key, line.name, tuple(figure for figure in line.figures if figure.key in _BY_CLASS))
        for line in report.disinfection_classes
    ]
    return (
        figures_table(report.disinfection),
        by_table(lines, _("By class of object"), _("Class"), SITE_TYPES),
    )


def _closures(report: DailyReport) -> tuple[str | Bar | Table, ...]:
    if not report.closure_classes:
        return (_("No place is under an order to close."),)
    return (by_table(report.closure_classes, _("By kind of place"), _("Places"), labels.GROUPS),)


def _supervision(report: DailyReport) -> tuple[str | Bar | Table, ...]:
    figures = figures_table(report.supervision)
    if not report.findings:
        return (figures,)
    head = (_("Place"), _("Finding"), _("Severity"), _("State"), _("Owner"), _("Reason when open"))
    rows = tuple(
        (
            Cell(line.place),
            Cell(line.text),
            Cell(word_of(labels.SEVERITIES, line.severity)),
            Cell(word_of(labels.STAGES, line.stage) + (_(", late") if line.is_overdue else "")),
            Cell(line.owner_unit or "–"),
            Cell(line.reason or "–"),
        )
        for line in report.findings
    )
    return (figures, Table(_("Findings"), head, rows, (4, 6, 2, 3, 3, 4)))


def by_table(lines: Sequence[Line], caption: str, what: str, words: "labels.Words | None" = None) -> Table:
    """Rows of figures under one head."""
    head = (what, *(word_of(labels.FIGURES, figure.key) for figure in lines[0].figures))
    rows = tuple(
        (Cell(word_of(words, line.key) if words else line.name), *(_cell(figure) for figure in line.figures))
        for line in lines
    )
    return Table(caption, head, rows, (4, *(2 for _figure in lines[0].figures)))


def _cell(figure: Figure) -> Cell:
    return Cell(grouped(figure.value), is_number=True, link=figure.link, meaning=meaning(figure))


def name(figure: Figure) -> str:
    """What the figure is called."""
    return word_of(labels.FIGURES, figure.key)


def meaning(figure: Figure) -> str:
    """How the figure is counted."""
    default: Promise | str = labels.CLOSED_PLACES if figure.key.startswith("closures.") else ""
    return str(labels.DEFINITIONS.get(figure.key, default))


def _source(link: ListLink) -> str:
    return word_of(labels.QUERIES, link.name)


def word_of(words: "labels.Words", key: str) -> str:
    """What a key is called; the key itself where nobody has named it."""
    return str(words.get(key, key.replace("_", " ")))
