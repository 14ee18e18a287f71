"""Every kind of record: who may send it, what checks it, what it moves. A new line of work adds rows here."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from bulou.access.terms import Verb
from bulou.cases import projections as cases
from bulou.cases import queries as case_queries
from bulou.cases.terms import Kind as CaseKind
from bulou.command import projections as command
from bulou.command.queries import orders as command_orders
from bulou.command.queries import zones as command_zones
from bulou.command.terms import Kind as ZoneKind
from bulou.command.terms import OrderKind
from bulou.custody import projections as custody
from bulou.custody import queries as custody_queries
from bulou.custody.terms import Kind as CustodyKind
from bulou.intake.queries import watch_crossings
from bulou.intake.terms import CheckContext, Handler
from bulou.ledger.terms import Entry, Kind
from bulou.lines.checkpoints import projections as checkpoints
from bulou.lines.checkpoints.rules import checks as checkpoint_checks
from bulou.lines.checkpoints.rules import payloads as checkpoint_payloads
from bulou.lines.checkpoints.terms import Kind as CheckpointKind
from bulou.lines.disinfection import projections as disinfection
from bulou.lines.disinfection import rules as disinfection_rules
from bulou.lines.isolation import projections as isolation
from bulou.lines.isolation.queries import checks as isolation_checks
from bulou.lines.isolation.queries import release as isolation_release
from bulou.lines.isolation.queries import sites as isolation_sites
from bulou.lines.isolation.queries import stays as isolation_stays
from bulou.lines.isolation.terms import ABOUT_STAY, AGAINST_SIGNS
from bulou.lines.isolation.terms import Kind as IsolationKind
from bulou.lines.restrictions import queries as restrictions
from bulou.lines.restrictions.terms import Measure
from bulou.lines.restrictions.terms import Standing as InForce
from bulou.lines.screening import projections as screening
from bulou.lines.screening.rules import payloads as screening_payloads
from bulou.lines.screening.rules import register as screening_register
from bulou.lines.screening.rules import visits as screening_rules
from bulou.lines.screening.terms import Kind as ScreeningKind
from bulou.lines.supervision import projections as supervision
from bulou.lines.supervision import rules as supervision_rules
from bulou.lines.testing import projections as testing
from bulou.lines.testing.queries import books as testing_books
from bulou.lines.testing.queries import tubes as testing_tubes
from bulou.lines.testing.rules import calling as testing_calls
from bulou.lines.testing.rules import payloads as testing_payloads
from bulou.lines.testing.rules import walls as testing_walls
from bulou.lines.testing.terms import Kind as TestingKind
from bulou.lines.tracing import projections as tracing
from bulou.lines.tracing.rules import checks as tracing_checks
from bulou.lines.tracing.rules import payloads as tracing_payloads
from bulou.lines.tracing.terms import Kind as TracingKind
from bulou.people.projections import duties, duties_anew
from bulou.watches import projections as watches
from bulou.watches.queries import checks as watch_checks
from bulou.watches.queries import watches as watch_queries
from bulou.watches.terms import RELEASED
from bulou.watches.terms import Kind as WatchKind

KEPT_IN = frozenset({Measure.HOME, Measure.HOTEL})
"""Measures that keep somebody in isolation."""

WATCHED = "watch"
TURNING = frozenset({WatchKind.STARTED, WatchKind.REGIME_CHANGED, WatchKind.ENDED})
"""Records of a watch that may move its last day."""


def _step(kind: str, verb: Verb) -> Handler:
    """A step of a finding: what may follow depends on what came before."""
    return Handler(
        kind, verb, check=supervision_rules.checks.check, apply=supervision.apply, needs_history=True
    )


def _at_a_post(kind: CheckpointKind, verb: Verb = Verb.PASSAGE_RECORD) -> Handler:
    """What happens at a checkpoint: its payload is reduced to what may stand in the ledger."""
    return Handler(
        kind.value,
        verb,
        check=checkpoint_checks.check,
        apply=_at_gates,
        reduce=checkpoint_payloads.reduce,
    )


def _at_gates(district: str, entries: Sequence[Entry]) -> None:
    """Who is handed on has a chain of custody, who is referred a case: open until others close them."""
    checkpoints.apply(district, entries)
    custody.apply_gates(district, entries)
    cases.apply_gates(district, entries)


def _handed(district: str, entries: Sequence[Entry]) -> None:
    """What a receiver says moves the chain, and the hand-over of the checkpoint where it began."""
    checkpoints.apply_received(district, [entry for entry in entries if entry.kind == CustodyKind.RECEIVED])
    custody.apply(district, entries)


def _on_register(kind: ScreeningKind, verb: Verb, *, field: bool = False, history: bool = False) -> Handler:
    """What is said about somebody on the register, by id only; merges depend on what came before."""
    reduce = screening_payloads.reduce if kind is ScreeningKind.PERSON else None
    return Handler(
        kind.value, verb, field=field, check=screening_register.check, apply=screening.apply,
        needs_history=history, reduce=reduce,
    )  # fmt: skip


def _followed(district: str, entries: Sequence[Entry]) -> None:
    """A reading settles a slot, an end moves the clock of what is held; what alarms opens a case."""
    turning = sorted({e.subject for e in entries if e.subject and (e.kind in TURNING or e.target)})
    before = watch_queries.persons_of(district, turning) if turning else set()
    watches.apply(district, entries)
    if turning:
        people = sorted(before | watch_queries.persons_of(district, turning))
        last = watch_queries.last_days(district, people)
        duties(district, {one: last.get(one) for one in people}, source=WATCHED)
    cases.apply(district, entries)


def _watched_anew(district: str) -> None:
    """The watches from nothing, and what they tell the vault."""
    watches.rebuild(district)
    duties_anew(district, watch_queries.last_days(district), source=WATCHED)


def _ending(entry: Entry, context: CheckContext) -> tuple[str, ...]:
    """A watch is not released while a case about it is open; of cases the watch itself knows nothing."""
    found = watch_checks.check(entry, context)
    if found or entry.outcome != RELEASED or entry.subject is None:
        return found
    still = case_queries.open_about(entry.district, [entry.subject])
    if still:
        return ("watches.cannot_release:no_open_case",)
    return _crossed(entry, entry.subject, context)


def _crossed(entry: Entry, watch: UUID, context: CheckContext) -> tuple[str, ...]:
    """Nobody confirms what the records contradict; an officer who decides otherwise says why."""
    if str(context.payload.get(AGAINST_SIGNS, "")).strip():
        return ()
    told = watch_crossings(entry.district, watch, entry.effective_at)
    return ("watches.cannot_release:no_cross_infection",) if told is not None and told.against else ()


def _watch(kind: WatchKind, verb: Verb, *, field: bool = False, standing: bool = True) -> Handler:
    """What is said about a watch is filed where the watch stands."""
    ends = kind is WatchKind.ENDED
    return Handler(
        kind.value,
        verb,
        field=field,
        check=_ending if ends else watch_checks.check,
        apply=_followed,
        needs_history=ends,
        place=watch_queries.paths if standing else None,
    )


def _custody(kind: CustodyKind, verb: Verb) -> Handler:
    """Each side speaks where it is; the fold knows whose word counts for which side."""
    return Handler(kind.value, verb, check=custody_queries.check, apply=_handed)


def _case(kind: CaseKind, verb: Verb) -> Handler:
    """A step is filed where its case stands."""
    return Handler(kind.value, verb, check=case_queries.check, apply=cases.apply, place=case_queries.paths)


def _tracing(kind: TracingKind, verb: Verb = Verb.PERSON_REGISTER, *, field: bool = False) -> Handler:
    """What is said about cases, meetings and visits, by ids only."""
    return Handler(
        kind.value, verb, field=field, check=tracing_checks.check, apply=tracing.apply,
        reduce=tracing_payloads.reduce,
    )  # fmt: skip


def _lawful(entry: Entry, context: CheckContext) -> tuple[str, ...]:
    """Nobody is taken in whom nothing holds, nobody is let go whom an act of law holds: two lines say so."""
    found = isolation_checks.check(entry, context)
    stay = isolation_release.stay_of(entry) if not found or entry.kind == IsolationKind.ARRIVED else None
    if stay is None:
        return found
    measures = restrictions.of_person(entry.district, [stay.person], entry.effective_at)
    held = any(one.standing is InForce.IN_FORCE and one.act.measure in KEPT_IN for one in measures)
    return (*found, *isolation_release.unlawful(entry, stay, held=held))


def _isolation(kind: IsolationKind, verb: Verb, *, field: bool = True) -> Handler:
    """What is said about a stay or a room is filed where that stands."""
    legal = kind in (IsolationKind.ARRIVED, IsolationKind.RELEASED)
    places = {IsolationKind.TURNOVER: isolation_sites.room_paths}
    standing = kind in ABOUT_STAY and kind is not IsolationKind.EXPECTED
    return Handler(
        kind.value, verb, field=field, check=_lawful if legal else isolation_checks.check,
        apply=isolation.apply, place=isolation_stays.paths if standing else places.get(kind),
    )  # fmt: skip


def _zone(kind: ZoneKind) -> Handler:
    """A decision about an area, by a desk only; what may follow depends on what was decided before."""
    return Handler(
        kind.value, Verb.ZONE_SET, field=False, check=command_zones.check, apply=command.apply_zones,
        needs_history=True,
    )  # fmt: skip


def _order(kind: OrderKind) -> Handler:
    """An order is issued by an office; who may see it says that it was read, and what was done."""
    issues = kind in (OrderKind.ISSUED, OrderKind.SUPERSEDED)
    return Handler(
        kind.value, Verb.ORDER_ISSUE if issues else Verb.ROUND_VIEW, field=False, check=command_orders.check,
        apply=command.apply_orders, needs_history=issues or kind is OrderKind.REPORTED,
    )  # fmt: skip


def _resulted(district: str, entries: Sequence[Entry]) -> None:
    """A result belongs to its tube; one that is not negative opens a case about the tube beside it."""
    testing.apply(district, entries)
    cases.apply(district, entries)


def _tube(kind: TestingKind, verb: Verb = Verb.RECORD_SUBMIT) -> Handler:
    """What happens to a tube or a bag of tubes is filed where the tube stands."""
    return Handler(
        kind.value,
        verb,
        check=testing_walls.check_tube,
        apply=_resulted if kind is TestingKind.RESULT else testing.apply,
        place=testing_tubes.paths,
        book=testing_books.book,
    )


def _call(kind: testing_calls.Kind, verb: Verb, *, history: bool = False) -> Handler:
    """What is said about a site of a testing day: a batch called, people come, the queue counted."""
    return Handler(kind.value, verb, check=testing_calls.check, needs_history=history)


HANDLERS: Mapping[str, Handler] = {
    h.kind: h
    for h in (
        # units of rounds
        Handler("screening.visit", Verb.RECORD_SUBMIT, form=True, check=screening_rules.check),
        # people on the register, who is whom, and the rule that classes them
        _on_register(ScreeningKind.PERSON, Verb.PERSON_REGISTER, field=True),
        _on_register(ScreeningKind.LEFT, Verb.PERSON_REGISTER),
        _on_register(ScreeningKind.CLASSED, Verb.PERSON_MERGE),
        _on_register(ScreeningKind.RULE, Verb.RISK_SET),
        _on_register(ScreeningKind.MERGE_PROPOSED, Verb.PERSON_MERGE, history=True),
        _on_register(ScreeningKind.MERGED, Verb.PERSON_MERGE, history=True),
        _on_register(ScreeningKind.MERGE_REFUSED, Verb.PERSON_MERGE, history=True),
        _on_register(ScreeningKind.UNMERGED, Verb.PERSON_MERGE, history=True),
        Handler(
            "disinfection.job",
            Verb.RECORD_SUBMIT,
            form=True,
            check=disinfection_rules.check,
            apply=disinfection.apply,
            needs_history=True,
        ),
        Handler(
            "disinfection.signoff",
            Verb.SIGNOFF_GIVE,
            check=disinfection_rules.check,
            apply=disinfection.apply,
            needs_history=True,
        ),
        Handler("supervision.closure_check", Verb.RECORD_SUBMIT, form=True),
        # samples and tubes
        Handler(
            TestingKind.SAMPLE.value,
            Verb.RECORD_SUBMIT,
            form=True,
            check=testing_walls.check,
            apply=testing.apply,
            reduce=testing_payloads.reduced,
            book=testing_books.book,
        ),
        Handler(TestingKind.SWEEP.value, Verb.RECORD_SUBMIT, form=True),
        _tube(TestingKind.SEALED),
        _tube(TestingKind.TAKEN),
        _tube(TestingKind.RECEIVED),
        _tube(TestingKind.RESULT, Verb.RESULT_RECORD),
        # findings and visits of supervision
        Handler(
            "supervision.inspection",
            Verb.FINDING_CREATE,
            check=supervision_rules.checks.check,
            apply=supervision.apply,
        ),
        Handler(
            "supervision.finding",
            Verb.FINDING_CREATE,
            check=supervision_rules.checks.check,
            apply=supervision.apply,
        ),
        _step("supervision.told", Verb.FINDING_TELL),
        _step("supervision.plan", Verb.FINDING_PLAN),
        _step("supervision.fixed", Verb.FINDING_FIX),
        _step("supervision.recheck", Verb.FINDING_RECHECK),
        _step("supervision.reason", Verb.FINDING_REASON),
        # checkpoints
        _at_a_post(CheckpointKind.SHIFT),
        _at_a_post(CheckpointKind.PASSAGE),
        _at_a_post(CheckpointKind.HOUSEHOLD_ENTRY),
        _at_a_post(CheckpointKind.VISITOR),
        _at_a_post(CheckpointKind.RECHECK),
        _at_a_post(CheckpointKind.RECEIVED, Verb.HANDOVER_ACCEPT),
        _at_a_post(CheckpointKind.PATROL),
        # cases of the disease, their contacts, and who was where
        _tracing(TracingKind.CASE),
        _tracing(TracingKind.EXPOSURE),
        _tracing(TracingKind.PLACED),
        _tracing(TracingKind.VISIT, field=True),
        _tracing(TracingKind.REGIME, Verb.RISK_SET),
        # watches, handovers, cases
        _watch(WatchKind.STARTED, Verb.WATCH_START, field=True, standing=False),
        _watch(WatchKind.SEEN, Verb.WATCH_RECORD, field=True),
        _watch(WatchKind.TESTED, Verb.WATCH_RECORD, field=True),
        _watch(WatchKind.CONFIRMED, Verb.WATCH_CONFIRM, field=True),
        _watch(WatchKind.ASSIGNED, Verb.WATCH_CHANGE),
        _watch(WatchKind.REGIME_CHANGED, Verb.WATCH_CHANGE),
        _watch(WatchKind.MOVED, Verb.WATCH_CHANGE, standing=False),
        _watch(WatchKind.ENDED, Verb.WATCH_END),
        _custody(CustodyKind.OPENED, Verb.CUSTODY_OPEN),
        _custody(CustodyKind.GAVE, Verb.CUSTODY_GIVE),
        _custody(CustodyKind.RECEIVED, Verb.CUSTODY_RECEIVE),
        _custody(CustodyKind.CLOSED, Verb.CUSTODY_OPEN),
        _case(CaseKind.OPENED, Verb.CASE_OPEN),
        _case(CaseKind.STEP, Verb.CASE_WORK),
        _case(CaseKind.CLOSED, Verb.CASE_CLOSE),
        # isolation: sites and their rooms, households, stays
        _isolation(IsolationKind.SITE, Verb.WATCH_CHANGE, field=False),
        _isolation(IsolationKind.READINESS, Verb.WATCH_CHANGE),
        _isolation(IsolationKind.DUTY, Verb.DUTY_ASSIGN, field=False),
        _isolation(IsolationKind.TURNOVER, Verb.WATCH_RECORD),
        _isolation(IsolationKind.HOME_CHECK, Verb.WATCH_RECORD),
        _isolation(IsolationKind.EXPECTED, Verb.WATCH_START),
        _isolation(IsolationKind.ARRIVED, Verb.WATCH_RECORD),
        _isolation(IsolationKind.CHANGED_ROOM, Verb.WATCH_RECORD),
        _isolation(IsolationKind.RELEASED, Verb.WATCH_END, field=False),
        _isolation(IsolationKind.LEFT, Verb.WATCH_RECORD),
        # the calls of a testing day: no table of their own, the pages fold the records
        _call(testing_calls.Kind.CALLED, Verb.TASK_ASSIGN, history=True),
        _call(testing_calls.Kind.CAME, Verb.RECORD_SUBMIT),
        _call(testing_calls.Kind.COUNTED, Verb.RECORD_SUBMIT),
        # which level an area has
        *map(_zone, ZoneKind),
        # orders, and what those say to whom they go
        *map(_order, OrderKind),
        # the office speaks about units and records
        Handler(Kind.UNIT_ADDED, Verb.UNIT_CHANGE, field=False),
        Handler(Kind.UNIT_REMOVED, Verb.UNIT_CHANGE, field=False),
        Handler(Kind.UNIT_EXCUSED, Verb.UNIT_EXCUSE, field=False),
        Handler(Kind.UNIT_MOVED, Verb.UNIT_CHANGE, field=False),
        Handler(Kind.RECORD_ACCEPTED, Verb.RECORD_REVIEW, field=False),
        Handler(Kind.RECORD_REJECTED, Verb.RECORD_REVIEW, field=False),
    )
}

# projections of lines that replay drops and rebuilds
REBUILD: Mapping[str, Callable[[str], None]] = {
    "screening": screening.rebuild,
    "people": screening.rebuild_people,
    "command": command.rebuild,
    "watches": _watched_anew,
    "custody": custody.rebuild,
    "cases": cases.rebuild,
    "supervision": supervision.rebuild,
    "disinfection": disinfection.rebuild,
    "checkpoints": checkpoints.rebuild,
    "testing": testing.rebuild,
    "isolation": isolation.rebuild,
    "tracing": tracing.rebuild,
}

# rooms whose tables must agree with themselves; `verify` asks them
AGREE: Mapping[str, Callable[[str], list[str]]] = {
    "watches": watch_checks.out_of_step,
    "custody": custody_queries.out_of_step,
    "cases": case_queries.out_of_step,
}
