"""Accounts: who there is, a new one, roles given and revoked, one-time codes shown once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access import rules
from bulou.access.actions import accounts as account_actions
from bulou.access.actions import codes, proposals, roles, sessions
from bulou.access.actions.gate import require
from bulou.access.queries import grants
from bulou.access.terms import AccountRow, Purpose, Role, Verb
from bulou.doors.desk import frame, labels, lists
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.forms import DeskForm, Moment, Reason, select
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError


@dataclass(frozen=True, slots=True)
class Row:
    """One account in the list."""

    href: str
    name: str
    display_name: str
    team: str
    area: str
    roles: str
    state: str
    state_class: str
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class GrantView:
    """One role over one area, held now or formerly."""

    id: UUID
    role: str
    area: str
    valid_from: datetime
    valid_until: datetime | None
    live: bool
    by: str
    reason: str
    mine: bool


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the accounts of one's areas, by name."""
    scope = scope_for(request, Verb.ACCOUNT_VIEW)
    found = access.accounts(scope, after=request.GET.get("cursor", ""), limit=lists.PAGE + 1)
    shown = found[: lists.PAGE]
    context = {
        "rows": _rows(request, shown),
        "pager": lists.pager(request, shown[-1].name if len(found) > lists.PAGE else None),
        "may_create": may_anywhere(request, Verb.ACCOUNT_CREATE),
    }
    return frame.page(request, "desk/accounts/index.html", context, title=_("Accounts"))


class NewAccountForm(DeskForm):
    """A new account; it can do nothing until a role is given."""

    name = forms.CharField(
        label=gettext_lazy("Account name"),
        help_text=gettext_lazy("For signing in: letters, digits, dots and hyphens, for example lin.fang"),
        max_length=40,
    )
    display_name = forms.CharField(label=gettext_lazy("Name as others read it"), max_length=100)
    team = forms.CharField(
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Nobody signs off the work of the own team."),
        max_length=60,
        required=False,
    )


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make an account for the area that is looked at; its one-time code is shown this once."""
    scope_for(request, Verb.ACCOUNT_CREATE)
    form = NewAccountForm(request.POST or None)
    if request.method == "POST":
        made = form.attempt(
            lambda: account_actions.create_account(request.actor, path=request.area, **form.cleaned_data)
        )
        if made is not None:
            return _show_code(request, made.account_id, made.code, Purpose.SET_PASSWORD)
    context = {"form": form, "place": _place_names(request, [request.area])[request.area]}
    return frame.page(request, "desk/accounts/new.html", context, title=_("New account"), status=form.status)


class GrantForm(DeskForm):
    """A role over an area, until when, and why."""

    path = forms.CharField(
        label=gettext_lazy("Area"),
        help_text=gettext_lazy("The path of the area; the search on top finds it."),
        max_length=255,
    )
    valid_until = Moment(
        label=gettext_lazy("Until"), help_text=gettext_lazy("Empty: until revoked."), required=False
    )
    reason = Reason(label=gettext_lazy("Why"))

    def __init__(self, *args: Any, given: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = select(given, label=_("Role"))
        self.order_fields(["role", "path", "valid_until", "reason"])


@require_http_methods(["GET", "POST"])
def account(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Show one account with its roles; give a role."""
    scope = scope_for(request, Verb.ACCOUNT_VIEW)
    found = access.account(scope, account_id)
    form = GrantForm(request.POST or None, given=_may_give(request), initial={"path": found.path})
    if request.method == "POST":
        require(request.actor, Verb.ACCOUNT_GRANT, found.path)
        proposed = form.attempt(lambda: _propose(request, found, form))
        if not form.errors:
            said = _("The role is given and holds from now on.")
            if proposed is not None:
                said = _("The role is proposed. Somebody of another unit has to approve it.")
            frame.say(request, said)
            return redirect("desk:account", account_id=found.id)
    context = {
        "form": form,
        "row": _rows(request, (found,))[0],
        "account": found,
        "grants": _grants(request, found),
        "proposed": [(labels.ROLES[p.role], p.path, p.lapses_at) for p in grants.proposals_for(found.id)],
        "may_grant": may(request, Verb.ACCOUNT_GRANT, found.path) and found.id != request.actor.account_id,
        "may_reset": may(request, Verb.ACCOUNT_RESET, found.path),
        "may_enrol": may(request, Verb.DEVICE_ENROL, found.path),
        "may_unlock": found.is_locked and may(request, Verb.ACCOUNT_UNLOCK, found.path),
        "may_close": found.is_active and may(request, Verb.ACCOUNT_CLOSE, found.path),
    }
    return frame.page(
        request, "desk/accounts/account.html", context, title=found.display_name, status=form.status
    )


class RevokeForm(DeskForm):
    """The reason for taking something away."""

    reason = Reason(label=gettext_lazy("Reason"))


@require_http_methods(["GET", "POST"])
def revoke(request: DeskRequest, account_id: UUID, grant_id: UUID) -> HttpResponse:
    """Take a role away, with a reason."""
    scope = scope_for(request, Verb.ACCOUNT_VIEW)
    found = access.account(scope, account_id)
    grant = next((g for g in _grants(request, found) if g.id == grant_id), None)
    if grant is None:
        raise ProblemError("access.not_found", status=404)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            form,
            lambda: roles.revoke_grant(request.actor, grant_id=grant.id, reason=form.cleaned_data["reason"]),
            (_("The role is revoked. It ends within half a minute."), found.id),
        )
    context = {
        "form": form,
        "title": _("Revoke a role"),
        "consequence": _("%(who)s can then no longer do what “%(role)s” allows over %(area)s.")
        % {"who": found.display_name, "role": grant.role, "area": grant.area},
        "act": _("Revoke the role"),
        "back": reverse("desk:account", args=(found.id,)),
    }
    return frame.page(
        request, "desk/accounts/reason.html", context, title=_("Revoke a role"), status=form.status
    )


