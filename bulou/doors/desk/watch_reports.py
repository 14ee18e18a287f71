"""What people told of themselves and nobody has looked at: confirm it or not, in one act. And their cards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame, lists, papers, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import places, short, title
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.watches.actions import issue_card
from bulou.watches.queries import reports, watches
from bulou.watches.rules import reports as rules
from bulou.watches.rules import schedule
from bulou.watches.terms import Kind, Report

VERDICTS = ("confirmed", "denied")


@dataclass(frozen=True, slots=True)
class Row:
    """One report that waits."""

    record: UUID
    href: str
    person: str
    place: str
    protocol: str
    at: datetime
    word: str
    what: str
    alert: bool
    may_confirm: bool


def rows(request: DeskRequest, scope: Scope, path: str, at: datetime) -> dict[str, object]:
    """Return the reports below a place, alarming ones first, with the pager."""
    page = reports.waiting(path.split(".")[0], path, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    where = places(scope, {one.path for one in page.items}, at)
    found = tuple(
        Row(
            record=one.record, href=reverse("desk:watch", args=(one.watch,)), person=short(one.person),
            place=where.get(one.path, one.path), protocol=title(one.protocol), at=one.at,
            word=protocol_words.outcome(one.protocol, one.outcome), what=_what(one), alert=one.alert,
            may_confirm=may(request, Verb.WATCH_CONFIRM, one.path),
        )
        for one in page.items
    )  # fmt: skip
    return {"reports": found, "pager": lists.pager(request, page.next)}


@require_POST
def confirm(request: DeskRequest, watch_id: UUID) -> HttpResponse:
    """Say whether a report is so; the slot is settled by it, or open again."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    made = watches.watch(scope, watch_id)
    verdict, _space, typed = request.POST.get("report", "").partition(" ")
    record = next((one.record for one in rules.waiting(made) if str(one.record) == typed), None)
    if verdict not in VERDICTS or record is None:
        frame.say(request, _("This report does not wait any more."))
        return redirect(_back())
    told = OfficeRecord(
        kind=Kind.CONFIRMED, path=made.watch.path, subject_type="watch", subject=watch_id, outcome=verdict,
        payload={"record": str(record)}, protocol=made.watch.protocol,
    )  # fmt: skip
    try:
        office.submit_office(request.actor, [told])
    except ProblemError as error:
        if error.problem.code.startswith("access."):
            raise
        frame.say(request, errors.words(error.problem))
        return redirect(_back())
    done = _("Confirmed.") if verdict == VERDICTS[0] else _("Noted: it is not so. The slot is open again.")
    frame.say(request, done)
    return redirect(_back())


@require_POST
def card(request: DeskRequest, watch_id: UUID) -> HttpResponse:
    """Print the card with a new code; the code before it opens nothing any more."""
    made = watches.watch(scope_for(request, Verb.WATCH_START), watch_id)
    code = issue_card(request.actor, watch_id, path=made.watch.path)
    last_day = made.watch.plan.ends_at - timedelta(days=1)
    return papers.card(request, short(made.watch.person), last_day, code)


def _back() -> str:
    return f"{reverse('desk:watches')}?show=reported"


def _what(one: Report) -> str:
    slot = schedule.slot_name("", one.due_at)[-5:]
    degrees = "" if one.temperature is None else f"{one.temperature} °C"
    signs = lists.join(
        protocol_words.choice(one.protocol, "symptoms", key) for key in one.symptoms if key != rules.NONE
    )
    return " · ".join(word for word in (slot, degrees, signs) if word)
