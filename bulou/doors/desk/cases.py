"""Cases: what is open, the most urgent first; one case with its steps, their owners and times."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.cases.terms import Case, Kind
from bulou.doors.desk import care_words, errors, frame, labels, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import outcomes, places, short, title
from bulou.doors.desk.forms import DeskForm, Moment, half_hour, select
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import Problem, ProblemError
from bulou.people.queries import found as known
from bulou.protocols import queries as protocols

LAST = frozenset({"hospital", "note"})
ASKED = LAST | {"temperature_c", "vehicle"}


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List cases, the most urgent first."""
    scope = scope_for(request, Verb.CASE_VIEW)
    at, closed = clock.now(), request.GET.get("show") == "closed"
    page = cases.cases(
        scope,
        path=request.area if scope.covers(request.area) else None,
        closed=closed,
        late_at=at if "yes" in request.GET.getlist("late") else None,
        cursor=request.GET.get("cursor"),
        limit=lists.PAGE,
    )
    where = places(scope, {one.path for one in page.items}, at)
    tabs = ((_("Open"), None, not closed), (_("Closed"), "closed", closed))
    context = {
        "rows": tuple(_row(one, where, at) for one in page.items),
        "tabs": tuple((word, lists.address(request.GET, show=key), on) for word, key, on in tabs),
        "filters": (lists.flags(request, _("Only"), (("late", "yes", _("late")),)),),
        "pager": lists.pager(request, page.next),
    }
    return frame.page(request, "desk/cases/index.html", context, title=_("Cases"))


@require_http_methods(["GET", "POST"])
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show one case with its steps, and the forms of what I may say."""
    scope = scope_for(request, Verb.CASE_VIEW)
    found, at = cases.case(scope, case_id), clock.now()
    step = request.POST.get("step", "")
    offered = {
        kind: StepForm.of(kind, found, request.POST if kind == step else None)
        for kind, verb in ((Kind.STEP.value, Verb.CASE_WORK), (Kind.CLOSED.value, Verb.CASE_CLOSE))
        if found.is_open and may(request, verb, found.path)
    }
    form = offered.get(step)
    if request.method == "POST" and form is None:
        raise ProblemError("access.not_allowed", status=403, verb=step[:20])
    if request.method == "POST" and form is not None:
        sent = form
        if form.attempt(lambda: office.submit_office(request.actor, [sent.record(found)])) is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:case", case_id=case_id)
    where = places(scope, {found.path}, at)
    settled = {one.author for one in found.steps if one.author}
    people = access.display_names({one.author for one in found.happened} | settled)
    context = {
        "row": _row(found, where, at),
        "case": found,
        "watch": reverse("desk:watch", args=(found.about,)) if found.about_type == "watch" else "",
        "person_href": _person(request, found),
        "steps": tuple(_step(found, n, people, at) for n in range(len(found.steps))),
        "happened": tuple(_happened(found, n, people) for n in reversed(range(len(found.happened)))),
        "forms": tuple(offered.values()),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/cases/case.html", context, title=_("Case"), status=status)


class StepForm(DeskForm):
    """A step that was done, or the last word."""

    kind = Kind.STEP.value
    title = ""
    act = ""

    @staticmethod
    def of(kind: str, found: Case, data: QueryDict | None) -> "StepForm":
        """Return the form of a kind of record, empty or as it was sent."""
        form = StepForm(data, auto_id=f"id_{kind}_%s")
        form.kind = kind
        last = kind == Kind.CLOSED
        form.title, form.act = (_("The last word"), _("Close it")) if last else (_("A step"), _("Note it"))
        compiled = protocols.compiled(found.protocol)
        form.fields["outcome"] = select(outcomes(found.protocol, kind), label=_("What was done?"))
        for field in compiled.form.fields:
            if field.key in (LAST if last else ASKED):
                word = protocol_words.question(found.protocol, field.key)
                form.fields[field.key] = (
                    forms.FloatField(label=word, required=False)
                    if field.key == "temperature_c"
                    else forms.CharField(label=word, max_length=200, required=False)
                )
        form.fields["at"] = Moment(label=_("When?"), initial=half_hour(clock.now()), required=False)
        return form

    def record(self, found: Case) -> OfficeRecord:
        """Return the record, with what was answered."""
        data: dict[str, Any] = self.cleaned_data
        at: datetime | None = data["at"]
        told = {k: v for k, v in data.items() if k not in ("outcome", "at") and v not in ("", None)}
        return OfficeRecord(
            kind=self.kind, path=found.path, subject_type="case", subject=found.id, outcome=data["outcome"],
            payload=told, protocol=found.protocol, observed_at=at,
        )  # fmt: skip


def _row(one: Case, where: dict[str, str], at: datetime) -> dict[str, object]:
    owed = min(one.owed, key=lambda step: step.due_at, default=None)
    return {
        "href": reverse("desk:case", args=(one.id,)),
        "title": title(one.protocol),
        "wish": protocol_words.choice(one.protocol, _asked(one), one.wish) if one.wish else "",
        "person": short(one.person or one.about),
        "place": where.get(one.path, one.path),
        "opened_at": one.opened_at,
        "next": protocol_words.question(one.protocol, f"step.{owed.key}") if owed else "",
        "owner": str(care_words.RUNGS[owed.owner]) if owed and owed.owner else "",
        "due_at": one.due_at,
        "late": bool(owed and owed.late(at)),
        "rung": str(care_words.RUNGS[cases.rung(one, at)]) if one.is_open else "",
        "outcome": protocol_words.outcome(one.protocol, one.outcome) if one.outcome else "",
        "closed_at": one.closed_at,
    }


def _person(request: DeskRequest, found: Case) -> str:
    """Where the person's page is, for who may open it; nothing where nobody is held under the number."""
    scope = access.scope_of(request.actor, Verb.PERSON_VIEW)
    if found.person is None or not scope.paths:
        return ""
    try:
        known.person(scope, found.person)
    except ProblemError:
        return ""
    return reverse("desk:person", args=(found.person,))


def _asked(one: Case) -> str:
    """The question whose answer decides how soon it is due."""
    return protocols.compiled(one.protocol).due_field or ""


def _step(found: Case, n: int, people: dict[UUID, str], at: datetime) -> dict[str, object]:
    step = found.steps[n]
    return {
        "word": protocol_words.question(found.protocol, f"step.{step.key}"),
        "owner": str(care_words.RUNGS[step.owner]) if step.owner else "",
        "due_at": step.due_at,
        "late": step.late(at) and found.is_open,
        "settled_at": step.settled_at,
        "by": people.get(step.author, "") if step.author else "",
        "outcome": protocol_words.outcome(found.protocol, step.outcome) if step.outcome else "",
        "must": step.must,
    }


def _happened(found: Case, n: int, people: dict[UUID, str]) -> dict[str, object]:
    one = found.happened[n]
    who = people.get(one.author, "") or _("the person, on the own page, or the system")
    return {
        "at": one.at,
        "what": protocol_words.outcome(found.protocol, one.outcome)
        if n
        else labels.of(labels.KINDS, one.kind),
        "who": f"{who} · {one.team}" if one.team and one.author in people else who,
        "text": one.text,
        "mark": "" if one.counted else "doubt",
        "problem": "" if one.counted else errors.words(Problem(f"cases.{one.problem}")),
    }
