"""Calling in batches: what is called, who came, who is done; the next call; notices for doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame, lists
from bulou.doors.desk.asking import DeskRequest, may, scope_for, whole
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm
from bulou.doors.desk.testing_plan_views import places
from bulou.doors.desk.testing_plan_words import ADVICE
from bulou.doors.desk.testing_plans import the_plan
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import calls, plans
from bulou.lines.testing.queries.calls import Board
from bulou.lines.testing.queries.plans import Kept
from bulou.lines.testing.rules.batches import Advice, Batch, Building, State
from bulou.lines.testing.rules.calling import SUBJECT, Kind
from bulou.lines.testing.rules.planning import Site


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site in the list."""

    number: int
    places: str
    href: str
    called: str
    came: str
    done: str
    waiting: str
    advice: str
    at: datetime | None
    on: bool


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch of the site that is looked at."""

    number: int
    buildings: str
    persons: str
    planned_at: datetime
    now_at: datetime | None
    called_at: datetime | None
    came: str
    done: str
    notice: str
    call: UUID | None


class QueueForm(DeskForm):
    """The queue as somebody counted it."""

    waiting = forms.IntegerField(label=gettext_lazy("Persons waiting"), min_value=0, max_value=9_999)
    samplers = forms.IntegerField(
        label=gettext_lazy("Samplers at work"), min_value=0, max_value=999,
        help_text=gettext_lazy("Two for each table. A table that stopped counts as none."),
    )  # fmt: skip


class CameForm(DeskForm):
    """How many of a batch came since the last time."""

    batch = forms.IntegerField(label=gettext_lazy("Batch"), min_value=1)
    n = forms.IntegerField(label=gettext_lazy("Persons who came"), min_value=1, max_value=9_999)


@require_http_methods(["GET", "POST"])
def board(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Show the sites of a published plan and one of them batch by batch; call, count."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    kept = the_plan(scope, plan_id)
    mine = [s for s in kept.plan.sites if scope.covers(s.community)]
    chosen = _chosen(request, mine)
    queue, came = QueueForm(), CameForm()
    if request.method == "POST" and chosen is not None:
        queue, came, told = _told(request, kept, chosen)
        if told:
            frame.say(request, told)
            return redirect(f"{reverse('desk:testing_plan_calls', args=(kept.id,))}?site={chosen.number}")
    now = clock.now()
    operation = _round(scope, kept, request.GET.get("round", ""))
    found = calls.boards(kept, mine, operation=operation, now=now) if mine else ()
    shown = next((b for b in found if chosen is not None and b.site.number == chosen.number), None)
    callable_ = kept.published_at is not None and chosen is not None
    context = {
        "kept": kept,
        "rows": tuple(_site(kept, b, shown) for b in found),
        "board": shown,
        "batches": _batches(kept, shown) if shown else (),
        "places": places(chosen.parts) if chosen else "",
        "advice": _advice(shown) if shown else "",
        "may_call": callable_ and may(request, Verb.TASK_ASSIGN, chosen.community if chosen else ""),
        "may_count": callable_ and may(request, Verb.RECORD_SUBMIT, chosen.community if chosen else ""),
        "calls_now": shown is not None and shown.next.advice is Advice.CALL,
        "queue": queue,
        "came": came,
        "without_round": operation is None,
    }
    status = 422 if queue.errors or came.errors else 200
    return frame.page(
        request, "desk/testing_plans/calls.html", context, title=_("Call in batches"), status=status
    )


@require_GET
def notices(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Print the notices of one batch: one for each building, with the time that holds now."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    kept = the_plan(scope, plan_id)
    site = _chosen(request, [s for s in kept.plan.sites if scope.covers(s.community)])
    wanted = request.GET.get("batch", "1")
    if site is None:
        raise ProblemError("testing.no_such_plan", status=404)
    (found,) = calls.boards(kept, [site], operation=None, now=clock.now())
    state = next((s for s in found.states if str(s.batch.number) == wanted), None)
    if state is None:
        raise ProblemError("testing.no_such_plan", status=404)
    moved = {b.number: b for b in found.still_to_come} if _under_way(found) else {}
    batch = moved.get(state.batch.number, state.batch)
    buildings = tuple(_building(b) for b in state.batch.buildings)
    context = {
        "kept": kept,
        "site": site,
        "batch": batch,
        "buildings": buildings,
        "message": _message(site, batch, buildings),
    }
    return frame.page(request, "desk/testing_plans/notices.html", context, title=_("Notices for doors"))


def _message(site: Site, batch: Batch, buildings: Sequence[str]) -> str:
    """What is sent to the groups of these buildings: the same as the notice, in one sentence."""
    words = _(
        "%(buildings)s: please come to site %(site)s on %(at)s, until %(until)s. Please do not come earlier."
    )
    at, until = (t.astimezone(clock.DISTRICT_ZONE) for t in (batch.starts_at, batch.ends_at))
    return words % {
        "buildings": lists.join(buildings), "site": site.number, "at": f"{at:%m-%d %H:%M}",
        "until": f"{until:%H:%M}",
    }  # fmt: skip


def _told(request: DeskRequest, kept: Kept, site: Site) -> tuple[QueueForm, CameForm, str]:
    """Record what was filled in; with words for the next page where it was recorded."""
    queue, came = QueueForm(), CameForm()
    act = request.POST.get("act", "")
    if kept.published_at is None:
        raise ProblemError("testing.not_published", status=409)
    if act == "queue":
        queue = QueueForm(request.POST)
        done = queue.attempt(lambda: _record(request, kept, site, Kind.COUNTED, queue.cleaned_data))
        return queue, came, _("The queue is counted.") if done else ""
    if act == "came":
        came = CameForm(request.POST)
        done = came.attempt(lambda: _record(request, kept, site, Kind.CAME, came.cleaned_data))
        return queue, came, _("Counted.") if done else ""
    if act == "undo":
        _take_back(request, kept, site, request.POST.get("call", ""))
        return queue, came, _("The call is taken back.")
    batch = whole(request.POST.get("batch", ""))
    if batch is None:
        raise ProblemError("testing.bad_call", status=409)
    _record(request, kept, site, Kind.CALLED, {"batch": batch})
    return queue, came, _("Batch %(n)s is called.") % {"n": batch}


def _record(
    request: DeskRequest, kept: Kept, site: Site, kind: Kind, payload: Mapping[str, int]
) -> bool:  # fmt: skip
    record = OfficeRecord(
        kind=kind, path=site.community, subject_type=SUBJECT, subject=calls.subject_of(kept, site),
        payload={**payload, "plan": str(kept.id), "site": site.number},
    )  # fmt: skip
    return bool(submit_office(request.actor, [record]))


def _take_back(request: DeskRequest, kept: Kept, site: Site, call: str) -> None:
    """Withdraw a call that stands; the batch waits again, at its place."""
    (found,) = calls.boards(kept, [site], operation=None, now=clock.now())
    wrong = next((s.call for s in found.states if s.call is not None and str(s.call) == call), None)
    if wrong is None:
        raise ProblemError("testing.bad_call", status=409)
    record = OfficeRecord(
        kind=Kind.CALLED, path=site.community, subject_type=SUBJECT,
        subject=calls.subject_of(kept, site), withdraws=wrong,
    )  # fmt: skip
    submit_office(request.actor, [record])


def _chosen(request: DeskRequest, sites: Sequence[Site]) -> Site | None:
    wanted = request.GET.get("site", "")
    return next((s for s in sites if str(s.number) == wanted), sites[0] if sites else None)


def _round(scope: Scope, kept: Kept, wanted: str) -> UUID | None:
    """The round whose samples count: the one named, else the newest open one by this plan, or there."""
    found = plans.last_rounds(scope, kept.path)
    named = next((o for o in found if str(o.id) == wanted), None)
    still_open = [o for o in found if o.closed_at is None]
    own = set(plans.rounds_of(kept)) if len(still_open) > 1 else set()
    chosen = named or next((o for o in still_open if o.id in own), next(iter(still_open), None))
    return chosen.id if chosen else None


def _under_way(board: Board) -> bool:
    """Until the first batch is called the plan's own times hold."""
    return any(s.called_at is not None for s in board.states)


