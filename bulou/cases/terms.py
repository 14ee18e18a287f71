"""The words of cases: steps to closure, each with an owner and a due time (个案、处置)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText
from bulou.protocols.terms import Rung


class Kind(StrEnum):
    """Record kinds of a case (个案记录)."""

    OPENED = "case.opened"
    STEP = "case.step"
    CLOSED = "case.closed"


FEVER = "fever-referral"
"""The case that an alarming temperature or symptom opens where the outcome names no other."""
REFERRED = "referred"
AT_A_GATE = ("checkpoint.passage", "checkpoint.recheck")
HANDED_OVER = "handed_over"
FEVER_C = 37.3
"""At a checkpoint (卡点): who is referred, or handed over with this temperature, has a fever referral open.

Whatever protocol the record names. Source: P-80.
"""


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of a case: what settles it, by when, by whom it was settled (环节)."""

    key: str
    due_at: datetime
    owner: Rung | None
    must: bool
    outcome: str = ""
    settled_at: datetime | None = None
    author: UUID | None = None

    def late(self, at: datetime) -> bool:
        """Whether it is owed and its time is over; computed, never stored."""
        return self.settled_at is None and self.due_at < at


@dataclass(frozen=True, slots=True)
class Happened:
    """One record of a case; not `counted` where it changed nothing, `problem` says why."""

    record: UUID
    kind: str
    at: datetime
    author: UUID
    team: str
    outcome: str
    text: str
    counted: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it stands (个案). `about`: the watch, door or place whose record opened it."""

    id: UUID
    district: str
    path: str
    protocol: str
    about_type: str
    about: UUID
    person: UUID | None
    record: UUID
    opened_at: datetime
    opened_by: UUID
    disputed: bool
    """The record that opened it was taken back since. The case stays: closing it is for others to say."""
    steps: tuple[StepState, ...]
    outcome: str
    closed_at: datetime | None
    happened: tuple[Happened, ...]
    wish: str = ""
    """The choice that decides how soon it is due, where the protocol names such a question: which help."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.closed_at is None

    @property
    def owed(self) -> tuple[StepState, ...]:
        """The steps that are still owed; once the last word is said, only those that must be done."""
        if self.closed_at is not None:
            return ()
        return tuple(s for s in self.steps if s.settled_at is None and (s.must or not self.outcome))

    @property
    def due_at(self) -> datetime | None:
        """By when the next step is owed."""
        return min((step.due_at for step in self.owed), default=None)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of cases, most urgent first; `next` goes on where it ends."""

    items: tuple[Case, ...]
    next: str | None


PROBLEMS = {
    "cases.not_found": ProblemText(404, "There is no such case."),
    "cases.other_kind": ProblemText(409, "This outcome belongs to another kind of record."),
    "cases.own_work": ProblemText(
        409, "The last word must come from somebody who did none of the work, from another team."
    ),
    "cases.other_area": ProblemText(409, "The case stands in another area."),
    "cases.too_many_calls": ProblemText(
        429, "You asked for help several times today. Please speak to somebody of your community."
    ),
    "cases.number_in_words": ProblemText(
        422, "Please leave out numbers of telephones and cards. Whoever answers knows how to reach you."
    ),
    "cases.not_opened": ProblemText(409, "There is no case to say this about."),
}
