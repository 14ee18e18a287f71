"""Pure rules of the register: what makes a record doubtful, and what all records about one person come to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from bulou.access.rules import path_problem
from bulou.kernel import clock
from bulou.ledger import rules as ledger
from bulou.ledger.terms import Entry
from bulou.lines.screening.rules import payloads
from bulou.lines.screening.terms import (
    BY_RULE,
    DUTY,
    RANK,
    Channel,
    Clause,
    Contact,
    Folded,
    Kind,
    Left,
    Merge,
    MergeState,
    Risk,
    RiskRule,
    Standing,
    Stay,
)
from bulou.people.rules.names import folded
from bulou.people.terms import Trigger

FACTS = frozenset({Kind.PERSON, Kind.LEFT, Kind.CLASSED})
MERGES = frozenset({Kind.MERGE_PROPOSED, Kind.MERGED, Kind.MERGE_REFUSED, Kind.UNMERGED})


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The decoded answers."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """The records of the subject."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make a record of the register doubtful; empty when it may stand."""
    if entry.kind == Kind.PERSON:
        return _check_person(entry, context.payload)
    if entry.kind == Kind.RULE:
        return _check_rule(context.payload)
    told = payloads.said(context.payload)
    if isinstance(told, str):
        return ("screening.not_understood:payload",)
    if not told.reason.strip() and entry.kind != Kind.MERGED:
        return ("screening.reason_missing",)
    if entry.kind == Kind.LEFT:
        return () if entry.outcome in set(Left) else ("screening.not_understood:outcome",)
    if entry.kind == Kind.CLASSED:
        known = entry.outcome in {*Risk, BY_RULE}
        return () if known else ("screening.not_understood:outcome",)
    return _check_merge(entry, told, context.history)


def _check_person(entry: Entry, payload: Mapping[str, Any]) -> tuple[str, ...]:
    told = payloads.person(payload)
    if isinstance(told, str):
        return ("screening.not_understood:payload",)
    found = [] if told.trigger else ["screening.no_trigger"]
    if told.home and (path_problem(told.home) or told.home.partition(".")[0] != entry.district):
        found.append("screening.home_elsewhere")
    today = clock.local_date(entry.received_at)
    days = [told.arrived_on, *(stay.left_on for stay in told.stays)]
    if any(day and day > today for day in days):
        found.append("screening.day_in_future")
    return tuple(found)


def _check_rule(payload: Mapping[str, Any]) -> tuple[str, ...]:
    told = payloads.rule(payload)
    if isinstance(told, str):
        return ("screening.not_understood:payload",)
    if not told.reason.strip():
        return ("screening.reason_missing",)
    empty = any(not (clause.places or clause.codes or clause.contact) for clause in told.clauses)
    return ("screening.no_clauses",) if empty else ()


def _check_merge(
    entry: Entry, told: payloads.SaidTold, history: Mapping[UUID, Sequence[Entry]]
) -> tuple[str, ...]:
    before = merge_of(history.get(entry.subject, ())) if entry.subject else None
    if entry.kind == Kind.MERGE_PROPOSED:
        return ("screening.merge_itself",) if told.keep in {None, entry.subject} else ()
    if entry.kind == Kind.UNMERGED:
        return () if before and before.state is MergeState.MERGED else ("screening.not_merged",)
    if before is None or before.state is not MergeState.PROPOSED or before.proposal != told.proposal:
        return ("screening.no_proposal",)
    return ("screening.same_officer",) if before.proposed_by == entry.author else ()


def merge_of(entries: Iterable[Entry]) -> Merge | None:
    """What the records about one entry say of a merge into another; the same for any order of arrival."""
    found: Merge | None = None
    for entry in ledger.live(list(entries)):
        told = payloads.said(entry.payload) if entry.kind in MERGES else ""
        if isinstance(told, str) or entry.subject is None:
            continue
        if entry.kind == Kind.MERGE_PROPOSED and told.keep not in {None, entry.subject}:
            keep = told.keep or entry.subject
            if found is None or found.state is not MergeState.MERGED:
                found = Merge(
                    entry.subject, keep, entry.path, MergeState.PROPOSED, entry.id, entry.author,
                    told.reason, entry.effective_at,
                )  # fmt: skip
        elif found is not None:
            found = _next(found, entry, told)
    return found


def _next(found: Merge, entry: Entry, told: payloads.SaidTold) -> Merge:
    state = found.state
    if entry.kind == Kind.UNMERGED and state is MergeState.MERGED:
        state = MergeState.UNDONE
    decides = state is MergeState.PROPOSED and told.proposal == found.proposal
    if decides and entry.author != found.proposed_by:
        state = MergeState.MERGED if entry.kind == Kind.MERGED else state
        state = MergeState.REFUSED if entry.kind == Kind.MERGE_REFUSED else state
    if state is found.state:
        return found
    return Merge(
        found.drop, found.keep, found.path, state, found.proposal, found.proposed_by, found.reason,
        found.proposed_at, entry.author, entry.effective_at,
    )  # fmt: skip


