"""The register as a whole: on paper, who may be there twice, the rule that classes, what was destroyed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.actions.gate import require
from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels, lists, people
from bulou.doors.desk import people_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.forms import Day, DeskForm, Reason
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.screening.queries import register
from bulou.lines.screening.terms import Clause, Kind, Merge, MergeState, Risk, Wanted
from bulou.people.actions import reading
from bulou.people.queries import found, identity
from bulou.people.terms import Asked, Look, Purpose

PRINTED = 500
DOUBLES = Asked(Purpose.DUPLICATES)
DECISIONS = {"approve": Kind.MERGED, "refuse": Kind.MERGE_REFUSED, "undo": Kind.UNMERGED}


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two people who may be one."""

    one: UUID
    other: UUID
    one_name: str
    other_name: str
    why: str


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge that waits or holds."""

    merge: Merge
    keep_name: str
    drop_name: str
    by: str
    state: str
    waits: bool
    mine: bool


@require_GET
def printed(request: DeskRequest) -> HttpResponse:
    """Show the register of the area for printing, masked, with columns to write in."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    risks = tuple(Risk(v) for v in request.GET.getlist("risk") if v in set(Risk))
    wanted = Wanted(path=request.area if scope.covers(request.area) else "", risks=risks)
    page, _following, total = register.registered(scope, wanted, limit=PRINTED)
    context = {
        "rows": people.person_rows(request, scope, page, look=Look.PRINTED),
        "total": people.many(total),
        "more": total > PRINTED,
        "made_at": clock.now(),
        "made_by": request.actor.display_name,
    }
    return frame.page(request, "desk/people/register.html", context, title=_("Register"))


@require_http_methods(["GET", "POST"])
def doubles(request: DeskRequest) -> HttpResponse:
    """List people who may be one, and merges that wait for a second person; propose one."""
    scope = scope_for(request, Verb.PERSON_MERGE)
    if request.method == "POST":
        _propose(request, scope)
        frame.say(request, _("Proposed. Somebody else has to agree."))
        return redirect("desk:people_doubles")
    path = request.area if scope.covers(request.area) else scope.paths[0]
    pairs = identity.pairs(scope, path)
    merges = register.merges(scope, states=(MergeState.PROPOSED, MergeState.MERGED, MergeState.REFUSED))
    decided = {frozenset((m.drop, m.keep)) for m in merges}
    pairs = tuple(pair for pair in pairs if frozenset((pair.one, pair.other)) not in decided)
    who = {p for pair in pairs for p in (pair.one, pair.other)} | {
        p for m in merges for p in (m.drop, m.keep)
    }
    shown = reading.masked(request.actor, sorted(who), DOUBLES)
    names = {person: f"{one.name} {one.number[-4:]}" for person, one in shown.items()}
    officers = access.display_names({m.proposed_by for m in merges})
    context = {
        "pairs": tuple(
            PairRow(p.one, p.other, names[p.one], names[p.other], labels.of(words.ALIKE, p.alike))
            for p in pairs
            if p.one in names and p.other in names
        ),
        "merges": tuple(
            MergeRow(
                m, names.get(m.keep, "–"), names.get(m.drop, "–"), officers.get(m.proposed_by, "–"),
                labels.of(words.MERGE_STATES, m.state), m.state is MergeState.PROPOSED,
                m.proposed_by == request.actor.account_id,
            )
            for m in merges
            if m.state is not MergeState.REFUSED
        ),
    }  # fmt: skip
    return frame.page(request, "desk/people/doubles.html", context, title=_("Perhaps there twice"))


def _propose(request: DeskRequest, scope: Scope) -> None:
    keep, drop = (_uuid(request.POST.get(name, "")) for name in ("keep", "drop"))
    kept, dropped = found.person(scope, keep), found.person(scope, drop)
    require(request.actor, Verb.PERSON_MERGE, kept.path)
    _say(
        request, Kind.MERGE_PROPOSED, drop, dropped.path,
        {"keep": str(keep), "reason": request.POST.get("reason", "").strip()},
    )  # fmt: skip


