"""The words of restrictions: an act of law about named persons, never a colour (限制措施)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from bulou.kernel.problems import Entry


class Measure(StrEnum):
    """What a person has to do (措施), from the mildest to the hardest."""

    ADVICE = "advice"
    MONITORING = "monitoring"
    HOME = "home"
    HOTEL = "hotel"


class Evidence(StrEnum):
    """What makes an act necessary (依据事实). Having been at a place at some time is none by itself."""

    RESULT = "result"
    EXPOSURE = "exposure"
    TRAVEL = "travel"
    SYMPTOM = "symptom"


class Standing(StrEnum):
    """Where one person's restriction stands, computed from the clock whenever it is read (状态)."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    COMING = "coming"
    IN_FORCE = "in_force"
    FROZEN = "frozen"
    ENDED = "ended"
    LIFTED = "lifted"


class Outcome(StrEnum):
    """What became of an objection (异议结果)."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class Channel(StrEnum):
    """How an objection came in (提出方式)."""

    PAGE = "page"
    PHONE = "phone"
    PAPER = "paper"
    OFFICER = "officer"


class Kind(StrEnum):
    """What restrictions tell the ledger (限制措施记录); ids and words of law, never a name."""

    BASIS_SET = "restriction.basis_set"
    BASIS_ENDED = "restriction.basis_ended"
    EVIDENCE = "restriction.evidence"
    PROPOSED = "restriction.proposed"
    DECIDED = "restriction.decided"
    REFUSED = "restriction.refused"
    STOPPED = "restriction.stopped"
    FROZEN = "restriction.frozen"
    LIFTED = "restriction.lifted"
    NOTICE = "restriction.notice"
    APPEAL = "restriction.appeal"
    ANSWERED = "restriction.answered"
    REVIEWED = "restriction.reviewed"


# Sources: rights.md; threats.md C1, C3.
LONGEST: Final = timedelta(days=14)
ALONE: Final = 20
"""So many persons one body may restrict in one act."""
A_DAY: Final = 50
"""So many persons one decider may restrict on one day without a second body."""
LAPSE: Final = timedelta(hours=24)
"""A proposal that nobody of the second body accepts within this time is refused: silence is no."""
FREEZE: Final = timedelta(hours=24)
ALARM: Final = timedelta(hours=4)
FIRST_ANSWER: Final = timedelta(hours=24)
MOST_TRIES: Final = 10
"""So many codes that begin alike may be tried in a quarter of an hour; then none of them opens anything."""
TRIES_WINDOW: Final = timedelta(minutes=15)
MOST_NOTICES: Final = 100
"""So many papers are made in one file; the rest follows in the next."""
SECOND_ANSWER: Final = timedelta(hours=72)
MILDER: Final[Mapping[Measure, tuple[Measure, ...]]] = {
    measure: tuple(Measure)[:n] for n, measure in enumerate(Measure)
}


@dataclass(frozen=True, slots=True)
class Basis:
    """A law or order on which restrictions may rest (法律依据); when it ends, they end."""

    id: UUID
    path: str
    law: str
    article: str
    order_number: str
    issuer: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Why this person: the kind of evidence, and the ledger's record that tells it."""

    person: UUID
    evidence: Evidence
    record: UUID


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer wants to order. `milder` says for each milder measure why it does not do."""

    path: str
    place: str
    measure: Measure
    basis: UUID
    starts_at: datetime
    ends_at: datetime
    milder: Mapping[Measure, str]
    supplies: str
    conditions: str
    persons: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One act as it was proposed and decided."""

    id: UUID
    path: str
    place: str
    measure: Measure
    basis: UUID
    milder: Mapping[Measure, str]
    supplies: str
    conditions: str
    starts_at: datetime
    ends_at: datetime
    n_persons: int
    proposer: UUID
    proposer_team: str
    proposed_at: datetime
    decided_at: datetime | None
    second: UUID | None
    second_team: str
    refused_at: datetime | None
    refused_why: str
    frozen_until: datetime | None
    needs_second: bool


