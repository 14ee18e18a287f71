"""A plan in words and pictures, ready to show: the same for a draft, a kept version and its print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from bulou.doors.desk.figures import number
from bulou.doors.desk.testing_plan_pictures import crowd
from bulou.doors.desk.testing_plan_words import FIGURES, RULES, WARNINGS, ZONES
from bulou.kernel import clock
from bulou.lines.testing.rules import planning
from bulou.lines.testing.rules.planning import Figure, Plan, Rule, Site, Warned, Wishes
from bulou.lines.testing.rules.queueing import QUEUE_SPACE, Played, Queue

FIRST = 200


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure with the rule behind it."""

    label: str
    amount: str
    why: str
    rule: str
    ours: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site of the plan."""

    number: int
    places: str
    zone: str
    persons: str
    samplers: int
    tables: int
    tubes: str
    ends: datetime
    wait: str
    most_there: str


@dataclass(frozen=True, slots=True)
class PlayedSite:
    """One site whose queue was played."""

    number: int
    picture: SafeString
    mean_wait: float
    wait_95: float
    most_there: int
    ends_after: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything that the page says about a plan."""

    figures: tuple[FigureRow, ...]
    warnings: tuple[str, ...]
    sites: tuple[SiteRow, ...]
    more_sites: int
    called: SafeString
    played: tuple[PlayedSite, ...]
    all_played: bool
    persons: str


def view(plan: Plan, played: Played, wishes: Wishes, *, first: int = FIRST) -> PlanView:
    """Return a plan as it is shown; only the first sites, and how many more there are."""
    queues = dict(played.queues)
    shown = plan.sites[:first]
    return PlanView(
        tuple(_figure(f) for f in plan.figures),
        tuple(said(w) for w in (*plan.warnings, *played.warnings)),
        tuple(_site(s, queues.get(s.number)) for s in shown),
        len(plan.sites) - len(shown),
        crowd(planning.crowd_by_slot(plan.sites), wishes.starts_at),
        tuple(_played(n, q, wishes) for n, q in played.queues[:4]),
        played.all_sites,
        number(plan.n_persons),
    )


def said(warned: Warned) -> str:
    """Return a warning in words."""
    return str(WARNINGS[warned.code]) % _numbers(warned.numbers)


def places(parts: Sequence[planning.Part], most: int = 6) -> str:
    """Return the compounds of a site; of many only the first."""
    names = [p.name for p in parts[:most]]
    return " · ".join(names) + (" …" if len(parts) > most else "")


def _figure(figure: Figure) -> FigureRow:
    label, why = FIGURES[figure.key]
    return FigureRow(
        str(label), _amount(figure.amount), str(why) % _numbers(figure.numbers) if why else "",
        str(RULES[figure.rule]), figure.rule is Rule.OURS,
    )  # fmt: skip


def _amount(amount: planning.Amount) -> str:
    if isinstance(amount, datetime):
        return f"{amount.astimezone(clock.DISTRICT_ZONE):%m-%d %H:%M}"
    return number(amount) if isinstance(amount, int) else f"{amount:g}"


def _numbers(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {key: number(int(n)) if n == int(n) else f"{n:g}" for key, n in numbers.items()}


def _site(site: Site, queue: Queue | None) -> SiteRow:
    return SiteRow(
        site.number, places(site.parts), str(ZONES[site.zone]), number(site.n_persons), site.samplers,
        site.tables, number(site.tubes), site.finishes_at,
        f"{queue.wait_95:g}" if queue else "", number(queue.most_there) if queue else "",
    )  # fmt: skip


def _played(site: int, queue: Queue, wishes: Wishes) -> PlayedSite:
    picture = crowd([h.most_there for h in queue.half_hours], wishes.starts_at, limit=QUEUE_SPACE)
    hours, minutes = divmod(round(queue.ends_after), 60)
    return PlayedSite(
        site, picture, queue.mean_wait, queue.wait_95, queue.most_there, f"{hours}:{minutes:02d}"
    )
