"""Roles that wait for a second person: approve the marked ones, refuse one, take one's own back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.actions import proposals as acts
from bulou.access.queries import grants
from bulou.access.terms import ProposalRow, Verb
from bulou.doors.desk import errors, frame, labels
from bulou.doors.desk.accounts import RevokeForm
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.figures import Figure, figure, number
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class Row:
    """One proposed role."""

    id: UUID
    who: str
    who_href: str
    role: str
    area: str
    valid_until: datetime | None
    reason: str
    by: str
    proposed_at: datetime
    lapses_at: datetime
    may_decide: bool
    mine: bool


@require_http_methods(["GET", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """List what waits; approve the marked rows, each by itself: one that cannot be approved says why."""
    scope = scope_for(request, Verb.ACCOUNT_VIEW)
    if request.method == "POST":
        _approve(request)
        return redirect("desk:proposals")
    found = rows(request, scope, grants.proposals(scope))
    context = {"rows": found, "may_some": any(row.may_decide for row in found)}
    return frame.page(request, "desk/accounts/proposals.html", context, title=_("Roles to approve"))


@require_http_methods(["GET", "POST"])
def refuse(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Refuse one, with a reason."""
    scope = scope_for(request, Verb.ACCOUNT_APPROVE)
    found = next((p for p in grants.proposals(scope) if p.id == proposal_id), None)
    if found is None:
        raise ProblemError("access.not_found", status=404)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.attempt(
            lambda: acts.decide_role(
                request.actor, proposal_id=proposal_id, approve=False, reason=form.cleaned_data["reason"]
            )
        )
        if not form.errors:
            frame.say(request, _("The role is refused. The proposer can read why."))
            return redirect("desk:proposals")
    row = rows(request, scope, (found,))[0]
    context = {
        "form": form,
        "title": _("Refuse a role"),
        "consequence": _("%(who)s does not become “%(role)s” over %(area)s. Your reason is kept.")
        % {"who": row.who, "role": row.role, "area": row.area},
        "act": _("Refuse the role"),
        "back": reverse("desk:proposals"),
    }
    return frame.page(
        request, "desk/accounts/reason.html", context, title=_("Refuse a role"), status=form.status
    )


@require_POST
def withdraw(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Take one's own proposal back."""
    scope_for(request, Verb.ACCOUNT_GRANT)
    acts.withdraw_proposal(request.actor, proposal_id=proposal_id)
    frame.say(request, _("The proposal is taken back."))
    return redirect("desk:proposals")


def second_looks(request: DeskRequest) -> list[Figure]:
    """What waits for this officer as a second person: roles to approve, emergency roles. 3 queries."""
    figures, me, at = [], request.actor.account_id, clock.now()
    approve = access.scope_of(request.actor, Verb.ACCOUNT_APPROVE)
    if approve.paths:
        found = grants.proposals(approve)
        units = grants.units_of({me, *(p.proposed_by for p in found)}) if found else {}
        n = sum(grants.may_decide(request.actor, p, units) for p in found)
        label, href = _("Roles to approve or refuse"), reverse("desk:proposals")
        figures.append(figure(n, key="late", label=label, href=href))
    review = access.scope_of(request.actor, Verb.GLASS_REVIEW)
    if review.paths:
        waiting = [g for g in grants.glasses(review) if g.reviewed_at is None and g.account_id != me]
        label, href = _("Emergency roles to review"), reverse("desk:glass")
        if any(grants.is_late(g, at) for g in waiting):
            label = _("Emergency roles to review, overdue")
        figures.append(figure(len(waiting), key="late", label=label, href=href))
    return figures


def _approve(request: DeskRequest) -> None:
    done, problems = 0, []
    for text in dict.fromkeys(request.POST.getlist("subject")):
        try:
            acts.decide_role(request.actor, proposal_id=UUID(text), approve=True)
            done += 1
        except ValueError:
            raise ProblemError("access.not_found", status=404) from None
        except ProblemError as error:
            if error.status in {403, 404}:
                raise
            problems.append(errors.words(error.problem))
    for said in dict.fromkeys(problems):
        frame.say(request, said)
    if done:
        text = ngettext(
            "%(n)s role approved; it holds from now on.", "%(n)s roles approved; they hold from now on.", done
        )
        frame.say(request, text % {"n": number(done)})
    elif not problems:
        frame.say(request, _("Mark the roles that you approve."))


def rows(request: DeskRequest, scope: Scope, found: tuple[ProposalRow, ...]) -> tuple[Row, ...]:
    """Return proposals as lists show them. 3 queries."""
    if not found:
        return ()
    units = grants.units_of({request.actor.account_id, *(p.proposed_by for p in found)})
    people = access.display_names({p.proposed_by for p in found})
    names = grid.tree_names(scope, {p.path for p in found}, clock.local_date(clock.now()))
    return tuple(
        Row(
            id=p.id,
            who=p.account_name,
            who_href=reverse("desk:account", args=(p.account_id,)),
            role=str(labels.ROLES[p.role]),
            area=names.get(p.path, p.path),
            valid_until=p.valid_until,
            reason=p.reason,
            by=people.get(p.proposed_by, ""),
            proposed_at=p.proposed_at,
            lapses_at=p.lapses_at,
            may_decide=grants.may_decide(request.actor, p, units),
            mine=p.proposed_by == request.actor.account_id,
        )
        for p in found
    )
