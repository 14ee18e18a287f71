"""Search: areas, doors and sites by name, pinyin, initials, path or door."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.grid import queries as grid
from bulou.grid.terms import AreaKind, DwellingKind, Hit, SiteType
from bulou.kernel import clock, reach


@dataclass(frozen=True, slots=True)
class HitRow:
    """One answer."""

    label: str
    kind: str
    place: str
    href: str


@require_GET
def search(request: DeskRequest) -> HttpResponse:
    """Show what a written text can mean, areas first."""
    scope = scope_for(request, Verb.GRID_VIEW)
    text = request.GET.get("q", "").strip()[:60]
    doors = access.scope_of(request.actor, Verb.UNIT_VIEW)
    found = grid.search(scope, text, 30) if text else ()
    hits = tuple(hit for hit in found if hit.what == "area" or doors.covers(hit.path))
    names = grid.tree_names(scope, {hit.path for hit in hits}, clock.local_date(clock.now())) if hits else {}
    rows = tuple(HitRow(hit.label, _kind(hit), _place(hit, dict(names)), _href(hit)) for hit in hits)
    return frame.page(request, "desk/search/index.html", {"rows": rows, "text": text}, title=_("Search"))


def _kind(hit: Hit) -> str:
    if hit.what == "area":
        return str(labels.AREA_KINDS[AreaKind(hit.kind)])
    if hit.what == "dwelling":
        return str(labels.DWELLING_KINDS[DwellingKind(hit.kind)])
    return str(labels.SITE_TYPES[SiteType(hit.kind)])


def _place(hit: Hit, names: dict[str, str]) -> str:
    above = reach.lineage(hit.path)[1:]
    return " ".join(names[p] for p in above if p in names and p != (hit.path if hit.what == "area" else ""))


def _href(hit: Hit) -> str:
    if hit.what == "area":
        return f"{reverse('desk:areas')}?area={hit.path}"
    return reverse("desk:subject", args=(hit.what, hit.subject_id))
