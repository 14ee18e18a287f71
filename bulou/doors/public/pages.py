"""What holds for me, how I am today, who helps me: a person's own page, by the code on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.doors.public import papers, today, words
from bulou.doors.public.papers import Opened
from bulou.intake.actions import reporting
from bulou.kernel import clock
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import appeals
from bulou.lines.restrictions.actions.tries import KNOWN_FOR
from bulou.lines.restrictions.terms import Appeal, Restriction
from bulou.people.queries import identity, reads


@dataclass(frozen=True, slots=True)
class Said:
    """One objection with what was answered."""

    id: UUID
    words: str
    at: datetime
    due_at: datetime
    open: bool
    first: str
    answer: str
    second: str
    second_answer: str
    may_go_further: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """One time that somebody looked at what is held about the person."""

    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A language to choose."""

    code: str
    name: str
    on: bool


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the code. A wrong one is answered like one that never was."""
    if request.method != "POST":
        return _page(request, "public/start.html", {"problem": ""}, status=200)
    found = papers.show(request, request.POST.get("code", "")[:80])
    if isinstance(found, Problem):
        return _page(
            request, "public/start.html", {"problem": words.problem(found)}, status=words.status(found)
        )
    response = redirect("public:mine")
    response.set_cookie(
        papers.KNOWN, found, max_age=KNOWN_FOR, path=reverse("public:start"), secure=request.is_secure(),
        httponly=True, samesite="Strict",
    )  # fmt: skip
    return response


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what holds for the person, in the first line."""
    opened = papers.opened(request, clock.now())
    return _mine(request, opened) if opened else redirect("public:start")


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Take in how the person is today."""
    opened = papers.opened(request, clock.now())
    if opened is None or opened.watch is None:
        return redirect("public:start")
    problem = today.report(request, opened.district, opened.watch)
    if problem:
        sent = {**request.POST.dict(), "symptoms": request.POST.getlist("symptoms")}
        return _mine(request, opened, ill=problem, sent=sent)
    return redirect(f"{reverse('public:mine')}#told")


@require_POST
def ask_help(request: HttpRequest) -> HttpResponse:
    """Put a call for help into the queue of the place."""
    opened = papers.opened(request, clock.now())
    if opened is None:
        return redirect("public:start")
    number = request.POST.get("number", "")
    try:
        reporting.ask_help(
            opened.district, opened.person, path=opened.path, number=int(number) if number.isdecimal() else 0,
            help_=request.POST.get("help", "")[:40], note=request.POST.get("note", ""),
        )  # fmt: skip
    except ProblemError as error:
        told = words.problem(error.problem, today.labels_of_help())
        return _mine(request, opened, unheard=told, sent=request.POST.dict())
    return redirect(f"{reverse('public:mine')}#called")


@require_POST
def object_to_it(request: HttpRequest) -> HttpResponse:
    """Take in the person's objection and give the receipt."""
    opened = papers.opened(request, clock.now())
    if opened is None or opened.restriction is None:
        return redirect("public:start")
    try:
        appeals.object_by_code(opened.district, opened.restriction.id, request.POST.get("words", ""))
    except ProblemError as error:
        return _mine(request, opened, problem=words.problem(error.problem), sent=request.POST.dict())
    return redirect("public:mine")


@require_POST
def further(request: HttpRequest) -> HttpResponse:
    """Ask supervision to look at an answer."""
    opened = papers.opened(request, clock.now())
    if opened is None or opened.restriction is None:
        return redirect("public:start")
    with transaction(whole(opened.district)):
        mine_ = {str(a.id): a.id for a in queries.appeals_of(opened.district, [opened.restriction.id])}
        wanted = mine_.get(request.POST.get("objection", ""))
        if wanted is not None:
            appeals.take_further(opened.district, wanted)
    return redirect("public:mine")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the paper: the next one at this kiosk or telephone sees nothing of it."""
    request.session.flush()
    response = redirect("public:start")
    response.delete_cookie(papers.KNOWN, path=reverse("public:start"))
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and stay."""
    chosen = request.POST.get("language", "")
    response = redirect("public:mine" if papers.shown(request) else "public:start")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax", httponly=True)
    return response


def _mine(
    request: HttpRequest,
    opened: Opened,
    *,
    problem: str = "",
    ill: str = "",
    unheard: str = "",
    sent: Mapping[str, object] | None = None,
) -> HttpResponse:
    now, district, typed = clock.now(), opened.district, sent or {}
    with transaction(whole(district)):
        held = identity.held_about(district, opened.person)
        looked = reads.of_person(district, opened.person)
        calls = reporting.calls_of(district, opened.person)
        told = _restriction(district, opened.restriction) if opened.restriction else {"over": True}
    people = access.display_names({row.account for row in looked})
    watch = opened.watch
    called_today = [c for c in calls if clock.local_date(c.opened_at) == clock.local_date(now)]
    context: dict[str, Any] = told | {
        "one": opened.restriction, "held": held, "problem": problem, "typed": typed.get("words", ""),
        "today": today.form(watch, now, typed, ill) if watch and watch.watch.is_open else None,
        "watched": watch is not None, "helps": today.helps(), "calls": today.calls(calls),
        "number": len(called_today), "unheard": unheard, "note": typed.get("note", ""),
        "wish": typed.get("help", ""),
        "looked": tuple(Looked(r.at, people.get(r.account, r.unit), r.reason) for r in looked),
    }  # fmt: skip
    wrong = problem or ill or unheard
    return _page(request, "public/mine.html", context, status=422 if wrong else 200)


def _restriction(district: str, found: Restriction) -> dict[str, Any]:
    """What the page says about an act. Assumes: the open scope of the district."""
    said = tuple(_said(a) for a in queries.appeals_of(district, [found.id]))
    who = access.display_names({found.act.proposer}).get(found.act.proposer, "")
    return {
        "act": found.act, "basis": queries.basis(district, found.act.basis), "said": said, "who": who,
        "holds": found.standing in words.HOLDS, "over": found.standing in words.OVER,
        "measure": words.MEASURES[found.act.measure], "evidence": words.EVIDENCES[found.evidence],
        "may_object": _may_object(found, said),
    }  # fmt: skip


def _may_object(found: Restriction, said: tuple[Said, ...]) -> bool:
    return found.standing not in words.OVER and not any(one.open for one in said)


def _said(appeal: Appeal) -> Said:
    return Said(
        id=appeal.id, words=appeal.words, at=appeal.received_at, due_at=appeal.due_at, open=appeal.open,
        first=str(words.ANSWERS[appeal.outcome]) if appeal.outcome else "", answer=appeal.answer,
        second=str(words.ANSWERS[appeal.second_outcome]) if appeal.second_outcome else "",
        second_answer=appeal.second_answer,
        may_go_further=appeal.outcome is not None and appeal.taken_further_at is None,
    )  # fmt: skip


def _page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int) -> HttpResponse:
    now_in = get_language() or settings.LANGUAGE_CODE
    choices = tuple(
        Choice(code, str(get_language_info(code)["name_local"]), code == now_in)
        for code, _name in settings.LANGUAGES
    )
    shown = {
        **context,
        "languages": choices,
        "lang": words.tag(),
        "shown": papers.shown(request),
        "title": _("What holds for me"),
    }
    return render(request, template, shown, status=status)
