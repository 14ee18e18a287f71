"""Every kind of record: who may send it, what checks it, what it moves. A new line of work adds rows here."""

from collections.abc import Callable, Mapping, Sequence

from bulou.access.terms import Verb
from bulou.cases import projections as cases
from bulou.cases import queries as case_queries
from bulou.cases.terms import Kind as CaseKind
from bulou.custody import projections as custody
from bulou.custody import queries as custody_queries
from bulou.custody.terms import Kind as CustodyKind
from bulou.intake.terms import CheckContext, Handler
from bulou.ledger.terms import Entry, Kind
from bulou.lines.checkpoints import projections as checkpoints
from bulou.lines.checkpoints.rules import checks as checkpoint_checks
from bulou.lines.checkpoints.rules import payloads as checkpoint_payloads
from bulou.lines.checkpoints.terms import Kind as CheckpointKind
from bulou.lines.disinfection import projections as disinfection
from bulou.lines.disinfection import rules as disinfection_rules
from bulou.lines.screening import projections as screening
from bulou.lines.screening.rules import payloads as screening_payloads
from bulou.lines.screening.rules import register as screening_register
from bulou.lines.screening.rules import visits as screening_rules
from bulou.lines.screening.terms import Kind as ScreeningKind
from bulou.lines.supervision import projections as supervision
from bulou.lines.supervision import rules as supervision_rules
from bulou.watches import projections as watches
from bulou.watches.queries import checks as watch_checks
from bulou.watches.queries import watches as watch_queries
from bulou.watches.terms import RELEASED
from bulou.watches.terms import Kind as WatchKind


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
        apply=checkpoints.apply,
        reduce=checkpoint_payloads.reduce,
    )


def _on_register(kind: ScreeningKind, verb: Verb, *, field: bool = False, history: bool = False) -> Handler:
    """What is said about somebody on the register, by id only; merges depend on what came before."""
    reduce = screening_payloads.reduce if kind is ScreeningKind.PERSON else None
    return Handler(
        kind.value, verb, field=field, check=screening_register.check, apply=screening.apply,
        needs_history=history, reduce=reduce,
    )  # fmt: skip


def _followed(district: str, entries: Sequence[Entry]) -> None:
    """A reading settles a slot; one that alarms opens a case beside it."""
    watches.apply(district, entries)
    cases.apply(district, entries)


def _ending(entry: Entry, context: CheckContext) -> tuple[str, ...]:
    """A watch is not released while a case about it is open; of cases the watch itself knows nothing."""
    found = watch_checks.check(entry, context)
    if found or entry.outcome != RELEASED or entry.subject is None:
        return found
    still = case_queries.open_about(entry.district, [entry.subject])
    return ("watches.cannot_release:no_open_case",) if still else ()


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
    return Handler(kind.value, verb, check=custody_queries.check, apply=custody.apply)


def _case(kind: CaseKind, verb: Verb) -> Handler:
    """A step is filed where its case stands."""
    return Handler(kind.value, verb, check=case_queries.check, apply=cases.apply, place=case_queries.paths)


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
    "watches": watches.rebuild,
    "custody": custody.rebuild,
    "cases": cases.rebuild,
    "supervision": supervision.rebuild,
    "disinfection": disinfection.rebuild,
    "checkpoints": checkpoints.rebuild,
}

# rooms whose tables must agree with themselves; `verify` asks them
AGREE: Mapping[str, Callable[[str], list[str]]] = {
    "watches": watch_checks.out_of_step,
    "custody": custody_queries.out_of_step,
    "cases": case_queries.out_of_step,
}
