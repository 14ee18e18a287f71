"""What holds for me, until when, why, who decided, who looked: a person's own page, by the code on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.doors.public import words
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import appeals
from bulou.lines.restrictions.terms import PROBLEMS, Appeal, Restriction
from bulou.people.queries import identity, reads

KEPT = "paper"
"""The session remembers which paper was shown, for as long as the browser is open."""
HALF_AN_HOUR = 30 * 60


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
    problem = ""
    if request.method == "POST":
        code = request.POST.get("code", "")[:80]
        with transaction(_everywhere()):
            found = queries.by_code(code)
        if found is not None:
            request.session.cycle_key()
            request.session[KEPT] = [found[0], str(found[1])]
            request.session.set_expiry(HALF_AN_HOUR)
            return redirect("public:mine")
        problem = _say("restrictions.code_unknown")
    return _page(request, "public/start.html", {"problem": problem}, status=404 if problem else 200)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what holds for the person, in the first line."""
    paper = _paper(request)
    return _mine(request, *paper) if paper else redirect("public:start")


@require_POST
def object_to_it(request: HttpRequest) -> HttpResponse:
    """Take in the person's objection and give the receipt."""
    paper = _paper(request)
    if paper is None:
        return redirect("public:start")
    district, restriction = paper
    try:
        appeals.object_by_code(district, restriction, request.POST.get("words", ""))
    except ProblemError as error:
        told = _say(error.problem.code, error.problem.params)
        return _mine(request, district, restriction, problem=told, typed=request.POST.get("words", ""))
    return redirect("public:mine")


@require_POST
def further(request: HttpRequest) -> HttpResponse:
    """Ask supervision to look at an answer."""
    paper = _paper(request)
    if paper is None:
        return redirect("public:start")
    district, restriction = paper
    with transaction(whole(district)):
        mine_ = {str(a.id): a.id for a in queries.appeals_of(district, [restriction])}
        wanted = mine_.get(request.POST.get("objection", ""))
        if wanted is not None:
            appeals.take_further(district, wanted)
    return redirect("public:mine")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and stay."""
    chosen = request.POST.get("language", "")
    response = redirect("public:mine" if KEPT in request.session else "public:start")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax", httponly=True)
    return response


def _mine(
    request: HttpRequest, district: str, restriction: UUID, *, problem: str = "", typed: str = ""
) -> HttpResponse:
    now = clock.now()
    with transaction(whole(district)):
        found = queries.one(whole(district), restriction, now)
        if found is None:
            return redirect("public:start")
        said = tuple(_said(a) for a in queries.appeals_of(district, [found.id]))
        held = identity.held_about(district, found.person)
        looked = reads.of_person(district, found.person)
        basis = queries.basis(district, found.act.basis)
    people = access.display_names({found.act.proposer, *(row.account for row in looked)})
    context: dict[str, Any] = {
        "one": found, "act": found.act, "basis": basis, "held": held, "said": said, "problem": problem,
        "typed": typed, "who": people.get(found.act.proposer, ""), "holds": found.standing in words.HOLDS,
        "over": found.standing in words.OVER, "measure": words.MEASURES[found.act.measure],
        "evidence": words.EVIDENCES[found.evidence], "may_object": _may_object(found, said),
        "looked": tuple(Looked(r.at, people.get(r.account, r.unit), r.reason) for r in looked),
    }  # fmt: skip
    return _page(request, "public/mine.html", context, status=422 if problem else 200)


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


def _paper(request: HttpRequest) -> tuple[str, UUID] | None:
    """The paper this browser has shown, while it is still the newest one of that person."""
    kept = request.session.get(KEPT)
    return (str(kept[0]), UUID(kept[1])) if kept else None


def _everywhere() -> Scope:
    districts = tuple(ledger.districts())
    return Scope(districts, districts)


def _say(code: str, params: Mapping[str, str | int] | None = None) -> str:
    return _(PROBLEMS[code].message) % dict(params or {})


def _page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int) -> HttpResponse:
    now_in = get_language() or settings.LANGUAGE_CODE
    choices = tuple(
        Choice(code, str(get_language_info(code)["name_local"]), code == now_in)
        for code, _name in settings.LANGUAGES
    )
    lang = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(now_in, now_in)
    return render(request, template, {**context, "languages": choices, "lang": lang}, status=status)
