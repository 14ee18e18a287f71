"""Acts of law about persons that nobody is, through the real actions."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.kernel import clock, ids
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.terms import MILDER, Basis, Evidence, Facts, Measure, Proposal
from tests.make.rounds import COMMUNITY, DISTRICT, someone

MILD = "seen by the doctor; not enough"


def street(team: str = "street office") -> Actor:
    """Return an officer who may decide."""
    return someone(Role.STREET_OFFICER, COMMUNITY, team=team)


def command(team: str = "command office") -> Actor:
    """Return somebody of the command office."""
    return someone(Role.COMMAND, DISTRICT, team=team)


def basis(until: date | None = None) -> UUID:
    """Enter a law that holds since last year."""
    today = clock.local_date(clock.now())
    law = Basis(
        ids.uuid7(), DISTRICT, "传染病防治法", "41", "3", "district government", today - timedelta(365), until
    )
    return acts.set_basis(command(), law)


def facts(person: UUID | None = None, by: Actor | None = None) -> Facts:
    """Record evidence about one person."""
    return acts.record_evidence(
        by or street(), path=COMMUNITY, person=person or ids.uuid7(), evidence=Evidence.EXPOSURE,
        words="shared a flat with a case", happened_at=clock.now(),
    )  # fmt: skip


def proposal(
    persons: Sequence[Facts], law: UUID, *, days: float = 7, measure: Measure = Measure.HOME
) -> Proposal:
    """An act that lacks nothing."""
    now = clock.now()
    return Proposal(
        path=COMMUNITY, place="at home", measure=measure, basis=law, starts_at=now,
        ends_at=now + timedelta(days=days), milder=dict.fromkeys(MILDER[measure], MILD),
        supplies="food and medicine twice a day", conditions="", persons=tuple(persons),
    )  # fmt: skip
