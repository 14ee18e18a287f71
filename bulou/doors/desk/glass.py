"""Emergency roles: taken for two hours with a reason, ended, and reviewed by another unit within a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.actions import glass as acts
from bulou.access.queries import grants
from bulou.access.rules import GLASS_ROLES
from bulou.access.terms import GlassRow, Kind, Role, Verb
from bulou.doors.desk import frame, history, labels
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.forms import DeskForm, Reason, select
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class Row:
    """One emergency role in the list."""

    href: str
    who: str
    role: str
    area: str
    reason: str
    begun_at: datetime
    ends_at: datetime
    state: str
    mark: str


@dataclass(frozen=True, slots=True)
class Use:
    """One page that was opened, or one act, under an emergency role."""

    at: datetime
    method: str
    address: str
    status: str


class BreakForm(DeskForm):
    """Which role, over which area, and why it cannot wait."""

    path = forms.CharField(
        label=gettext_lazy("Area"),
        help_text=gettext_lazy("The path of the area; the search on top finds it."),
        max_length=255,
    )
    reason = Reason(
        label=gettext_lazy("Why can it not wait?"),
        help_text=gettext_lazy("Another unit reads this, with everything that you open, within a day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, labels.ROLES[role]) for role in GLASS_ROLES]
        self.fields["role"] = select(choices, label=_("Role"))
        self.order_fields(["role", "path", "reason"])


class ReviewForm(DeskForm):
    """In order or not, in words."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Was it in order?"),
        choices=(
            ("yes", gettext_lazy("Yes: it could not wait, and what was opened fits the reason")),
            ("no", gettext_lazy("No: it is to be followed up")),
        ),
        widget=forms.RadioSelect,
    )
    note = Reason(label=gettext_lazy("Reason"))


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List emergency roles over one's areas: those to review first."""
    scope = scope_for(request, Verb.GLASS_REVIEW)
    found = grants.glasses(scope)
    names = _names(scope, {row.path for row in found})
    at = clock.now()
    context = {"rows": tuple(_row(row, names, at) for row in found)}
    return frame.page(request, "desk/glass/index.html", context, title=_("Emergency roles"))


@require_http_methods(["GET", "POST"])
def take(request: DeskRequest) -> HttpResponse:
    """Take an emergency role."""
    scope_for(request, Verb.GLASS_BREAK)
    form = BreakForm(request.POST or None, initial={"path": request.GET.get("path", "") or request.area})
    if request.method == "POST":
        done = form.attempt(lambda: _take(request, form))
        if done is not None:
            frame.say(request, _("You hold the role for two hours. Everything that you open is noted."))
            return redirect("desk:today")
    return frame.page(
        request, "desk/glass/take.html", {"form": form}, title=_("Emergency role"), status=form.status
    )


@require_POST
def end(request: DeskRequest) -> HttpResponse:
    """Give the emergency role back."""
    acts.end_glass(request.actor)
    request.session.pop("area", None)
    frame.say(request, _("The emergency role has ended."))
    return redirect("desk:today")


@require_http_methods(["GET", "POST"])
def one(request: DeskRequest, glass_id: UUID) -> HttpResponse:
    """Show what was opened under one emergency role; say whether it was in order."""
    scope = scope_for(request, Verb.GLASS_REVIEW)
    found = grants.glass(scope, glass_id)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        form.attempt(
            lambda: acts.review_glass(
                request.actor,
                glass_id=found.id,
                in_order=form.cleaned_data["verdict"] == "yes",
                note=form.cleaned_data["note"],
            )
        )
        if not form.errors:
            frame.say(request, _("The review is kept."))
            return redirect("desk:glass")
    names = _names(scope, {found.path})
    context = {
        "form": form,
        "row": _row(found, names, clock.now()),
        "glass": found,
        "reviewer": access.display_names([found.reviewed_by]).get(found.reviewed_by, "")
        if found.reviewed_by
        else "",
        "uses": _uses(found),
        "may_review": found.reviewed_at is None and may(request, Verb.GLASS_REVIEW, found.path),
    }
    return frame.page(request, "desk/glass/one.html", context, title=_("Emergency role"), status=form.status)


def _take(request: DeskRequest, form: BreakForm) -> UUID:
    data = form.cleaned_data
    path = data["path"].strip()
    if path.split(".")[0] != request.area.split(".")[0]:
        raise ProblemError("access.other_district", status=422)
    made = acts.break_glass(request.actor, role=Role(data["role"]), path=path, reason=data["reason"])
    request.session["area"], request.session["area_name"] = path, path
    return made


def _uses(found: GlassRow) -> tuple[Use, ...]:
    """What was opened, oldest first: read from the ledger, where it cannot be changed."""
    entries = ledger.records_of(
        found.path.split(".")[0],
        kinds=[Kind.GLASS_USED.value],
        since=found.begun_at,
        until=found.ends_at + timedelta(seconds=1),
    )
    told = [(e, history.read(e.payload)) for e in entries if e.author == found.account_id]
    return tuple(
        Use(e.effective_at, str(p.get("method", "")), str(p.get("address", "")), str(p.get("status", "")))
        for e, p in told
    )


def _row(row: GlassRow, names: dict[str, str], at: datetime) -> Row:
    state, mark = _("to review"), "part"
    if row.reviewed_at is not None:
        state, mark = (_("in order"), "good") if row.in_order else (_("not in order"), "bad")
    elif grants.is_late(row, at):
        state, mark = _("review overdue"), "bad"
    return Row(
        href=reverse("desk:glass_one", args=(row.id,)),
        who=row.account_name,
        role=str(labels.ROLES[row.role]),
        area=names.get(row.path, row.path),
        reason=row.reason,
        begun_at=row.begun_at,
        ends_at=row.ends_at,
        state=state,
        mark=mark,
    )


def _names(scope: Scope, paths: set[str]) -> dict[str, str]:
    return dict(grid.tree_names(scope, paths, clock.local_date(clock.now()))) if paths else {}
