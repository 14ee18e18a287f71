"""Which requests hold back a release: help of a doctor and medicine that nobody has brought yet."""

from bulou.cases.terms import Case

BLOCKING = frozenset({"medical", "medicine"})
DELIVER = "deliver"


def blocks(case: Case) -> bool:
    """Whether a request must be met before the person may go."""
    owed = {step.key for step in case.owed}
    return case.is_open and case.wish in BLOCKING and (DELIVER in owed or not owed)
