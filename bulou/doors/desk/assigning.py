"""Giving many units of a missed list to a person or a team: preview, act, undo."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from bulou.coverage.queries import units
from bulou.coverage.terms import MissedUnit
from bulou.doors.desk import frame, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm
from bulou.doors.desk.missed import MOST_SUBJECTS, Asked, ask, assign_choices
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.tasks import actions as tasks
from bulou.tasks.terms import Assigned, Unit

KEPT_UNDOS = 3


class AssignForm(DeskForm):
    """To whom, and why."""

    to = forms.CharField(widget=forms.HiddenInput, max_length=200)
    reason = forms.CharField(
        label=gettext_lazy("Reason or note"),
        help_text=gettext_lazy("Stands in the history of each of them. May stay empty."),
        required=False,
        max_length=300,
    )


@require_POST
def assign(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show what would be given to whom; with `do`, give it."""
    asked = ask(request, operation_id)
    back = reverse("desk:missed", args=(operation_id,)) + lists.address(request.GET)
    chosen = _chosen(request, asked)
    to = request.POST.get("to", "")
    if not chosen or not to:
        frame.say(request, _("Mark some rows and choose to whom they go."))
        return redirect(back)
    word = dict(assign_choices(request, asked)).get(to)
    if word is None:
        raise ProblemError("tasks.no_such_person", status=404)
    form = AssignForm(request.POST if "do" in request.POST else None, initial={"to": to})
    members = [Unit(u.subject, u.path) for u in chosen]
    if "do" in request.POST:
        done = form.attempt(lambda: _assign(request, asked, members, form.cleaned_data["reason"]))
        if done is not None:
            token = _remember(request, asked, done.ids)
            text = ngettext("%(n)s given to %(who)s.", "%(n)s given to %(who)s.", done.assigned)
            frame.say(
                request,
                text % {"n": number(done.assigned), "who": word},
                undo_url=reverse("desk:unassign", args=(operation_id,)),
                undo=token,
            )
            return redirect(back)
    plan = tasks.plan_assignment(request.actor, units=members)
    context = {
        "form": form,
        "round": asked.operation,
        "title": protocol_words.title(asked.operation),
        "n": number(plan.assigned),
        "skipped": number(len(plan.skipped)) if plan.skipped else "",
        "who": word,
        "to": to,
        "all": request.POST.get("all", ""),
        "subjects": [str(u.subject) for u in chosen] if "all" not in request.POST else [],
        "some": chosen[:10],
        "more": number(len(chosen) - 10) if len(chosen) > 10 else "",
        "back": back,
        "action": request.get_full_path(),
    }
    return frame.page(request, "desk/missed/assign.html", context, title=_("Assign"), status=form.status)


@require_POST
def unassign(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Take the last assignment back, as long as this session remembers it."""
    kept = request.session.get("undos", {}).pop(request.POST.get("token", ""), None)
    if kept is None:
        raise ProblemError("tasks.not_found", status=404)
    request.session.modified = True
    path, assignments, back = kept
    n = tasks.unassign(request.actor, path=path, assignments=[UUID(one) for one in assignments])
    frame.say(request, ngettext("%(n)s taken back.", "%(n)s taken back.", n) % {"n": number(n)})
    return redirect(back)


def _chosen(request: DeskRequest, asked: Asked) -> Sequence[MissedUnit]:
    """The rows that were marked, or every row of the filtered list."""
    if request.POST.get("all"):
        found = units.missed(
            asked.scope, asked.operation, path=asked.path, only=asked.only, limit=MOST_SUBJECTS
        )
        return found.items
    wanted = {text for text in request.POST.getlist("subject") if _is_uuid(text)}
    if not wanted:
        return ()
    only = units.MissedFilter(subjects=tuple(UUID(text) for text in sorted(wanted)[:MOST_SUBJECTS]))
    return units.missed(asked.scope, asked.operation, path=asked.path, only=only, limit=MOST_SUBJECTS).items


def _assign(request: DeskRequest, asked: Asked, members: Sequence[Unit], reason: str) -> Assigned:
    to = request.POST["to"]
    team = to.removeprefix("team:") if to.startswith("team:") else ""
    return tasks.assign(
        request.actor,
        operation=asked.operation.id,
        units=members,
        account=None if team else UUID(to),
        team=team,
        reason=reason,
    )


def _remember(request: DeskRequest, asked: Asked, assignments: Sequence[UUID]) -> str:
    token = ids.token()
    back = reverse("desk:missed", args=(asked.operation.id,)) + lists.address(request.GET)
    undos = dict(list(request.session.get("undos", {}).items())[-(KEPT_UNDOS - 1) :])
    undos[token] = [asked.path, [str(one) for one in assignments], back]
    request.session["undos"] = undos
    return token


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