@require_POST
def decide(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Agree to a merge, refuse it, or undo it."""
    scope = scope_for(request, Verb.PERSON_MERGE)
    kind = DECISIONS.get(request.POST.get("verdict", ""))
    merge = next((m for m in register.merges(scope, person_id=person_id) if m.drop == person_id), None)
    if kind is None or merge is None:
        raise ProblemError("access.not_found", status=404)
    reason = request.POST.get("reason", "").strip()
    _say(request, kind, person_id, merge.path, {"proposal": str(merge.proposal), "reason": reason})
    frame.say(request, _("Noted."))
    return redirect("desk:people_doubles")


class RuleForm(DeskForm):
    """Who is a key person: places, from when, contact."""

    places = forms.CharField(
        label=gettext_lazy("Places"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=gettext_lazy("One place a line, by name or division code. A code holds for all below it."),
    )  # fmt: skip
    from_on = Day(
        label=gettext_lazy("Who was there on or after"), required=False,
        help_text=gettext_lazy("Without a day every stay counts."),
    )  # fmt: skip
    contact = forms.BooleanField(
        label=gettext_lazy("Also who had contact with people from there or with a case"), required=False
    )
    noted = forms.CharField(
        label=gettext_lazy("Places of which people are to be noted"), required=False,
        widget=forms.Textarea(attrs={"rows": 2}), max_length=4000,
    )  # fmt: skip
    reason = Reason(label=gettext_lazy("By which order?"))

    def clauses(self) -> tuple[Clause, ...]:
        """Return what the form says as clauses of the rule."""
        data = self.cleaned_data
        key = _clause(Risk.KEY, data["places"], data["from_on"], contact=data["contact"])
        noted = _clause(Risk.ATTENTION, data["noted"], data["from_on"], contact=False)
        return tuple(c for c in (key, noted) if c.places or c.codes or c.contact)


def _clause(risk: Risk, text: str, from_on: date | None, *, contact: bool) -> Clause:
    said = [line.strip() for line in text.splitlines() if line.strip()]
    codes = tuple(line.rstrip("0") if line.isdigit() else "" for line in said)
    places = tuple(line for line in said if not line.isdigit())
    return Clause(risk, places, tuple(code for code in codes if code), from_on, contact)


@require_http_methods(["GET", "POST"])
def rule(request: DeskRequest) -> HttpResponse:
    """Show the rule and its versions; try another one, and set it."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    district = scope.districts[0]
    now = register.rule_now(district)
    form = RuleForm(request.POST or None, initial=_initial(now.clauses if now else ()))
    tried: tuple[tuple[str, str, int], ...] | None = None
    if request.method == "POST":
        require(request.actor, Verb.RISK_SET, district)
        if form.is_valid() and request.POST.get("do") == "set":
            done = form.attempt(lambda: _set(request, district, form))
            if done is not None:
                frame.say(request, _("The rule is set. Everybody on the register is classed anew."))
                return redirect("desk:risk_rule")
        elif form.is_valid():
            tried = tuple(
                (labels.of(words.RISKS, was), labels.of(words.RISKS, then), n)
                for was, then, n in register.would_be(district, form.clauses())
                if was is not then
            )
    versions = register.rules(district)
    officers = access.display_names({version.set_by for version in versions})
    context = {
        "form": form,
        "tried": tried,
        "may_set": may(request, Verb.RISK_SET, district),
        "versions": tuple((v, _clauses_in_words(v.clauses), officers.get(v.set_by, "–")) for v in versions),
    }
    return frame.page(request, "desk/people/rule.html", context, title=_("Risk rule"), status=form.status)


def _initial(clauses: tuple[Clause, ...]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for clause in clauses:
        field = "places" if clause.risk is Risk.KEY else "noted"
        said[field] = "\n".join([*clause.places, *clause.codes])
        said |= {"from_on": clause.from_on} if clause.from_on else {}
        said["contact"] = said.get("contact") or clause.contact
    return said


def _clauses_in_words(clauses: tuple[Clause, ...]) -> tuple[tuple[str, str, date | None, bool], ...]:
    return tuple(
        (labels.of(words.RISKS, c.risk), lists.join([*c.places, *c.codes]), c.from_on, c.contact)
        for c in clauses
    )


def _set(request: DeskRequest, district: str, form: RuleForm) -> bool:
    told = [
        {
            "risk": c.risk.value, "places": list(c.places), "codes": list(c.codes), "contact": c.contact,
            "from_on": c.from_on.isoformat() if c.from_on else None,
        }
        for c in form.clauses()
    ]  # fmt: skip
    payload = {"clauses": told, "reason": form.cleaned_data["reason"]}
    record = OfficeRecord(
        kind=Kind.RULE, path=district, subject_type="rule", subject=ids.uuid7(), payload=payload
    )
    submit_office(request.actor, [record])
    return True


@require_GET
def destroyed(request: DeskRequest) -> HttpResponse:
    """List what was destroyed because its time was over."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    rows = tuple(
        (c, lists.join(f"{labels.of(words.KEEPS, k)} {n}" for k, n in c.by_keep.items()))
        for c in identity.certificates(scope)
    )
    return frame.page(request, "desk/people/destroyed.html", {"rows": rows}, title=_("Destroyed"))


def _say(request: DeskRequest, kind: Kind, subject: UUID, path: str, payload: dict[str, Any]) -> None:
    record = OfficeRecord(kind=kind, path=path, subject_type="person", subject=subject, payload=payload)
    submit_office(request.actor, [record])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ProblemError("access.not_found", status=404) from None
