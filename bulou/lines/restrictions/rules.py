"""Pure rules of restrictions: what an act needs, where it stands, who may say the second word."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bulou.kernel.problems import Problem, Where
from bulou.lines.restrictions.terms import (
    A_DAY,
    ALONE,
    LAPSE,
    LONGEST,
    MILDER,
    Act,
    Measure,
    Proposal,
    Standing,
)


def problem(proposal: Proposal, now: datetime) -> Problem | None:
    """What an act still lacks, the gravest first; None when it may be put to the database.

    Source: rights.md R-1, R-2, R-3.
    """
    if not proposal.persons:
        return Problem("restrictions.nobody", where=Where(field="persons"))
    if proposal.ends_at <= proposal.starts_at or proposal.ends_at <= now:
        return Problem("restrictions.times", where=Where(field="ends_at"))
    if proposal.ends_at - proposal.starts_at > LONGEST:
        return Problem("restrictions.too_long", {"days": LONGEST.days}, Where(field="ends_at"))
    if not proposal.place.strip():
        return Problem("restrictions.place_missing", where=Where(field="place"))
    if not milder_answered(proposal.measure, proposal.milder):
        return Problem("restrictions.milder_missing", where=Where(field="milder"))
    if proposal.measure in {Measure.HOME, Measure.HOTEL} and not proposal.supplies.strip():
        return Problem("restrictions.supplies_missing", where=Where(field="supplies"))
    return None


def milder_answered(measure: Measure, milder: Mapping[Measure, str]) -> bool:
    """Whether it is said for each milder measure why it does not do."""
    return all(milder.get(one, "").strip() for one in MILDER[measure])


def needs_second(n_persons: int, decided_today: int) -> bool:
    """Whether one body alone may not decide this. Source: threats.md C3, rights.md R-11."""
    return n_persons > ALONE or decided_today + n_persons > A_DAY


def second_problem(act: Act, account: UUID, team: str) -> str | None:
    """Why this account is not the second body, as a problem code."""
    if not team.strip():
        return "restrictions.no_unit"
    if account == act.proposer or team.strip() == act.proposer_team.strip():
        return "restrictions.same_body"
    return None


def standing(
    act: Act, *, starts_at: datetime, ends_at: datetime, lifted_at: datetime | None, now: datetime
) -> Standing:
    """Where one person's restriction stands at a moment. It ends by the clock; no job has to run."""
    if act.refused_at is not None:
        return Standing.REFUSED
    if act.decided_at is None:
        return Standing.LAPSED if now >= act.proposed_at + LAPSE else Standing.PROPOSED
    if lifted_at is not None and lifted_at <= now:
        return Standing.LIFTED
    if now >= ends_at:
        return Standing.ENDED
    if act.frozen_until is not None and now < act.frozen_until:
        return Standing.FROZEN
    return Standing.COMING if now < starts_at else Standing.IN_FORCE
