"""Restrictions: what holds, what waits for a second unit, one person's act, notice and objections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame, papers
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.care_rows import short
from bulou.doors.desk.restriction_words import EVIDENCES, MEASURES, OUTCOMES, STANDINGS
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import notices
from bulou.lines.restrictions.terms import (
    A_DAY,
    ALONE,
    LONGEST,
    MILDER,
    PROBLEMS,
    Act,
    Appeal,
    Attempt,
    Basis,
    Restriction,
    Standing,
)

MARKS = {Standing.IN_FORCE: "bad", Standing.LIFTED: "good", Standing.ENDED: "good"}
LIVE = frozenset({Standing.COMING, Standing.IN_FORCE, Standing.FROZEN})


@dataclass(frozen=True, slots=True)
class Row:
    """One person's restriction in the list."""

    href: str
    person: str
    place: str
    measure: str
    until: datetime
    standing: str
    mark: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One act that waits for a second unit."""

    measure: str
    place: str
    n_persons: int
    unit: str
    proposed_at: datetime
    accept: str
    refuse: str


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One objection with its next clock."""

    href: str
    words: str
    received_at: datetime
    due_at: datetime
    late: bool
    further: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One objection on the person's page, with what was answered."""

    words: str
    received_at: datetime
    due_at: datetime
    open: bool
    first: str
    answer: str
    second: str
    second_answer: str
    answer_href: str
    review_href: str


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show what holds now, what waits, what is objected to and what was stopped."""
    scope = scope_for(request, Verb.RESTRICTION_VIEW)
    now = clock.now()
    rows = queries.in_force(scope, now)
    waiting = queries.acts(scope, waiting_at=now)
    appeals = queries.appeals(scope, open_only=True)
    tried = queries.attempts(scope) if may_anywhere(request, Verb.RESTRICTION_FREEZE) else ()
    names = _names(scope, {r.path for r in rows} | {a.path for a in waiting} | {t.path for t in tried})
    people = access.display_names({t.author for t in tried})
    context = {
        "rows": tuple(_row(r, names) for r in rows),
        "waiting": tuple(_waiting(request, act, names) for act in waiting),
        "appeals": tuple(_appeal(one, now) for one in appeals),
        "late": queries.late_appeals(scope, now),
        "tried": tuple((t, people.get(t.author, ""), names.get(t.path, t.path), _stopped(t)) for t in tried),
        "may_decide": may_anywhere(request, Verb.RESTRICTION_DECIDE),
        "may_set_basis": may_anywhere(request, Verb.BASIS_SET),
        "bases": laws(scope),
    }
    return frame.page(request, "desk/restrictions/index.html", context, title=_("Restrictions"))


@require_GET
def one(request: DeskRequest, restriction_id: UUID) -> HttpResponse:
    """Show one person's restriction: act, evidence, clocks, notice, objections."""
    scope = scope_for(request, Verb.RESTRICTION_VIEW)
    found = the_one(scope, restriction_id)
    act = found.act
    names = _names(scope, {found.path})
    people = access.display_names({p for p in (act.proposer, act.second) if p})
    basis = law_of(found)
    live = found.standing in LIVE
    context = {
        "one": found,
        "act": act,
        "place": names.get(found.path, found.path),
        "measure": MEASURES[act.measure],
        "evidence": EVIDENCES[found.evidence],
        "standing": STANDINGS[found.standing],
        "mark": MARKS.get(found.standing, "part"),
        "basis": basis,
        "proposer": people.get(act.proposer, ""),
        "second": people.get(act.second, "") if act.second else "",
        "milder": tuple((MEASURES[m], act.milder.get(m, "")) for m in MILDER[act.measure]),
        "answers": tuple(_answer(request, a) for a in queries.appeals_of(_district(found), [found.id])),
        "lift": live and may(request, Verb.RESTRICTION_LIFT, found.path),
        "freeze": live and may(request, Verb.RESTRICTION_FREEZE, found.path),
        "notice": live and may(request, Verb.RESTRICTION_NOTICE, found.path),
        "notices": reverse("desk:act_notices", args=(act.id,))
        if act.n_persons > 1 and live and may(request, Verb.RESTRICTION_NOTICE, act.path)
        else "",
        "object": live and may(request, Verb.APPEAL_RECORD, found.path),
    }
    return frame.page(request, "desk/restrictions/one.html", context, title=_("Restriction"))


