"""Time has one source, and a district has its own midnight."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from bulou.kernel import clock


def test_a_frozen_moment_stands_still_and_is_given_back() -> None:
    noon = datetime(2020, 1, 27, 12, tzinfo=UTC)
    with clock.frozen(noon):
        assert clock.now() == noon
        with clock.frozen(noon + timedelta(hours=1)):
            assert clock.now() == noon + timedelta(hours=1)
        assert clock.now() == noon
    assert clock.now().tzinfo is UTC
    assert clock.now() > noon


def test_another_thread_is_not_held() -> None:
    seen: list[datetime] = []
    with clock.frozen(datetime(2020, 1, 27, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0].year > 2020


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2020, 1, 27)):  # noqa: DTZ001 - the point
        pass


def test_the_day_of_a_district_begins_at_its_own_midnight() -> None:
    assert clock.local_date(datetime(2020, 1, 26, 16, 0, tzinfo=UTC)) == date(2020, 1, 27)
    assert clock.local_date(datetime(2020, 1, 26, 15, 59, tzinfo=UTC)) == date(2020, 1, 26)
    start, end = clock.day_bounds(date(2020, 1, 27))
    assert start == datetime(2020, 1, 26, 16, tzinfo=UTC)
    assert end - start == timedelta(days=1)
