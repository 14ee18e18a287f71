"""Opening a round: protocol, area, time, legal basis; how many units it will have, before it is opened."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access.terms import Verb
from bulou.coverage import actions as coverage_actions
from bulou.coverage.queries import rounds
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.doors.desk import frame, labels, protocol_words
from bulou.doors.desk.areas import site_counts
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm, Moment, half_hour, select
from bulou.grid import queries as grid
from bulou.grid.terms import SiteType
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing.actions import rounds as testing
from bulou.lines.testing.actions.plans import choose
from bulou.lines.testing.queries import plans
from bulou.lines.testing.queries.plans import Kept
from bulou.lines.testing.terms import SLUG
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Compiled, Shape


class OpenForm(DeskForm):
    """What a round needs; the area is the one that is looked at."""

    opens_at = Moment(label=gettext_lazy("Opens"))
    due_at = Moment(label=gettext_lazy("Due"))
    site_types = forms.MultipleChoiceField(
        label=gettext_lazy("Which sites?"),
        help_text=gettext_lazy("Only for rounds over sites. None chosen: all of them."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    after = forms.ChoiceField(
        label=gettext_lazy("Whose list?"),
        help_text=gettext_lazy(
            "Only for testing rounds: everybody of the register, or the people of a round before as its list"
            " stands corrected."
        ),
        required=False,
    )
    decided_by = forms.CharField(
        label=gettext_lazy("Who decided on another round today?"),
        help_text=gettext_lazy(
            "Only for a second testing round of one day: name and office. The rule allows one a day (P-55)."
        ),
        max_length=80,
        required=False,
    )
    decision = forms.CharField(label=gettext_lazy("Why?"), max_length=400, required=False)
    title = forms.CharField(
        label=gettext_lazy("Name of the round"),
        help_text=gettext_lazy("Empty: the name of the protocol."),
        max_length=80,
        required=False,
    )
    basis_law = forms.CharField(
        label=gettext_lazy("Legal basis"),
        help_text=gettext_lazy("The law or the order, with its number. Without it there is no round."),
        max_length=200,
    )
    basis_text = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        shapes: tuple[Compiled, ...],
        types: list[tuple[SiteType, int]],
        earlier: list[Operation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer_lists(earlier)
        self.fields["protocol"] = select(
            [(str(c.reference), protocol_words.pick(c.titles)) for c in shapes], label=_("Protocol")
        )
        self.fields["site_types"].choices = [  # type: ignore[attr-defined]
            (t.value, f"{labels.SITE_TYPES[t]} {number(n)}") for t, n in types
        ]
        if not types:
            del self.fields["site_types"]
        self.order_fields(
            ["protocol", "opens_at", "due_at", "after", "decided_by", "decision", "site_types", "title",
             "basis_law", "basis_text"]
        )  # fmt: skip

    def _offer_lists(self, earlier: list[Operation]) -> None:
        """Offer the lists of earlier testing rounds; ask for a decision where one began yesterday or later.

        Yesterday, because just after midnight rounds are opened that began before it.
        """
        yesterday, _end = clock.day_bounds(clock.local_date(clock.now()) - timedelta(days=1))
        if not earlier:
            del self.fields["after"]
        else:
            self.fields["after"].choices = [  # type: ignore[attr-defined]
                ("", _("everybody of the register")),
                *((str(one.id), list_word(one)) for one in earlier),
            ]
        if not any(one.opens_at >= yesterday for one in earlier):
            del self.fields["decided_by"], self.fields["decision"]

    def targets(self) -> Targets:
        """Return what the frame is made of."""
        after = self.cleaned_data.get("after")
        return Targets(
            site_types=tuple(self.cleaned_data.get("site_types", ())), after=UUID(after) if after else None
        )

    def named(self) -> testing.Decision:
        """Return who decided on a second testing round of the day."""
        data = self.cleaned_data
        return testing.Decision(data.get("decided_by", ""), data.get("decision", ""))


def list_word(operation: Operation) -> str:
    """Return how an earlier round is offered as a list."""
    at = operation.opens_at.astimezone(clock.DISTRICT_ZONE)
    words = _("%(round)s of %(at)s, corrected: %(n)s at the opening")
    told = {"round": protocol_words.title(operation), "at": f"{at:%m-%d %H:%M}"}
    return words % {**told, "n": number(operation.frame_n)}


@require_http_methods(["GET", "POST"])
def open_round(request: DeskRequest) -> HttpResponse:
    """Open a round over the area that is looked at."""
    scope = scope_for(request, Verb.ROUND_OPEN)
    now = clock.now()
    today = clock.local_date(now)
    shapes = _rounds()
    planned = _planned(request, scope)
    initial = _by_plan(planned, now) if planned else _from_now(shapes, now)
    form = OpenForm(
        request.POST or None, shapes=shapes, types=site_counts(scope, request.area, today),
        earlier=earlier_rounds(scope, request.area), initial=initial,
    )  # fmt: skip
    if request.method == "POST":
        opened = form.attempt(lambda: _open(request, form, planned))
        if opened is not None:
            text = _("The round is open with %(n)s units.") % {"n": number(opened.frame_n)}
            frame.say(request, text)
            return redirect("desk:board", operation_id=opened.id)
    names = grid.tree_names(scope, (request.area,), today)
    context = {
        "form": form,
        "place": reach.spelled(request.area, names, above=0),
        "area_is_mine": scope.covers(request.area),
        "planned": planned,
    }
    return frame.page(request, "desk/rounds/open.html", context, title=_("Open a round"), status=form.status)


@require_GET
def preview(request: DeskRequest) -> HttpResponse:
    """Tell how many units a round would have: as much as is filled in, nothing is written."""
    scope = scope_for(request, Verb.ROUND_OPEN)
    n: int | None = None
    try:
        after = request.GET.get("after", "")
        before = {str(one.id): one.id for one in earlier_rounds(scope, request.area)} if after else {}
        targets = Targets(
            site_types=tuple(t for t in request.GET.getlist("site_types") if t in set(SiteType)),
            after=before.get(after),
        )
        if request.GET.get("protocol"):
            subject = protocols.compiled(request.GET["protocol"]).subject
            n = rounds.frame_preview(scope, subject_type=subject, path=request.area, targets=targets)
    except ProblemError:
        n = None
    return render(
        request, "desk/rounds/_preview.html", {"n": None if n is None else number(n), "none": n == 0}
    )


def earlier_rounds(scope: Scope, path: str) -> list[Operation]:
    """Return the last testing rounds there, whose corrected lists the next one can begin with. 1 query."""
    return plans.last_rounds(scope, path)


def _rounds() -> tuple[Compiled, ...]:
    return tuple(c for c in protocols.all_latest() if c.kind is Shape.ROUND)


def _planned(request: DeskRequest, scope: Scope) -> Kept | None:
    """Return the plan that the round is to be sampled by, where the address names a published one."""
    try:
        found = plans.kept(scope, UUID(request.GET["plan"]))
    except (KeyError, ValueError):
        return None
    return found if found and found.published_at else None


def _from_now(shapes: tuple[Compiled, ...], now: datetime) -> dict[str, Any]:
    return {"opens_at": half_hour(now), "due_at": half_hour(now + shapes[0].due) if shapes else None}


def _by_plan(plan: Kept, now: datetime) -> dict[str, Any]:
    """What the plan says already: testing, its hour, its name, its list."""
    shape = protocols.latest(SLUG)
    starts = max(plan.wishes.starts_at, now)
    return {
        "protocol": str(shape.reference), "title": plan.title[:80], "after": str(plan.operation or ""),
        "opens_at": half_hour(starts), "due_at": half_hour(starts + shape.due),
    }  # fmt: skip


def _open(request: DeskRequest, form: OpenForm, planned: Kept | None) -> Operation:
    data = form.cleaned_data
    operation = testing.decided(
        request.actor, protocol=data["protocol"], path=request.area, opens_at=data["opens_at"],
        decision=form.named(),
    )  # fmt: skip
    opened = coverage_actions.open_round(
        request.actor,
        protocol=data["protocol"],
        path=request.area,
        opens_at=data["opens_at"],
        due_at=data["due_at"],
        basis=Basis(data["basis_law"], data["basis_text"]),
        targets=form.targets(),
        title=data["title"],
        operation_id=operation,
    )
    if planned and str(data["protocol"]).partition("@")[0] == SLUG:
        choose(request.actor, planned, opened)
    return opened
