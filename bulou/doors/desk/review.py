"""Records that wait for a person: doubtful ones, ids that came with two contents, numbers that never came."""

from dataclasses import dataclass
from datetime import datetime
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
from bulou.doors.desk import frame, history, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, covert, may_anywhere, scope_for
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.doors.desk.history import Happened, Names
from bulou.grid import queries as grid
from bulou.intake import queries as intake
from bulou.intake.actions import office
from bulou.kernel import clock, paging, reach
from bulou.kernel.problems import ProblemError
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Conflict, Entry


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """One doubtful record in the list."""

    href: str
    what: str
    place: str
    why: tuple[str, ...]
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One id with two contents in the list."""

    href: str
    place: str
    device: str
    who: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of two contents side by side."""

    word: str
    first: str
    second: str
    differs: bool


@dataclass(frozen=True, slots=True)
class GapRow:
    """Numbers of one device that have not arrived."""

    device: str
    account: str
    numbers: str
    n: int
    last_seen_at: datetime | None


class ReviewForm(DeskForm):
    """Accept or reject, with a reason."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What holds?"),
        choices=(
            ("accept", gettext_lazy("It happened like this: the record counts from now on")),
            ("reject", gettext_lazy("It did not: the record never counts")),
        ),
        widget=forms.RadioSelect,
    )
    reason = Reason(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("How do you know? It stands in the history.")
    )


@require_GET
def doubtful(request: DeskRequest) -> HttpResponse:
    """List doubtful records, newest first."""
    scope = scope_for(request, Verb.RECORD_REVIEW)
    before = _before(request.GET.get("cursor"))
    found = intake.doubtful(scope, before=before, limit=lists.PAGE + 1, covert=covert(request))
    shown = found[: lists.PAGE]
    names = history.names_in(shown)
    places = _places(request, [e.path for e in shown])
    following = None
    if len(found) > lists.PAGE:
        following = paging.encode(shown[-1].received_at.isoformat(), str(shown[-1].id))
    context = {
        "rows": tuple(_doubt(entry, names, places) for entry in shown),
        "pager": lists.pager(request, following),
        "tab": "doubtful",
        "sees_gaps": may_anywhere(request, Verb.DEVICE_VIEW),
    }
    return frame.page(request, "desk/review/doubtful.html", context, title=_("Doubtful records"))


@require_http_methods(["GET", "POST"])
def doubtful_one(request: DeskRequest, record_id: UUID) -> HttpResponse:
    """Show one doubtful record beside the history of its subject; accept or reject it."""
    scope = scope_for(request, Verb.RECORD_REVIEW)
    entry = ledger.record(scope, record_id)
    if entry is None or not intake.open_to(scope, [entry], covert=covert(request)):
        raise ProblemError("ledger.not_found", status=404)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        done = form.attempt(
            lambda: office.review(
                request.actor,
                record_id=entry.id,
                path=entry.path,
                accept=form.cleaned_data["verdict"] == "accept",
                reason=form.cleaned_data["reason"],
            )
        )
        if done is not None:
            accepted = form.cleaned_data["verdict"] == "accept"
            frame.say(request, _("The record counts now.") if accepted else _("The record is rejected."))
            return redirect("desk:doubtful")
    around = intake.history(scope, entry.subject, covert=covert(request)) if entry.subject else [entry]
    items = history.timeline(around, history.names_in(around))
    item = next((i for i in _flat(items) if i.id == entry.id), None)
    context = {
        "form": form,
        "item": item,
        "timeline": tuple(i for i in items if i.id != entry.id),
        "place": _places(request, [entry.path]).get(entry.path, entry.path),
        "subject_href": reverse("desk:subject", args=(entry.subject_type, entry.subject))
        if entry.subject
        else "",
        "settled": item is not None and item.mark != "doubt",
    }
    return frame.page(
        request, "desk/review/doubtful_one.html", context, title=_("Doubtful record"), status=form.status
    )


@require_GET
def conflicts(request: DeskRequest) -> HttpResponse:
    """List ids that came with two contents."""
    scope = scope_for(request, Verb.RECORD_REVIEW)
    found = intake.conflicts(scope, limit=200)
    people = access.display_names({c.author for c in found})
    devices = access.device_names({c.device for c in found if c.device})
    places = _places(request, [c.path for c in found])
    rows = tuple(
        ConflictRow(
            href=reverse("desk:conflict", args=(c.id,)),
            place=places.get(c.path, c.path),
            device=devices.get(c.device, "") if c.device else _("made at a desk"),
            who=people.get(c.author, ""),
            received_at=c.received_at,
        )
        for c in found
    )
    context = {"rows": rows, "tab": "conflicts", "sees_gaps": may_anywhere(request, Verb.DEVICE_VIEW)}
    return frame.page(request, "desk/review/conflicts.html", context, title=_("Conflicts"))


@require_GET
def conflict(request: DeskRequest, conflict_id: UUID) -> HttpResponse:
    """Show two contents of one id side by side; both are kept, the first one counts."""
    scope = scope_for(request, Verb.RECORD_REVIEW)
    found = next((c for c in intake.conflicts(scope, limit=1000) if c.id == conflict_id), None)
    first = ledger.record(scope, found.record) if found else None
    if found is None or first is None:
        raise ProblemError("ledger.not_found", status=404)
    names = history.names_in([first])
    context = {
        "first": history.timeline([first], names)[0],
        "received_at": found.received_at,
        "lines": _side_by_side(first, found),
        "subject_href": reverse("desk:subject", args=(first.subject_type, first.subject))
        if first.subject
        else "",
        "place": _places(request, [first.path]).get(first.path, first.path),
    }
    return frame.page(request, "desk/review/conflict.html", context, title=_("Conflict"))


@require_GET
def gaps(request: DeskRequest) -> HttpResponse:
    """List devices that have numbered records which have not arrived."""
    scope = scope_for(request, Verb.DEVICE_VIEW)
    asked = request.GET.get("device", "")
    devices = {d.id: d for d in access.devices(scope) if asked in {"", str(d.id)}}
    found = [g for district in scope.districts for g in intake.gaps(district, list(devices))]
    rows = tuple(
        GapRow(
            device=devices[g.device].name,
            account=devices[g.device].account_name,
            numbers=str(g.from_seq) if g.from_seq == g.to_seq else f"{g.from_seq}–{g.to_seq}",
            n=g.to_seq - g.from_seq + 1,
            last_seen_at=devices[g.device].last_seen_at,
        )
        for g in found
        if g.device in devices
    )
    context = {"rows": rows, "tab": "gaps", "sees_gaps": True, "total": number(sum(row.n for row in rows))}
    return frame.page(request, "desk/review/gaps.html", context, title=_("Records that have not arrived"))


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    parts = paging.decode(cursor)
    try:
        return datetime.fromisoformat(parts[0]), UUID(parts[1])
    except (ValueError, IndexError):
        raise ProblemError("paging.bad_cursor", status=400) from None


def _flat(items: tuple[Happened, ...]) -> tuple[Happened, ...]:
    return tuple(one for item in items for one in (item, *_flat(item.followers)))


def _doubt(entry: Entry, names: Names, places: dict[str, str]) -> DoubtRow:
    return DoubtRow(
        href=reverse("desk:doubtful_one", args=(entry.id,)),
        what=history.kind_word(entry),
        place=places.get(entry.path, entry.path),
        why=history.doubts(entry.problems, entry.protocol),
        who=history.who(entry, names),
        at=entry.effective_at,
    )


def _places(request: DeskRequest, paths: list[str]) -> dict[str, str]:
    scope = access.scope_of(request.actor, Verb.GRID_VIEW)
    names = grid.tree_names(scope, set(paths), clock.local_date(clock.now())) if paths else {}
    return {path: reach.spelled(path, names) for path in paths}


def _side_by_side(first: Entry, second: Conflict) -> tuple[Line, ...]:
    """Both contents, question by question, in the words of the protocol."""
    body = history.read(second.body)
    inner = body.get("payload")
    one = _content(
        first.protocol, first.outcome, _clock(first.observed_at.isoformat()), history.read(first.payload)
    )
    two = _content(
        first.protocol,
        str(body.get("outcome", "")),
        _clock(str(body.get("observed_at", ""))),
        inner if isinstance(inner, dict) else {},
    )
    words = dict.fromkeys((*one, *two))
    return tuple(
        Line(word, one.get(word, "–"), two.get(word, "–"), one.get(word) != two.get(word)) for word in words
    )


def _content(reference: str, outcome: str, at: str, payload: dict[str, object]) -> dict[str, str]:
    said = {_("Result"): protocol_words.outcome(reference, outcome), _("Phone's clock"): at}
    return said | dict(protocol_words.answers(reference, payload))


def _clock(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text[:40]
    return f"{at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d %H:%M:%S}" if at.tzinfo else text[:40]
