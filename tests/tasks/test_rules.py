"""When a revisit is due, and how far an overdue one has climbed."""

from datetime import UTC, datetime, timedelta

import pytest

from bulou.kernel import clock
from bulou.tasks import rules
from bulou.tasks.terms import Rung


@pytest.mark.parametrize(
    ("tried", "due"),
    [
        (datetime(2026, 11, 22, 1, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC)),  # 09:00 there
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC)),  # 23:59 there
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=UTC)),  # midnight there
        (datetime(2026, 12, 31, 4, tzinfo=UTC), datetime(2027, 1, 1, 13, tzinfo=UTC)),
    ],
)
def test_a_door_is_tried_again_by_the_end_of_visiting_hours_on_the_next_day_there(
    tried: datetime, due: datetime
) -> None:
    assert rules.revisit_due(tried) == due
    assert rules.revisit_due(tried.astimezone(clock.DISTRICT_ZONE)) == due


@pytest.mark.parametrize(
    ("late", "rung"),
    [
        (timedelta(hours=-30), Rung.WORKER),
        (timedelta(0), Rung.WORKER),
        (timedelta(hours=2) - timedelta(microseconds=1), Rung.WORKER),
        (timedelta(hours=2), Rung.TEAM_LEAD),
        (timedelta(hours=6), Rung.COMMUNITY_LEAD),
        (timedelta(hours=24), Rung.STREET_OFFICE),
        (timedelta(hours=48), Rung.DISTRICT_OFFICE),
        (timedelta(days=90), Rung.DISTRICT_OFFICE),
    ],
)
def test_an_overdue_item_climbs_one_rung_per_clock(late: timedelta, rung: Rung) -> None:
    due = datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert rules.rung(due, due + late) is rung
