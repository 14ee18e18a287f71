"""Zones: which level holds where, one decision with what follows from it, and the word of a second unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.command.queries import zones as queries
from bulou.command.rules import zones as rules
from bulou.command.terms import Kind, Level, Zone, ZoneStanding
from bulou.doors.desk import frame
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.command_words import ZONE_LEVELS, ZONE_MEASURES, ZONE_STANDINGS
from bulou.doors.desk.figures import Figure, figure
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.grid import queries as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

MARKS = {Level.SEALED: "bad", Level.CONTROLLED: "part"}
LEVELS = (Level.SEALED, Level.CONTROLLED, Level.PRECAUTION)


@dataclass(frozen=True, slots=True)
class Row:
    """One decision in a list."""

    href: str
    place: str
    level: str
    mark: str
    begins: datetime
    until: datetime
    standing: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What holds at an area now, for pages about other things."""

    level: str
    mark: str
    href: str
    until: datetime


class ActForm(DeskForm):
    """Why a zone ends, or why the second unit says no."""

    reason = Reason(label=gettext_lazy("Reason"), required=False)


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show which levels hold in the area, come or wait for a second unit."""
    scope = scope_for(request, Verb.GRID_VIEW)
    now = clock.now()
    found = queries.zones(scope, now, path=request.area)
    names = names_of(scope, {zone.path for zone in found})
    rows = [(zone, row(zone, names, now)) for zone in found]
    context = {
        "numbers": tuple(_figure(level, found, now) for level in LEVELS),
        "rows": tuple(one for zone, one in rows if zone.holds(now)),
        "waiting": tuple(one for zone, one in rows if not zone.holds(now)),
        "new_href": f"{reverse('desk:zone_new')}?area={request.area}" if may(request, Verb.ZONE_SET) else "",
        "may_issue": may_anywhere(request, Verb.ORDER_ISSUE),
    }
    return frame.page(request, "desk/command/zones.html", context, title=_("Zones"))


@require_http_methods(["GET", "POST"])
def zone(request: DeskRequest, zone_id: UUID) -> HttpResponse:
    """Show one decision: what follows, why, on which law; confirm, refuse or end it."""
    scope = scope_for(request, Verb.GRID_VIEW)
    found = queries.zone(scope, zone_id)
    form = ActForm(request.POST or None)
    if request.method == "POST":
        done = form.attempt(lambda: _act(request, found, form))
        if done is not None:
            frame.say(request, done)
            return redirect("desk:zone", zone_id)
    now = clock.now()
    standing = rules.standing(found, now)
    sets = may(request, Verb.ZONE_SET, found.path)
    district = found.path.partition(".")[0]
    names = names_of(scope, {found.path})
    people = access.display_names({w for w in (found.decided_by, found.second_by, found.lifted_by) if w})
    context = {
        "one": found,
        "form": form,
        "place": place(found.path, names),
        "level": ZONE_LEVELS[found.level],
        "mark": MARKS.get(found.level, "good") if standing is ZoneStanding.IN_FORCE else "",
        "standing": ZONE_STANDINGS[standing],
        "measures": tuple(ZONE_MEASURES[measure] for measure in found.measures),
        "who": people.get(found.decided_by, ""),
        "second": people.get(found.second_by, "") if found.second_by else "",
        "lifter": people.get(found.lifted_by, "") if found.lifted_by else "",
        "history": tuple(row(one, names, now) for one in queries.of_area(district, found.path)),
        "may_second": sets and standing is ZoneStanding.PROPOSED and _another(request, found),
        "may_end": sets and standing in queries.LIVING,
        "new_href": f"{reverse('desk:zone_new')}?area={found.path}" if sets else "",
        "public": request.build_absolute_uri(f"/z/?place={found.path}"),
    }
    title = f"{context['place']} {context['level']}"
    return frame.page(request, "desk/command/zone.html", context, title=title, status=form.status)


def row(one: Zone, names: Mapping[str, str], now: datetime) -> Row:
    """Return a decision as lists show it."""
    standing = rules.standing(one, now)
    return Row(
        href=reverse("desk:zone", args=(one.id,)),
        place=place(one.path, names),
        level=str(ZONE_LEVELS[one.level]),
        mark=MARKS.get(one.level, "good") if standing is ZoneStanding.IN_FORCE else "",
        begins=one.begins or one.from_at,
        until=one.ends or one.until,
        standing=str(ZONE_STANDINGS[standing]),
        issuer=one.issuer,
    )


def place(path: str, names: Mapping[str, str]) -> str:
    """Return the name of an area with what lies above it, without the district where it says nothing."""
    ways = reach.lineage(path)
    return " ".join(names.get(way, way) for way in (ways[1:] or ways))


def names_of(scope: Scope, paths: set[str]) -> Mapping[str, str]:
    """Return the names of these areas and of all above them."""
    return grid.tree_names(scope, sorted(paths), clock.local_date(clock.now())) if paths else {}


def badge(path: str) -> Badge | None:
    """Return what holds at an area now; nothing where it is normal. 1 query."""
    held = queries.zone_at(path.partition(".")[0], path, clock.now())
    if held is None:
        return None
    href = reverse("desk:zone", args=(held.id,))
    return Badge(str(ZONE_LEVELS[held.level]), MARKS.get(held.level, "good"), href, held.ends or held.until)


def tell(request: DeskRequest, kind: Kind, path: str, payload: Mapping[str, object]) -> UUID:
    """Hand in one record about an area; return its id."""
    record = OfficeRecord(
        kind=kind, path=path, subject_type="zone", subject=rules.zone_id(path), payload=dict(payload)
    )
    return UUID(submit_office(request.actor, [record])[0].id)


def _act(request: DeskRequest, found: Zone, form: ActForm) -> str:
    reason = form.cleaned_data["reason"].strip()
    match request.POST.get("do"):
        case "second":
            tell(request, Kind.SECONDED, found.path, {"decision": str(found.id)})
            return _("It holds now.")
        case "refuse":
            tell(request, Kind.REFUSED, found.path, {"decision": str(found.id), "reason": reason})
            return _("It is refused. Nothing changes in the area.")
        case "end":
            tell(request, Kind.ENDED, found.path, {"reason": reason})
            return _("It is over. Nothing holds in this area by itself.")
    raise ProblemError("command.unreadable", status=422)


def _another(request: DeskRequest, found: Zone) -> bool:
    actor = request.actor
    return actor.account_id != found.decided_by and actor.team.strip() not in {"", found.decided_team.strip()}


def _figure(level: Level, found: tuple[Zone, ...], now: datetime) -> Figure:
    n = sum(1 for one in found if one.level is level and one.holds(now))
    return figure(n, key=level.value, label=str(ZONE_LEVELS[level]), href=f"#{level.value}" if n else "")
