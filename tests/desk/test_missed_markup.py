"""What stands in a register reaches the missed list as text, whatever it looks like."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from uuid import UUID

from bulou.doors.desk import missed_markup
from bulou.doors.desk.missed_markup import MissedRow

AT = datetime(2022, 4, 3, 8, 30, tzinfo=UTC)
HOSTILE = "<img src=x onerror='alert(1)'>\"&"
ROW = MissedRow(
    subject=UUID(int=7), label="1-101", mark="mark 1-101", door="101", building="1", area="A",
    href="/units/7", area_href="?area=1", why="absent", attempts=2, last_attempt_at=AT,
    last_outcome="nobody", due_at=AT, late=True,
    owner="Ma", owner_href="?owner=1", alert=True, excuse_ended=True,
)  # fmt: skip


def test_no_text_of_a_row_becomes_markup() -> None:
    for field in fields(MissedRow):
        if isinstance(getattr(ROW, field.name), str) and field.name not in {"door", "building"}:
            shown = missed_markup.rows([replace(ROW, **{field.name: HOSTILE})], pick=True)  # type: ignore[arg-type]
            assert "<img" not in shown, field.name
            assert "&lt;img src=x onerror=&#x27;alert(1)&#x27;&gt;&quot;&amp;" in shown, field.name


def test_a_moment_is_shown_on_the_clock_of_the_district() -> None:
    assert "04-03 16:30" in missed_markup.rows([ROW], pick=False)
