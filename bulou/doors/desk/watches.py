"""Watches: what is due today, who was missed, who is lost, who may be released; one watch with its slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.cases.terms import Case
from bulou.doors.desk import care_words, errors, frame, labels, lists, protocol_words, watch_reports
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.care_rows import places, short, title
from bulou.doors.desk.watch_steps import NewWatchForm, WatchForm, forms_for
from bulou.intake import queries as intake
from bulou.intake.actions import office, reporting
from bulou.kernel import clock
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.protocols.terms import Predicate
from bulou.tasks import queries as tasks
from bulou.watches.queries import due, reports, watches
from bulou.watches.queries.due import Whose
from bulou.watches.rules import schedule
from bulou.watches.terms import DueRow, Kind, SlotState, Step, Timeline, Timing, WatchRow

SHOWN = 1_000
"""So many slots stand on one page: a morning of 860 fits; what is left out is said."""


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot that is owed."""

    href: str
    person: str
    place: str
    protocol: str
    what: str
    due_at: datetime
    timing: str
    late: bool
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """One watch in a list."""

    href: str
    person: str
    place: str
    protocol: str
    seen_at: datetime
    last_day: datetime
    missed: int
    worker: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot as it is drawn: a word and a mark, never colour alone."""

    hour: str
    what: str
    word: str
    mark: str
    said: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a watch."""

    n: int
    at: datetime
    today: bool
    cells: tuple[Cell, ...]


MARKS = {
    SlotState.SEEN_WELL: "good",
    SlotState.SEEN_ILL: "bad",
    SlotState.REPORTED: "part",
    SlotState.NOT_SEEN: "doubt",
    SlotState.NOT_ATTEMPTED: "doubt",
}


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the slots of the day, or the watches that were missed, are lost, or are over."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    path = request.area if scope.covers(request.area) else scope.paths[0]
    shown, at = request.GET.get("show", "today"), clock.now()
    waiting = reports.count_waiting(path.split(".")[0], path)
    heard = _("Reports to confirm") if not waiting else _("Reports to confirm: %(n)s") % {"n": waiting}
    tabs = (
        ("today", _("Today")),
        ("reported", heard),
        ("missed", _("Missed")),
        ("lost", _("Lost")),
        ("over", _("To release")),
    )
    context: dict[str, object] = {
        "tabs": tuple((word, lists.address(request.GET, show=key), key == shown) for key, word in tabs),
        "show": shown,
        "may_start": may_anywhere(request, Verb.WATCH_START),
        "mine_filters": (lists.flags(request, _("Only"), (("mine", "yes", _("mine")),)),),
    }
    if shown in ("missed", "lost", "over"):
        reads = {"missed": due.missed, "lost": due.lost, "over": due.over}
        page = reads[shown](path.split(".")[0], at, path, cursor=request.GET.get("cursor"), limit=lists.PAGE)
        context |= {"watches": _rows(scope, page.items, at), "pager": lists.pager(request, page.next)}
    elif shown == "reported":
        context |= watch_reports.rows(request, scope, path, at)
    else:
        context |= _today(request, scope, path, at)
    return frame.page(request, "desk/watches/index.html", context, title=_("Watches"))


def _today(request: DeskRequest, scope: Scope, path: str, at: datetime) -> dict[str, object]:
    district, account = path.split(".")[0], request.actor.account_id
    if "yes" in request.GET.getlist("mine"):
        whose = Whose(account, tuple(p for p in tasks.duty_paths(district, account, at) if scope.covers(p)))
    elif due.count_below(district, path) > due.MOST:
        return {"slots": (), "too_many": due.MOST}
    else:
        whose = Whose(paths=(path,), anyone=True)
    found = due.due(district, at, whose, limit=SHOWN + 1)
    where = places(scope, {one.path for one in found[:SHOWN]}, at)
    cut = SHOWN if len(found) > SHOWN else 0
    return {"slots": tuple(_slot(one, where) for one in found[:SHOWN]), "cut": cut}


