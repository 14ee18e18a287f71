"""Capture and recapture: Chapman's estimate against values from textbooks."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.lines.testing.rules import unknown
from bulou.lines.testing.rules.unknown import Doubt, Lists


def _of(first: int, second: int, both: int) -> unknown.Estimate:
    found = unknown.estimate(Lists("1.1.1", first, second, both))
    assert found is not None
    return found


def test_the_turtles_of_the_textbook() -> None:
    # 10 marked, 15 caught, 5 of them marked: 28 by Chapman, 22 to 65 by the logit interval
    found = _of(10, 15, 5)
    assert found.total == pytest.approx(28.3333, abs=1e-4)
    assert (round(found.low), round(found.high)) == (22, 65)


def test_the_variance_of_seber() -> None:
    # Seber 1982: (201 * 151 * 170 * 120) / (31^2 * 32) for n1 = 200, n2 = 150, m = 30
    assert unknown.variance(200, 150, 30) == pytest.approx(20133.988, abs=1e-2)
    assert _of(200, 150, 30).total == pytest.approx(978.0645, abs=1e-3)


def test_who_is_on_neither_list_is_the_estimate_less_those_seen() -> None:
    found = _of(900, 800, 760)
    assert found.seen == 940
    assert found.unseen == round(901 * 801 / 761 - 1) - 940 == 7
    assert found.unseen_low <= found.unseen <= found.unseen_high


def test_lists_that_agree_leave_nobody_unseen_and_say_why_that_may_be_wrong() -> None:
    found = _of(500, 500, 500)
    assert (found.total, found.unseen) == (500, 0)
    assert found.doubts == (Doubt.WHOLE_LIST,)


def test_few_seen_twice_is_told() -> None:
    assert _of(40, 50, 3).doubts == (Doubt.FEW_TWICE,)
    assert _of(40, 50, 0).doubts == (Doubt.NOBODY_TWICE,)


def test_counts_that_cannot_be_give_no_estimate() -> None:
    for wrong in (Lists("1", 0, 5, 0), Lists("1", 5, 0, 0), Lists("1", 5, 5, 6), Lists("1", 5, 5, -1)):
        assert unknown.estimate(wrong) is None


@given(st.integers(1, 5000), st.integers(1, 5000), st.data())
def test_the_interval_holds_the_estimate_and_nobody_seen_is_lost(
    first: int, second: int, data: st.DataObject
) -> None:
    both = data.draw(st.integers(0, min(first, second)))
    found = _of(first, second, both)
    assert found.seen - 1e-9 <= found.low <= found.total + 1e-9 <= found.high + 2e-9
    assert _of(second, first, both).total == pytest.approx(found.total)


def test_the_interval_covers_the_truth_about_nineteen_times_in_twenty() -> None:
    chance, covered, days = Random(6), 0, 400
    for _ in range(days):
        seen = [(chance.random() < 0.7, chance.random() < 0.6) for _ in range(300)]
        found = _of(sum(a for a, _ in seen), sum(b for _, b in seen), sum(a and b for a, b in seen))
        covered += found.low <= 300 <= found.high
    assert 0.92 <= covered / days <= 0.99
