"""Gates: posts with who stands there, what passes by the hour, who is held, what nobody has accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access.terms import Verb
from bulou.doors.desk import frame, gate_words, labels
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.figures import Figure, figure
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.doors.desk.gate_bars import hour_bars
from bulou.doors.desk.site_words import SITE_TYPES
from bulou.grid import queries as grid
from bulou.grid.terms import Site
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints.actions import details
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.terms import (
    HANDOVER_LATE,
    HOLD_LATE,
    Handover,
    HourCount,
    Kind,
    Passage,
    Reconciled,
)

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post in the list."""

    name: str
    type: str
    place: str
    staffed: bool
    staff: str
    since: datetime | None
    n: str
    persons: str
    bars: SafeString


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Somebody who is held, or a hand-over that nobody has accepted."""

    at: datetime
    late: bool
    post: str
    persons: int
    temperature: str
    to: str
    href: str
    accept_href: str


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A closed shift whose people and records tell different numbers."""

    post: str
    team: str
    closed_at: datetime | None
    told: str
    recorded: str


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the posts of the area, and what is open at them."""
    scope = scope_for(request, Verb.GATE_VIEW)
    path = request.area if scope.covers(request.area) else None
    now = clock.now()
    start = (now - DAY).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    posts = [site for top in ([path] if path else scope.paths) for site in gates.posts(scope, top)]
    hours = gates.hours(scope, start, now, path=path)
    shifts = gates.shifts(scope, now - DAY, now, path=path)
    held, sent = gates.holds(scope, path=path), gates.sent_on(scope, path=path)
    coming = gates.to_receive(scope, path=path)
    arriving = {one.id for one in coming}
    walks = gates.patrols(scope, clock.local_date(now), path=path)
    names = _names(scope, posts, [*sent, *coming])
    told = {site.site_id: site.name for site in posts}
    open_now = {one.shift.post: one for one in shifts if one.shift.closed_at is None}
    context = {
        "posts": tuple(_post(site, names, open_now, _of(hours, site.site_id), start) for site in posts),
        "holds": tuple(_held(one, told, now) for one in held),
        "sent": tuple(_sent(one, told, names, now) for one in sent if one.id not in arriving),
        "coming": tuple(_coming(request, one, told, names, now) for one in coming),
        "unequal": tuple(_unequal(one, told) for one in shifts if one.shift.closed_at and not one.agrees),
        "figures": _figures(
            len(posts),
            len(open_now),
            sum(h.n for h in hours),
            len(held),
            len(arriving | {one.id for one in sent}),
        ),
        "n_patrols": len(walks),
        "n_told": sum(walk.n_told for walk in walks),
        "last_patrol": walks[-1].at if walks else None,
        "since": start,
    }
    return frame.page(request, "desk/gates/index.html", context, title=_("Gates"))


@require_POST
def accept(request: DeskRequest, passage_id: UUID) -> HttpResponse:
    """Say for the receiving area that the people have arrived there."""
    scope = scope_for(request, Verb.HANDOVER_ACCEPT)
    one = gates.handover(scope, passage_id)
    record = OfficeRecord(
        kind=Kind.RECEIVED, path=one.path, subject_type="passage", subject=one.id, outcome="accepted"
    )
    office.submit_office(request.actor, [record])
    frame.say(request, _("Accepted. You answer for them from now on."))
    return redirect("desk:gates")


class RevealForm(DeskForm):
    """Why somebody needs a plate or a name."""

    why = Reason(
        label=gettext_lazy("Why do you need the details?"),
        help_text=gettext_lazy("The reason is recorded with your name before they are shown."),
    )


@require_http_methods(["GET", "POST"])
def passage(request: DeskRequest, passage_id: UUID) -> HttpResponse:
    """Show one passage; when a reason is given, its details, in this answer only."""
    scope = scope_for(request, Verb.GATE_VIEW)
    one = gates.passage(scope, passage_id)
    form = RevealForm(request.POST or None) if may(request, Verb.PASSAGE_REVEAL, one.path) else None
    shown = None
    if request.method == "POST" and form is not None:
        why = form.data.get("why", "")
        shown = form.attempt(lambda: details.reveal(request.actor, one.id, one.path, why=why))
    posts = grid.sites(scope, one.path, limit=200).items
    names = {site.site_id: site.name for site in posts}
    context = {
        "one": one,
        "post": names.get(one.post, one.path),
        "direction": labels.of(gate_words.DIRECTIONS, one.direction),
        "outcome": labels.of(gate_words.PASSAGES, one.outcome),
        "form": form,
        "shown": shown,
        "until": one.key_on and one.key_on + timedelta(days=14),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/gates/passage.html", context, title=_("Passage"), status=status)


def _figures(n_posts: int, staffed: int, passed: int, held: int, waiting: int) -> tuple[Figure, ...]:
    return (
        figure(n_posts, key="posts", label=_("Posts"), href="#posts"),
        figure(
            staffed, key="staffed", label=_("with a shift now"), href="#posts",
            definition=_("Posts at which a shift has been opened and not closed."),
        ),
        figure(
            passed, key="passed", label=_("Passages in 24 hours"), href="#posts",
            definition=_("Vehicles and groups on foot, in and out, whatever came of it."),
        ),
        figure(
            held, key="late" if held else "held", label=_("Held now"), href="#holds",
            definition=_("A fever at the gate that has not been measured a second time."),
        ),
        figure(
            waiting, key="open", label=_("Handed over, not accepted"), href="#sent",
            definition=_("People sent on to a receiver who has not said that they arrived."),
        ),
    )  # fmt: skip


def _names(scope: Scope, posts: Sequence[Site], moved: Sequence[Passage | Handover]) -> Mapping[str, str]:
    wanted = {site.path for site in posts}
    wanted |= {one.to_path if isinstance(one, Passage) else one.from_path for one in moved}
    wanted |= {one.path for one in moved}
    return grid.tree_names(scope, sorted(w for w in wanted if w), clock.local_date(clock.now()))


def _of(hours: Sequence[HourCount], post: UUID) -> list[HourCount]:
    return [hour for hour in hours if hour.post == post]


def _post(
    site: Site,
    names: Mapping[str, str],
    open_now: Mapping[UUID, Reconciled],
    hours: Sequence[HourCount],
    start: datetime,
) -> PostRow:
    shift = open_now.get(site.site_id)
    return PostRow(
        name=site.name,
        type=labels.of(SITE_TYPES, site.type),
        place=reach.spelled(site.path, names),
        staffed=shift is not None,
        staff=_("%(n)s on duty · %(team)s") % {"n": shift.shift.n_staff, "team": shift.shift.team}
        if shift
        else "",
        since=shift.shift.opened_at if shift else None,
        n=f"{sum(h.n for h in hours):,}",
        persons=f"{sum(h.n_persons for h in hours):,}",
        bars=hour_bars({h.hour: h.n for h in hours}, start),
    )


def _held(one: Passage, posts: Mapping[UUID, str], now: datetime) -> OpenRow:
    return OpenRow(
        at=one.at, late=now - one.at > HOLD_LATE, post=posts.get(one.post, one.path), persons=one.n_persons,
        temperature=f"{one.temperature_c:.1f} °C" if one.temperature_c else "", to="",
        href=reverse("desk:passage", args=(one.id,)), accept_href="",
    )  # fmt: skip


def _sent(one: Passage, posts: Mapping[UUID, str], names: Mapping[str, str], now: datetime) -> OpenRow:
    return OpenRow(
        at=one.at, late=now - one.at > HANDOVER_LATE, post=posts.get(one.post, one.path),
        persons=one.n_persons, temperature="", to=reach.spelled(one.to_path, names),
        href=reverse("desk:passage", args=(one.id,)), accept_href="",
    )  # fmt: skip


def _coming(
    request: DeskRequest, one: Handover, posts: Mapping[UUID, str], names: Mapping[str, str], now: datetime
) -> OpenRow:
    mine = may(request, Verb.HANDOVER_ACCEPT, one.path)
    return OpenRow(
        at=one.at, late=now - one.at > HANDOVER_LATE,
        post=posts.get(one.post) or reach.spelled(one.from_path, names),
        persons=one.n_persons, temperature="", to=reach.spelled(one.path, names), href="",
        accept_href=reverse("desk:accept_handover", args=(one.id,)) if mine else "",
    )  # fmt: skip


def _unequal(one: Reconciled, posts: Mapping[UUID, str]) -> ShiftRow:
    told = (one.shift.told_passages or 0, one.shift.told_persons or 0)
    words = _("%(n)s passages, %(persons)s persons")
    return ShiftRow(
        post=posts.get(one.shift.post, one.shift.path), team=one.shift.team, closed_at=one.shift.closed_at,
        told=words % {"n": told[0], "persons": told[1]},
        recorded=words % {"n": one.n_passages, "persons": one.n_persons},
    )  # fmt: skip
