"""The glossary: every room, kind of record and value of an enum, in three languages with a meaning."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum, IntEnum
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path

import pytest

from bulou.doors.desk import labels
from bulou.intake.table import HANDLERS
from tests.house import source

GLOSSARY = source.ROOT / "GLOSSARY.md"
NOT_ROOMS = {"__pycache__", ".mypy_cache"}
AUDITS = re.compile(r'(?:kind=|LOADED = |_tell\([^"]*|_note\([^"]*)"([a-z]+\.[a-z_]+)"')


def _rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


WORDS = frozenset(row[0].strip("`") for row in _rows())


def _enums() -> list[type[Enum]]:
    found = set()
    for path in sorted(source.PACKAGE.rglob("terms.py")):
        module = import_module(".".join(path.relative_to(source.ROOT).with_suffix("").parts))
        found |= {
            member
            for _name, member in getmembers(module, isclass)
            if issubclass(member, Enum) and member.__module__ == module.__name__
        }
    return sorted(found, key=lambda enum: (enum.__module__, enum.__name__))


def _folders() -> Iterator[Path]:
    for parent in (source.PACKAGE, source.PACKAGE / "lines", source.PACKAGE / "doors"):
        yield from (path for path in parent.iterdir() if path.is_dir() and path.name not in NOT_ROOMS)


def test_every_row_has_three_languages_and_a_meaning() -> None:
    assert [row for row in _rows() if len(row) != 5 or not all(row)] == []
    for row in _rows():
        assert row[4].endswith((".", "?")), f"{row[0]}: a meaning is a sentence"


def test_no_word_stands_twice() -> None:
    words = [row[0] for row in _rows()]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_room_is_explained() -> None:
    assert sorted(path.name for path in _folders() if path.name not in WORDS) == []


def test_every_kind_of_record_is_explained() -> None:
    kinds = set(HANDLERS)
    for path in source.modules("bulou"):
        kinds |= set(AUDITS.findall(path.read_text(encoding="utf-8")))
    assert sorted(kinds - WORDS) == []


@pytest.mark.parametrize("enum", _enums(), ids=lambda enum: f"{enum.__module__}.{enum.__name__}")
def test_every_value_is_explained(enum: type[Enum]) -> None:
    values = [member.name.lower() if issubclass(enum, IntEnum) else str(member.value) for member in enum]
    assert [value for value in values if value not in WORDS] == []


# Enums without a word in labels.py: why nobody at the desk reads their values there.
UNLABELLED = {
    "access.Kind": "kinds of the log, read with the ledger's own tools",
    "access.Purpose": "a code is shown with a sentence of its own",
    "access.Verb": "a refusal names the verb as the command line does",
    "checkpoints.Kind": "record kinds: KINDS",
    "coverage.Origin": "not shown",
    "coverage.Rank": "inside the fold",
    "disinfection.Kind": "record kinds: KINDS",
    "disinfection.Method": "worded by the protocol",
    "disinfection.Verdict": "worded beside its buttons",
    "evidence.Answered": "told to phones, not to the desk",
    "evidence.Kind": "kinds of the log, read with the ledger's own tools",
    "cases.Kind": "record kinds: KINDS",
    "command.Kind": "record kinds: KINDS",
    "command.Level": "command_words",
    "command.OrderKind": "record kinds: KINDS",
    "command.ZoneMeasure": "command_words",
    "command.ZoneStanding": "command_words",
    "custody.Kind": "record kinds: KINDS",
    "grid.AreaFlag": "worded with the areas",
    "grid.Origin": "worded with the registers",
    "grid.PopulationKind": "worded with the areas",
    "intake.Answered": "told to phones, not to the desk",
    "isolation.DutyStep": "isolation_words",
    "isolation.Going": "isolation_words",
    "isolation.Ground": "isolation_words",
    "isolation.Group": "isolation_words",
    "isolation.Kind": "record kinds: KINDS",
    "isolation.Need": "isolation_words",
    "isolation.Release": "isolation_words",
    "isolation.RoomState": "isolation_words",
    "isolation.StayState": "isolation_words",
    "isolation.SignKind": "isolation_words",
    "isolation.Tidiness": "isolation_words",
    "isolation.Turnover": "isolation_words",
    "isolation.Zone": "isolation_words",
    "ledger.Fate": "told to phones, not to the desk",
    "ledger.Kind": "record kinds: KINDS",
    "ledger.Standing": "a page of its own",
    "people.PlaceKind": "no page yet",
    "people.Alike": "people_words",
    "people.Disputed": "people_words",
    "people.Fate": "told by the receipt",
    "people.Field": "people_words",
    "people.ImportKind": "files by the command line",
    "people.Keep": "people_words",
    "people.Kind": "kinds of the log, read with the ledger's own tools",
    "people.Look": "people_words",
    "people.Purpose": "people_words",
    "people.Trigger": "people_words",
    "protocols.Family": "inside the fold",
    "restrictions.Kind": "kinds of the log, read with the ledger's own tools",
    "protocols.FieldType": "read by authors of protocols",
    "protocols.Predicate": "read by authors of protocols",
    "protocols.Rung": "read by authors of protocols",
    "protocols.Shape": "read by authors of protocols",
    "protocols.Why": "the states say the same",
    "reports.Format": "names of file formats",
    "reports.State": "worded with the archive",
    "reports.Unit": "worded by the documents",
    "screening.Audit": "kinds of the log, read with the ledger's own tools",
    "screening.Channel": "people_words",
    "screening.Contact": "people_words",
    "screening.Kind": "record kinds: KINDS",
    "screening.Left": "people_words",
    "screening.MergeState": "people_words",
    "screening.Risk": "people_words",
    "screening.Standing": "people_words",
    "screening.TeamRole": "people_words",
    "testing.Kind": "record kinds: KINDS",
    "testing.Outcome": "worded by the protocol",
    "supervision.Kind": "record kinds: KINDS",
    "supervision.Rung": "computed, not shown",
    "supervision.Verdict": "worded with the step",
    "supervision.Visit": "worded with the step",
    "tasks.Rung": "computed, not shown",
    "tracing.Audit": "kinds of the log, read with the ledger's own tools",
    "tracing.CaseClass": "tracing_words",
    "tracing.Check": "tracing_words",
    "tracing.ContactClass": "tracing_words",
    "tracing.Job": "tracing_words",
    "tracing.Kind": "record kinds: KINDS",
    "tracing.Mode": "tracing_words",
    "tracing.Way": "tracing_words",
    "watches.Paper": "record kinds: KINDS",
    "watches.Kind": "record kinds: KINDS",
}


def _tables() -> list[set[object]]:
    """Return the keys of every table of words in labels.py."""
    return [set(member) for _name, member in getmembers(labels) if isinstance(member, Mapping)]


@pytest.mark.parametrize("enum", _enums(), ids=lambda enum: f"{enum.__module__}.{enum.__name__}")
def test_every_value_has_a_word_for_the_desk(enum: type[Enum]) -> None:
    if f"{enum.__module__.split('.')[-2]}.{enum.__name__}" not in UNLABELLED:
        assert any(keys == set(enum) for keys in _tables()), f"{enum.__name__} has no complete table"


def test_every_kind_of_record_has_a_word_for_the_desk() -> None:
    assert sorted(str(kind) for kind in set(HANDLERS) - set(labels.KINDS)) == []


def test_no_enum_is_excused_in_vain() -> None:
    known = {f"{enum.__module__.split('.')[-2]}.{enum.__name__}" for enum in _enums()}
    assert sorted(set(UNLABELLED) - known) == []
