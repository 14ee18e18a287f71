"""Every value that a page can show has a word."""

from enum import Enum

import pytest
from django.utils import translation

from bulou.access.terms import Role, TextSize
from bulou.coverage.terms import OPEN_STATES, RoundState, State
from bulou.doors.desk import import_words, labels, person_history
from bulou.grid.rules.columns import FIELDS
from bulou.grid.terms import AreaKind, DwellingKind, ImportKind, ImportState, Level, Need, SiteType
from bulou.intake.table import HANDLERS
from bulou.lines.disinfection.terms import Caution
from bulou.lines.restrictions.terms import Kind as RestrictionKind
from bulou.lines.screening.terms import Audit as TeamKind
from bulou.lines.supervision.terms import Method, Severity, Stage
from bulou.people.terms import Kind as PeopleKind
from bulou.tasks.terms import DutyRole
from bulou.watches.terms import Paper

WORDS: list[tuple[type[Enum], labels.Words]] = [
    (Role, labels.ROLES),
    (TextSize, labels.TEXT_SIZES),
    (RoundState, labels.ROUND_STATES),
    (Level, labels.LEVELS),
    (AreaKind, labels.AREA_KINDS),
    (DwellingKind, labels.DWELLING_KINDS),
    (Need, labels.NEEDS),
    (SiteType, labels.SITE_TYPES),
    (ImportKind, labels.IMPORT_KINDS),
    (ImportState, labels.IMPORT_STATES),
    (Severity, labels.SEVERITIES),
    (Stage, labels.STAGES),
    (Method, labels.METHODS),
    (Caution, labels.CAUTIONS),
    (DutyRole, labels.DUTY_ROLES),
]


@pytest.mark.parametrize(("enum", "words"), WORDS, ids=lambda part: getattr(part, "__name__", ""))
def test_every_value_has_a_word(enum: type[Enum], words: labels.Words) -> None:
    assert {member.value for member in enum} == set(words)


def test_every_state_of_a_unit_has_a_word_and_every_reason_a_definition() -> None:
    assert set(labels.STATES) == set(State)
    assert set(labels.WHY_DEFINITIONS) == set(OPEN_STATES)


def test_every_kind_of_record_has_a_word() -> None:
    assert set(HANDLERS) - set(labels.KINDS) == set()


def test_every_field_of_a_file_has_a_word() -> None:
    assert {f for fields in FIELDS.values() for f in fields} - set(import_words.FIELD_WORDS) == set()


def test_what_offices_do_about_a_person_has_words_on_the_persons_page() -> None:
    laws = {RestrictionKind.BASIS_SET, RestrictionKind.BASIS_ENDED}
    acts = {*RestrictionKind, *PeopleKind, *TeamKind, *Paper} - laws
    assert sorted(str(kind) for kind in acts if str(kind) not in person_history.ACTS) == []


def test_a_persons_page_shows_no_code_words_and_no_numbers_of_accounts() -> None:
    told = {"evidence": "travel", "account": "01a20359-8202", "role": "police", "since": "2026-01-01", "n": 3}
    with translation.override("en"):
        assert [value for _label, value in person_history.said(told)] == [
            "Came from a listed place",
            "Police",
        ]
