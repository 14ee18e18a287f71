"""One stay: where the person is, what stands against release, the way home."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.custody import queries as custody
from bulou.custody.terms import Kind as CustodyKind
from bulou.doors.desk import frame, protocol_words
from bulou.doors.desk import isolation_release as release_page
from bulou.doors.desk import isolation_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import places, short
from bulou.doors.desk.forms import Reason, select
from bulou.doors.desk.isolation_forms import BreachForm, RequestForm, StepForm, chosen
from bulou.doors.desk.isolation_release import ReleaseForm
from bulou.doors.desk.isolation_site import room_word
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.isolation.queries import sites, stays
from bulou.lines.isolation.rules.crossing import Evidence
from bulou.lines.isolation.terms import (
    ESCORT,
    STAY_SUBJECT,
    Going,
    Ground,
    Kind,
    RoomRow,
    RoomState,
    Stay,
    chain_of,
)
from bulou.lines.restrictions import queries as restrictions
from bulou.lines.restrictions.terms import Standing
from bulou.protocols import queries as protocols
from bulou.watches.queries import watches
from bulou.watches.terms import Timeline


@require_http_methods(["GET", "POST"])
def stay(request: DeskRequest, stay_id: UUID) -> HttpResponse:
    """Show one stay, every condition of release, and the forms of what I may say."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    found, at = stays.stay(scope, stay_id), clock.now()
    rooms = sites.rooms(found.district, found.site) if found.site else ()
    made = _watch(scope, found)
    step = request.POST.get("step", "")
    told = release_page.evidence(found, at)
    unmet = release_page.unmet(found, made, request.actor.account_id, at, told=told)
    offered = _offered(request, found, rooms, made, told)
    form = chosen(offered, step, posted=request.method == "POST")
    if form is not None:
        sent = form
        if form.attempt(lambda: _do(request, sent, found, made)) is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:stay", stay_id=stay_id)
    asked = cases.all_about(scope, [found.id, found.watch], limit=50)
    paths = {found.path, *([found.back_to] if found.back_to else [])}
    where = places(scope, paths, at)
    context = {
        "stay": found,
        "person": short(found.person),
        "place": where.get(found.path, found.path),
        "site": release_page.site_name(scope, found),
        "state": str(words.STAY_STATES[found.state]),
        "mark": words.STAY_MARKS[found.state],
        "rows": _facts(found, rooms, made, where),
        "watch": reverse("desk:watch", args=(found.watch,)) if made else "",
        "unmet": unmet,
        "crossing": release_page.shown(told) if told is not None else None,
        "asked": tuple((reverse("desk:case", args=(one.id,)), _case(one)) for one in asked if one.is_open),
        "chain": reverse("desk:custody_chain", args=(chain_of(found.id),))
        if _has_chain(scope, found)
        else "",
        "note": reverse("desk:release_note", args=(found.id,)) if found.released_at else "",
        "forms": tuple(offered.values()),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/isolation/stay.html", context, title=_("Isolation"), status=status)


class RoomForm(StepForm):
    """Another room."""

    key, title, act = "room", gettext_lazy("Another room"), gettext_lazy("Note it")
    reason = Reason(label=gettext_lazy("Why?"))

    @staticmethod
    def of(data: QueryDict | None, rooms: Sequence[RoomRow]) -> "RoomForm":
        """Return the form with the free rooms."""
        form = RoomForm(data, auto_id="id_room_%s")
        free = [(str(row.room.id), row.room.number) for row in rooms if row.state is RoomState.FREE]
        form.fields["room"] = select(free, label=_("Which room?"))
        form.order_fields(["room", "reason"])
        form.ask_when()
        return form


class ArriveForm(StepForm):
    """Isolation at home begins."""

    key, title, act = "arrive", gettext_lazy("Isolation at home begins"), gettext_lazy("It begins")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_when()


class LeaveForm(StepForm):
    """How the person leaves, and to whom."""

    key, title, act = "leave", gettext_lazy("Leave"), gettext_lazy("The person has left")
    to = forms.CharField(
        label=gettext_lazy("To which community?"), max_length=255, required=False,
        help_text=gettext_lazy("The path of the area that receives. With an escort it says so itself."),
    )  # fmt: skip
    slip = forms.CharField(label=gettext_lazy("Vehicle"), max_length=20, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why did the person not come?"), max_length=200, required=False
    )

    @staticmethod
    def of(data: QueryDict | None, found: Stay) -> "LeaveForm":
        """Return the form with the ways that are open now."""
        form = LeaveForm(data, auto_id="id_leave_%s", initial={"to": found.back_to})
        ways = [Going.NOT_COME] if found.arrived_at is None else [Going.HOSPITAL, Going.OTHER_SITE]
        if found.released_at is not None:
            ways = [Going.ESCORTED, Going.ALONE, *ways]
        form.fields["outcome"] = select(
            [(way.value, words.GOINGS[way]) for way in ways], label=_("In which way?")
        )
        gone = ("to", "slip") if found.arrived_at is None else ("reason",)
        for key in gone:
            del form.fields[key]
        form.order_fields(["outcome", "to", "slip", "reason"])
        form.ask_when()
        return form

    def clean(self) -> dict[str, Any]:
        """An escort has somewhere to go; who does not come has a reason."""
        data = super().clean() or {}
        if data.get("outcome") == Going.ESCORTED and not data.get("to"):
            self.add_error("to", _("Name the area that receives."))
        if data.get("outcome") == Going.NOT_COME and not data.get("reason"):
            self.add_error("reason", _("Say why in words."))
        return data


def _offered(
    request: DeskRequest, found: Stay, rooms: Sequence[RoomRow], made: Timeline | None, told: Evidence | None
) -> dict[str, StepForm]:
    def data(key: str) -> QueryDict | None:
        return request.POST if key == request.POST.get("step", "") else None

    offered: dict[str, StepForm] = {}
    here = found.left_at is None
    if here and may(request, Verb.CASE_OPEN, found.path):
        offered["request"] = RequestForm.of(data("request"))
        offered["breach"] = BreachForm.of(data("breach"))
    if here and may(request, Verb.WATCH_RECORD, found.path):
        if found.arrived_at and found.site and found.released_at is None:
            offered["room"] = RoomForm.of(data("room"), rooms)
        if found.arrived_at is None and found.home:
            offered["arrive"] = ArriveForm(data("arrive"), auto_id="id_arrive_%s")
        offered["leave"] = LeaveForm.of(data("leave"), found)
    if release_page.inside(found) and made is not None and may(request, Verb.WATCH_END, found.path):
        against = told is not None and bool(told.against)
        offered["release"] = ReleaseForm.of(data("release"), found, made, against=against)
    return offered


def _do(request: DeskRequest, form: StepForm, found: Stay, made: Timeline | None) -> bool:
    for records in _records(form, found, made):  # all or none of them, by the form: no watch ends alone
        office.submit_office(request.actor, records)
    return True


def _records(form: StepForm, found: Stay, made: Timeline | None) -> list[list[OfficeRecord]]:
    """The records of a step, in the order in which each presupposes the one before."""
    if isinstance(form, RequestForm | BreachForm):
        return [[form.opened(found.path, found.id, STAY_SUBJECT, found.person)]]
    if isinstance(form, ReleaseForm):
        return form.records(found, made)
    if isinstance(form, LeaveForm):
        return _leave(form, found)
    data, kind = form.cleaned_data, Kind.CHANGED_ROOM if isinstance(form, RoomForm) else Kind.ARRIVED
    payload = {"room": data["room"], "reason": data["reason"]} if isinstance(form, RoomForm) else {}
    outcome = "changed" if isinstance(form, RoomForm) else "arrived"
    return [[form.made(kind, found.id, STAY_SUBJECT, found.path, outcome, payload=payload)]]


def _leave(form: LeaveForm, found: Stay) -> list[list[OfficeRecord]]:
    """The departure; with an escort the way home begins, and the community that receives ends it."""
    data = form.cleaned_data
    outcome, to = data["outcome"], data.get("to", "")
    payload = {key: data[key] for key in ("to", "reason") if data.get(key)}
    left = form.made(Kind.LEFT, found.id, STAY_SUBJECT, found.path, outcome, payload=payload)
    if outcome != Going.ESCORTED:
        return [[left]]
    chain = chain_of(found.id)
    protocol = protocols.latest(ESCORT).reference
    way = {"from": {"path": found.path, "unit": ""}, "to": {"path": to, "unit": ""}}
    opened = form.made(
        CustodyKind.OPENED, chain, "custody", found.path, "requested", protocol=protocol,
        payload={"items": [{"id": str(found.person), "type": "person"}], "legs": [way], "registered": 1},
    )  # fmt: skip
    gave = form.made(
        CustodyKind.GAVE, chain, "custody", found.path, "departed", protocol=protocol,
        payload={"leg": 1, "count": 1} | ({"vehicle": data["slip"]} if data.get("slip") else {}),
    )  # fmt: skip
    payload["chain"] = str(chain)
    left = form.made(Kind.LEFT, found.id, STAY_SUBJECT, found.path, outcome, payload=payload)
    return [[opened], [gave], [left]]


def _watch(scope: Scope, found: Stay) -> Timeline | None:
    try:
        return watches.watch(scope, found.watch)
    except ProblemError:
        return None


def _facts(
    found: Stay, rooms: Sequence[RoomRow], made: Timeline | None, where: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    over = made.watch.plan.ends_at - timedelta(days=1) if made else None
    rows = (
        (_("Room"), room_word(rooms, found.room)),
        (_("Bus"), found.bus),
        (_("Belongs to"), found.party),
        (_("Needs"), " · ".join(str(words.ROOM_NEEDS[need]) for need in found.needs)),
        (_("By which rules?"), release_page.regime(found)),
        (_("Rests on"), str(words.GROUNDS[found.ground])),
        (_("Act of law"), _act(found)),
        (_("Last contact or arrival"), found.counted_from.isoformat()),
        (_("Arrived"), release_page.day(found.arrived_at)),
        (_("Last day"), f"{over.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d}" if over else ""),
        (_("Released"), release_page.day(found.released_at)),
        (_("Released against the records"), release_page.decided(made)),
        (_("Note"), found.serial),
        (_("Left"), release_page.day(found.left_at)),
        (_("In which way?"), str(words.GOINGS[found.going]) if found.going else ""),
        (_("Their community"), where.get(found.back_to, found.back_to) if found.back_to else ""),
    )
    return tuple(row for row in rows if row[1])


def _act(found: Stay) -> str:
    if found.ground is Ground.CONSENT:
        return ""
    held = [
        one
        for one in restrictions.of_person(found.district, [found.person], clock.now())
        if one.standing is Standing.IN_FORCE
    ]
    return (
        _("in force until %(at)s") % {"at": release_page.day(held[0].ends_at)}
        if held
        else _("none is in force")
    )


def _has_chain(scope: Scope, found: Stay) -> bool:
    try:
        custody.chain(scope, chain_of(found.id))
    except ProblemError:
        return False
    return True


def _case(one: Any) -> str:
    field = protocols.compiled(one.protocol).due_field or ""
    said = protocol_words.choice(one.protocol, field, one.wish) if one.wish else ""
    return said or protocol_words.pick(protocols.compiled(one.protocol).titles)
