"""Ask who was where a case was: within the areas that the officer may see, with the reason for each."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from bulou.access import queries as access
from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock
from bulou.kernel.scope import transaction
from bulou.lines.tracing.queries import chains, meetings, stored
from bulou.lines.tracing.rules import classing
from bulou.lines.tracing.terms import MOST_SHOWN, Found, Seed


def who_met(
    actor: Actor, path: str, cases: Sequence[UUID], *, degrees: int = 2, days_back: int | None = None,
    most: int = MOST_SHOWN,
) -> Found:  # fmt: skip
    """Return who was where these cases were at the same time, and whom those met later; nothing is entered.

    Without `days_back` the time of each case begins where the rule in force says; it ends with the isolation,
    or now. It is a list for a person to judge: presence is not guilt. 5 queries.

    Raises:
        ProblemError: access.*.
    """
    require(actor, Verb.PERSON_VIEW, path)
    district, now = path.partition(".")[0], clock.now()
    with transaction(access.scope_of(actor, Verb.PERSON_VIEW)):
        regime = stored.regime(district)
        seeds = []
        for person, case in sorted(chains.known_cases(district, cases).items()):
            since, until = classing.window(case, regime)
            if days_back is not None:
                since = (until or now) - timedelta(days=days_back)
            seeds.append(Seed(person, since, until or now))
        return meetings.met(district, seeds, degrees=degrees, most=most)
