"""Screening beyond its form: a number that is nearly always a slip of the finger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bulou.lines.screening.rules import visits as rules
from tests.make import ledger as make


@dataclass(frozen=True, slots=True)
class Told:
    payload: Mapping[str, Any]


@pytest.mark.parametrize(
    ("n", "problems"),
    [
        (0, ()),
        (rules.MANY, ()),
        (rules.MANY + 1, ("screening.many_persons",)),
        (None, ()),
        ("31", ()),
    ],
)
def test_more_people_than_fit_behind_one_door_are_looked_at_again(
    n: object, problems: tuple[str, ...]
) -> None:
    assert rules.check(make.entry(), Told({"n_persons": n})) == problems


def test_a_visit_that_says_nothing_about_people_may_stand() -> None:
    assert rules.check(make.entry(), Told({})) == ()