def _site(kept: Kept, board: Board, shown: Board | None) -> SiteRow:
    called = sum(s.batch.n_persons for s in board.states if s.called_at is not None)
    address = reverse("desk:testing_plan_calls", args=(kept.id,))
    return SiteRow(
        board.site.number, places(board.site.parts, 3), f"{address}?site={board.site.number}",
        number(called), number(sum(s.n_came for s in board.states)),
        number(sum(s.n_done for s in board.states)), number(board.queue.waiting),
        str(ADVICE[board.next.advice]), board.next.at, board is shown,
    )  # fmt: skip


def _batches(kept: Kept, board: Board) -> tuple[BatchRow, ...]:
    moved = {b.number: b.starts_at for b in board.still_to_come} if _under_way(board) else {}
    address = reverse("desk:testing_plan_notices", args=(kept.id,))
    return tuple(_batch(s, moved, f"{address}?site={board.site.number}") for s in board.states)


def _batch(state: State, moved: Mapping[int, datetime], address: str) -> BatchRow:
    batch: Batch = state.batch
    now_at = moved.get(batch.number)
    return BatchRow(
        batch.number, " · ".join(_building(b) for b in batch.buildings), number(batch.n_persons),
        batch.starts_at, now_at if now_at != batch.starts_at else None, state.called_at,
        number(state.n_came), number(state.n_done), f"{address}&batch={batch.number}", state.call,
    )  # fmt: skip


def _building(building: Building) -> str:
    name = _("%(place)s, building %(name)s") if building.name else "%(place)s"
    words = name % {"place": building.place, "name": building.name}
    if building.parts == 1:
        return words
    part = _("%(building)s (part %(part)s of %(parts)s)")
    return part % {"building": words, "part": building.part, "parts": building.parts}


def _advice(board: Board) -> str:
    following = board.next
    if following.advice is Advice.WAIT and following.at is not None:
        words = _("Call batch %(n)s at %(at)s: now its last person would wait %(minutes)s minutes.")
        at = following.at.astimezone(clock.DISTRICT_ZONE)
        return words % {"n": following.number, "at": f"{at:%H:%M}", "minutes": following.wait_minutes}
    if following.advice is Advice.CALL:
        words = _("Call batch %(n)s now: its last person will wait about %(minutes)s minutes.")
        return words % {"n": following.number, "minutes": following.wait_minutes}
    return str(ADVICE[following.advice])
