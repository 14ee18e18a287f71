"""One isolation site: readiness, head and staff, rooms as they stand, who is there, what may be said."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.cases.terms import Case
from bulou.doors.desk import frame, protocol_words
from bulou.doors.desk import isolation_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import places, short, title
from bulou.doors.desk.isolation_forms import (
    BreachForm,
    DutyForm,
    ReadinessForm,
    RequestForm,
    RoomsForm,
    StepForm,
    TurnoverForm,
    chosen,
)
from bulou.grid import queries as grid
from bulou.grid.terms import Site, SiteType
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.isolation.queries import sites, stays
from bulou.lines.isolation.rules.sites import ready
from bulou.lines.isolation.terms import READY, SITE_SUBJECT, Check, Duty, Group, RoomRow, RoomState, Stay
from bulou.protocols import queries as protocols
from bulou.watches.queries import watches


@require_http_methods(["GET", "POST"])
def site(request: DeskRequest, site_id: UUID) -> HttpResponse:
    """Show one site with its rooms and people, and the forms of what I may say."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    here, at = the_site(scope, site_id), clock.now()
    rooms = sites.rooms(here.district, site_id)
    step = request.POST.get("step", "")
    offered = _offered(request, here, rooms, step)
    form = chosen(offered, step, posted=request.method == "POST")
    if form is not None:
        sent = form
        if form.attempt(lambda: office.submit_office(request.actor, _records(sent, here))) is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:isolation_site", site_id=site_id)
    checks, duties = sites.checks(here.district, site_id), sites.duties(here.district, site_id, since=at)
    people = stays.at_site(scope, site_id)
    ends = watches.ends(here.district, [one.watch for one in people if one.arrived_at])
    asked = cases.all_about(scope, [site_id, *(one.id for one in people)], limit=50)
    names = access.display_names({d.account for d in duties} | {c.author for c in checks[:5]})
    context = {
        "site": here,
        "place": places(scope, {here.path}, at).get(here.path, here.path),
        "phone": sites.phone(here.district, site_id),
        "ready": ready(checks, at),
        "check": _check(checks[0], names) if checks else None,
        "head": next((names.get(d.account, "") for d in duties if _on(d, Group.HEAD, at)), ""),
        "duties": tuple(_duty(one, names, at) for one in duties),
        "floors": _floors(rooms, {one.id: one for one in people}),
        "people": tuple(_person(one, rooms, ends, at) for one in people),
        "asked": tuple(_asked(one, at) for one in asked if one.is_open),
        "intake": reverse("desk:isolation_intake", args=(site_id,)),
        "may_take_in": may(request, Verb.WATCH_START, here.path)
        or may(request, Verb.WATCH_RECORD, here.path),
        "forms": tuple(offered.values()),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/isolation/site.html", context, title=here.name, status=status)


def the_site(scope: Scope, site_id: UUID) -> Site:
    """Return an isolation site of the register.

    Raises:
        ProblemError: isolation.not_found (404), also for a place of another type.
    """
    found = grid.site(scope, site_id)
    if found.type is not SiteType.ISOLATION_SITE:
        raise ProblemError("isolation.not_found", status=404)
    return found


def room_word(rooms: Sequence[RoomRow], room: UUID | None) -> str:
    """Return the number of a room."""
    return next((row.room.number for row in rooms if row.room.id == room), "")


def _offered(request: DeskRequest, here: Site, rooms: tuple[RoomRow, ...], step: str) -> dict[str, StepForm]:
    def data(key: str) -> QueryDict | None:
        return request.POST if key == step else None

    made: dict[str, StepForm] = {}
    if may(request, Verb.WATCH_CHANGE, here.path):
        made["readiness"] = ReadinessForm.of(READY, data("readiness"), title=gettext_lazy("Readiness check"))
        made["rooms"] = RoomsForm(data("rooms"), auto_id="id_rooms_%s")
    if may(request, Verb.DUTY_ASSIGN, here.path):
        made["duty"] = DutyForm.of(data("duty"), access.accounts_that_may(Verb.WATCH_VIEW, here.path))
    if may(request, Verb.WATCH_RECORD, here.path) and rooms:
        made["turnover"] = TurnoverForm.of(data("turnover"), rooms)
    if may(request, Verb.CASE_OPEN, here.path):
        made["request"] = RequestForm.of(data("request"))
        made["breach"] = BreachForm.of(data("breach"))
    return made


def _records(form: StepForm, here: Site) -> list[OfficeRecord]:
    if isinstance(form, TurnoverForm):
        return form.records(here)
    if isinstance(form, RequestForm | BreachForm):
        return [form.opened(here.path, here.site_id, SITE_SUBJECT)]
    assert isinstance(form, ReadinessForm | RoomsForm | DutyForm)  # noqa: S101 - no other form is offered
    return [form.record(here)]


def _check(one: Check, names: Mapping[UUID, str]) -> dict[str, object]:
    reference = protocols.latest(READY).reference
    return {
        "at": one.at,
        "passed": one.passed,
        "by": names.get(one.author, ""),
        "valid_until": one.valid_until,
        "lacking": tuple(protocol_words.question(reference, key) for key in one.lacking),
    }


def _on(one: Duty, group: Group, at: datetime) -> bool:
    return one.group is group and one.since <= at and (one.until is None or at < one.until)


def _duty(one: Duty, names: Mapping[UUID, str], at: datetime) -> dict[str, object]:
    return {
        "who": names.get(one.account, ""),
        "what": str(words.GROUPS[one.group]),
        "since": one.since,
        "until": one.until,
        "coming": one.since > at,
    }


def _floors(
    rooms: Sequence[RoomRow], people: Mapping[UUID, Stay]
) -> tuple[tuple[int, tuple[object, ...]], ...]:
    """The rooms by floor, as tiles: number, state, who is in it."""
    floors: dict[int, list[object]] = {}
    for row in rooms:
        state = row.state
        word = str(words.ROOM_STATES[state])
        if state is RoomState.TO_CLEAN and row.disinfected:
            word = _("disinfected, to be looked at")
        floors.setdefault(row.room.floor, []).append(
            {
                "number": row.room.number,
                "state": word,
                "mark": words.ROOM_MARKS[state],
                "beds": row.room.beds,
                "zone": str(words.ZONES[row.room.zone]),
                "barrier_free": row.room.barrier_free,
                "reason": row.reason,
                "guests": tuple(
                    (reverse("desk:stay", args=(guest,)), short(people[guest].person))
                    for guest in row.guests
                    if guest in people
                ),
                "crowded": len(row.guests) > row.room.beds,
            }
        )
    return tuple((floor, tuple(tiles)) for floor, tiles in sorted(floors.items()))


def _person(
    one: Stay, rooms: Sequence[RoomRow], ends: Mapping[UUID, datetime], at: datetime
) -> dict[str, object]:
    over = ends.get(one.watch)
    return {
        "href": reverse("desk:stay", args=(one.id,)),
        "person": short(one.person),
        "room": room_word(rooms, one.room),
        "state": str(words.STAY_STATES[one.state]),
        "mark": words.STAY_MARKS[one.state],
        "bus": one.bus,
        "party": one.party,
        "since": one.arrived_at or one.due_at,
        "last_day": over - timedelta(days=1) if over else None,
        "over": over is not None and over <= at,
    }


def _asked(one: Case, at: datetime) -> dict[str, object]:
    field = protocols.compiled(one.protocol).due_field or ""
    return {
        "href": reverse("desk:case", args=(one.id,)),
        "title": title(one.protocol),
        "what": protocol_words.choice(one.protocol, field, one.wish) if one.wish else "",
        "due_at": one.due_at,
        "late": bool(one.due_at and one.due_at < at),
    }
