"""Plans of testing days: try out, keep, publish, print."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.rules import covers
from bulou.access.terms import Verb
from bulou.coverage.terms import Operation
from bulou.doors.desk import frame, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.figures import number
from bulou.doors.desk.testing_plan_form import PlanForm, filled, initial
from bulou.doors.desk.testing_plan_views import PlanView, view
from bulou.doors.desk.testing_plan_words import SOURCES
from bulou.doors.desk.testing_plan_zones import proposed
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing.actions import plans as acts
from bulou.lines.testing.queries import plans
from bulou.lines.testing.queries.plans import Kept, Offer
from bulou.lines.testing.rules import queueing

MOST_AREAS = 300


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in the list: its newest version."""

    href: str
    title: str
    place: str
    version: int
    persons: str
    sites: int
    starts_at: datetime
    ends_at: datetime
    published: bool


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the plans that touch the officer's area, the newest first."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    found = plans.listed(scope)
    names = _names(scope, {p.path for p in found})
    rows = tuple(
        PlanRow(
            reverse("desk:testing_plan", args=(p.id,)), p.title, names.get(p.path, p.path), p.version,
            number(p.plan.n_persons), len(p.plan.sites), p.wishes.starts_at, p.plan.finishes_at,
            p.published_at is not None,
        )
        for p in found
    )  # fmt: skip
    context = {
        "rows": rows,
        "may_plan": may_anywhere(request, Verb.TASK_ASSIGN),
        "may_see_units": may_anywhere(request, Verb.UNIT_VIEW),
    }
    return frame.page(request, "desk/testing_plans/index.html", context, title=_("Plans of testing days"))


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Try a plan out for the area that is looked at; keep it as a new version."""
    scope = scope_for(request, Verb.TASK_ASSIGN)
    now = clock.now()
    today = clock.local_date(now)
    path = request.area
    if not scope.covers(path):
        raise ProblemError("access.not_found", status=404)
    before = _before(request, scope)
    offers = plans.offers(scope, path, today)
    usual = initial(offers, before, now)
    areas, held = proposed(scope, path, _areas(scope, path), usual["starts_at"])
    form = PlanForm(
        request.POST if request.method == "POST" else filled(request.GET), offers=offers, areas=areas,
        initial=usual if before else {**usual, **held},
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(
            request, "desk/testing_plans/_plan.html", {"form": form, "shown": _tried(form, path, now)}
        )
    series = before.series if before else None
    if request.method == "POST":
        made = form.attempt(lambda: acts.keep(request.actor, form.draft(path, series)))
        if made is not None:
            frame.say(request, _("The plan is kept."))
            return redirect("desk:testing_plan", plan_id=made)
    return frame.page(
        request, "desk/testing_plans/new.html",
        {**_form_page(scope, path, form, offers, now), "before": before},
        title=_("Plan a testing day"), status=form.status if request.method == "POST" else 200,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def plan(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Show one version of a plan; publish it."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    kept = the_plan(scope, plan_id)
    if request.method == "POST":
        acts.publish(request.actor, kept)
        frame.say(request, _("The plan is published: it stays as it is."))
        return redirect("desk:testing_plan", plan_id=kept.id)
    names = _names(scope, {kept.path})
    people = access.display_names({p for p in (kept.made_by, kept.published_by) if p})
    own = may(request, Verb.TASK_ASSIGN, kept.path)
    context = {
        "kept": kept,
        "shown": view(kept.plan, kept.played, kept.wishes),
        "place": reach.spelled(kept.path, names, above=0),
        "count": SOURCES[kept.source],
        "made_by": people.get(kept.made_by, ""),
        "published_by": people.get(kept.published_by, "") if kept.published_by else "",
        "versions": plans.versions(kept.district, kept.series),
        "change_href": f"{reverse('desk:testing_plan_new')}?area={kept.path}&from={kept.id}" if own else "",
        "open_href": f"{reverse('desk:open_round')}?area={kept.path}&plan={kept.id}"
        if kept.published_at and may(request, Verb.ROUND_OPEN, kept.path)
        else "",
        **_rounds(request, scope, kept),
        "may_publish": kept.published_at is None and may(request, Verb.ROUND_OPEN, kept.path),
        "may_see_units": may_anywhere(request, Verb.UNIT_VIEW),
    }
    return frame.page(request, "desk/testing_plans/plan.html", context, title=_("Plan of a testing day"))


@require_POST
def take(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Let an open round go by this plan from now on."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    kept = the_plan(scope, plan_id)
    wanted = request.POST.get("round", "")
    found = next((one for one in plans.last_rounds(scope, kept.path, most=50) if str(one.id) == wanted), None)
    if found is None:
        raise ProblemError("coverage.not_found", status=404)
    acts.choose(request.actor, kept, found)
    frame.say(request, _("From now on %(round)s goes by this plan.") % {"round": protocol_words.title(found)})
    return redirect("desk:testing_plan", plan_id=kept.id)


def _rounds(request: DeskRequest, scope: Scope, kept: Kept) -> dict[str, object]:
    """Those that go by this plan, and the open ones that could."""
    tied = set(plans.rounds_of(kept))
    found = plans.last_rounds(scope, kept.path, most=50)
    could = (
        one for one in found
        if kept.published_at and one.closed_at is None and one.id not in tied
        and covers(kept.path, one.path) and may(request, Verb.ROUND_OPEN, one.path)
    )  # fmt: skip
    return {
        "rounds": tuple(_round(one) for one in found if one.id in tied),
        "other_rounds": tuple(_round(one) for one in could),
    }


def _round(one: Operation) -> tuple[UUID, str, datetime]:
    return one.id, protocol_words.title(one), one.opens_at


def the_plan(scope: Scope, plan_id: UUID) -> Kept:
    """Return one version of a plan that touches the scope.

    Raises:
        ProblemError: testing.no_such_plan (404).
    """
    found = plans.kept(scope, plan_id)
    if found is None:
        raise ProblemError("testing.no_such_plan", status=404)
    return found


def _before(request: DeskRequest, scope: Scope) -> Kept | None:
    try:
        return the_plan(scope, UUID(request.POST.get("from") or request.GET["from"]))
    except (KeyError, ValueError):
        return None


def _tried(form: PlanForm, path: str, now: datetime) -> PlanView | None:
    """The plan of a draft, with its queue played: bounded to 18,000 persons, about a second and a half."""
    if not form.is_valid():
        return None
    draft = form.draft(path, None)
    made, _counted = acts.worked_out(draft, at=now)
    stops = form.cleaned_data["stops_after"]
    return view(made, queueing.play(made.sites, draft.wishes, stops_after=stops), draft.wishes)


def _form_page(
    scope: Scope, path: str, form: PlanForm, offers: tuple[Offer, ...], now: datetime
) -> dict[str, object]:
    return {
        "form": form,
        "place": reach.spelled(path, _names(scope, {path}), above=0),
        "offers": offers,
        "shown": _tried(form, path, now) if form.is_bound and offers else None,
    }


def _areas(scope: Scope, path: str) -> list[tuple[str, str]]:
    """The areas right below, which can be given a zone of their own."""
    below = grid.children(scope, path, clock.local_date(clock.now()))
    return [(a.path, a.short_name) for a in below][:MOST_AREAS]


def _names(scope: Scope, paths: set[str]) -> dict[str, str]:
    return dict(grid.tree_names(scope, sorted(paths), clock.local_date(clock.now()))) if paths else {}
