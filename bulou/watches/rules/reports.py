"""What a person says of himself (自报): which outcome it is, how often a day, what stands where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.kernel import clock
from bulou.protocols.terms import Compiled, Family
from bulou.watches.terms import SELF_REPORT, Kind, Settled, SlotState, Step, Timeline

MOST_A_DAY = 20
"""More than any protocol asks for; a stranger with a found paper cannot fill the list with it."""
NONE = "none"


def answers(
    compiled: Compiled, *, temperature: float | None, symptoms: Sequence[str], needs: str = ""
) -> dict[str, Any]:
    """The payload of a report: only what the protocol asks, and that the person says it."""
    told: dict[str, Any] = {
        "temperature_c": temperature, "symptoms": list(symptoms), "needs": needs.strip(), "taken_by": "self",
        "channel": SELF_REPORT,
    }  # fmt: skip
    asked = {field.key for field in compiled.form.fields}
    return {key: value for key, value in told.items() if key in asked and value not in (None, "", [])}


def outcome(compiled: Compiled, told: Mapping[str, Any], *, well: bool) -> str | None:
    """What the answers come to: the alarming outcome for who feels ill or whose answers alarm (37.3 °C).

    None where the protocol knows no such outcome.
    """
    ill = not well or bool(compiled.form.alerts(dict(told)))
    known = [compiled.outcomes[key] for key in compiled.records.get(Kind.SEEN, ())]
    fitting = (one.key for one in known if one.family is Family.DONE and one.alert == ill)
    return next(fitting, None)


def said_on(made: Timeline, at: datetime) -> int:
    """How many reports about this watch were made on the day of a moment, also those that were bettered."""
    day = clock.local_date(at)
    return sum(1 for step in mine(made) if clock.local_date(step.at) == day)


def mine(made: Timeline) -> tuple[Step, ...]:
    """What the person told of himself, oldest first."""
    told = {one.record for one in made.slots if one.channel == SELF_REPORT}
    authors = {one.author for one in made.slots if one.channel == SELF_REPORT}
    return tuple(
        step for step in made.steps
        if step.record in told or (step.kind is Kind.SEEN and step.author in authors)
    )  # fmt: skip


def waiting(made: Timeline) -> tuple[Settled, ...]:
    """Reports that nobody has looked at yet."""
    return tuple(one for one in made.slots if one.state is SlotState.REPORTED and one.channel == SELF_REPORT)


def is_known(made: Timeline, record: UUID) -> bool:
    """Whether this very report has arrived before: a button that was pressed twice."""
    return any(step.record == record for step in made.steps)
