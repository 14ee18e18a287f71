"""Proof that everything agrees: accounts, counters, seals, replay. Differences are told, never repaired."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, checks, rounds
from bulou.intake import queries
from bulou.intake.table import AGREE, REBUILD
from bulou.kernel import scope as scopes
from bulou.kernel import sqlfiles
from bulou.ledger import actions as ledger
from bulou.ledger import queries as ledger_queries

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree."""

    district: str
    room: str
    what: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and what was wrong."""

    districts: int
    rounds: int
    records: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether everything agreed."""
        return not self.faults


def verify(say: Say = lambda _: None) -> Proof:
    """Every account balances, every counter equals its recount, every frame and every seal holds."""
    faults: list[Fault] = []
    n_rounds = n_records = 0
    districts = ledger_queries.districts()
    for district in districts:
        require(system_actor(district), Verb.LEDGER_VERIFY, district)
        with scopes.transaction(scopes.whole(district)):
            say(district)
            n_records += ledger_queries.count(district)
            faults += [
                Fault(district, "ledger", f"seal {s.number}: {s.what}")
                for s in ledger_queries.check_seals(district)
            ]
            for operation in accounts.operation_ids(district):
                n_rounds += 1
                faults += [
                    Fault(
                        district, "coverage", f"{d.operation} {d.what} {d.key}: {d.live}, counted {d.records}"
                    )
                    for d in checks.recount(district, operation)
                ]
                faults += _balance(district, operation)
            faults += [Fault(district, room, what) for room, look in AGREE.items() for what in look(district)]
    return Proof(len(districts), n_rounds, n_records, tuple(faults))


def replay_check(say: Say = lambda _: None) -> Proof:
    """All projections rebuilt from the ledger equal the live ones, row for row.

    What is rebuilt in place is rolled back.
    """
    faults: list[Fault] = []
    n_rounds = n_records = 0
    districts = ledger_queries.districts()
    for district in districts:
        require(system_actor(district), Verb.LEDGER_REPLAY, district)
        with scopes.transaction(scopes.whole(district)):
            say(district)
            n_records += ledger_queries.count(district)
            for operation in accounts.operation_ids(district):
                n_rounds += 1
                faults += [
                    Fault(district, "coverage", f"{operation} {d.key}: {d.live} / {d.records}"[:500])
                    for d in checks.replay(district, operation)
                ]
            faults += list(_lines(district))
            faults += [Fault(district, "tasks", what) for what in queries.revisits_out_of_step(district)]
    return Proof(len(districts), n_rounds, n_records, tuple(faults))


def seal_all() -> int:
    """Guarantees every settled record of every district is sealed; returns how many were newly sealed."""
    n = 0
    for district in ledger_queries.districts():
        require(system_actor(district), Verb.LEDGER_SEAL, district)
        with scopes.transaction(scopes.whole(district)):
            n += ledger.seal(district)
    return n


def _balance(district: str, operation_id: UUID) -> Iterator[Fault]:
    scope = scopes.whole(district)
    for operation in rounds.known(district, [operation_id]).values():
        now = accounts.account(scope, operation)
        if now.expected != now.done + now.excused + now.moved + now.open or min(now.excused, now.open) < 0:
            yield Fault(district, "coverage", f"the account of {operation.id} does not balance")


def _lines(district: str) -> Iterator[Fault]:
    for line, rebuild in REBUILD.items():
        before = queries.table_digests(district, line)
        with transaction.atomic():
            rebuild(district)
            after = queries.table_digests(district, line)
            transaction.set_rollback(True)
        for table in sorted({**before, **after}):
            if before.get(table) != after.get(table):
                yield Fault(district, line, f"{table} differs from its rebuild")


def make_months(ahead: int = 6) -> int:
    """Guarantees partitions for this month and those ahead; returns how many are new."""
    return int(sqlfiles.prepared("SELECT bulou_make_months(%s)", [ahead])[0][0])
