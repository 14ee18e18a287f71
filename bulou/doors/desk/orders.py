"""Orders: what waits for me, who has taken one on and who has not, what came of its tasks."""

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
from bulou.command.queries import orders as queries
from bulou.command.rules import orders as rules
from bulou.command.terms import Delivery, Order, OrderKind, OrderTask, Receipt
from bulou.doors.desk import frame, labels, lists
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.figures import Figure, figure
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.doors.desk.zones import names_of, place
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One order in the list."""

    href: str
    number: str
    title: str
    unit: str
    answer_by: datetime
    late: bool
    taken: int
    of: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of those addressed: when it was read and taken on."""

    name: str
    team: str
    role: str
    place: str
    read_at: datetime | None
    taken_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of an order."""

    task: OrderTask
    owner: str
    mine: bool
    late: bool


class SayForm(DeskForm):
    """What somebody says about a task."""

    text = Reason(label=gettext_lazy("What came of it"), required=False)


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the orders that concern the area, those that wait for me first."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    now, old = clock.now(), request.GET.get("show") == "old"
    mine = queries.mine(request.actor, scope, now)
    found = queries.orders(scope, superseded=old)[:SHOWN]
    rows = {one.order.id: _row(one, now) for one in queries.deliveries(found, now)}
    waiting = {one.id for one in (*mine.orders, *mine.tasks)}
    context = {
        "waiting": tuple(rows[one.id] for one in found if one.id in waiting),
        "rows": tuple(rows[one.id] for one in found if one.id not in waiting),
        "old": old,
        "may_issue": may(request, Verb.ORDER_ISSUE),
        "new_href": f"{reverse('desk:order_new')}?area={request.area}",
    }
    return frame.page(request, "desk/command/orders.html", context, title=_("Orders"))


@require_http_methods(["GET", "POST"])
def order(request: DeskRequest, order_id: UUID) -> HttpResponse:
    """Show an order and who has taken it on; say that one has read it, takes it on, has done a task."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    found = queries.order(scope, order_id)
    form = SayForm(request.POST or None)
    if request.method == "POST":
        done = form.attempt(lambda: _say(request, found, form))
        if done is not None:
            frame.say(request, done)
            return redirect("desk:order", order_id)
    now = clock.now()
    own = queries.receipt(found, request.actor.account_id)
    issues = may(request, Verb.ORDER_ISSUE, found.path)
    sent = queries.delivery(found, now) if issues else None
    people = access.display_names({found.issued_by, *(task.owner for task in found.tasks)})
    names = names_of(scope, {*found.areas, *(one.path for one in (sent.addressed if sent else ()))})
    context = {
        "one": found,
        "form": form,
        "areas": lists.join(place(path, names) for path in found.areas),
        "roles": lists.join(str(labels.ROLES[role]) for role in found.roles)
        or _("everybody who works there"),
        "who": people.get(found.issued_by, ""),
        "tasks": tuple(_task(request, task, people, now) for task in found.tasks),
        "receipt": own,
        "asked": bool(rules.addressed(found, request.actor.grants, now)) and not found.superseded_at,
        "late": found.answer_by < now,
        "people": _people(sent, names, now) if sent else (),
        "n_missing": len(sent.missing) if sent else 0,
        "issues": issues,
        "replace_href": f"{reverse('desk:order_new')}?area={found.path}&supersedes={found.id}",
    }
    return frame.page(request, "desk/command/order.html", context, title=found.title, status=form.status)


def waiting(request: DeskRequest) -> tuple[Figure, ...]:
    """What waits on Today: orders to take on, own tasks, and those of mine that others have not taken on."""
    scope = access.scope_of(request.actor, Verb.ROUND_VIEW)
    if not scope.paths:
        return ()
    now, href = clock.now(), reverse("desk:orders")
    mine = queries.mine(request.actor, scope, now)
    n_tasks = sum(
        1 for one in mine.tasks for task in one.tasks if task.owner == request.actor.account_id
        and task.reported_at is None
    )  # fmt: skip
    figures = [
        figure(len(mine.orders), key="late", label=_("Orders to take on"), href=href),
        figure(n_tasks, key="late", label=_("Tasks from orders to report"), href=href),
    ]
    issuing = access.scope_of(request.actor, Verb.ORDER_ISSUE)
    if issuing.paths:
        late = len(queries.overdue(issuing, now))
        figures.append(
            figure(late, key="late", label=_("Orders that not everybody took on in time"), href=href)
        )
    return tuple(figures)


def tell(kind: OrderKind, order_id: UUID, path: str, payload: Mapping[str, object]) -> OfficeRecord:
    """Return one record about an order, ready to hand in."""
    return OfficeRecord(kind=kind, path=path, subject_type="order", subject=order_id, payload=dict(payload))


def _say(request: DeskRequest, found: Order, form: SayForm) -> str:
    now, actor = clock.now(), request.actor
    path = rules.addressed(found, actor.grants, now) or _own_path(request, found)
    match request.POST.get("do", "").partition(" "):
        case ("read", _, _):
            submit_office(actor, [tell(OrderKind.READ, found.id, path, {})])
            return _("It is noted that you have read it.")
        case ("take", _, _):
            submit_office(actor, [tell(OrderKind.ACKNOWLEDGED, found.id, path, {})])
            return _("You have taken it on.")
        case ("report", _, number) if number.isdecimal():
            told = {"task": int(number), "text": form.cleaned_data["text"].strip()}
            submit_office(actor, [tell(OrderKind.REPORTED, found.id, path, told)])
            return _("It is reported.")
    raise ProblemError("command.unreadable", status=422)


def _own_path(request: DeskRequest, found: Order) -> str:
    """Where somebody speaks whom the order does not concern by role: where it was issued, or the own area."""
    return found.path if may(request, Verb.ROUND_VIEW, found.path) else request.area


def _row(one: Delivery, now: datetime) -> Row:
    n, missing = len(one.addressed), len(one.missing)
    return Row(
        href=reverse("desk:order", args=(one.order.id,)), number=one.order.number, title=one.order.title,
        unit=one.order.unit, answer_by=one.order.answer_by, late=bool(missing) and one.order.answer_by < now,
        taken=n - missing, of=n,
    )  # fmt: skip


def _task(request: DeskRequest, task: OrderTask, people: Mapping[UUID, str], now: datetime) -> TaskRow:
    mine = task.owner == request.actor.account_id and task.reported_at is None
    return TaskRow(task, people.get(task.owner, ""), mine, task.late(now))


def _people(sent: Delivery, names: Mapping[str, str], now: datetime) -> tuple[PersonRow, ...]:
    """Those who are missing first, then by area."""
    rows = []
    for one in sent.addressed:
        said: Receipt | None = sent.receipts.get(one.account)
        taken = said.taken_at if said else None
        rows.append(
            PersonRow(
                one.name, one.team, str(labels.ROLES[one.role]), place(one.path, names),
                said.read_at if said else None, taken, taken is None and sent.order.answer_by < now,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row.taken_at is not None))