@require_http_methods(["GET", "POST"])
def watch(request: DeskRequest, watch_id: UUID) -> HttpResponse:
    """Show one watch: the slots drawn day by day, its ends, its cases, and the forms that are mine."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    made, at = watches.watch(scope, watch_id), clock.now()
    step = request.POST.get("step", "")
    allowed = {key: form for key, form in forms_for(request, made, step).items() if form is not None}
    form: WatchForm | None = allowed.get(step)
    if request.method == "POST" and form is None:
        raise ProblemError("access.not_allowed", status=403, verb=step[:20])
    if request.method == "POST" and form is not None:
        sent = form
        done = form.attempt(lambda: office.submit_office(request.actor, [sent.record(made)]))
        if done is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:watch", watch_id=watch_id)
    open_cases = [one for one in cases.about(made.watch.district, watch_id) if one.is_open]
    unmet = watches.unmet(made, at=at, author=request.actor.account_id, cases=len(open_cases))
    told = _crossed(made, at)
    worker = {made.watch.worker} if made.watch.worker else set()
    people = access.display_names({s.author for s in made.steps} | worker)
    context = {
        "watch": made.watch,
        "person": short(made.watch.person),
        "place": places(scope, {made.watch.path}, at).get(made.watch.path, made.watch.path),
        "protocol": title(made.watch.protocol),
        "worker": people.get(made.watch.worker, "") if made.watch.worker else made.watch.team,
        "days": tuple(_days(made, at)),
        "ends": tuple((end, _word(made, f"regime.{end.regime}")) for end in made.ends),
        "last_day": made.watch.plan.ends_at - timedelta(days=1),
        "outcome": protocol_words.outcome(made.watch.protocol, made.watch.outcome),
        "steps": tuple(_step(one, people, made.watch.protocol) for one in reversed(made.steps)),
        "cases": tuple((reverse("desk:case", args=(one.id,)), one) for one in open_cases),
        "unmet": tuple(care_words.CONDITIONS[one.value] for one in (*unmet, *told))
        if made.watch.is_open
        else (),
        "forms": tuple(allowed.values()),
        "card": made.watch.is_open and may(request, Verb.WATCH_START, made.watch.path),
        "card_at": reports.card_issued_at(made.watch.district, watch_id),
        "calls": tuple((reverse("desk:case", args=(one.id,)), one) for one in _calls(made)),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/watches/watch.html", context, title=_("Watch"), status=status)


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Begin to watch somebody in the area that is looked at."""
    scope = scope_for(request, Verb.WATCH_START)
    form = NewWatchForm(request.POST or None, initial={"path": request.area})
    if request.method == "POST":
        done = form.attempt(lambda: office.submit_office(request.actor, [form.record()]))
        if done is not None:
            frame.say(request, _("The watch has begun. Its slots are on the list."))
            return redirect("desk:watches")
    place = places(scope, {request.area}, clock.now()).get(request.area, request.area)
    context = {"form": form, "place": place}
    page = "desk/watches/new.html"
    return frame.page(request, page, context, title=_("New watch"), status=form.status)


def _calls(made: Timeline) -> list[Case]:
    """The calls for help of the person that nobody has settled yet."""
    return [one for one in reporting.calls_of(made.watch.district, made.watch.person) if one.is_open]


def _crossed(made: Timeline, at: datetime) -> tuple[Predicate, ...]:
    """What the records of an isolation site say against a release."""
    if Predicate.NO_CROSS_INFECTION not in watches.compiled_of(made).complete_when:
        return ()
    district = made.watch.district
    with transaction(whole(district)):
        told = intake.watch_crossings(district, made.watch.id, at)
    return (Predicate.NO_CROSS_INFECTION,) if told is not None and told.against else ()


