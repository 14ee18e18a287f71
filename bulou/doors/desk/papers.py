"""Papers for persons as PDF: the notice of an act, the card of a watch; large print, three languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.doors.desk.restriction_words import EVIDENCES, MEASURES
from bulou.kernel import clock, papers
from bulou.lines.restrictions.terms import Basis, Restriction

Languages = Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a paper in one language."""

    title: str
    first: str
    lines: Sequence[str]
    how: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its code, where it opens, what marks it, and whether each language has a page of its own."""

    code: str
    address: str
    serial: str
    apart: bool


def pdf(
    papers_: Sequence[tuple[Paper, Callable[[], Words]]], at: datetime, languages: Languages = ()
) -> bytes:
    """Return the papers as one PDF file (PDF/UA-1), each in each of the languages; in all without any.

    About 0.2 s for one, 30 ms for each more (100 papers in three languages: 3.1 s, 2026-11-22).

    Raises:
        typst.TypstError: the template is broken; a programming error, found by the tests.
    """
    made = [_laid_out(paper, write, languages) for paper, write in papers_]
    data = {"title": made[0]["sheets"][0]["title"], "papers": made}
    return papers.pdf("bulou.doors.desk", "papers.typ", data, made_at=at)


def _laid_out(paper: Paper, write: Callable[[], Words], languages: Languages) -> dict[str, Any]:
    sheets = []
    for language, _name in settings.LANGUAGES:
        if languages and language not in languages:
            continue
        with translation.override(language):
            told = write()
            sheets.append(
                {
                    **papers.spoken(language), "title": told.title, "first": told.first,
                    "lines": [line for line in told.lines if line], "how": told.how,
                }
            )  # fmt: skip
    link = f"{paper.address}#code={paper.code}"
    return {
        "serial": paper.serial, "address": paper.address, "code": paper.code,
        "square": segno.make(link, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=False),
        "apart": paper.apart, "sheets": sheets,
    }  # fmt: skip


def answer(content: bytes, name: str) -> HttpResponse:
    """Return the file to be opened and printed."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def address(request: HttpRequest) -> str:
    """Return where the code is typed."""
    return request.build_absolute_uri(reverse("public:start"))


def notice(request: HttpRequest, held: Restriction, basis: Basis | None, code: str) -> HttpResponse:
    """Return the notice of an act about one person."""
    return notices(request, [(held, code)], basis)


def notices(
    request: HttpRequest, issued: Sequence[tuple[Restriction, str]], basis: Basis | None,
    languages: Languages = (),
) -> HttpResponse:  # fmt: skip
    """Return the notices of an act, each person on pages of their own."""
    act = issued[0][0].act
    who = access.display_names({act.proposer}).get(act.proposer, "")
    link = address(request)
    made = [
        (Paper(code, link, str(held.id)[-8:], apart=True), _notice(held, basis, who)) for held, code in issued
    ]
    number = str(issued[0][0].id if len(issued) == 1 else act.id)[-8:]
    return answer(pdf(made, clock.now(), languages), f"notice-{number}")


def _notice(held: Restriction, basis: Basis | None, who: str) -> Callable[[], Words]:
    act = held.act

    def write() -> Words:
        law = {"law": basis.law, "article": basis.article, "issuer": basis.issuer} if basis else None
        return Words(
            title=str(MEASURES[act.measure]),
            first=_("This holds for you until %(until)s. It ends by itself.")
            % {"until": _hour(held.ends_at)},
            lines=(
                _("From %(start)s, at this place: %(place)s.")
                % {"start": _hour(held.starts_at), "place": act.place},
                _("Why: %(evidence)s.") % {"evidence": EVIDENCES[held.evidence]},
                _("The law: %(law)s %(article)s, %(issuer)s.") % law if law else "",
                _("Decided by %(who)s, %(unit)s.") % {"who": who, "unit": act.proposer_team},
                _("What you need: %(supplies)s") % {"supplies": act.supplies} if act.supplies else "",
                _("What you may do: %(conditions)s") % {"conditions": act.conditions}
                if act.conditions
                else "",
                _(
                    "You may object: on your page, by telephone, on paper, or by telling anyone of your"
                    " community. Somebody else than the one who decided answers within 24 hours; after that"
                    " supervision looks at it, if you ask."
                ),
            ),
            how=_(
                "Your page shows what holds for you and who looked; there you can object and ask for help."
                " Point a telephone at the square, or open the address and type the code."
                " Anybody may help you."
            ),
        )

    return write


def card(request: HttpRequest, watch: str, last_day: datetime, code: str) -> HttpResponse:
    """Return the card of a watched person."""

    def write() -> Words:
        return Words(
            title=_("How are you today?"),
            first=_("Please tell us every day until %(day)s.") % {"day": _day(last_day)},
            lines=(
                _("Measure your temperature, write it down on your page, and say how you feel."),
                _("From 37.3 °C on, or when you feel ill: write it at once. Somebody comes or calls."),
            ),
            how=_(
                "Point a telephone at the square, or open the address and type the code. You have no"
                " telephone? Anybody may do it for you, or tell it to whoever comes to your door."
            ),
        )

    paper = Paper(code, address(request), watch, apart=False)
    return answer(pdf([(paper, write)], clock.now()), f"card-{watch}")


def _hour(at: datetime) -> str:
    return f"{at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d %H:%M}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d}"