@require_POST
def notice(request: DeskRequest, restriction_id: UUID) -> HttpResponse:
    """Print the notice with a new code; the code before it opens nothing any more."""
    scope = scope_for(request, Verb.RESTRICTION_NOTICE)
    found = the_one(scope, restriction_id)
    code = notices.issue_notice(request.actor, found.id, path=found.path)
    if request.POST.get("as") == "pdf":
        return papers.notice(request, found, law_of(found), code)
    context = {
        "one": found,
        "act": found.act,
        "measure": MEASURES[found.act.measure],
        "evidence": EVIDENCES[found.evidence],
        "basis": law_of(found),
        "who": access.display_names({found.act.proposer}).get(found.act.proposer, ""),
        "code": code,
        "address": request.build_absolute_uri("/r/"),
    }
    return frame.page(request, "desk/restrictions/notice.html", context, title=_("Notice"))


@require_http_methods(["GET"])
def of_person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Lead to what holds for a person, or to the form for a new act."""
    scope = scope_for(request, Verb.RESTRICTION_VIEW)
    now = clock.now()
    for district in scope.districts:
        for found in queries.of_person(district, [person_id], now):
            if found.standing in LIVE and scope.covers(found.path):
                return redirect("desk:restriction", found.id)
    return redirect(f"{reverse('desk:restriction_new')}?person={person_id}&area={request.area}")


def the_one(scope: Scope, restriction_id: UUID) -> Restriction:
    """Return one person's restriction within the scope.

    Raises:
        ProblemError: restrictions.not_found (404).
    """
    found = queries.one(scope, restriction_id, clock.now())
    if found is None:
        raise ProblemError("restrictions.not_found", status=404)
    return found


def laws(scope: Scope, *, on: date | None = None) -> tuple[Basis, ...]:
    """Return the laws of the districts; they are public, and mostly entered above one's own area."""
    found: list[Basis] = []
    for district in scope.districts:
        with transaction(whole(district)):
            found += queries.bases(whole(district), on=on)
    return tuple(found)


def law_of(found: Restriction) -> Basis | None:
    """Return the law on which a restriction rests."""
    district = _district(found)
    with transaction(whole(district)):
        return queries.basis(district, found.act.basis)


def _district(found: Restriction) -> str:
    return found.path.partition(".")[0]


def _row(found: Restriction, names: Mapping[str, str]) -> Row:
    return Row(
        href=reverse("desk:restriction", args=(found.id,)),
        person=f"…{short(found.person)}",
        place=names.get(found.path, found.path),
        measure=str(MEASURES[found.act.measure]),
        until=found.ends_at,
        standing=str(STANDINGS[found.standing]),
        mark=MARKS.get(found.standing, "part"),
    )


def _waiting(request: DeskRequest, act: Act, names: Mapping[str, str]) -> WaitingRow:
    asked = may(request, Verb.RESTRICTION_SECOND, act.path) and act.proposer != request.actor.account_id
    return WaitingRow(
        measure=str(MEASURES[act.measure]),
        place=names.get(act.path, act.path),
        n_persons=act.n_persons,
        unit=act.proposer_team,
        proposed_at=act.proposed_at,
        accept=reverse("desk:act_accept", args=(act.id,)) if asked else "",
        refuse=reverse("desk:act_refuse", args=(act.id,)) if asked else "",
    )


def _appeal(appeal: Appeal, now: datetime) -> AppealRow:
    return AppealRow(
        href=reverse("desk:restriction", args=(appeal.restriction,)),
        words=appeal.words,
        received_at=appeal.received_at,
        due_at=appeal.due_at,
        late=appeal.due_at < now,
        further=appeal.taken_further_at is not None,
    )


def _stopped(one: Attempt) -> str:
    """Why an attempt was stopped, in words."""
    if one.code not in PROBLEMS:
        return errors.words(Problem(one.code))
    return errors.words(
        Problem(
            one.code, {"n": one.n_persons, "most": 0, "days": LONGEST.days, "alone": ALONE, "a_day": A_DAY}
        )
    )


def _answer(request: DeskRequest, appeal: Appeal) -> Answer:
    first = appeal.outcome is None and may(request, Verb.APPEAL_ANSWER, appeal.path)
    again = appeal.taken_further_at is not None and appeal.second_outcome is None
    second = again and may(request, Verb.APPEAL_REVIEW, appeal.path)
    return Answer(
        words=appeal.words,
        received_at=appeal.received_at,
        due_at=appeal.due_at,
        open=appeal.open,
        first=str(OUTCOMES[appeal.outcome]) if appeal.outcome else "",
        answer=appeal.answer,
        second=str(OUTCOMES[appeal.second_outcome]) if appeal.second_outcome else "",
        second_answer=appeal.second_answer,
        answer_href=reverse("desk:appeal_answer", args=(appeal.id,)) if first else "",
        review_href=reverse("desk:appeal_review", args=(appeal.id,)) if second else "",
    )


def _names(scope: Scope, paths: set[str]) -> Mapping[str, str]:
    return grid.tree_names(scope, sorted(paths), clock.local_date(clock.now())) if paths else {}