@require_http_methods(["GET", "POST"])
def close(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """End an account, with a reason."""
    scope = scope_for(request, Verb.ACCOUNT_VIEW)
    found = access.account(scope, account_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            form,
            lambda: account_actions.close_account(
                request.actor, account_id=found.id, reason=form.cleaned_data["reason"]
            ),
            (_("The account is closed."), found.id),
        )
    context = {
        "form": form,
        "title": _("Close the account"),
        "consequence": _(
            "%(who)s can no longer sign in, and no phone of this account can send. What was recorded stays."
        )
        % {"who": found.display_name},
        "act": _("Close the account"),
        "back": reverse("desk:account", args=(found.id,)),
    }
    return frame.page(
        request, "desk/accounts/reason.html", context, title=_("Close the account"), status=form.status
    )


@require_POST
def act(request: DeskRequest, account_id: UUID, what: str) -> HttpResponse:
    """Issue a one-time code, unlock, or end all sessions of an account."""
    scope = scope_for(request, Verb.ACCOUNT_VIEW)
    found = access.account(scope, account_id)
    if what in {"password", "enrol"}:
        purpose = Purpose.ENROL if what == "enrol" else Purpose.SET_PASSWORD
        code = codes.issue_code(request.actor, account_id=found.id, purpose=purpose)
        return _show_code(request, found.id, code, purpose)
    if what not in {"unlock", "sessions"}:
        raise ProblemError("access.not_found", status=404)
    if what == "unlock":
        account_actions.unlock_account(request.actor, account_id=found.id)
        frame.say(request, _("The account is unlocked."))
    else:
        sessions.sign_out_everywhere(request.actor, account_id=found.id)
        frame.say(request, _("All sessions of the account have ended."))
    return redirect("desk:account", account_id=found.id)


def _done(request: DeskRequest, form: DeskForm, act: Any, said: tuple[str, UUID]) -> HttpResponse:
    """Do an act that answers nothing; say it, or say what was wrong, and go back to the account."""
    form.attempt(act)
    problems = [str(error) for errors in form.errors.values() for error in errors]
    frame.say(request, problems[0] if problems else said[0])
    return redirect("desk:account", account_id=said[1])


def _show_code(request: DeskRequest, account_id: UUID, code: str, purpose: Purpose) -> HttpResponse:
    """Show a one-time code: in this answer, and never again."""
    name = access.display_names([account_id]).get(account_id, "")
    context = {
        "code": code,
        "name": name,
        "is_enrol": purpose is Purpose.ENROL,
        "href": reverse("desk:account", args=(account_id,)),
        "where": request.build_absolute_uri(reverse("desk:redeem_code")),
    }
    return frame.page(request, "desk/accounts/code.html", context, title=_("One-time code"))


def _propose(request: DeskRequest, found: AccountRow, form: GrantForm) -> UUID | None:
    data = form.cleaned_data
    return proposals.propose_role(
        request.actor,
        account_id=found.id,
        role=Role(data["role"]),
        path=data["path"],
        valid_until=data["valid_until"],
        reason=data["reason"],
    )


def _may_give(request: DeskRequest) -> list[tuple[str, Any]]:
    now = clock.now()
    return [
        (r.value, labels.ROLES[r]) for r in Role if rules.may_give(request.actor.grants, r, request.area, now)
    ]


def _rows(request: DeskRequest, found: tuple[AccountRow, ...]) -> tuple[Row, ...]:
    places = _place_names(request, [a.path for a in found])
    now = clock.now()
    rows = []
    for a in found:
        held = dict.fromkeys(
            str(labels.ROLES[g.role])
            for g in a.grants
            if g.valid_from <= now and (g.valid_until is None or now < g.valid_until)
        )
        state, mark = (_("active"), "good") if a.is_active else (pgettext("account", "closed"), "")
        if a.is_locked:
            state, mark = _("locked by wrong passwords"), "bad"
        rows.append(
            Row(
                href=reverse("desk:account", args=(a.id,)),
                name=a.name,
                display_name=a.display_name,
                team=a.team,
                area=places[a.path],
                roles=lists.join(held),
                state=state,
                state_class=mark,
                last_login=a.last_login,
            )
        )
    return tuple(rows)


def _grants(request: DeskRequest, found: AccountRow) -> tuple[GrantView, ...]:
    now = clock.now()
    places = _place_names(request, [g.path for g in found.grants])
    people = access.display_names({g.granted_by for g in found.grants})
    return tuple(
        GrantView(
            id=g.id,
            role=str(labels.ROLES[g.role]),
            area=places[g.path],
            valid_from=g.valid_from,
            valid_until=g.valid_until,
            live=g.valid_until is None or now < g.valid_until,
            by=people.get(g.granted_by, _("the system")),
            reason=g.reason,
            mine=rules.may_give(request.actor.grants, g.role, g.path, now),
        )
        for g in found.grants
    )


def _place_names(request: DeskRequest, paths: list[str]) -> dict[str, str]:
    scope = access.scope_of(request.actor, Verb.GRID_VIEW)
    names = grid.tree_names(scope, set(paths), clock.local_date(clock.now())) if paths else {}
    return {path: names.get(path, path) for path in paths}
