"""Every kind of record: who may send it, what checks it, what it moves. A new line of work adds rows here."""

from collections.abc import Callable, Mapping

from bulou.access.terms import Verb
from bulou.intake.terms import Handler
from bulou.ledger.terms import Kind
from bulou.lines.checkpoints import projections as checkpoints
from bulou.lines.checkpoints.rules import checks as checkpoint_checks
from bulou.lines.checkpoints.rules import payloads as checkpoint_payloads
from bulou.lines.checkpoints.terms import Kind as CheckpointKind
from bulou.lines.disinfection import projections as disinfection
from bulou.lines.disinfection import rules as disinfection_rules
from bulou.lines.screening import rules as screening_rules
from bulou.lines.supervision import projections as supervision
from bulou.lines.supervision import rules as supervision_rules


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


HANDLERS: Mapping[str, Handler] = {
    h.kind: h
    for h in (
        # units of rounds
        Handler("screening.visit", Verb.RECORD_SUBMIT, form=True, check=screening_rules.check),
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
    "supervision": supervision.rebuild,
    "disinfection": disinfection.rebuild,
    "checkpoints": checkpoints.rebuild,
}
