"""The words of door-to-door screening (入户排查)."""

from enum import StrEnum

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (记录类型)."""

    VISIT = "screening.visit"


PROBLEMS = {
    "screening.many_persons": ProblemText(
        409, "More than 30 people at one door: please look at the number again."
    ),
}
