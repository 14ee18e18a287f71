"""Contact tracing: the cases, one chain with its picture, and what does not fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame, lists, protocol_words, tracing_words
from bulou.doors.desk.asking import DeskRequest, may, scope_for, top_of
from bulou.doors.desk.care_rows import places, short
from bulou.doors.desk.forms import DeskForm
from bulou.doors.desk.tracing_forms import CaseForm, MetForm, PlacedForm, RuleForm
from bulou.doors.desk.tracing_picture import Named, draw
from bulou.grid import queries as grid
from bulou.intake.actions import office
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.tracing.actions import asking
from bulou.lines.tracing.queries import chains, stored
from bulou.lines.tracing.terms import COUNTED, CaseRow, Check, Contact, ContactClass, Exposure, Met, Mode
from bulou.people.actions import reading
from bulou.people.terms import Asked, Look, Purpose

WHY = Asked(Purpose.TRACING, "")
MOST_MET = 20
"""So many people who were there at the same time are named on the page; all are counted."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in the list."""

    href: str
    name: str
    number: str
    place: str
    word: str
    onset_on: date | None
    reported_on: date
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in a list, with the reason and what does not fit."""

    href: str
    name: str
    place: str
    word: str
    via: str
    minutes: int
    last_at: datetime | None
    end_on: date | None
    mode: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetLine:
    """Somebody who was there at the same time, and the form that makes a meeting of it."""

    name: str
    via: str
    degree: int
    place: str
    began_at: datetime
    minutes: int
    n_times: int
    fields: tuple[tuple[str, Any], ...]


@require_http_methods(["GET", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """List the cases of the area with their contacts by class; report one, or change the rule."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    path = request.area if scope.covers(request.area) else top_of(scope, scope.paths[0])
    offered = _offered(request, path)
    form = _sent(request, offered)
    if form is not None and form.attempt(lambda: office.submit_office(request.actor, [form.record(path)])):
        frame.say(request, _("Noted."))
        return redirect("desk:tracing")
    page = chains.cases(scope, path, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    names = _names(request, {one.person for one in page.items}, Look.LISTED)
    at = places(scope, {one.path for one in page.items}, clock.now())
    regime = stored.regime(path.partition(".")[0])
    context = {
        "rows": tuple(_case_line(one, names, at) for one in page.items),
        "classes": tuple(tracing_words.CONTACT_CLASSES[klass] for klass in COUNTED),
        "pager": lists.pager(request, page.next),
        "rule": protocol_words.pick(regime.titles),
        "lookback_days": regime.lookback_days,
        "close_minutes": regime.close_minutes,
        "n_faults": sum(1 for n in chains.faults(scope, path).values() if n),
        "forms": tuple(offered.values()),
        "may_list": may(request, Verb.PERSON_REGISTER, path),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/tracing/index.html", context, title=_("Contact tracing"), status=status)


@require_http_methods(["GET", "POST"])
def one(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show a case with its chain, or a contact with the reason; enter meetings, and who looks after whom."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    found = chains.contact(scope, person_id)
    offered = _offered_for(request, found)
    form = _sent(request, offered)
    if form is not None:
        told = form
        if form.attempt(lambda: office.submit_office(request.actor, [told.record(found.path, person_id)])):
            frame.say(request, _("Noted."))
            return redirect("desk:tracing_one", person_id=person_id)
    is_case = found.judged.klass is ContactClass.CASE
    context = _case_context(request, scope, found) if is_case else _contact_context(request, scope, found)
    context |= {"forms": tuple(offered.values()), "checks": _words(found.checks)}
    status = form.status if form is not None else 200
    title = _("A case and its contacts") if is_case else _("A contact")
    return frame.page(request, "desk/tracing/one.html", context, title=title, status=status)


@require_GET
def quality(request: DeskRequest) -> HttpResponse:
    """Show where contacts stand, what does not fit about them, and whose place it is."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    path = request.area if scope.covers(request.area) else top_of(scope, scope.paths[0])
    asked = request.GET.get("check", "")
    check = Check(asked) if asked in set(Check) else None
    page = chains.with_fault(scope, path, check, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    found, funnel = chains.faults(scope, path), chains.funnel(scope, path)
    context = {
        "funnel": tuple((tracing_words.MODES[mode], funnel[mode]) for mode in Mode),
        "checks": tuple(
            (tracing_words.CHECKS[one], found[one], lists.address(request.GET, check=one.value), one is check)
            for one in Check
        ),
        "all_href": lists.address(request.GET, check=None),
        "rows": _contact_lines(request, scope, page.items),
        "pager": lists.pager(request, page.next),
    }
    return frame.page(request, "desk/tracing/quality.html", context, title=_("Quality of the contact data"))


def _offered(request: DeskRequest, path: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if may(request, Verb.PERSON_REGISTER, path):
        made["case"] = CaseForm(_data(request, "case"), initial={"person": request.GET.get("person", "")})
    if may(request, Verb.RISK_SET, path.partition(".")[0]):
        made["rule"] = RuleForm(_data(request, "rule"))
    return made


def _offered_for(request: DeskRequest, found: Contact) -> dict[str, Any]:
    if not may(request, Verb.PERSON_REGISTER, found.path):
        return {}
    return {"met": MetForm(_data(request, "met")), "placed": PlacedForm(_data(request, "placed"))}


def _data(request: DeskRequest, step: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("step") == step else None


def _sent(request: DeskRequest, offered: Mapping[str, Any]) -> Any:
    """The form that was sent, if it is sound enough to be tried.

    Raises:
        ProblemError: access.not_allowed (403) for a form that was not offered.
    """
    if request.method != "POST":
        return None
    form: DeskForm | None = offered.get(request.POST.get("step", ""))
    if form is None:
        raise ProblemError("access.not_allowed", status=403, verb=request.POST.get("step", "")[:20])
    return form


def _names(request: DeskRequest, persons: Iterable[UUID], look: Look) -> dict[UUID, str]:
    """Masked names, each look in the log; the end of the number where nobody's name is held."""
    wanted = set(persons)
    shown = reading.masked(request.actor, wanted, WHY, look=look)
    return {person: shown[person].name if person in shown else f"…{short(person)}" for person in wanted}


def _case_line(row: CaseRow, names: Mapping[UUID, str], at: Mapping[str, str]) -> CaseLine:
    case = row.case
    return CaseLine(
        reverse("desk:tracing_one", args=(row.person,)), names[row.person], case.number, at[row.path],
        str(tracing_words.CASE_CLASSES[case.standing]), case.onset_on or case.sampled_on, case.reported_on,
        tuple((str(tracing_words.CONTACT_CLASSES[klass]), row.n_by_class[klass]) for klass in COUNTED),
    )  # fmt: skip


def _contact_lines(request: DeskRequest, scope: Scope, rows: Iterable[Contact]) -> tuple[ContactLine, ...]:
    rows = tuple(rows)
    wanted = {one.person for one in rows} | {one.judged.via for one in rows if one.judged.via}
    names = _names(request, wanted, Look.LISTED)
    at = places(scope, {one.path for one in rows}, clock.now())
    return tuple(_contact_line(one, names, at) for one in rows)


def _contact_line(row: Contact, names: Mapping[UUID, str], at: Mapping[str, str]) -> ContactLine:
    judged = row.judged
    mode = row.placed.mode if row.placed else Mode.TRACED
    return ContactLine(
        reverse("desk:tracing_one", args=(row.person,)), names[row.person], at[row.path],
        str(tracing_words.CONTACT_CLASSES[judged.klass]), names[judged.via] if judged.via else "–",
        judged.minutes, judged.last_at, judged.end_on, str(tracing_words.MODES[mode]), _words(row.checks),
    )  # fmt: skip


def _words(checks: Iterable[Check]) -> tuple[str, ...]:
    return tuple(str(tracing_words.CHECKS[check]) for check in checks)


def _case_context(request: DeskRequest, scope: Scope, found: Contact) -> dict[str, Any]:
    row = chains.case(scope, found.person)
    contacts = chains.contacts(scope, found.person)
    met = asking.who_met(request.actor, found.path, [found.person], most=MOST_MET)
    entered = {one.person for one in contacts}
    new = [one for one in met.people if one.person not in entered]
    wanted = {found.person, *entered, *(one.person for one in new), *(one.source for one in new)}
    names = _names(request, wanted | {one.judged.via for one in contacts if one.judged.via}, Look.OPENED)
    at = places(scope, {found.path, *(one.path for one in contacts)}, clock.now())
    named = {
        one.person: Named(
            names[one.person], str(tracing_words.CONTACT_CLASSES[one.judged.klass]),
            reverse("desk:tracing_one", args=(one.person,)),
        )
        for one in (*contacts, found)
    }  # fmt: skip
    sites = _sites(scope, [one.place for one in new])
    return {
        "case": _case_line(row, names, at),
        "isolated_at": row.case.isolated_at,
        "picture": draw(found.person, contacts, named) if contacts else None,
        "rows": tuple(_contact_line(one, names, at) for one in contacts),
        "met": tuple(_met_line(one, names, sites) for one in new),
        "n_met": sum(met.n_by_degree.values()),
        "may_enter": may(request, Verb.PERSON_REGISTER, found.path),
    }


def _met_line(met: Met, names: Mapping[UUID, str], sites: Mapping[UUID, str]) -> MetLine:
    fields = MetForm.seen(met.person, met.place, met.began_at, met.ended_at) if met.degree == 1 else {}
    return MetLine(
        names[met.person], names[met.source], met.degree, sites.get(met.place, f"…{short(met.place)}"),
        met.began_at, met.minutes, met.n_times, tuple(fields.items()),
    )  # fmt: skip


def _contact_context(request: DeskRequest, scope: Scope, found: Contact) -> dict[str, Any]:
    exposures = chains.exposures(scope, [found.person])
    names = _names(
        request, {found.person} | {one.source for one in exposures if one.source} | _of(found), Look.OPENED
    )
    at = places(scope, {found.path}, clock.now())
    sites = _sites(scope, [one.place for one in exposures if one.place])
    return {
        "contact": _contact_line(found, names, at),
        "root": reverse("desk:tracing_one", args=(found.judged.root,)) if found.judged.root else "",
        "exposures": tuple(_exposure_line(one, names, sites) for one in exposures),
    }


def _of(found: Contact) -> set[UUID]:
    return {found.judged.via} if found.judged.via else set()


def _exposure_line(
    one: Exposure, names: Mapping[UUID, str], sites: Mapping[UUID, str]
) -> tuple[str, str, str, datetime, datetime]:
    source = names[one.source] if one.source else _("source unknown")
    place = sites.get(one.place, f"…{short(one.place)}") if one.place else "–"
    return source, str(tracing_words.WAYS[one.way]), place, one.began_at, one.ended_at


def _sites(scope: Scope, wanted: Iterable[UUID]) -> dict[UUID, str]:
    """What the places are called; one that is not one's own keeps the end of its number."""
    ids = sorted(set(wanted))
    return {site: one.name for site, one in grid.sites_by_id(scope, ids).items()} if ids else {}
