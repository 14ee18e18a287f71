"""The queue that is played through: the same each time, longer with fewer hands."""

import random
from datetime import UTC, datetime

from bulou.lines.testing.rules import planning, queueing
from bulou.lines.testing.rules.planning import Place, Wishes
from bulou.lines.testing.rules.queueing import Load

START = datetime(2022, 4, 5, 20, tzinfo=UTC)
EVEN = Load((120,) * 9 + (90,), samplers=4, minutes_per_swab=1.0)


def test_the_same_day_is_played_the_same_way_whatever_chance_says_elsewhere() -> None:
    random.seed(5)
    first = queueing.simulate(EVEN)
    random.seed(6)
    queueing.simulate.cache_clear()
    assert queueing.simulate(EVEN) == first


def test_everybody_who_is_called_comes_and_is_served() -> None:
    queue = queueing.simulate(EVEN)
    assert sum(h.came for h in queue.half_hours) == sum(EVEN.called) == 1_170
    assert queue.ends_after >= 1_170 / 4
    assert queue.longest_wait >= queue.wait_95 >= queue.mean_wait
    assert queue.most_there == max(h.most_there for h in queue.half_hours)


def test_all_at_once_waits_longer_than_half_hour_by_half_hour() -> None:
    crowd = queueing.simulate(Load((1_170,), samplers=4, minutes_per_swab=1.0))
    calm = queueing.simulate(EVEN)
    assert crowd.most_there > 5 * calm.most_there
    assert crowd.wait_95 > 5 * calm.wait_95


def test_a_table_that_stops_makes_the_queue_grow() -> None:
    stopped = queueing.simulate(Load(EVEN.called, 4, 1.0, stops_after=60))
    assert stopped.longest_wait > 2 * queueing.simulate(EVEN).longest_wait
    assert sum(h.came for h in stopped.half_hours) == 1_170


def test_waiting_and_crowd_over_the_limits_are_warned_of() -> None:
    place = Place("1.1.1.1", "a", "1.1.1", 2_400)
    plan = planning.plan([place], Wishes(START), ordered_at=START)
    calm = queueing.play(plan.sites, Wishes(START, waiting_limit_minutes=30))
    assert calm.all_sites
    assert calm.warnings == ()
    grown = queueing.play(plan.sites, Wishes(START), stops_after=30)
    assert {w.code for w in grown.warnings} == {"long_wait", "crowd"}


def test_only_the_hardest_sites_are_played_and_that_is_said() -> None:
    places = [Place(f"1.1.{i}.1", f"{i}", f"1.1.{i}", 300 + 10 * i) for i in range(9)]
    plan = planning.plan(places, Wishes(START), ordered_at=START)
    played = queueing.play(plan.sites, Wishes(START))
    assert len(played.queues) < len(plan.sites)
    assert not played.all_sites


def test_a_site_without_people_has_no_queue() -> None:
    assert queueing.simulate(Load((), 4, 1.0)).half_hours == ()
