"""Disinfection: what waits for a sign-off by other eyes, and what was signed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.coverage.queries import rounds, units
from bulou.coverage.terms import Operation
from bulou.doors.desk import frame, labels, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.figures import number
from bulou.doors.desk.rounds import RoundRow, round_rows
from bulou.grid import queries as grid
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.disinfection import queries as disinfection
from bulou.lines.disinfection.queries import JobFilter
from bulou.lines.disinfection.terms import Job, Kind, Verdict

SLUG = "disinfection-round"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job in the list."""

    subject: UUID
    label: str
    href: str
    place: str
    who: str
    agent: str
    dose: str
    amount: str
    cautions: str
    done_at: datetime
    verdict: str
    mark: str
    signed_by: str
    may_sign: bool


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the rounds of disinfection, and the jobs of one of them."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    found, _next = rounds.operations(scope, protocol=SLUG, limit=20)
    if not found:
        return frame.page(request, "desk/disinfection/index.html", {"rounds": ()}, title=_("Disinfection"))
    operation = _chosen(request, found)
    show = request.GET.get("show", "waiting")
    page = disinfection.jobs(
        scope,
        operation.id,
        only=_filter(show, request, scope),
        cursor=request.GET.get("cursor"),
        limit=lists.PAGE,
    )
    chosen: tuple[RoundRow, ...] = round_rows(request, scope, [operation])
    context = {
        "round": chosen[0],
        "rounds": tuple(
            (
                protocol_words.title(o),
                o.opens_at,
                lists.address(request.GET, round=str(o.id)),
                o.id == operation.id,
            )
            for o in found
        ),
        "tabs": tuple((word, lists.address(request.GET, show=key), key == show) for key, word in _tabs()),
        "rows": _rows(request, scope, page.items, operation.protocol),
        "pager": lists.pager(request, page.next, page.total),
        "sign_href": reverse("desk:sign_off", args=(operation.id,)),
    }
    return frame.page(request, "desk/disinfection/index.html", context, title=_("Disinfection"))


@require_POST
def sign_off(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Pass or fail one job; the room refuses one's own work and one's own team's."""
    scope = scope_for(request, Verb.SIGNOFF_GIVE)
    verdict, _colon, subject = request.POST.get("job", "").partition(":")
    job = disinfection.job(scope, operation_id, _uuid(subject))
    if job is None or verdict not in set(Verdict):
        raise ProblemError("access.not_found", status=404)
    office.submit_office(
        request.actor,
        [
            OfficeRecord(
                kind=Kind.SIGNOFF,
                path=job.path,
                operation=job.operation,
                subject_type=job.subject_type,
                subject=job.subject,
                outcome=verdict,
            )
        ],
    )
    frame.say(request, _("Signed off.") if verdict == Verdict.PASSED else _("Sent back to be done again."))
    return redirect(f"{reverse('desk:disinfection')}?round={operation_id}")


def _chosen(request: DeskRequest, found: list[Operation]) -> Operation:
    wanted = request.GET.get("round", "")
    return next((o for o in found if str(o.id) == wanted), found[0])


def _tabs() -> tuple[tuple[str, str], ...]:
    return (
        ("waiting", _("To sign off")),
        ("passed", _("Passed")),
        ("failed", _("Failed")),
        ("cautioned", _("With cautions")),
        ("all", _("All")),
    )


def _filter(show: str, request: DeskRequest, scope: Scope) -> JobFilter:
    path = request.area if scope.covers(request.area) else None
    verdict = Verdict(show) if show in set(Verdict) else None
    return JobFilter(path=path, verdict=verdict, waiting=show == "waiting", cautioned=show == "cautioned")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ProblemError("access.not_found", status=404) from None


def _rows(request: DeskRequest, scope: Scope, found: tuple[Job, ...], reference: str) -> tuple[JobRow, ...]:
    if not found:
        return ()
    at = clock.local_date(clock.now())
    names = grid.tree_names(scope, {j.path for j in found}, at)
    people = access.display_names({j.worker for j in found} | {j.signed_by for j in found if j.signed_by})
    known = units.labels_of(found[0].district, found[0].operation, [j.subject for j in found])
    rows, opens = [], may_anywhere(request, Verb.UNIT_VIEW)
    for job in found:
        mine = job.worker == request.actor.account_id or (bool(job.team) and job.team == request.actor.team)
        verdict, mark = _verdict(job)
        rows.append(
            JobRow(
                subject=job.subject,
                label=known.get(job.subject, names.get(job.path, job.path)),
                href=reverse("desk:subject", args=(job.subject_type, job.subject)) if opens else "",
                place=reach.spelled(job.path, names),
                who=lists.join(w for w in (people.get(job.worker, ""), job.team) if w),
                agent=protocol_words.choice(reference, "agent", job.agent),
                dose="" if job.concentration_mg_l is None else f"{number(job.concentration_mg_l)} mg/L",
                amount=number(int(job.area_m2)) if job.area_m2 else "",
                cautions=lists.join(labels.CAUTIONS[c] for c in job.cautions),
                done_at=job.done_at,
                verdict=verdict,
                mark=mark,
                signed_by=people.get(job.signed_by, "") if job.signed_by else "",
                may_sign=job.verdict is None and not mine and may(request, Verb.SIGNOFF_GIVE, job.path),
            )
        )
    return tuple(rows)


def _verdict(job: Job) -> tuple[str, str]:
    if job.verdict is None:
        return _("to sign off"), "part"
    return (_("passed"), "good") if job.verdict is Verdict.PASSED else (_("failed"), "bad")
