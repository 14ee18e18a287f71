"""One fold in two languages, Python for a batch, SQL for replay and past days: they agree on any records."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.db import transaction as db_transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from bulou.coverage import rules
from bulou.coverage.queries.folding import fold_parameters, outcome_map
from bulou.intake import rules as intake
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.scope import apply, whole
from bulou.ledger import actions as ledger
from bulou.ledger import rules as ledger_rules
from bulou.ledger.terms import Entry, Kind, Standing
from tests.make import ledger as make_ledger
from tests.make import protocols
from tests.make import rounds as make

pytestmark = pytest.mark.django_db
ALL = whole(make.DISTRICT)
KINDS = (
    "screening.visit", "screening.visit", "screening.visit", "unit.excused", "unit.removed", "unit.moved",
    "unit.added", "disinfection.signoff",
)  # fmt: skip
DOUBTS = (
    "coverage.unsaid_alert",
    "coverage.not_in_frame",
    "intake.other_subject",
    "intake.outside_area",
    "intake.future_time",
)
UNTILS = ("2026-11-25T08:00:00+08:00", "2026-11-25T00:00Z", "infinity", "tomorrow", "2026-11-25", None, 5)

NAMES = (
    "rank", "state", "outcome", "alert", "effective_at", "record", "excused_until", "author", "team",
    "attempts", "last_attempt_at", "last_attempt", "last_state",
)  # fmt: skip


def a_set(chance: random.Random, operation: UUID, doors: list[UUID]) -> list[Entry]:
    """Visits, excuses, removals, corrections of one's own and of others, doubts and reviews."""
    keys = [*outcome_map(make.SCREENING).outcomes, "no such outcome"]
    began = clock.now()
    made: list[Entry] = []
    for _ in range(chance.randrange(1, 14)):
        at = began + timedelta(minutes=chance.randrange(6))
        kind = chance.choice(KINDS)
        changes: dict[str, Any] = {
            "operation": operation, "subject": chance.choice(doors), "kind": kind,
            "outcome": chance.choice(keys), "effective_at": at, "author": UUID(int=chance.randrange(2)),
            "id": ids.uuid7(at),
            "device": chance.choice([None, make_ledger.PHONE, make_ledger.PHONE]),
            "payload": msgspec.json.encode({"until": chance.choice(UNTILS)}),
        }  # fmt: skip
        if chance.random() < 0.3:
            problems = tuple(sorted(chance.sample(DOUBTS, chance.randrange(1, 3))))
            changes |= {"standing": Standing.DOUBTFUL, "problems": problems}
        if made and chance.random() < 0.5:
            changes |= about(chance, chance.choice(made))
        made.append(make_ledger.entry(**changes))
    return made


def about(chance: random.Random, earlier: Entry) -> dict[str, Any]:
    """A word about another record, mostly filed where that one is."""
    way = chance.choice(["corrects", "withdraws", "accepts"])
    changes: dict[str, Any] = {way: earlier.id}
    if chance.random() < 0.8 or way == "accepts":
        changes |= {"subject": earlier.subject}
    if way == "accepts":
        changes |= {
            "kind": chance.choice([Kind.RECORD_ACCEPTED.value, Kind.RECORD_REJECTED.value]),
            "device": None,
        }
    return changes


def in_sql(operation: UUID, subjects: list[UUID] | None, **bounds: datetime) -> dict[UUID, tuple[Any, ...]]:
    parameters = fold_parameters(
        make.DISTRICT, operation, outcome_map(make.SCREENING), subjects=subjects, **bounds
    )
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.coverage", "fold"), parameters)
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def in_python(operation: UUID, alive: list[Entry]) -> dict[UUID, tuple[Any, ...]]:
    """The fold of records that are known to be in force."""
    outcomes = outcome_map(make.SCREENING)
    untils = intake.untils({e.id: msgspec.json.decode(e.payload) for e in alive}, alive)
    made: dict[UUID, tuple[Any, ...]] = {}
    for subject in {e.subject for e in alive if e.subject}:
        fold = rules.fold([e for e in alive if e.subject == subject], outcomes, untils)
        if fold is not None:
            made[subject] = tuple(getattr(fold, name) for name in NAMES)
    return made


def normal(folded: dict[UUID, tuple[Any, ...]]) -> dict[UUID, dict[str, Any]]:
    return {subject: dict(zip(NAMES, row, strict=True)) for subject, row in folded.items()}


@pytest.fixture(autouse=True)
def _library(db: None) -> None:
    protocols.library()


def one_round(seed: int) -> tuple[UUID, list[UUID], list[Entry]]:
    """A set of records about three doors of one round, in the ledger."""
    operation, doors = ids.uuid7(), [ids.uuid7() for _ in range(3)]
    entries = a_set(random.Random(seed), operation, doors)
    ledger.append(entries)
    return operation, doors, entries


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_python_and_sql_fold_any_set_of_records_to_the_same_units(seed: int) -> None:
    with db_transaction.atomic():
        apply(ALL)
        operation, doors, entries = one_round(seed)
        expected = normal(in_python(operation, ledger_rules.live(entries)))
        assert normal(in_sql(operation, None)) == expected
        assert normal(in_sql(operation, doors)) == expected
        one = {s: row for s, row in expected.items() if s == doors[0]}
        assert normal(in_sql(operation, doors[:1])) == one
        db_transaction.set_rollback(True)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_what_was_true_then_is_folded_from_what_is_known_now(seed: int) -> None:
    """Corrections, withdrawals and reviews hold for past moments too; visits that came later do not."""
    with db_transaction.atomic():
        apply(ALL)
        operation, _, entries = one_round(seed)
        then = min(e.effective_at for e in entries) + timedelta(minutes=2)
        alive = [e for e in ledger_rules.live(entries) if e.effective_at <= then]
        assert normal(in_sql(operation, None, effective_until=then)) == normal(in_python(operation, alive))
        db_transaction.set_rollback(True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_what_the_board_showed_then_is_folded_from_what_was_known_then(seed: int) -> None:
    with db_transaction.atomic():
        apply(ALL)
        operation, doors = ids.uuid7(), [ids.uuid7() for _ in range(2)]
        chance, began = random.Random(seed), clock.now()
        entries = [
            structs.replace(e, received_at=began + timedelta(minutes=chance.randrange(9)))
            for e in a_set(chance, operation, doors)
        ]
        ledger.append(entries)
        then = began + timedelta(minutes=4)
        known = [e for e in entries if e.received_at <= then]
        expected = normal(in_python(operation, ledger_rules.live(known)))
        assert normal(in_sql(operation, None, received_until=then)) == expected
        db_transaction.set_rollback(True)
