"""A made-up city for benchmarks: areas, doors, a round over them, phones. Written set-based, by SQL."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection

from bulou.access.actions.accounts import create_account
from bulou.access.actions.codes import issue_code
from bulou.access.actions.devices import enrol_device
from bulou.access.actions.gate import system_actor
from bulou.access.actions.roles import grant_role
from bulou.access.queries import actor_by_id
from bulou.access.terms import Actor, Purpose, Role
from bulou.coverage.actions import open_round
from bulou.coverage.terms import Basis, Operation
from bulou.kernel import clock, sqlfiles
from bulou.kernel.scope import transaction, whole
from bulou.protocols.actions import load_library

ROOM = "bulou.bench"
DISTRICT = "990101"
STREETS = 20
COMMUNITIES = 30
COMPOUNDS = 5
PROTOCOL = "household-screening-round@1"


@dataclass(frozen=True, slots=True)
class Town:
    """What there is to work with."""

    tokens: tuple[str, ...]
    officer: Actor


def build(*, phones: int) -> Town:
    """Areas and people. Assumes: Django is set up against the place."""
    load_library(None)
    values: dict[str, str | int] = {"d": DISTRICT, "s": STREETS, "c": COMMUNITIES, "k": COMPOUNDS}
    with transaction(whole(DISTRICT)), connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "areas"), values)
    tokens = tuple(_phone(n) for n in range(phones))
    return Town(tokens, person("officer", Role.COMMAND, DISTRICT))


def doors(per_compound: int, *, above: int = 0) -> None:
    """`per_compound` more doors in each of the 3,000 compounds."""
    values: dict[str, str | int] = {"d": DISTRICT, "low": above + 1, "high": above + per_compound}
    with transaction(whole(DISTRICT)), connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "doors"), values)


def round_over(officer: Actor, path: str = DISTRICT, *, operation_id: UUID | None = None) -> Operation:
    """A screening round over everything, opened an hour ago."""
    with transaction(whole(DISTRICT)):
        return open_round(
            officer,
            protocol=PROTOCOL,
            path=path,
            opens_at=clock.now() - timedelta(hours=1),
            basis=Basis("benchmark order"),
            operation_id=operation_id,
        )


def subjects(operation: Operation, n: int, *, by: str = "path, sort") -> list[tuple[UUID, str]]:
    """Some units of the round with their paths, door by door or compound by compound."""
    with transaction(whole(DISTRICT)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, path FROM coverage_unit WHERE district = %s AND operation = %s"
            f" ORDER BY {by} LIMIT %s",
            [DISTRICT, operation.id, n],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def person(name: str, role: Role, path: str) -> Actor:
    """Somebody with one role over one area."""
    system = system_actor(DISTRICT)
    made = create_account(system, name=name, display_name=name, path=path, team=name, language="en")
    grant_role(system, account_id=made.account_id, role=role, path=path, valid_until=None, reason="benchmark")
    actor = actor_by_id(made.account_id)
    if actor is None:
        raise RuntimeError("the account that was made is not there")
    return actor


def _phone(n: int) -> str:
    actor = person(f"worker-{n:03d}", Role.WORKER, DISTRICT)
    code = issue_code(system_actor(DISTRICT), account_id=actor.account_id, purpose=Purpose.ENROL)
    return enrol_device(code, name=f"phone {n}").token
