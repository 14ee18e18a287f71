"""Registers of the territory: the tree, one area with its history and codes, and the choice of the area."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels, lists
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for, top_of
from bulou.doors.desk.figures import Figure, figure
from bulou.doors.desk.session import remember
from bulou.doors.desk.zones import badge
from bulou.grid import queries as grid
from bulou.grid.terms import Area, AreaFlag, GridCounts, SiteType
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.tasks import queries as tasks


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area in a list."""

    name: str
    kind: str
    path: str
    href: str
    flags: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One period of an area's history."""

    name: str
    kind: str
    path: str
    valid_from: date
    valid_until: date | None
    reason: str


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show one area: what lies right below it, what it holds, its codes and its history."""
    scope = scope_for(request, Verb.GRID_VIEW)
    today = clock.local_date(clock.now())
    path = request.area
    names = grid.tree_names(scope, (path,), today)
    area = grid.area_at(path.split(".")[0], path, today)
    below = grid.children(scope, path, today)
    versions = grid.timeline(scope, path) if scope.covers(path) else ()
    context = {
        "area": area,
        "kind": labels.AREA_KINDS[area.kind] if area else "",
        "rows": _rows(below),
        "crumbs": lists.crumbs(names, path, top=top_of(scope, path), to=f"{reverse('desk:areas')}?area="),
        "figures": _figures(
            grid.counts(scope, path, today), path, opens=may_anywhere(request, Verb.UNIT_VIEW)
        ),
        "people": [
            (labels_of_people()[p.kind], figure(p.n, key=p.kind, label="", href=""))
            for p in grid.populations(scope, path, today)
        ],
        "codes": [
            (labels.of(labels.SCHEMES, code.scheme), code) for code in grid.codes(area.district, area.area_id)
        ]
        if area
        else [],
        "versions": tuple(
            VersionRow(
                v.area.name,
                str(labels.AREA_KINDS[v.area.kind]),
                v.area.path,
                v.area.valid_from,
                v.area.valid_until,
                v.reason,
            )
            for v in reversed(versions)
        ),
        "acts": _acts(request, path),
        "zone": badge(path),
        "duties": _duties(path),
        "may_import": may(request, Verb.GRID_IMPORT),
    }
    return frame.page(request, "desk/areas/index.html", context, title=area.name if area else path)


@require_GET
def choose(request: DeskRequest) -> HttpResponse:
    """Choose the area to look at: only those one may see; a click on a name goes back to the page before."""
    scope = scope_for(request, Verb.GRID_VIEW)
    today = clock.local_date(clock.now())
    back = _safe(request, request.GET.get("next", ""))
    picked = request.GET.get("pick", "")
    if picked:
        remember(request, scope, picked)
        return redirect(_without_area(back))
    here = request.GET.get("under", "") or request.area
    if not any(here == p or here.startswith(f"{p}.") or p.startswith(f"{here}.") for p in scope.paths):
        here = request.area
    names = grid.tree_names(scope, (here,), today)
    own = reverse("desk:area")
    context = {
        "crumbs": lists.crumbs(names, here, top=top_of(scope, here), to=f"{own}?next={back}&under="),
        "here": AreaRow(names.get(here, here), "", here, f"{own}?next={back}&pick={here}", ""),
        "rows": tuple(
            (row, f"{own}?next={back}&pick={row.path}", f"{own}?next={back}&under={row.path}")
            for row in _rows(grid.children(scope, here, today))
        ),
        "tops": tuple(
            AreaRow(names_of.get(p, p), "", p, f"{own}?next={back}&pick={p}", "")
            for p in scope.paths
            for names_of in (grid.tree_names(scope, (p,), today),)
        )
        if len(scope.paths) > 1
        else (),
    }
    return frame.page(request, "desk/areas/choose.html", context, title=_("Choose an area"))


def labels_of_people() -> dict[str, str]:
    """Return the two ways of counting people."""
    return {"registered": _("Registered people"), "living": _("People living here")}


def _acts(request: DeskRequest, path: str) -> tuple[tuple[str, str], ...]:
    """What one may change here, as word and address."""
    acts = (
        (Verb.GRID_EDIT, _("Add an area"), "desk:add_area"),
        (Verb.GRID_EDIT, _("Rename"), "desk:rename_area"),
        (Verb.GRID_EDIT, _("Split"), "desk:split_area"),
        (Verb.GRID_EDIT, _("Merge"), "desk:merge_areas"),
        (Verb.GRID_EDIT, _("Move"), "desk:move_area"),
        (Verb.GRID_EDIT, _("End"), "desk:end_area"),
        (Verb.GRID_EDIT, _("Head count"), "desk:set_people"),
        (Verb.DUTY_ASSIGN, _("Who answers"), "desk:set_duty"),
    )
    deep = path.count(".")
    fixed = {"desk:end_area"} if deep < 1 else set()  # the district itself stays, and its streets stay in it
    fixed |= {"desk:move_area"} if deep < 2 else set()
    return tuple(
        (word, f"{reverse(to)}?area={path}")
        for verb, word, to in acts
        if to not in fixed and may(request, verb, path)
    )


def _duties(path: str) -> tuple[tuple[str, str, date, date | None], ...]:
    """Everybody who answered for exactly this area, newest first."""
    found = tasks.duty_history(path.split(".")[0], path)
    people = access.display_names({d.account for d in found})
    return tuple(
        (
            people.get(d.account, ""),
            labels.of(labels.DUTY_ROLES, d.role),
            clock.local_date(d.valid_from),
            clock.local_date(d.valid_until) if d.valid_until else None,
        )
        for d in found
    )


def _rows(found: tuple[Area, ...]) -> tuple[AreaRow, ...]:
    return tuple(
        AreaRow(
            name=area.name,
            kind=str(labels.AREA_KINDS[area.kind]),
            path=area.path,
            href=f"{reverse('desk:areas')}?area={area.path}",
            flags=_flag_words(area),
        )
        for area in found
    )


def _flag_words(area: Area) -> str:
    words = {
        AreaFlag.UNNAMED: _("known by its code only"),
        AreaFlag.PSEUDO: _("without people of its own"),
        AreaFlag.RARE_CHARACTERS: _("rare characters"),
    }
    return lists.join(words[AreaFlag(f)] for f in area.flags if f in set(AreaFlag))


def _figures(counts: GridCounts, path: str, *, opens: bool) -> tuple[Figure, ...]:
    tree = f"{reverse('desk:areas')}?area={path}"
    doors = f"{reverse('desk:dwellings')}?area={path}" if opens else ""
    sites = f"{reverse('desk:sites')}?area={path}"
    figures = [
        figure(
            counts.streets,
            key="streets",
            label=_("Streets"),
            href=tree,
            definition=_("Street offices and towns."),
        ),
        figure(counts.communities, key="communities", label=_("Communities"), href=tree),
        figure(
            counts.villages,
            key="villages",
            label=_("Villages"),
            href=tree,
            definition=_("Administrative villages."),
        ),
        figure(
            counts.compounds,
            key="compounds",
            label=_("Compounds"),
            href=tree,
            definition=_("Compounds and natural villages."),
        ),
        figure(
            counts.dwellings,
            key="doors",
            label=_("Doors"),
            href=doors,
            definition=_("Every door in the register, homes and others."),
        ),
        figure(
            sum(counts.sites.values()),
            key="sites",
            label=_("Sites"),
            href=sites,
            definition=_("Places that are no home."),
        ),
    ]
    return tuple(f for f in figures if not f.zero or f.key in {"doors", "sites"})


def site_counts(scope: Scope, path: str, on: date) -> list[tuple[SiteType, int]]:
    """Return how many sites of each type lie below a path, most first."""
    return sorted(grid.counts(scope, path, on).sites.items(), key=lambda item: -item[1])


def _safe(request: DeskRequest, address: str) -> str:
    fine = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if address.startswith("/") and fine else reverse("desk:today")


def _without_area(address: str) -> str:
    """Return an address that leaves the area to what was chosen just now."""
    base, _question, query = address.partition("?")
    rest = "&".join(part for part in query.split("&") if part and not part.startswith(("area=", "cursor=")))
    return f"{base}?{rest}" if rest else base
