"""Findings of supervision: the list, one finding with its steps, a new one."""

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
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame, labels, lists
from bulou.doors.desk.asking import DeskRequest, covert, may, may_anywhere, scope_for
from bulou.doors.desk.finding_steps import STEPS, StepForm
from bulou.doors.desk.forms import DeskForm, select
from bulou.evidence import queries as evidence
from bulou.evidence.terms import Attachment
from bulou.grid import queries as grid
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids, reach
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.terms import (
    OPEN_STAGES,
    Finding,
    Kind,
    Method,
    Severity,
    Stage,
    Step,
    Wanted,
)

WAY = (Stage.FOUND, Stage.TOLD, Stage.PLANNED, Stage.FIXED, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in the list."""

    href: str
    text: str
    place: str
    severity: str
    grave: bool
    stage: str
    stage_class: str
    due_at: datetime | None
    late: bool
    owner: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that happened to a finding."""

    at: datetime
    what: str
    who: str
    text: str
    mark: str
    problem: str
    evidence: tuple[str, ...]
    photos: tuple[str, ...]
    """Addresses of photos that have arrived."""
    n_missing: int
    """Photos that the record names and that are still under way."""
    n_over: int
    """Photos that were destroyed because their time is over."""


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List findings, the most urgent first."""
    scope = scope_for(request, Verb.FINDING_VIEW)
    at = clock.now()
    stages = tuple(Stage(s) for s in request.GET.getlist("stage") if s in set(Stage))
    wanted = Wanted(
        path=request.area if scope.covers(request.area) else None,
        stages=stages or OPEN_STAGES,
        severities=tuple(Severity(s) for s in request.GET.getlist("severity") if s in set(Severity)),
        overdue_at=at if "yes" in request.GET.getlist("late") else None,
        owner=request.actor.account_id if "me" in request.GET.getlist("owner") else None,
    )
    page = supervision.findings(
        scope, covert=covert(request), wanted=wanted, cursor=request.GET.get("cursor"), limit=lists.PAGE
    )
    filters = (
        lists.chips(request, "stage", _("Stage"), tuple((s.value, labels.STAGES[s]) for s in Stage)),
        lists.chips(
            request, "severity", _("Severity"), tuple((s.value, labels.SEVERITIES[s]) for s in Severity)
        ),
        lists.flags(request, _("Only"), (("late", "yes", _("late")), ("owner", "me", _("mine")))),
    )
    context = {
        "rows": _rows(scope, page.items, at),
        "filters": filters,
        "clear_href": "?" if set(request.GET) - {"area", "cursor"} else "",
        "pager": lists.pager(request, page.next, page.total),
        "may_create": may_anywhere(request, Verb.FINDING_CREATE),
    }
    return frame.page(request, "desk/findings/index.html", context, title=_("Findings"))


@require_http_methods(["GET", "POST"])
def finding(request: DeskRequest, finding_id: UUID) -> HttpResponse:
    """Show one finding with everything that happened to it, and the forms of the steps that are mine."""
    scope = scope_for(request, Verb.FINDING_VIEW)
    story = supervision.finding(scope, finding_id, covert=covert(request))
    found = story.finding
    step = request.POST.get("step", "")
    forms_of = {
        key: StepForm.of(
            key,
            found,
            request if key == step else None,
            people=_people(found),
            photos=may(request, Verb.RECORD_SUBMIT, found.path),
        )
        for key, (verb, _kind) in STEPS.items()
        if may(request, verb, found.path) and StepForm.offered(key, found)
    }
    form = forms_of.get(step)
    if request.method == "POST" and form is None:
        raise ProblemError("access.not_allowed", status=403, verb=step[:20])
    if request.method == "POST" and form is not None:
        done = form.attempt(lambda: form.take(request.actor, found))
        if done is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:finding", finding_id=found.id)
    at = clock.now()
    shown = evidence.of_records(scope, [step.record for step in story.steps if step.photos])
    people = access.display_names({s.author for s in story.steps} | ({found.owner} if found.owner else set()))
    context = {
        "row": _rows(scope, (found,), at)[0],
        "finding": found,
        "methods": lists.join(labels.METHODS[m] for m in found.methods),
        "way": _way(found),
        "steps": tuple(_step(step, people, shown.get(step.record, [])) for step in reversed(story.steps)),
        "forms": tuple(forms_of.values()),
        "owner": people.get(found.owner, "") if found.owner else "",
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/findings/finding.html", context, title=_("Finding"), status=status)


class NewFindingForm(DeskForm):
    """What was found, where and how bad."""

    path = forms.CharField(label=gettext_lazy("Where"), widget=forms.HiddenInput, max_length=255)
    text = forms.CharField(
        label=gettext_lazy("What was found?"),
        help_text=gettext_lazy("One finding at a time, as it was seen. No names of residents."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("How was it found?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    covert = forms.BooleanField(
        label=gettext_lazy("Not to be seen by the inspected before they are told"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        severities = [(s.value, labels.SEVERITIES[s]) for s in Severity]
        self.fields["severity"] = select(severities, label=_("How bad is it?"))
        self.fields["methods"].choices = [(m.value, labels.METHODS[m]) for m in Method]  # type: ignore[attr-defined]
        self.order_fields(["path", "text", "severity", "methods", "covert"])

    def record(self) -> OfficeRecord:
        """Return the record that begins a finding."""
        data = self.cleaned_data
        payload = {
            "severity": data["severity"],
            "text": data["text"],
            "methods": data["methods"],
            "covert": data["covert"],
        }
        return OfficeRecord(
            kind=Kind.FINDING,
            path=data["path"],
            subject_type="finding",
            subject=ids.uuid7(),
            outcome="found",
            payload=payload,
        )


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Note a finding in the area that is looked at."""
    scope = scope_for(request, Verb.FINDING_CREATE)
    form = NewFindingForm(request.POST or None, initial={"path": request.area})
    if request.method == "POST":
        done = form.attempt(lambda: office.submit_office(request.actor, [form.record()]))
        if done is not None:
            frame.say(request, _("The finding is noted. Next: tell the unit."))
            return redirect("desk:findings")
    names = grid.tree_names(scope, (request.area,), clock.local_date(clock.now()))
    place = reach.spelled(request.area, names, above=0)
    context = {"form": form, "place": place}
    return frame.page(request, "desk/findings/new.html", context, title=_("New finding"), status=form.status)


def _people(found: Finding) -> list[tuple[str, str]]:
    people = access.accounts_that_may(Verb.FINDING_FIX, found.path)
    return [(str(p.id), f"{p.display_name} · {p.team}" if p.team else p.display_name) for p in people]


def _rows(scope: Scope, found: tuple[Finding, ...], at: datetime) -> tuple[FindingRow, ...]:
    if not found:
        return ()
    names = grid.tree_names(scope, {f.path for f in found}, clock.local_date(at))
    people = access.display_names({f.owner for f in found if f.owner})
    return tuple(
        FindingRow(
            href=reverse("desk:finding", args=(f.id,)),
            text=f.text,
            place=reach.spelled(f.path, names),
            severity=str(labels.SEVERITIES[f.severity]),
            grave=f.severity is not Severity.ORDINARY,
            stage=str(labels.STAGES[f.stage]),
            stage_class="good" if f.stage is Stage.CLOSED else "bad" if f.stage is Stage.REOPENED else "part",
            due_at=f.due_at,
            late=f.due_at is not None and f.due_at < at,
            owner=people.get(f.owner, "") if f.owner else f.owner_unit or f.told_unit or f.responsible,
            found_at=f.found_at,
        )
        for f in found
    )


def _way(found: Finding) -> tuple[tuple[str, str], ...]:
    """The five steps with how each is marked: past, now, or still to come."""
    now = WAY.index(found.stage) if found.stage in WAY else WAY.index(Stage.PLANNED)
    words = []
    for n, stage in enumerate(WAY):
        mark = "past" if n < now or found.stage is Stage.CLOSED else "now" if n == now else ""
        words.append((str(labels.STAGES[stage]), mark))
    return tuple(words)


def _step(step: Step, people: dict[UUID, str], arrived: list[Attachment]) -> StepRow:
    who = people.get(step.author, "")
    there = [one for one in arrived if one.id in step.photos]
    photos = [one for one in there if one.discarded_at is None]
    return StepRow(
        at=step.at,
        what=labels.of(labels.KINDS, step.kind),
        who=f"{who} · {step.team}" if step.team else who,
        text=step.text,
        mark="" if step.counted else "doubt",
        problem="" if step.counted or not step.problem else errors.words(Problem(step.problem)),
        evidence=step.evidence,
        photos=tuple(reverse("desk:attachment", args=(one.id,)) for one in photos),
        n_missing=len(step.photos) - len(there),
        n_over=len(there) - len(photos),
    )