def _slot(one: DueRow, places: Mapping[str, str]) -> SlotRow:
    said = str(care_words.SLOT_STATES[one.state]) if one.state else ""
    reported = one.state is SlotState.REPORTED  # the person spoke; what is owed is a word about it
    return SlotRow(
        href=reverse("desk:watch", args=(one.watch,)),
        person=short(one.person),
        place=places.get(one.path, one.path),
        protocol=title(one.protocol),
        what=protocol_words.question(one.protocol, f"track.{one.track}"),
        due_at=one.due_at,
        timing=said if reported else str(care_words.TIMINGS[one.timing]),
        late=not reported and one.timing in (Timing.LATE, Timing.MISSED),
        state="" if reported else said,
    )


def _rows(scope: Scope, found: Sequence[WatchRow], at: datetime) -> tuple[Row, ...]:
    where = places(scope, {one.path for one in found}, at)
    people = access.display_names({one.worker for one in found if one.worker})
    return tuple(
        Row(
            href=reverse("desk:watch", args=(one.id,)),
            person=short(one.person),
            place=where.get(one.path, one.path),
            protocol=title(one.protocol),
            seen_at=one.seen_at,
            last_day=one.ends_at - timedelta(days=1),
            missed=one.missed,
            worker=people.get(one.worker, "") if one.worker else "",
        )
        for one in found
    )


def _days(made: Timeline, at: datetime) -> list[Day]:
    """Each day of the watch with its slots; what was said stands in its slot, what was not is computed."""
    said = {(one.track, one.due_at): one for one in made.slots}
    plan, until = made.watch.plan, made.watch.until
    cells: dict[int, list[tuple[datetime, Cell]]] = {}
    owed = [one for one in schedule.slots(plan, plan.starts_at, until) if (one.track, one.due_at) not in said]
    first = clock.local_date(plan.starts_at)
    for one in owed:
        timing = schedule.timing(one, at)
        word = "" if timing is Timing.UPCOMING else str(care_words.TIMINGS[timing])
        mark = "bad" if timing is Timing.MISSED else "part" if word else ""
        cell = Cell(
            _hour(one.due_at),
            _word(made, f"track.{one.track}"),
            word,
            mark,
            "",
        )
        cells.setdefault((clock.local_date(one.due_at) - first).days, []).append((one.due_at, cell))
    for told in made.slots:
        word = str(care_words.SLOT_STATES[told.state])
        heard = "" if told.temperature is None else f"{told.temperature} °C"
        cell = Cell(
            _hour(told.due_at),
            _word(made, f"track.{told.track}"),
            word,
            MARKS[told.state],
            heard,
        )
        cells.setdefault((clock.local_date(told.due_at) - first).days, []).append((told.due_at, cell))
    today = (clock.local_date(at) - first).days
    return [
        Day(n, plan.starts_at + timedelta(days=n), n == today, tuple(cell for _, cell in sorted(
            cells[n], key=lambda pair: (pair[0], pair[1].what))))
        for n in sorted(cells)
    ]  # fmt: skip


def _word(made: Timeline, key: str) -> str:
    return protocol_words.question(made.watch.protocol, key)


def _hour(at: datetime) -> str:
    return f"{at.astimezone(clock.DISTRICT_ZONE):%H:%M}"


def _step(step: Step, people: Mapping[UUID, str], protocol: str) -> dict[str, object]:
    who = people.get(step.author, "") or _("the person, on the own page, or the system")
    told = step.kind in (Kind.SEEN, Kind.TESTED, Kind.ENDED)
    word = protocol_words.outcome(protocol, step.outcome) if told else ""
    return {
        "at": step.at,
        "what": f"{labels.of(labels.KINDS, step.kind)}{_(': ') + word if word else ''}",
        "who": f"{who} · {step.team}" if step.team and step.author in people else who,
        "text": step.text,
        "mark": "" if step.counted else "doubt",
        "problem": "" if step.counted else _problem(step.problem),
    }


def _problem(code: str) -> str:
    known = {
        "cannot_release": _("It could not be released at that moment."),
        "repeated": _("It was said already."),
        "after_end": _("It was said after the end."),
        "other_area": _("It came from another area."),
        "other_kind": errors.words(Problem("watches.other_kind")),
    }
    return known.get(code, code)
