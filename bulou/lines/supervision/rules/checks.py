"""What makes a record of the line doubtful, and what is late: pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bulou.ledger.terms import Entry
from bulou.lines.supervision.rules import folding, payloads
from bulou.lines.supervision.terms import LADDER, Clocks, Finding, Kind, Rung, Severity, Verdict, Visit
from bulou.protocols.terms import Step as StepRule

_VERDICTS = frozenset(verdict.value for verdict in Verdict)
_VISITS = frozenset(visit.value for visit in Visit)


class Known(Protocol):
    """What intake knows when it checks: the records of each subject, stored or earlier in the batch."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """Entries by subject."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make the record doubtful; empty when it may stand. Never raises."""
    problem = "" if entry.withdraws else _CHECKS[Kind(entry.kind)](entry, context)
    return (problem,) if problem else ()


def _finding(entry: Entry, _context: Known) -> str:
    payload = payloads.body(entry)
    if payloads.severity(payload) is None:
        return "supervision.bad_severity"
    return "" if payloads.text(payload, "text") else "supervision.text_missing"


def _told(entry: Entry, _context: Known) -> str:
    return "" if payloads.text(payloads.body(entry), "unit") else "supervision.unit_missing"


def _plan(entry: Entry, _context: Known) -> str:
    return "" if payloads.identity(payloads.body(entry), "owner") else "supervision.owner_missing"


def _fixed(entry: Entry, _context: Known) -> str:
    return "" if payloads.evidence(payloads.body(entry)) else "supervision.no_evidence"


def _recheck(entry: Entry, context: Known) -> str:
    if entry.outcome not in _VERDICTS:
        return "supervision.bad_verdict"
    known = context.history.get(entry.subject, ()) if entry.subject else ()
    before = [e for e in known if (e.effective_at, e.id) < (entry.effective_at, entry.id)]
    timeline = folding.fold(before)
    problem = folding.recheck_problem(timeline.finding, entry) if timeline else "supervision.nothing_fixed"
    # From the field the fix may still be under way on another phone: no reason for doubt, the fold waits.
    return "" if problem == "supervision.nothing_fixed" and entry.device else problem


def _reason(entry: Entry, _context: Known) -> str:
    payload = payloads.body(entry)
    return "" if payloads.day(payload, "on") and payloads.text(payload, "text") else "supervision.bad_reason"


def _inspection(entry: Entry, _context: Known) -> str:
    return "" if entry.outcome in _VISITS else "supervision.bad_visit"


_CHECKS: Mapping[Kind, Callable[[Entry, Known], str]] = {
    Kind.INSPECTION: _inspection,
    Kind.FINDING: _finding,
    Kind.TOLD: _told,
    Kind.PLAN: _plan,
    Kind.FIXED: _fixed,
    Kind.RECHECK: _recheck,
    Kind.REASON: _reason,
}


def clocks(steps: Iterable[StepRule]) -> Clocks:
    """The clocks that a protocol version sets; a step it does not name keeps its usual time."""
    usual, set_ = Clocks(), {step.key: step for step in steps}
    fixed = set_.get("fixed")
    return Clocks(
        told=set_["told"].within if "told" in set_ else usual.told,
        plan=set_["plan"].within if "plan" in set_ else usual.plan,
        recheck=set_["recheck"].within if "recheck" in set_ else usual.recheck,
        fixed={severity: fixed.within_by.get(severity.value, fixed.within) for severity in Severity}
        if fixed
        else usual.fixed,
    )


def overdue(finding: Finding, at: datetime) -> bool:
    """Whether the step that is owed next is late at this moment; computed, never stored."""
    return finding.due_at is not None and finding.due_at < at


def rung(finding: Finding, at: datetime) -> Rung:
    """Who is told by now that the finding is still open. Source: finding-closure, escalate P1D, P3D, P7D."""
    if not finding.is_open:
        return Rung.UNIT
    return next((who for after, who in LADDER if at - finding.found_at >= after), Rung.UNIT)


def in_sample(finding_id: UUID, percent: int) -> bool:
    """Whether the sample picks this closed finding: always the same ones, and nobody chooses them."""
    return finding_id.int % 100 < percent
