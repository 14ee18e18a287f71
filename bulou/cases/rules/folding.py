"""The state of cases as a pure fold over the set of records: any order of arrival gives the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from bulou.cases.terms import (
    AT_A_GATE,
    FEVER,
    FEVER_C,
    HANDED_OVER,
    REFERRED,
    Case,
    Happened,
    Kind,
    StepState,
)
from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.protocols.terms import Compiled, Escalation, Family, Rung, Shape
from bulou.protocols.terms import Step as StepRule

Book = Mapping[str, Compiled]
"""Protocol versions by reference: those the records were made under, and the cases that they open."""


class Words(msgspec.Struct, frozen=True):
    """What a payload may say about a case."""

    person: UUID | None = None
    note: str = ""
    about: UUID | None = None
    about_type: str = ""


def wanted(entry: Entry, book: Book) -> str:
    """The slug of the case protocol that a record opens, or nothing.

    Whatever its outcome names as next, where that is a case; else a fever referral, where an answer reaches
    its alert or the outcome says that the subject is ill, or where a checkpoint refers somebody.
    """
    if entry.kind in AT_A_GATE:
        return FEVER if _at_a_gate(entry) and not entry.withdraws else ""
    compiled = book.get(entry.protocol)
    outcome = compiled.outcomes.get(entry.outcome) if compiled else None
    if compiled is None or outcome is None or outcome.record != entry.kind or entry.withdraws:
        return ""
    if compiled.kind is Shape.CASE:
        return compiled.slug if entry.kind == Kind.OPENED else ""
    if not (outcome.alert or compiled.form.alerts(_body(entry))):
        return ""
    return outcome.next or FEVER


def _at_a_gate(entry: Entry) -> bool:
    """Whether a checkpoint refers somebody, or hands somebody over with a fever. The last reading counts."""
    body = _body(entry)
    last = body.get("recheck_c", body.get("temperature_c"))
    hot = isinstance(last, int | float) and last >= FEVER_C
    return entry.outcome == REFERRED or (entry.outcome == HANDED_OVER and hot)


def heads(entries: Sequence[Entry], book: Book) -> list[Entry]:
    """The records that open a case, of one subject. A correction of a record that opened one opens no second.

    Taking such a record back does not close the case: that is not the worker's to say.
    """
    alarming = {one.id: one for one in entries if wanted(one, book) and _spoke(one, entries)}
    return [one for one in alarming.values() if one.corrects not in alarming]


def fold(head: Entry, steps: Sequence[Entry], compiled: Compiled, *, in_force: bool) -> Case:
    """The case that `head` opened, with the records about it. A word that may not count stays visible."""
    told = live([entry for entry in steps if entry.kind in (Kind.STEP, Kind.CLOSED)])
    case = _opened(head, compiled, in_force=in_force)
    for entry in told:
        problem = step_problem(case, entry, compiled)
        case = _happened(case, entry, problem) if problem else _settled(case, entry, compiled)
    return case


def _spoke(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether a record was ever in force, whatever was said about it later."""
    about = [one for one in entries if one.id == entry.corrects or one.accepts == entry.id]
    return any(one.id == entry.id for one in live([entry, *about]))


def step_problem(case: Case, entry: Entry, compiled: Compiled) -> str:
    """Why a record cannot count for the case as it stands: a problem code without its room, or nothing."""
    outcome = compiled.outcomes.get(entry.outcome)
    if outcome is None or outcome.record != entry.kind:
        return "other_kind"
    here, there = f"{case.path}.", f"{entry.path}."
    if not here.startswith(there) and not there.startswith(here):
        return "other_area"
    rule = next((step for step in compiled.steps if entry.outcome in step.outcomes), None)
    return "own_work" if rule is not None and _own(case, entry, rule) else ""


def rung(case: Case, ladder: Sequence[Escalation], at: datetime) -> Rung:
    """Who hears by now that it is open; computed when read. It takes nothing from the worker."""
    if not case.is_open:
        return Rung.WORKER
    return next((s.to for s in reversed(ladder) if at - case.opened_at >= s.after), Rung.WORKER)


def _opened(head: Entry, compiled: Compiled, *, in_force: bool) -> Case:
    explicit = head.kind == Kind.OPENED
    assert head.subject is not None  # noqa: S101 - the caller groups by subject
    words = _words(head)
    named = words.about if explicit else None
    wish = str(_body(head).get(compiled.due_field, "")) if explicit and compiled.due_field else ""
    steps = tuple(
        StepState(rule.key, head.effective_at + rule.within_by.get(wish, rule.within), rule.by, rule.must)
        for rule in compiled.steps
    )
    return Case(
        id=head.subject if explicit else head.id, district=head.district, path=head.path,
        protocol=compiled.reference, about_type=words.about_type if named else head.subject_type,
        about=named or head.subject, person=words.person,
        record=head.id, opened_at=head.effective_at, opened_by=head.author, disputed=not in_force,
        steps=steps, outcome="", closed_at=None,
        happened=(_line(head, "", words.note),), wish=wish,
    )  # fmt: skip


def _settled(case: Case, entry: Entry, compiled: Compiled) -> Case:
    rules = {rule.key: rule for rule in compiled.steps}
    steps = tuple(_settle(step, rules[step.key], entry) for step in case.steps)
    last = compiled.outcomes[entry.outcome].family is Family.DONE
    word = case.outcome or (entry.outcome if last else "")
    done = bool(word) and all(step.settled_at for step in steps if step.must)
    times = [step.settled_at for step in steps if step.must and step.settled_at]
    closed_at = case.closed_at or (max(times, default=entry.effective_at) if done else None)
    return replace(_happened(case, entry, ""), steps=steps, outcome=word, closed_at=closed_at)


def _settle(step: StepState, rule: StepRule, entry: Entry) -> StepState:
    if step.settled_at is not None or entry.outcome not in rule.outcomes:
        return step
    return replace(step, outcome=entry.outcome, settled_at=entry.effective_at, author=entry.author)


def _own(case: Case, entry: Entry, rule: StepRule) -> bool:
    """Whether who speaks has done some of the work. Two who both name no team count as one team."""
    before = [one for one in case.happened if one.counted]
    people = {one.author for one in before} if "worker" in rule.not_same else set()
    teams = {one.team for one in before} if "worker_team" in rule.not_same else set()
    return entry.author in people or entry.team in teams


def _happened(case: Case, entry: Entry, problem: str) -> Case:
    return replace(case, happened=(*case.happened, _line(entry, problem, _words(entry).note)))


def _line(entry: Entry, problem: str, text: str) -> Happened:
    return Happened(
        entry.id, entry.kind, entry.effective_at, entry.author, entry.team, entry.outcome, text, not problem,
        problem,
    )  # fmt: skip


def _words(entry: Entry) -> Words:
    try:
        return msgspec.json.decode(entry.payload, type=Words)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Words()


def _body(entry: Entry) -> dict[str, object]:
    try:
        return msgspec.json.decode(entry.payload, type=dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}
