"""The state of a finding as a pure fold over the set of its records: any order of arrival gives the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from msgspec import structs

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry, Standing
from bulou.lines.supervision.rules import payloads
from bulou.lines.supervision.terms import (
    FINDING_KINDS,
    Clocks,
    Finding,
    Inspection,
    Kind,
    Reason,
    Severity,
    Stage,
    Step,
    Timeline,
    Verdict,
    Visit,
)

# Doubts that depend on what else had arrived. The fold decides them itself, from the whole set, so that no
# record speaks or stays silent by the accident of its arrival.
CONTEXTUAL = frozenset({"supervision.own_work", "supervision.nothing_fixed"})


def in_force(entries: Sequence[Entry], until: datetime | None = None) -> list[tuple[datetime, Entry]]:
    """Records in force with the time their fact took place, in that order.

    A correction stands where the corrected record stood: correcting a typing error does not restart a clock.
    Only the author's own team takes back or corrects what it said: the inspected cannot withdraw a finding.
    With `until`: only what had happened before it, by everything known today (late corrections count).
    """
    by_id = {entry.id: entry for entry in entries}
    speaking = [
        structs.replace(entry, standing=Standing.KEPT)
        if entry.problems and CONTEXTUAL.issuperset(entry.problems)
        else entry
        for entry in entries
        if own_words(entry, by_id)
    ]
    dated = [(_root(entry, by_id).effective_at, entry) for entry in live(speaking)]
    past = [pair for pair in dated if until is None or pair[0] < until]
    return sorted(past, key=lambda pair: (pair[0], pair[1].id))


def own_words(entry: Entry, by_id: Mapping[UUID, Entry]) -> bool:
    """Whether a record speaks for itself, or amends one of the same author or team."""
    amended = by_id.get(entry.corrects or entry.withdraws or entry.id, entry)
    return entry.author == amended.author or (entry.team == amended.team != "")


def _root(entry: Entry, by_id: Mapping[UUID, Entry]) -> Entry:
    seen = {entry.id}
    while entry.corrects and entry.corrects in by_id and entry.corrects not in seen:
        entry = by_id[entry.corrects]
        seen.add(entry.id)
    return entry


@dataclass(frozen=True, slots=True)
class _Told:
    """A step to apply: the record, its payload, and when it took place."""

    entry: Entry
    at: datetime

    @property
    def payload(self) -> Mapping[str, object]:
        return payloads.body(self.entry)


def fold(
    entries: Sequence[Entry], clocks: Clocks | None = None, *, until: datetime | None = None
) -> Timeline | None:
    """The finding and its steps, oldest first; None where no record of the finding itself is in force.

    Records out of step (a fix before its plan, a re-check before the fix) stay in the timeline; they move the
    finding only as far as they can be true. A re-check by the fixer, the owner or their teams never closes.
    """
    clocks = clocks or Clocks()
    dated = [(at, entry) for at, entry in in_force(entries, until) if entry.kind in FINDING_KINDS]
    heads = [(at, entry) for at, entry in dated if entry.kind == Kind.FINDING]
    if not heads:
        return None
    finding = _opened(*heads[0], clocks)
    steps: list[Step] = []
    for at, entry in dated:
        told = _Told(entry, at)
        if entry.kind == Kind.FINDING:
            problem = "" if entry.id == finding.record else "repeated"
        else:
            finding, problem = _APPLY[Kind(entry.kind)](finding, told, clocks)
        steps.append(_step(told, problem))
    return Timeline(replace(finding, due_at=_due(finding, clocks)), tuple(steps))


def _opened(at: datetime, entry: Entry, clocks: Clocks) -> Finding:
    payload = payloads.body(entry)
    severity = payloads.severity(payload) or Severity.ORDINARY
    assert entry.subject is not None  # noqa: S101 - the caller folds by subject
    return Finding(
        id=entry.subject, district=entry.district, path=entry.path, severity=severity,
        topic=payloads.text(payload, "kind"), text=payloads.text(payload, "text"),
        methods=payloads.methods(payload), covert=payloads.covert(payload),
        responsible=payloads.text(payload, "responsible"),
        inspection=payloads.identity(payload, "inspection"), record=entry.id, found_at=at,
        found_by=entry.author, found_team=entry.team, stage=Stage.FOUND, stage_at=at, due_at=None,
        fix_due_at=at + clocks.fixed[severity],
    )  # fmt: skip


def _told(finding: Finding, step: _Told, _clocks: Clocks) -> tuple[Finding, str]:
    if finding.told_at is not None:
        return finding, "repeated"
    told = replace(finding, told_at=step.at, told_unit=payloads.text(step.payload, "unit"))
    return (replace(told, stage=Stage.TOLD, stage_at=step.at) if finding.stage is Stage.FOUND else told), ""


def _planned(finding: Finding, step: _Told, _clocks: Clocks) -> tuple[Finding, str]:
    if finding.stage is Stage.CLOSED:
        return finding, "closed"
    planned = replace(
        finding,
        owner=payloads.identity(step.payload, "owner"),
        owner_team=payloads.text(step.payload, "owner_team"),
        owner_unit=payloads.text(step.payload, "unit"),
        plan_due_at=payloads.moment(step.payload, "due_at"),
    )
    if finding.stage is Stage.FIXED:
        return planned, ""
    return replace(planned, stage=Stage.PLANNED, stage_at=step.at), ""


def _fixed(finding: Finding, step: _Told, _clocks: Clocks) -> tuple[Finding, str]:
    if finding.stage is Stage.CLOSED:
        return finding, "closed"
    return replace(
        finding, stage=Stage.FIXED, stage_at=step.at, fixed_at=step.at, fixed_by=step.entry.author,
        fixed_team=step.entry.team,
    ), ""  # fmt: skip


def _rechecked(finding: Finding, step: _Told, clocks: Clocks) -> tuple[Finding, str]:
    problem = recheck_problem(finding, step.entry)
    if problem:
        return finding, problem.removeprefix("supervision.")
    if step.entry.outcome == Verdict.FAILED:
        return replace(
            finding, stage=Stage.REOPENED, stage_at=step.at, fixed_at=None, fixed_by=None, fixed_team="",
            closed_at=None, closed_by=None, closed_team="", sampled_at=None, plan_due_at=None,
            n_reopened=finding.n_reopened + 1, fix_due_at=step.at + clocks.fixed[finding.severity],
        ), ""  # fmt: skip
    if step.entry.outcome != Verdict.PASSED:
        return finding, "bad_verdict"
    if finding.stage is Stage.CLOSED:
        return replace(finding, sampled_at=step.at), ""
    return replace(
        finding, stage=Stage.CLOSED, stage_at=step.at, closed_at=step.at, closed_by=step.entry.author,
        closed_team=step.entry.team,
    ), ""  # fmt: skip


def _reasoned(finding: Finding, step: _Told, _clocks: Clocks) -> tuple[Finding, str]:
    on, words = payloads.day(step.payload, "on"), payloads.text(step.payload, "text")
    if on is None or not words:
        return finding, "bad_reason"
    others = tuple(reason for reason in finding.reasons if reason.on != on)
    reasons = sorted((*others, Reason(on, words)), key=lambda reason: reason.on)
    return replace(finding, reasons=tuple(reasons)), ""


_APPLY: Mapping[Kind, Callable[[Finding, _Told, Clocks], tuple[Finding, str]]] = {
    Kind.TOLD: _told,
    Kind.PLAN: _planned,
    Kind.FIXED: _fixed,
    Kind.RECHECK: _rechecked,
    Kind.REASON: _reasoned,
}


def recheck_problem(finding: Finding, entry: Entry) -> str:
    """Why this re-check cannot count for the finding as it stands: a problem code, or nothing.

    Source: finding-closure, "no closing by the owner", "recheck by another person"; S#104, S#116. Two people
    who both name no team cannot be told apart, so that counts as the same team.
    """
    if finding.stage not in (Stage.FIXED, Stage.CLOSED):
        return "supervision.nothing_fixed"
    return "supervision.own_work" if own_work(finding, entry.author, entry.team) else ""


def own_work(finding: Finding, person: UUID, team: str) -> bool:
    """Whether somebody fixed or owns the finding, or is of the team that did."""
    people = {finding.fixed_by, finding.owner}
    teams = {finding.fixed_team} | ({finding.owner_team} if finding.owner else set())
    return person in people or team in teams


def _due(finding: Finding, clocks: Clocks) -> datetime | None:
    """By when the next step is owed. A plan's own date may shorten the severity's time, never lengthen it."""
    match finding.stage:
        case Stage.CLOSED:
            return None
        case Stage.FIXED:
            return finding.stage_at + clocks.recheck
        case Stage.FOUND:
            return min(finding.found_at + clocks.told, finding.fix_due_at)
        case Stage.TOLD:
            return min(finding.stage_at + clocks.plan, finding.fix_due_at)
        case Stage.PLANNED | Stage.REOPENED:
            return min(finding.plan_due_at or finding.fix_due_at, finding.fix_due_at)


def _step(told: _Told, problem: str) -> Step:
    entry = told.entry
    words = (payloads.text(told.payload, key) for key in ("text", "note", "unit"))
    return Step(
        record=entry.id, kind=Kind(entry.kind), at=told.at, author=entry.author, team=entry.team,
        outcome=entry.outcome, text=next((word for word in words if word), ""), counted=not problem,
        problem=problem, photos=payloads.photos(told.payload),
        evidence=payloads.texts(told.payload, "evidence"),
    )  # fmt: skip


def fold_inspection(entries: Sequence[Entry], *, until: datetime | None = None) -> Inspection | None:
    """The visit as it stands: done once a record says so, else the latest plan; None where none speaks."""
    visits = [(at, entry) for at, entry in in_force(entries, until) if entry.kind == Kind.INSPECTION]
    if not visits:
        return None
    done = [pair for pair in visits if pair[1].outcome != Visit.PLANNED]
    at, entry = (done or visits)[-1]
    payload = payloads.body(entry)
    assert entry.subject is not None  # noqa: S101 - the caller folds by subject
    return Inspection(
        id=entry.subject, district=entry.district, path=entry.path,
        visit=Visit.DONE if done else Visit.PLANNED, methods=payloads.methods(payload),
        covert=any(payloads.covert(payloads.body(e)) for _, e in visits),
        group=payloads.text(payload, "group"), planned_on=payloads.day(payload, "planned_for"), at=at,
        author=entry.author, team=entry.team, record=entry.id,
    )  # fmt: skip