def fold(entries: Iterable[Entry]) -> Folded | None:
    """What all records about one person come to, under whatever ids they were told; None where nothing holds.

    A later answer goes before an earlier one, an answer before none; triggers, stays and companions add up,
    and a contact stays a contact until its record is corrected or withdrawn.
    """
    live = [e for e in ledger.live(list(entries)) if e.kind in FACTS]
    read = [(e, payloads.person(e.payload)) for e in live if e.kind == Kind.PERSON]
    told = [(e, said) for e, said in read if not isinstance(said, str) and said.trigger]
    if not told:
        return None
    (first, _), (last, _) = told[0], told[-1]
    said = [one for _, one in told]
    left = [e for e in live if e.kind == Kind.LEFT and e.outcome in set(Left)]
    gone = left[-1] if left and _place(left[-1]) > _place(last) else None
    contacts = {one.contact for one in said}
    answered = (c for c in (Contact.YES, Contact.NO) if c in contacts)
    stays = {
        (s.place, s.code, s.left_on): Stay(s.place, s.code, s.left_on) for one in said for s in one.stays
    }
    return Folded(
        path=_latest(one.home for one in said) or first.path,
        standing=Standing.OFF if gone else Standing.ON,
        triggers=tuple(sorted({one.trigger for one in said if one.trigger})),
        channel=Channel(said[0].channel),
        found_at=first.effective_at,
        author=first.author,
        arrived_on=_latest(one.arrived_on for one in said),
        contact=next(answered, Contact.UNKNOWN),
        stays=tuple(sorted(stays.values(), key=lambda s: (s.place, s.code, s.left_on or date.min))),
        transport=_latest(one.transport for one in said) or "",
        trip=_latest(one.trip for one in said) or "",
        door=_latest(one.door for one in said),
        companions=tuple(sorted({other for one in said for other in one.companions})),
        named=_named(live),
        left_at=gone.effective_at if gone else None,
        left_why=Left(gone.outcome) if gone else None,
        record=last.id,
        n_records=len(live),
    )


def _place(entry: Entry) -> tuple[datetime, UUID]:
    return entry.effective_at, entry.id


def _latest(values: Iterable[Any]) -> Any:
    return next((value for value in reversed(list(values)) if value), None)


def _named(live: Sequence[Entry]) -> Risk | None:
    said = [e.outcome for e in live if e.kind == Kind.CLASSED and e.outcome in {*Risk, BY_RULE}]
    return Risk(said[-1]) if said and said[-1] != BY_RULE else None


def duty_until(facts: Folded) -> date:
    """The last day of the duty as far as the register knows: 14 days after the arrival, or the end of it."""
    if facts.left_at is not None:
        return clock.local_date(facts.left_at)
    return (facts.arrived_on or clock.local_date(facts.found_at)) + DUTY


def rule_of(entries: Iterable[Entry]) -> RiskRule | None:
    """The rule that holds: the newest one in force."""
    for entry in reversed(ledger.live(list(entries))):
        told = payloads.rule(entry.payload) if entry.kind == Kind.RULE else ""
        if not isinstance(told, str):
            clauses = tuple(
                Clause(c.risk, tuple(c.places), tuple(c.codes), c.from_on, c.contact) for c in told.clauses
            )
            return RiskRule(entry.id, clauses, entry.effective_at, entry.author, told.reason)
    return None


def spelled(place: str) -> str:
    """Return a place as the rule compares it: no width, no spaces, simplified characters."""
    return folded(place)


def classify(facts: Folded, clauses: Iterable[Clause]) -> Risk:
    """The class of somebody; `sql/classes.sql` decides the same for a district (a test holds them equal).

    A stay counts when its code begins with one of the rule's or its words hold one of the rule's, and it did
    not end before the day from which the rule counts. Where nobody knows when it ended, the arrival counts;
    where that is not known either, the stay counts.
    """
    if facts.named is not None:
        return facts.named
    found = Risk.GENERAL
    for clause in clauses:
        hit = clause.contact and facts.contact is Contact.YES
        hit = hit or any(_counts(stay, facts.arrived_on, clause) for stay in facts.stays)
        if hit and RANK[clause.risk] > RANK[found]:
            found = clause.risk
    return found


def _counts(stay: Stay, arrived_on: date | None, clause: Clause) -> bool:
    ended = stay.left_on or arrived_on
    if clause.from_on and ended and ended < clause.from_on:
        return False
    place = spelled(stay.place)
    by_code = any(code and stay.code.startswith(code) for code in clause.codes)
    return by_code or any(word and spelled(word) in place for word in clause.places)


def triggers_of(words: Iterable[str]) -> tuple[Trigger, ...]:
    """The triggers that are known among these words."""
    return tuple(Trigger(word) for word in words if word in set(Trigger))
