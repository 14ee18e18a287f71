"""Teams around key persons: empty roles, who has too many, the roles of an area, names for roles."""

from dataclasses import dataclass
from datetime import datetime
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
from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels
from bulou.doors.desk import people_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.forms import DeskForm, Moment, Reason, select
from bulou.doors.desk.people import LIST
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.lines.screening.actions.teams import name_member, plan_team
from bulou.lines.screening.queries import register, teams
from bulou.lines.screening.terms import FIVE, FOUR, MOST_FOR_ONE, THREE, TeamRole
from bulou.people.actions import reading

SHOWN = 200
SETS = {"three": THREE, "four": FOUR, "five": FIVE}


@dataclass(frozen=True, slots=True)
class GapRow:
    """An empty role."""

    href: str
    name: str
    place: str
    role: str
    since: datetime
    due: bool


class PlanForm(DeskForm):
    """The roles of an area."""

    reason = Reason(label=gettext_lazy("By which order?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, words.TEAM_ROLES[role]) for role in TeamRole]
        self.fields["roles"] = forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, label=_("Roles")
        )
        self.order_fields(["roles", "reason"])


class MemberForm(DeskForm):
    """Somebody for a role."""

    until = Moment(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until changed.")
    )
    override = forms.CharField(
        label=gettext_lazy("Reason, where the worker already answers for 20 people"), required=False,
        max_length=200,
    )  # fmt: skip

    def __init__(
        self, *args: Any, accounts: list[tuple[str, str]], roles: tuple[TeamRole, ...], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["role"] = select([(r.value, words.TEAM_ROLES[r]) for r in roles], label=_("Role"))
        self.fields["account"] = select(accounts, label=_("Who"))
        self.order_fields(["role", "account", "until", "override"])


@require_http_methods(["GET", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """Show empty roles and loads of the area, and set its roles or somebody for a role in all of it."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    path = request.area if scope.covers(request.area) else scope.paths[0]
    now = clock.now()
    plan = teams.plan_for(path.partition(".")[0], path, now)
    roles = plan.roles if plan else THREE
    may_set = may(request, Verb.TEAM_SET, path)
    sent = request.POST.get("step", "")
    planning = PlanForm(request.POST if sent == "plan" else None, initial={"roles": list(roles)})
    naming = _member_form(request, path, roles, bound=sent == "member")
    if request.method == "POST":
        done = (
            planning.attempt(lambda: _plan(request, path, planning))
            if sent == "plan"
            else naming.attempt(lambda: _name(request, naming, path=path))
        )
        if done is not None:
            frame.say(request, _("Noted."))
            return redirect(f"{reverse('desk:teams')}?area={path}")
    gaps = teams.gaps(scope, path, now)
    shown = reading.masked(request.actor, [gap.person_id for gap in gaps[:SHOWN]], LIST)
    names = grid.tree_names(scope, {gap.path for gap in gaps[:SHOWN]} | {path}, clock.local_date(now))
    loads = teams.loads(path.partition(".")[0], now).most_common(SHOWN)
    people = access.display_names({account for account, _n in loads})
    context = {
        "gaps": tuple(
            GapRow(
                reverse("desk:person", args=(gap.person_id,)),
                shown[gap.person_id].name if gap.person_id in shown else _("nobody's name is held"),
                reach.spelled(gap.path, names), labels.of(words.TEAM_ROLES, gap.role), gap.since, gap.is_due,
            )
            for gap in gaps[:SHOWN]
        ),
        "n_due": sum(gap.is_due for gap in gaps),
        "loads": tuple((people.get(account, "–"), n, n > MOST_FOR_ONE) for account, n in loads),
        "roles": tuple(words.TEAM_ROLES[role] for role in roles),
        "place": reach.spelled(path, names),
        "planned_here": plan is not None and plan.path == path,
        "planning": planning if may_set else None,
        "naming": naming if may_set else None,
    }  # fmt: skip
    status = 422 if planning.status == 422 or naming.status == 422 else 200
    return frame.page(request, "desk/people/teams.html", context, title=_("Teams"), status=status)


@require_http_methods(["GET", "POST"])
def member(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Name somebody for a role around one person."""
    scope = scope_for(request, Verb.TEAM_SET)
    one = register.person(scope, person_id)
    path = one.facts.path
    plan = teams.plan_for(one.district, path, clock.now())
    roles = plan.roles if plan else THREE
    form = _member_form(request, path, roles, bound=request.method == "POST")
    if request.method == "POST":
        done = form.attempt(lambda: _name(request, form, person_id=person_id))
        if done is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:person", person_id=person_id)
    context = {"form": form, "back": reverse("desk:person", args=(person_id,))}
    return frame.page(
        request, "desk/people/member.html", context, title=_("Name somebody"), status=form.status
    )


def _member_form(request: DeskRequest, path: str, roles: tuple[TeamRole, ...], *, bound: bool) -> MemberForm:
    rows = access.accounts_that_may(Verb.GRID_VIEW, path)
    accounts = [
        (str(row.id), f"{row.display_name} · {row.team}" if row.team else row.display_name) for row in rows
    ]
    return MemberForm(request.POST if bound else None, accounts=accounts, roles=roles, auto_id="id_member_%s")


def _plan(request: DeskRequest, path: str, form: PlanForm) -> UUID:
    data = form.cleaned_data
    roles = [TeamRole(role) for role in data["roles"]]
    return plan_team(request.actor, path=path, roles=roles, reason=data["reason"])


def _name(request: DeskRequest, form: MemberForm, *, person_id: UUID | None = None, path: str = "") -> UUID:
    data = form.cleaned_data
    return name_member(
        request.actor, role=TeamRole(data["role"]), account=UUID(data["account"]), person_id=person_id,
        path=path, until=data["until"], override=data["override"],
    )  # fmt: skip
