"""Rounds: the list, opening one, closing one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access.terms import Verb
from bulou.coverage import actions as coverage_actions
from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Operation, RoundState
from bulou.doors.desk import frame, labels, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.figures import AccountView, account_view
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round as the list shows it."""

    id: UUID
    title: str
    area: str
    state: str
    state_class: str
    opens_at: datetime
    due_at: datetime
    late: bool
    account: AccountView | None
    href: str
    n_open: int = 0


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the rounds that touch the area, newest first."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    state = request.GET.get("state", "")
    found, following = rounds.operations(
        scope, state=state or None, path=None, cursor=request.GET.get("cursor"), limit=lists.PAGE // 2
    )
    context = {
        "rows": round_rows(request, scope, found),
        "filters": (
            lists.chips(
                request,
                "state",
                _("State"),
                (
                    ("open", labels.ROUND_STATES[RoundState.OPEN]),
                    ("closed", labels.ROUND_STATES[RoundState.CLOSED]),
                ),
                single=True,
            ),
        ),
        "pager": lists.pager(request, following),
        "may_open": may_anywhere(request, Verb.ROUND_OPEN),
    }
    return frame.page(request, "desk/rounds/index.html", context, title=_("Rounds"))


def round_rows(request: DeskRequest, scope: Scope, found: list[Operation]) -> tuple[RoundRow, ...]:
    """Return rounds with their accounts inside the scope. 2 queries for each round, 1 for the names."""
    at = clock.now()
    names = grid.tree_names(scope, tuple({o.path for o in found}), clock.local_date(at))
    opens = may_anywhere(request, Verb.UNIT_VIEW)
    return tuple(_row(operation, scope, names, at, opens=opens) for operation in found)


def _row(
    operation: Operation, scope: Scope, names: Mapping[str, str], at: datetime, *, opens: bool
) -> RoundRow:
    address = reverse("desk:board", args=(operation.id,))
    account = accounts.account(scope, operation)
    return RoundRow(
        id=operation.id,
        title=protocol_words.title(operation),
        area=names.get(operation.path, operation.path),
        state=str(labels.ROUND_STATES[operation.state]),
        state_class=state_class(operation, account.open),
        opens_at=operation.opens_at,
        due_at=operation.due_at,
        late=operation.state is RoundState.OPEN and operation.due_at < at and account.open > 0,
        account=account_view(account, Lists(operation.id, opens=opens).of()),
        href=address,
        n_open=account.open,
    )


def state_class(operation: Operation, n_open: int) -> str:
    """Return how the state of a round is marked."""
    if operation.state is RoundState.CLOSED_SHORT:
        return "bad"
    return "good" if operation.state is RoundState.CLOSED or not n_open else "part"


class Lists:
    """The lists behind the figures of one round: what is open is the missed list, the rest the units.

    Holds both addresses, because asking Django for the 300 of a board takes a fifth of its time (2026-11).
    """

    def __init__(self, operation_id: UUID, *, opens: bool = True) -> None:
        self._opens = opens  # who may not see single units reads the figures without their lists
        self._missed = reverse("desk:missed", args=(operation_id,))
        self._units = reverse("desk:units", args=(operation_id,))

    def of(self, area: str = "") -> Callable[[str], str]:
        """Return the address of each figure's list in an area."""
        return lambda key: self.at(key, area)

    def at(self, key: str, area: str = "") -> str:
        """Return the address of the list that one figure counts in an area; none for who may not open it."""
        if not self._opens:
            return ""
        where = f"area={area}" if area else ""
        if key in {"expected", "done", "excused", "moved", "alert"}:
            return f"{self._units}?show={key}{'&' if where else ''}{where}"
        parts = [part for part in ("" if key == "open" else f"why={key}", where) if part]
        return f"{self._missed}?{'&'.join(parts)}" if parts else self._missed


def list_address(operation_id: UUID, key: str, area: str = "") -> str:
    """Return the address of the list that one figure of a round counts."""
    return Lists(operation_id).at(key, area)


class CloseForm(DeskForm):
    """Close a round; short only with a reason in words."""

    reason = Reason(
        label=gettext_lazy("Why is the round closed although something is open?"),
        help_text=gettext_lazy("Your name, the reason and the list of what was missed stand in the report."),
        required=False,
    )


@require_http_methods(["GET", "POST"])
def close(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Close a round when nothing is open; while something is, show how much, and offer to close it short."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    operation = rounds.operation(scope, operation_id)
    account = accounts.account(scope, operation)
    form = CloseForm(request.POST or None)
    if request.method == "POST":
        closed = form.attempt(
            lambda: coverage_actions.close_round(
                request.actor, operation_id=operation.id, reason=form.cleaned_data["reason"]
            )
        )
        if closed is not None:
            frame.say(request, _("The round is closed."))
            return redirect("desk:board", operation_id=operation.id)
    context = {
        "form": form,
        "round": operation,
        "title": protocol_words.title(operation),
        "account": account_view(
            account, Lists(operation.id, opens=may_anywhere(request, Verb.UNIT_VIEW)).of()
        ),
        "nothing_open": account.open == 0,
        "may_short": may(request, Verb.ROUND_CLOSE_SHORT, operation.path),
    }
    return frame.page(
        request, "desk/rounds/close.html", context, title=_("Close the round"), status=form.status
    )
