"""A new order at the desk: to whom, by when, with which form, and the tasks of a meeting's decision."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access import queries as access
from bulou.access.actions.gate import require
from bulou.access.queries.holders import Holder, holders
from bulou.access.terms import Role, Verb
from bulou.command.queries import orders as queries
from bulou.command.terms import Order, OrderKind
from bulou.coverage.queries import rounds
from bulou.doors.desk import frame, labels, protocol_words
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.forms import DeskForm, Moment, half_hour
from bulou.doors.desk.orders import tell
from bulou.grid import queries as grid
from bulou.intake.actions.office import submit_office
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError, Where

TASKS = 4
"""So many tasks fit into the form; a meeting with more decisions makes more orders."""
MOST_OWNERS = 300
USUAL_HOURS = 4
Choices = list[tuple[str, Any]]


class OrderForm(DeskForm):
    """What an order says, and to whom it goes."""

    number = forms.CharField(label=gettext_lazy("Number of the order"), max_length=80)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    unit = forms.CharField(label=gettext_lazy("Unit that issues it"), max_length=200)
    meeting = forms.CharField(
        label=gettext_lazy("Decision of this meeting"), max_length=200, required=False,
        help_text=gettext_lazy("Empty, if no meeting decided it."),
    )  # fmt: skip
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("It goes to"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("With everything below."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Who has to read it"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing marked: everybody who works there."),
    )  # fmt: skip
    round = forms.ChoiceField(label=gettext_lazy("Round whose form goes with it"), required=False)
    answer_by = Moment(label=gettext_lazy("To be taken on by"))

    def choices(self, areas: Choices, open_rounds: Choices, people: Sequence[Holder]) -> None:
        """Put in what can be chosen, and the rows for tasks."""
        owners = {str(one.account_id): f"{one.display_name} · {labels.ROLES[one.role]}" for one in people}
        lists: dict[str, Choices] = {
            "areas": areas,
            "roles": [(role.value, labels.ROLES[role]) for role in Role],
            "round": [("", _("none")), *open_rounds],
        }
        for n in range(1, TASKS + 1):
            self.fields[f"task_{n}"] = forms.CharField(
                label=_("Task %(n)s") % {"n": n}, max_length=500, required=False
            )
            self.fields[f"owner_{n}"] = forms.ChoiceField(
                label=_("Who does task %(n)s") % {"n": n}, required=False
            )
            self.fields[f"due_{n}"] = Moment(label=_("Task %(n)s is due by") % {"n": n}, required=False)
            lists[f"owner_{n}"] = [("", _("Choose …")), *owners.items()]
        for name, found in lists.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]

    def tasks(self) -> list[dict[str, str]]:
        """Return the tasks that were filled in.

        Raises:
            ProblemError: command.task_incomplete (422), at the field that is missing.
        """
        found = []
        for n in range(1, TASKS + 1):
            text, owner, due = (self.cleaned_data[f"{key}_{n}"] for key in ("task", "owner", "due"))
            if not (text or owner):
                continue
            for key, value in (("task", text), ("owner", owner), ("due", due)):
                if not value:
                    raise ProblemError("command.task_incomplete", status=422, where=Where(field=f"{key}_{n}"))
            found.append({"text": text, "owner": owner, "due_at": due.isoformat()})
        return found


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Issue an order to the area that is looked at or parts of it, or be told what is missing."""
    scope = scope_for(request, Verb.ORDER_ISSUE)
    path, now = request.area, clock.now()
    require(request.actor, Verb.ORDER_ISSUE, path)
    before = _before(request)
    form = OrderForm(request.POST or None, initial=_initial(request, before))
    today = clock.local_date(now)
    below = grid.children(scope, path, today)
    here = grid.area_at(path.split(".")[0], path, today)
    found, _next = rounds.operations(scope, state="open", limit=50)
    form.choices(
        [(path, here.name if here else path), *((area.path, area.name) for area in below)],
        [(str(one.id), protocol_words.title(one)) for one in found],
        holders([path], now)[:MOST_OWNERS],
    )
    if request.method == "POST":
        order_id = form.attempt(lambda: _issue(request, form, before))
        if order_id is not None:
            frame.say(request, _("It is issued. The list says who has taken it on."))
            return redirect("desk:order", order_id)
    context = {"form": form, "before": before, "back": reverse("desk:orders")}
    title = _("Issue an order")
    return frame.page(request, "desk/command/order_new.html", context, title=title, status=form.status)


def _before(request: DeskRequest) -> Order | None:
    """The order whose place the new one takes, if there is one."""
    try:
        wanted = UUID(request.GET.get("supersedes", ""))
    except ValueError:
        return None
    found = queries.order(access.scope_of(request.actor, Verb.ORDER_ISSUE), wanted)
    require(request.actor, Verb.ORDER_ISSUE, found.path)
    return found


def _initial(request: DeskRequest, before: Order | None) -> dict[str, object]:
    usual: dict[str, object] = {
        "answer_by": half_hour(clock.now() + timedelta(hours=USUAL_HOURS)),
        "areas": [request.area],
        "unit": request.actor.team,
    }
    if before is not None:
        usual |= {
            "title": before.title, "text": before.text, "unit": before.unit, "areas": list(before.areas),
            "roles": [role.value for role in before.roles], "round": str(before.round or ""),
        }  # fmt: skip
    return usual


def _issue(request: DeskRequest, form: OrderForm, before: Order | None) -> UUID:
    said, order_id = form.cleaned_data, ids.uuid7()
    payload = {
        **{key: said[key] for key in ("number", "title", "text", "unit", "meeting", "areas", "roles")},
        "round": said["round"] or None,
        "answer_by": said["answer_by"].isoformat(),
        "tasks": form.tasks(),
        "supersedes": str(before.id) if before else None,
    }
    records = [tell(OrderKind.ISSUED, order_id, request.area, payload)]
    if before is not None:
        records.append(tell(OrderKind.SUPERSEDED, before.id, before.path, {"order": str(order_id)}))
    submit_office(request.actor, records)
    return order_id