@dataclass(frozen=True, slots=True)
class Restriction:
    """One person's part in an act, and where it stands at the moment it was read."""

    id: UUID
    act: Act
    person: UUID
    path: str
    evidence: Evidence
    evidence_record: UUID
    starts_at: datetime
    ends_at: datetime
    lifted_at: datetime | None
    lifted_why: str
    notice_at: datetime | None
    renews: UUID | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Appeal:
    """One objection (异议), its clocks and its answers."""

    id: UUID
    restriction: UUID
    path: str
    channel: Channel
    words: str
    received_at: datetime
    outcome: Outcome | None
    answer: str
    answered_at: datetime | None
    answered_by: UUID | None
    taken_further_at: datetime | None
    second_outcome: Outcome | None
    second_answer: str
    second_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether somebody owes an answer."""
        first = self.outcome is None
        return first or (self.taken_further_at is not None and self.second_outcome is None)

    @property
    def due_at(self) -> datetime:
        """When the answer that is owed next is due. Source: rights.md R-5."""
        if self.taken_further_at is not None:
            return self.taken_further_at + SECOND_ANSWER
        return self.received_at + FIRST_ANSWER


@dataclass(frozen=True, slots=True)
class Attempt:
    """An act that was not allowed to come about: supervision sees who tried what (被拦截的限制)."""

    id: UUID
    at: datetime
    author: UUID
    team: str
    path: str
    n_persons: int
    code: str


PROBLEMS = {
    "restrictions.not_found": Entry(404, "There is nothing here, or it is not yours to see."),
    "restrictions.nobody": Entry(422, "Name the persons; nobody is named."),
    "restrictions.basis_missing": Entry(
        422, "The law or order on which this rests is missing or not valid now."
    ),
    "restrictions.evidence_missing": Entry(
        422, "For %(n)s person(s) there is no evidence in the ledger. Nobody is restricted."
    ),
    "restrictions.too_long": Entry(422, "A restriction ends after %(days)s days at most."),
    "restrictions.times": Entry(422, "The end must lie after the beginning, and in the future."),
    "restrictions.backdated": Entry(422, "A restriction does not begin in the past."),
    "restrictions.milder_missing": Entry(422, "Say for each milder measure why it does not do."),
    "restrictions.supplies_missing": Entry(422, "Say how food, medicine and care are provided."),
    "restrictions.place_missing": Entry(422, "Name the place."),
    "restrictions.two_bodies": Entry(
        422, "More than %(alone)s persons in one act, or %(a_day)s a day, need a second body."
    ),
    "restrictions.same_body": Entry(
        403, "The second decision must come from another person of another unit."
    ),
    "restrictions.no_unit": Entry(422, "Your account names no unit, so it is no second body."),
    "restrictions.already_restricted": Entry(409, "One of these persons is restricted in this time already."),
    "restrictions.same_evidence": Entry(422, "A renewal needs evidence that is newer than the act before."),
    "restrictions.decided": Entry(409, "This has been decided already."),
    "restrictions.over": Entry(409, "This restriction is over."),
    "restrictions.too_many_notices": Entry(422, "At most %(most)s notices fit in one file."),
    "restrictions.too_many_persons": Entry(
        422, "%(n)s persons are named; at most %(most)s fit in one act. Nobody is restricted."
    ),
    "restrictions.by_file": Entry(
        422, "A file restricts nobody: evidence is told about each person. The attempt is noted."
    ),
    "restrictions.by_record": Entry(
        403, "Records that a phone or a service sent; such records restrict nobody."
    ),
    "restrictions.by_statement": Entry(
        403, "Statements past the program, refused by the database (how many statements, not persons)."
    ),
    "restrictions.reason_missing": Entry(422, "Give the reason."),
    "restrictions.own_decision": Entry(403, "Whoever decided cannot answer the objection."),
    "restrictions.answered": Entry(409, "This objection has been answered already."),
    "restrictions.not_answered": Entry(409, "This objection has not been answered yet."),
    "restrictions.code_unknown": Entry(
        404, "This code is not known. Look at the paper again or ask your community."
    ),
    "restrictions.too_many_codes": Entry(
        429,
        "Codes that begin like this were tried too often. Wait %(minutes)s minutes or ask your community.",
    ),
    "restrictions.words_missing": Entry(422, "Say in your own words what is wrong."),
    "restrictions.too_many_words": Entry(422, "At most %(most)s characters."),
}
