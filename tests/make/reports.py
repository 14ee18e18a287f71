"""A finished daily report with every kind of figure, made without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from bulou.kernel.clock import day_bounds
from bulou.reports import rules
from bulou.reports.terms import (
    Archived,
    DailyReport,
    Figure,
    FindingLine,
    Line,
    ListLink,
    RoundLine,
    State,
    Unit,
)

ON = date(2020, 1, 28)
PATH = "370725.001"
WHERE = (("path", PATH), ("on", ON.isoformat()))
HOSTILE = '=1+1 #标记# $公式$ *星号* <b>粗</b> \\"; DROP'


def figure(key: str, value: int | None, query: str = "grid.areas", unit: Unit = Unit.COUNT) -> Figure:
    """One figure of the area and the day."""
    return Figure(key, value, ListLink(query, WHERE), unit)


def account(expected: int, done: int, excused: int, moved: int) -> tuple[Figure, ...]:
    """The figures of a round that balances."""
    still_open = expected - done - excused - moved
    parts = {"expected": expected, "done": done, "excused": excused, "moved": moved, "open": still_open}
    return tuple(figure(f"round.{key}", n, "coverage.units") for key, n in parts.items())


def full(**changes: Any) -> DailyReport:
    """A street on the evening of 28 January 2020, with hostile words in a finding."""
    return replace(
        DailyReport(
            district="370725", path=PATH, place="宝都街道", on=ON, as_of=day_bounds(ON)[1],
            made_at=datetime(2020, 1, 28, 16, 5, tzinfo=UTC),
            area=(
                figure("grid.compounds", 256),
                figure("population.registered", 112_000, "grid.populations", Unit.PEOPLE),
                figure("population.living", None, "grid.populations", Unit.PEOPLE),
            ),
            rounds=(a_round(),),
            disinfection=(
                figure("disinfection.area_m2", 8_000_000, "disinfection.jobs", Unit.SQUARE_METRES),
            ),
            disinfection_classes=(
                Line("public_toilet", "", (figure("disinfection.expected", 176, "coverage.units"),)),
            ),
            closures=(figure("closures.village_road", 77, "coverage.units"),),
            closure_classes=(
                Line("village_road", "village_road", (figure("closures.ordered", 77, "coverage.units"),)),
            ),
            supervision=(figure("supervision.findings", 6, "supervision.findings"),),
            findings=(a_finding(),),
            quality=(figure("quality.doubtful", 3, "intake.doubtful"),),
        ),
        **changes,
    )  # fmt: skip


def a_round() -> RoundLine:
    """A screening round with two villages; the second holds a character outside the common planes."""
    return RoundLine(
        operation=UUID(int=7), protocol="household-screening-round@1",
        titles=(("en", "Household screening round"), ("zh-Hans", "入户排查"), ("zh-Hant", "入戶排查")),
        state="open", opens_at=datetime(2020, 1, 26, tzinfo=UTC),
        due_at=datetime(2020, 1, 29, 12, tzinfo=UTC),
        close_reason="", figures=(*account(61_204, 58_012, 1_900, 43), figure("round.open_absent", 391)),
        parts=(
            Line("370725.001.001", "南寨村", account(30_000, 29_000, 100, 0)),
            Line("370725.001.002", "𠅤家庄", account(31_204, 29_012, 1_800, 43)),
        ),
    )  # fmt: skip


def a_finding() -> FindingLine:
    """An open finding whose words would harm a careless document."""
    return FindingLine(
        finding=UUID(int=8), place="北关社区 阳光花园", path="370725.001.002.c11",
        severity="critical", text=HOSTILE, stage="planned",
        found_at=datetime(2020, 1, 28, 2, tzinfo=UTC), due_at=None, is_overdue=True,
        owner_unit="北关社区居委会", reason="道闸明日上午到货",
    )  # fmt: skip


def signed(report: DailyReport) -> Archived:
    """The report as number 3 of the year, with a signature that nobody made."""
    content = rules.pack(report)
    return Archived(
        id=UUID(int=9), path=report.path, on=report.on, state=State.SIGNED, number=3, content=content,
        sha256=rules.digest(content), signature="ab" * 64, key="cd" * 32, made_at=report.made_at,
        signed_by=UUID(int=10), signed_role="street_officer",
        signed_at=datetime(2020, 1, 28, 16, 30, tzinfo=UTC), report=report,
    )  # fmt: skip
