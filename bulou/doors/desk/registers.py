"""Registers of doors and sites below an area."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels, lists
from bulou.doors.desk.areas import site_counts
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for, top_of
from bulou.grid import queries as grid
from bulou.grid.terms import Dwelling, Need, Origin, Site, SiteType
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope

ORIGINS = {
    Origin.IMPORT: lambda: _("imported"),
    Origin.FIELD: lambda: _("found in the field"),
    Origin.OFFICE: lambda: _("added at a desk"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One door or site of a register; without an address where one may not open it."""

    name: str
    kind: str
    place: str
    note: str
    origin: str
    href: str


@require_GET
def dwellings(request: DeskRequest) -> HttpResponse:
    """List the doors at or below the area."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    page = grid.dwellings(scope, request.area, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    names = _names(scope, {d.path for d in page.items} | {request.area})
    rows = tuple(_door(door, names) for door in page.items)
    return _list(request, scope, rows, page.next, names, (_("Doors"), "desk:dwellings", _("Add a door")))


@require_GET
def sites(request: DeskRequest) -> HttpResponse:
    """List the sites at or below the area, by type where one asks for some."""
    scope = scope_for(request, Verb.GRID_VIEW)
    wanted = [SiteType(t) for t in request.GET.getlist("type") if t in set(SiteType)]
    page = grid.sites(scope, request.area, types=wanted, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    opens = may_anywhere(request, Verb.UNIT_VIEW)
    names = _names(scope, {s.path for s in page.items} | {request.area})
    rows = tuple(_site(site, names, opens=opens) for site in page.items)
    counts = dict(site_counts(scope, request.area, clock.local_date(clock.now())))
    types = tuple((t.value, labels.SITE_TYPES[t]) for t in counts)
    chips = lists.chips(request, "type", _("Type"), types, counts={t.value: n for t, n in counts.items()})
    return _list(
        request, scope, rows, page.next, names, (_("Sites"), "desk:sites", _("Add a site")), (chips,)
    )


def _list(  # noqa: PLR0913 - two registers share one page
    request: DeskRequest,
    scope: Scope,
    rows: tuple[Row, ...],
    following: str | None,
    names: dict[str, str],
    what: tuple[str, str, str],
    filters: tuple[lists.ChipGroup, ...] = (),
) -> HttpResponse:
    title, address, add_word = what
    add = reverse("desk:add_door" if address == "desk:dwellings" else "desk:add_site")
    context = {
        "title": title,
        "rows": rows,
        "filters": filters,
        "crumbs": lists.crumbs(
            names, request.area, top=top_of(scope, request.area), to=f"{reverse(address)}?area="
        ),
        "area_href": f"{reverse('desk:areas')}?area={request.area}",
        "place_name": names.get(request.area, request.area),
        "pager": lists.pager(request, following),
        "add_word": add_word,
        "add_href": f"{add}?area={request.area}" if may(request, Verb.GRID_EDIT) else "",
        "may_import": may(request, Verb.GRID_IMPORT),
    }
    return frame.page(request, "desk/areas/list.html", context, title=title)


def _names(scope: Scope, paths: set[str]) -> dict[str, str]:
    return dict(grid.tree_names(scope, paths, clock.local_date(clock.now())))


def _door(door: Dwelling, names: dict[str, str]) -> Row:
    needs = lists.join(labels.NEEDS[Need(n)] for n in door.needs_help if n in set(Need))
    return Row(
        name=f"{door.building} {door.door}".strip(),
        kind=str(labels.DWELLING_KINDS[door.kind]),
        place=reach.spelled(door.path, names, above=2),
        note=needs,
        origin=ORIGINS[door.origin](),
        href=reverse("desk:subject", args=("dwelling", door.dwelling_id)),
    )


def _site(site: Site, names: dict[str, str], *, opens: bool) -> Row:
    return Row(
        name=site.name,
        kind=str(labels.SITE_TYPES[site.type]),
        place=reach.spelled(site.path, names, above=2),
        note="",
        origin=ORIGINS[site.origin](),
        href=reverse("desk:subject", args=("site", site.site_id)) if opens else "",
    )
