"""Sampling at home: who is on the list, in which order the teams go, what happens without coordinates."""

from dataclasses import replace
from random import Random
from uuid import UUID

from bulou.lines.testing.rules import home
from bulou.lines.testing.rules.home import By, Crews, Reason, Routes, Visit

CREWS = Crews(3)


def _visits(n: int = 18, *, places: bool = True, seed: int = 7) -> list[Visit]:
    chance = Random(seed)
    where = [(113.3 + chance.random() / 50, 31.7 + chance.random() / 50) for _ in range(4)]
    return [
        Visit(
            UUID(int=i + 1), f"1.1.1.{i % 4}", "Park", f"{i}", f"{i:03}", (list(Reason)[i % 7],),
            *(where[i % 4] if places else (None, None)),
        )
        for i in range(n)
    ]  # fmt: skip


def _doors(found: Routes) -> list[UUID]:
    return sorted(s.visit.door for r in found.routes for s in r.stops)


def test_the_needs_of_a_door_say_why_somebody_is_sampled_at_home() -> None:
    assert home.reasons_of(["language", "medicine"]) == ()
    assert home.reasons_of(["dialysis", "infant"]) == (Reason.INFANT, Reason.DIALYSIS)
    assert home.reasons_of([], isolated=True) == (Reason.ISOLATED,)
    assert home.reasons_of(["near_term"]) == (Reason.NEAR_TERM,)
    assert home.reasons_of(["pregnant"]) == (Reason.PREGNANT,)


def test_everybody_on_the_list_is_on_one_route_the_same_each_time() -> None:
    found = home.routes(_visits(), CREWS)
    assert found.by is By.ROUTE
    assert _doors(found) == [v.door for v in _visits()]
    assert found.left_over == ()
    assert home.routes(list(reversed(_visits())), CREWS) == found


def test_dialysis_patients_are_visited_before_noon() -> None:
    for route in home.routes(_visits(60), CREWS).routes:
        for stop in route.stops:
            assert stop.after_minutes <= home.latest(stop.visit, CREWS)


def test_isolated_people_have_a_team_of_their_own() -> None:
    for places in (True, False):
        for route in home.routes(_visits(places=places), CREWS).routes:
            assert len({Reason.ISOLATED in s.visit.reasons for s in route.stops}) == 1


def test_a_single_team_goes_to_isolated_people_last() -> None:
    for places in (True, False):
        (route,) = home.routes(_visits(places=places), Crews(1)).routes
        isolated = [Reason.ISOLATED in s.visit.reasons for s in route.stops]
        assert isolated == sorted(isolated)
        times = [s.after_minutes for s in route.stops]
        assert times == sorted(times)


def test_without_coordinates_teams_go_by_address() -> None:
    visits = _visits(places=False)
    found = home.routes(visits, CREWS)
    assert (found.by, found.without_place) == (By.ADDRESS, 18)
    assert _doors(found) == [v.door for v in visits]
    assert all(r.metres == 0 for r in found.routes)


def test_who_does_not_fit_into_the_day_is_named() -> None:
    for places in (True, False):
        found = home.routes(_visits(places=places), Crews(1, minutes=60))
        assert len(found.left_over) >= 12
        assert sorted([*_doors(found), *(v.door for v in found.left_over)]) == [v.door for v in _visits()]


def test_without_a_team_everybody_is_left_over() -> None:
    assert len(home.routes(_visits(), Crews(0)).left_over) == 18
    assert home.routes([], CREWS).routes == ()


def test_how_many_teams_a_list_needs() -> None:
    assert [home.teams_needed(n, CREWS) for n in (0, 1, 36, 37)] == [0, 1, 1, 2]


def test_where_compounds_lie_far_apart_there_are_as_many_teams_as_leave_nobody_over() -> None:
    far = [replace(v, lon=112.9 + n % 4 / 8, lat=31.7 + n % 3 / 8) for n, v in enumerate(_visits(40))]
    few, left = home.planned(far, per_visit=10, teams=home.teams_needed(40, CREWS))
    assert left.left_over
    crews, found = home.planned(far, per_visit=10)
    assert crews.n > few.n
    assert found.left_over == ()
    assert _doors(found) == sorted(v.door for v in far)


def test_the_number_of_teams_that_is_asked_for_holds_and_no_door_needs_no_team() -> None:
    crews, found = home.planned(_visits(60), per_visit=10, teams=1)
    assert (crews.n, len(found.routes)) == (1, 1)
    assert found.left_over
    assert home.planned([], per_visit=10)[1].routes == ()
    assert home.planned(_visits(), per_visit=10, teams=1000)[0].n == home.MOST_TEAMS
