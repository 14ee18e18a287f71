"""What the public reads of testing: counts of rounds that an officer published. No account, no code."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.doors.public import words
from bulou.doors.public.pages import Choice
from bulou.kernel.scope import Scope, transaction
from bulou.ledger import queries as ledger
from bulou.lines.testing.queries import published
from bulou.lines.testing.terms import Published

SECONDS = 300
"""How long a browser or a proxy may keep the page: what it says is frozen."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: how many people, or nothing where that is not told."""

    name: str
    sampled: str


@dataclass(frozen=True, slots=True)
class RoundPart:
    """One published round, in words."""

    title: str
    place: str
    on: date
    sampled: str
    positive: str
    fewest: int
    rows: tuple[PlaceRow, ...]
    some_hidden: bool


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Show the counts of published rounds: frozen, the same for everybody, kept by proxies for five minutes.

    1 query. The language is in the address, so that the page needs neither a cookie nor a session.
    """
    asked = request.GET.get("lang", "")
    with override(asked) if asked in dict(settings.LANGUAGES) else nullcontext():
        everywhere = _everywhere()
        with transaction(everywhere):
            found = published.published(everywhere)
        response = render(request, "public/results.html", _context(found))
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _context(found: tuple[Published, ...]) -> dict[str, object]:
    now_in = get_language() or settings.LANGUAGE_CODE
    return {
        "rounds": tuple(_part(one) for one in found),
        "languages": tuple(
            Choice(code, str(get_language_info(code)["name_local"]), code == now_in)
            for code, _name in settings.LANGUAGES
        ),
        "lang": words.tag(),
        "title": _("Results of testing"),
    }


def _everywhere() -> Scope:
    districts = tuple(ledger.districts())
    return Scope(districts, districts)


def _part(one: Published) -> RoundPart:
    rows = tuple(PlaceRow(row.place, "" if row.sampled is None else f"{row.sampled:,}") for row in one.rows)
    low, _dash, high = one.positive.partition("-")
    positive = _("%(low)s to %(high)s") % {"low": low, "high": high} if high else one.positive
    return RoundPart(
        words.pick(one.titles), one.place, one.on, f"{one.sampled:,}", positive, one.fewest, rows,
        any(not row.sampled for row in rows),
    )  # fmt: skip
