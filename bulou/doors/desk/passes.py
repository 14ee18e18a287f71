"""Passes of households: the list, issuing, printing eight to a page, revoking."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame, gate_words, labels, lists
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.enrolment import qr
from bulou.doors.desk.forms import Day, DeskForm, Reason
from bulou.doors.desk.pass_sheet import PER_PAGE, Sheet, pdf
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints.actions import passes as acts
from bulou.lines.checkpoints.queries import passes
from bulou.lines.checkpoints.rules.passes import state
from bulou.lines.checkpoints.terms import Pass, PassState

USUAL_DAYS = 14
MOST_PRINTED = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One pass in the list."""

    id: UUID
    serial: str
    place: str
    number: str
    valid_from: date
    valid_until: date
    rule: str
    state: str
    mark: str
    revoke_href: str


@dataclass(frozen=True, slots=True)
class Card:
    """One pass on paper."""

    place: str
    door: str
    serial: str
    number: str
    valid: str
    rule: str
    code: str
    qr: SafeString


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the passes of the area in walking order."""
    scope = scope_for(request, Verb.PASS_VIEW)
    path = request.area if scope.covers(request.area) else None
    today = clock.local_date(clock.now())
    states = tuple(PassState(s) for s in request.GET.getlist("state") if s in set(PassState))
    page = passes.passes(
        scope, today, path=path, states=states, cursor=request.GET.get("cursor"), limit=lists.PAGE
    )
    counts = passes.counts(scope, today, path=path)
    words = [(s.value, gate_words.PASS_STATES[s]) for s in PassState]
    names = _names(scope, page.items)
    may_issue = path is not None and may(request, Verb.PASS_ISSUE, path)
    context = {
        "rows": tuple(_row(request, one, names, today) for one in page.items),
        "filters": (
            lists.chips(request, "state", _("State"), words, counts={s.value: n for s, n in counts.items()}),
        ),
        "clear_href": "?" if states else "",
        "pager": lists.pager(request, page.next, page.total),
        "may_issue": may_issue,
        "place": reach.spelled(path or "", _names(scope, (), path or "")),
    }
    return frame.page(request, "desk/passes/index.html", context, title=_("Household passes"))


class IssueForm(DeskForm):
    """How many passes each household gets, until when, and how often one may go out."""

    per_household = forms.IntegerField(
        label=gettext_lazy("Passes for each household"), min_value=1, max_value=9
    )
    valid_from = Day(label=gettext_lazy("Valid from"))
    valid_until = Day(label=gettext_lazy("Valid until"), help_text=gettext_lazy("At most 62 days."))
    exits = forms.IntegerField(
        label=gettext_lazy("Exits"), min_value=0, max_value=9, help_text=gettext_lazy("0 means: no limit.")
    )
    days = forms.IntegerField(label=gettext_lazy("in how many days"), min_value=1, max_value=9)

    def terms(self) -> acts.Terms:
        """Return what was filled in."""
        data = self.cleaned_data
        return acts.Terms(
            per_household=data["per_household"], valid_from=data["valid_from"],
            valid_until=data["valid_until"], exits=data["exits"], days=data["days"],
        )  # fmt: skip


@require_http_methods(["GET", "POST"])
def issue(request: DeskRequest) -> HttpResponse:
    """Issue passes to every door of the area that is looked at."""
    scope = scope_for(request, Verb.PASS_ISSUE)
    today = clock.local_date(clock.now())
    usual = {
        "per_household": 1,
        "valid_from": today,
        "valid_until": today + timedelta(days=USUAL_DAYS - 1),
        "exits": 1,
        "days": 2,
    }
    form = IssueForm(request.POST or None, initial=usual)
    if request.method == "POST":
        made = form.attempt(lambda: acts.issue_passes(request.actor, request.area, form.terms()))
        if made is not None:
            frame.say(request, _("%(n)s passes are issued. Print them now.") % {"n": f"{len(made):,}"})
            return redirect("desk:passes")
    names = _names(scope, (), request.area)
    context = {"form": form, "place": reach.spelled(request.area, names)}
    return frame.page(request, "desk/passes/issue.html", context, title=_("Issue passes"), status=form.status)


@require_GET
def sheet(request: DeskRequest) -> HttpResponse:
    """Show the valid passes of the area as cards to print, eight to a page."""
    cards, cut = _printed(request)
    context = {"cards": cards, "cut": cut, "most": MOST_PRINTED, "pages": -(-len(cards) // PER_PAGE)}
    return frame.page(request, "desk/passes/sheet.html", context, title=_("Passes to print"))


@require_GET
def sheet_pdf(request: DeskRequest) -> HttpResponse:
    """Answer with the same cards as PDF."""
    cards, _cut = _printed(request)
    title = _("Household passes")
    told = Sheet(title=title, language=labels.html_lang(get_language() or "zh-hans"), cards=cards,
                 ask=_("Show this at the gate."))  # fmt: skip
    response = HttpResponse(pdf(told, clock.now()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="passes-{request.area}.pdf"'
    return response


class RevokeForm(DeskForm):
    """Why a pass is to open no gate any more."""

    reason = Reason(label=gettext_lazy("Reason"))


@require_http_methods(["GET", "POST"])
def revoke(request: DeskRequest, pass_id: UUID) -> HttpResponse:
    """Revoke a pass, with a reason."""
    scope = scope_for(request, Verb.PASS_VIEW)
    one = passes.one(scope, pass_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST":
        done = form.attempt(
            lambda: acts.revoke_pass(request.actor, one.id, one.path, reason=form.data.get("reason", ""))
        )
        if done is not None:
            frame.say(request, _("The pass is revoked. Each phone knows it after its next sync."))
            return redirect("desk:passes")
    context = {
        "form": form,
        "title": _("Revoke a pass"),
        "consequence": _("The pass %(serial)s opens no gate any more. A new one can be issued to the door.")
        % {"serial": one.serial},
        "act": _("Revoke the pass"),
        "back": reverse("desk:passes"),
    }
    return frame.page(
        request, "desk/accounts/reason.html", context, title=_("Revoke a pass"), status=form.status
    )


def _printed(request: DeskRequest) -> tuple[tuple[Card, ...], bool]:
    scope = scope_for(request, Verb.PASS_ISSUE)
    if not scope.covers(request.area):
        raise ProblemError("access.not_found", status=404)
    today = clock.local_date(clock.now())
    wanted = (PassState.VALID, PassState.NOT_YET)
    page = passes.passes(scope, today, path=request.area, states=wanted, limit=MOST_PRINTED)
    found = acts.printed(request.actor, request.area, [one.id for one in page.items])
    names = _names(scope, found)
    doors = _doors(scope, request.area) if found else {}
    return tuple(_card(one, names, doors) for one in found), page.next is not None


def _doors(scope: Scope, path: str) -> dict[UUID, str]:
    """Building and door as they are written on the card; 2,000 at most."""
    page = grid.dwellings(scope, path, limit=2_000)
    return {d.dwelling_id: " ".join(part for part in (d.building, d.door) if part) for d in page.items}


def _card(one: Pass, names: dict[str, str], doors: dict[UUID, str]) -> Card:
    return Card(
        place=reach.spelled(one.area, names),
        door=doors.get(one.dwelling, ""),
        serial=one.serial,
        number=_("%(n)s of %(of)s") % {"n": one.number, "of": one.of},
        valid=_("%(start)s to %(end)s") % {"start": one.valid_from, "end": one.valid_until},
        rule=_rule(one),
        code=one.code,
        qr=qr(one.code),
    )


def _rule(one: Pass) -> str:
    if not one.exits:
        return _("no limit")
    return _("%(exits)s × out in %(days)s days") % {"exits": one.exits, "days": one.days}


def _row(request: DeskRequest, one: Pass, names: dict[str, str], today: date) -> Row:
    now = state(one, today)
    may_revoke = one.revoked_at is None and may(request, Verb.PASS_REVOKE, one.path)
    marks: dict[PassState, str] = {PassState.VALID: "good", PassState.REVOKED: "bad"}
    return Row(
        id=one.id,
        serial=one.serial,
        place=reach.spelled(one.path, names),
        number=_("%(n)s of %(of)s") % {"n": one.number, "of": one.of},
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        rule=_rule(one),
        state=str(gate_words.PASS_STATES[now]),
        mark=marks.get(now, "part"),
        revoke_href=reverse("desk:pass_revoke", args=(one.id,)) if may_revoke else "",
    )


def _names(scope: Scope, found: tuple[Pass, ...], path: str = "") -> dict[str, str]:
    wanted: set[Any] = {one.path for one in found} | {one.area for one in found} | ({path} if path else set())
    return dict(grid.tree_names(scope, sorted(wanted), clock.local_date(clock.now()))) if wanted else {}
