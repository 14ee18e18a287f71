"""What every act of a rehearsal stands on: the days, the district, the people, the office's own phone."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from bulou.access.terms import Role
from bulou.kernel import clock
from bulou.kernel.clock import DISTRICT_ZONE
from bulou.rehearsal.district import District, words
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import Calendar, Scenario
from bulou.rehearsal.staff import Member, Staff

T = TypeVar("T")
HANDS = 6
FIRST_KNOCK = time(8, 5)
LAST_KNOCK = time(20, 50)


@dataclass(slots=True)
class Stage:
    """One rehearsal under way."""

    scenario: Scenario
    calendar: Calendar
    district: District
    staff: Staff
    office: Member
    """The command office: it opens and closes rounds, reads accounts, signs reports."""
    seed: int
    devices: int
    echo: Callable[[str], None]
    ill: float = 0.0
    """Share of the people who fall ill in the middle of a day."""
    rounds: dict[str, UUID] = field(default_factory=dict)
    noted: dict[str, int] = field(default_factory=dict)
    """What the product said in the middle of a day, under the names of the expected figures."""
    gone: set[UUID] = field(default_factory=set)
    """Who is in hospital: nobody looks for them at home any more."""
    closed: set[str] = field(default_factory=set)
    """Rounds that were closed in the middle of the response."""
    words: Mapping[str, Any] = field(default_factory=words)

    @property
    def area(self) -> str:
        """The area that the report is about: the district, or the one street that it tells of."""
        return self.district.streets[0].path if self.scenario.play.get("only_street") else self.district.code

    def teams(self, what: str) -> list[str]:
        """The teams that do one kind of work."""
        return list(self.scenario.play["teams"][what])

    def at(self, day: int, share: float) -> datetime:
        """A moment of a played day: 0 is the first knock, 1 the last one; never after the present moment."""
        on = self.calendar.day(day)
        last = min(datetime.combine(on, LAST_KNOCK, tzinfo=DISTRICT_ZONE), clock.now())
        first = min(datetime.combine(on, FIRST_KNOCK, tzinfo=DISTRICT_ZONE), last - timedelta(hours=1))
        return first + (last - first) * share

    def random(self, *what: object) -> Random:
        """A source of chance of its own, so that no thread's pace changes what another one meets."""
        return Random(":".join(str(part) for part in (self.seed, self.scenario.key, *what)))

    def open_round(  # noqa: PLR0913 - the words of an order
        self,
        name: str,
        protocol: str,
        *,
        day: int,
        due_days: int,
        area: str = "",
        site_types: Iterable[str] = (),
        after: str = "",
        hour: int = 8,
    ) -> int:
        """Opens a round over HTTP, as of the morning of a played day; answers how many units it expects.

        `area`: the report's, unless told; `after`: the round whose corrected frame is the frame of this one.
        """
        targets: dict[str, Any] = {"site_types": sorted(set(site_types))}
        if after:
            targets["after"] = str(self.rounds[after])
        opens = datetime.combine(self.calendar.day(day), time(hour), tzinfo=DISTRICT_ZONE)
        answer = self.office.phone.client.post(
            "/operations",
            {
                "protocol": protocol,
                "area": area or self.area,
                "opens_at": opens.isoformat(),
                "due_at": (opens + timedelta(days=due_days, hours=13)).isoformat(),
                "basis": {"law": self.words["law"]},
                "targets": targets,
            },
        )
        self.rounds[name] = UUID(answer["id"])
        return int(answer["expected"])

    def account(self, name: str) -> dict[str, Any]:
        """The account of a round as it stands now."""
        return dict(self.office.phone.client.get(f"/operations/{self.rounds[name]}/account"))

    def hire(self, role: Role, n: int, paths: Iterable[str], teams: Iterable[str]) -> list[Member]:
        """`n` people, the areas dealt out among them, the teams in turn."""
        dealt: list[list[str]] = [[] for _ in range(n)]
        for number, path in enumerate(paths):
            dealt[number % n].append(path)
        named = list(teams)
        return [
            self.staff.hire(role, mine, named[number % len(named)])
            for number, mine in enumerate(dealt)
            if mine
        ]

    def together(self, members: Iterable[Member], work: Callable[[Member], int]) -> int:
        """Everybody works at the same time; the sum of what they did."""
        return self.each(members, work)

    def each(self, those: Iterable[T], work: Callable[[T], int]) -> int:
        """The same for whatever has phones of its own: sites, tables, teams."""
        with ThreadPoolExecutor(max_workers=HANDS) as hands:
            return sum(hands.map(work, those))


def worklist(member: Member) -> list[dict[str, Any]]:
    """What the member's phone is told to do."""
    return list(member.phone.client.get("/worklist")["tasks"])


def deed_for(task: dict[str, Any], kind: str, outcome: str, payload: dict[str, Any], at: datetime) -> Deed:
    """What was done about a task of the worklist."""
    return Deed(
        kind=kind,
        path=task["path"],
        outcome=outcome,
        payload=payload,
        at=at,
        subject_type=task["subject_type"],
        subject=UUID(task["subject"]),
        operation=UUID(task["operation"]),
        protocol=task["protocol"],
    )


def local(on: date, at: time) -> datetime:
    """A moment by the clock on the wall of the district."""
    return datetime.combine(on, at, tzinfo=DISTRICT_ZONE)
