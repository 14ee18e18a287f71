"""What holds at a place: anybody looks it up by name or code, without an account, without a name."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bulou.command.queries import zones as queries
from bulou.command.rules import zones as rules
from bulou.command.terms import RANKS, Level, Zone, ZoneMeasure, ZoneStanding
from bulou.doors.public import words
from bulou.grid import queries as grid
from bulou.grid.rules import paths
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope, transaction
from bulou.ledger import queries as ledger

FEWEST_LETTERS = 2
MOST_LETTERS = 60
MOST_HITS = 20

FIRST_LINES = MappingProxyType(
    {
        Level.NORMAL: _("Nothing special holds here."),
        Level.PRECAUTION: _("Precaution area: you may go out. Please avoid crowds."),
        Level.CONTROLLED: _("Controlled area: please stay inside the area."),
        Level.SEALED: _("Sealed area: please stay at home."),
    }
)
MEASURES = MappingProxyType(
    {
        ZoneMeasure.STAY_HOME: _("Everybody stays at home."),
        ZoneMeasure.SERVICE_AT_DOOR: _("What is needed is brought to the door."),
        ZoneMeasure.STAY_INSIDE: _("Everybody stays inside the area."),
        ZoneMeasure.ONE_SHOPS: _("One person of each household shops every two or three days."),
        ZoneMeasure.NO_GATHERING: _("No gatherings."),
        ZoneMeasure.WEAR_MASK: _("Masks are worn where people meet."),
        ZoneMeasure.TESTS: _("Everybody is tested on the days that are announced."),
        ZoneMeasure.GATES_GUARDED: _("The gates are guarded. Ambulances pass at any time."),
    }
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that a written name can mean."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """The same page in one language."""

    href: str
    code: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One decision that holds, or will, in words that everybody reads."""

    first: str
    place: str
    begins: datetime
    until: datetime
    measures: tuple[str, ...]
    note: str
    reason: str
    evidence: str
    law: str
    number: str
    issuer: str
    coming: bool


@require_GET
def zones(request: HttpRequest) -> HttpResponse:
    """Show what holds at a place, since when, until when, why, who decided, and how to object.

    The language is in the address. 2 queries for a name, 4 for a place; nothing is kept about who asks.
    """
    asked = request.GET.get("lang", "")
    typed = request.GET.get("q", "").strip()[:MOST_LETTERS]
    place = request.GET.get("place", "")[:255]
    with override(asked) if asked in dict(settings.LANGUAGES) else nullcontext():
        districts = tuple(ledger.districts())
        known = paths.is_path(place) and paths.district(place) in districts
        with transaction(Scope(districts, districts)):
            found = _place(place) if known else None
            hits = _hits(Scope(districts, districts), typed) if len(typed) >= FEWEST_LETTERS else ()
        context = {
            "typed": typed, "hits": hits, "asked": bool(typed or place), "found": found,
            "languages": _languages(request), "lang": words.tag(), "title": now_("What holds at a place"),
        }  # fmt: skip
        missing = bool(place) and found is None
        return render(request, "public/zones.html", context, status=404 if missing else 200)


def _place(path: str) -> dict[str, object] | None:
    at = clock.now()
    names = {area.path: area.name for area in grid.breadcrumbs(path, clock.local_date(at))}
    if path not in names:
        return None
    living = [
        zone
        for zone in queries.on_the_way(paths.district(path), path, since=at)
        if rules.standing(zone, at) in {ZoneStanding.IN_FORCE, ZoneStanding.COMING}
    ]
    now = sorted((z for z in living if z.holds(at)), key=lambda z: -RANKS[z.level])
    coming = sorted((z for z in living if not z.holds(at)), key=lambda z: z.begins or z.from_at)
    level = now[0].level if now else Level.NORMAL
    return {
        "name": reach.spelled(path, names, above=0),
        "level": level.value,
        "first": FIRST_LINES[level],
        "parts": tuple(_part(zone, names, coming=zone in coming) for zone in (*now, *coming)),
    }


def _part(zone: Zone, names: Mapping[str, str], *, coming: bool) -> Part:
    return Part(
        first=str(FIRST_LINES[zone.level]), place=reach.spelled(zone.path, names, above=0),
        begins=zone.begins or zone.from_at, until=zone.ends or zone.until,
        measures=tuple(str(MEASURES[measure]) for measure in zone.measures), note=zone.note,
        reason=zone.reason, evidence=zone.evidence, law=zone.law, number=zone.number, issuer=zone.issuer,
        coming=coming,
    )  # fmt: skip


def _hits(scope: Scope, typed: str) -> tuple[Hit, ...]:
    today = clock.local_date(clock.now())
    found = [hit for hit in grid.search(scope, typed, MOST_HITS) if hit.what == "area"]
    names = grid.tree_names(scope, sorted({hit.path for hit in found}), today) if found else {}
    return tuple(
        Hit(
            reach.spelled(hit.path, names, above=0),
            "?" + urlencode({"place": hit.path, "lang": get_language() or ""}),
        )
        for hit in found
    )


def _languages(request: HttpRequest) -> tuple[Tongue, ...]:
    """The languages as addresses of the same page."""
    now_in = get_language() or settings.LANGUAGE_CODE
    kept = {key: request.GET[key] for key in ("q", "place") if request.GET.get(key)}
    return tuple(
        Tongue(
            "?" + urlencode(kept | {"lang": code}),
            code,
            str(get_language_info(code)["name_local"]),
            code == now_in,
        )
        for code, _name in settings.LANGUAGES
    )
