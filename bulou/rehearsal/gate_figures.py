"""What the product tells of checkpoints and patrols, beside what a scenario expects. Reads HTTP only."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bulou.rehearsal.stage import Stage

GROUPS = frozenset({"checkpoints", "patrols", "escorts_without_receiver"})
MINUTES = 60
Days = Sequence[dict[str, Any]]


def reported(stage: Stage, name: str) -> object:
    """One figure over all played days; None where the product does not tell it."""
    days = [_day(stage, number) for number in range(1, stage.calendar.n_days + 1)]
    return _FIGURES[name](days, len(stage.district.streets)) if name in _FIGURES else None


def _walks(days: Days) -> list[dict[str, Any]]:
    return [walk for day in days for walk in day["patrols"]]


def _without(days: Days, streets: int) -> object:
    everywhere = all(len(day["patrols"]) == streets for day in days)
    return sum(walk["hours_without"] for walk in _walks(days)) if everywhere else None


_FIGURES: Mapping[str, Callable[[Days, int], object]] = {
    "escorts_without_receiver": lambda days, _n: days[-1]["not_accepted_now"],
    "checkpoints.posts": lambda days, _n: min(len(day["posts"]) for day in days),
    "checkpoints.hours": lambda days, _n: (
        min((post["minutes_staffed"] for day in days for post in day["posts"]), default=0) // MINUTES
    ),
    "checkpoints.held_open": lambda days, _n: days[-1]["held_now"],
    "checkpoints.shifts_that_disagree": lambda days, _n: sum(day["shifts_that_disagree"] for day in days),
    "patrols.from": lambda days, _n: max((walk["first"] for walk in _walks(days)), default=""),
    "patrols.to": lambda days, _n: min((walk["last"] for walk in _walks(days)), default=""),
    "patrols.hours_without": _without,
}


def _day(stage: Stage, number: int) -> dict[str, Any]:
    on = stage.calendar.day(number)
    return dict(stage.office.phone.client.get("/gates/day", date=on.isoformat(), area=stage.area))
