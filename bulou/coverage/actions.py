"""What people do to rounds: open, close. Units change by records, through intake."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.coverage import rules
from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.grid.actions import holds
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel import scope as scopes
from bulou.kernel.problems import ProblemError
from bulou.ledger import actions as ledger
from bulou.ledger.terms import Kind
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Shape

ROOM = "bulou.coverage"


def open_round(  # noqa: PLR0913 - the words of an order, each asked for on its own
    actor: Actor,
    *,
    protocol: str,
    path: str,
    opens_at: datetime | None = None,
    due_at: datetime | None = None,
    basis: Basis,
    targets: Targets | None = None,
    title: str = "",
    operation_id: UUID | None = None,
) -> Operation:
    """Guarantees a round with a frozen frame, told in the ledger with the frame's size and hash.

    `protocol` is "slug@1", or a slug for its newest version. Assumes: the scope set covers `path`.

    Raises:
        ProblemError: access.*, coverage.not_a_round, coverage.basis_missing, coverage.due_before_opening,
            coverage.empty_frame; nothing is kept then.
    """
    require(actor, Verb.ROUND_OPEN, path)
    compiled = protocols.compiled(protocol) if "@" in protocol else protocols.latest(protocol)
    if compiled.kind is not Shape.ROUND:
        raise ProblemError("coverage.not_a_round", status=400)
    if not basis.law.strip():
        raise ProblemError("coverage.basis_missing", status=400)
    now = clock.now()
    begins = opens_at or now
    due = due_at or begins + compiled.due
    if due <= begins:
        raise ProblemError("coverage.due_before_opening", status=400)
    wanted = targets or Targets()
    operation = operation_id or ids.uuid7()
    values = {
        "id": operation,
        "district": path.split(".", 1)[0],
        "path": path,
        "protocol": compiled.reference,
        "kind": compiled.kind.value,
        "title": title.strip(),
        "subject_type": compiled.subject,
        "opens_at": begins,
        "due_at": due,
        "opened_by": actor.account_id,
        "opened_at": now,
        "basis_law": basis.law.strip(),
        "basis_text": basis.text.strip(),
        "targets": _told(wanted),
        "frame_n": 0,
        "frame_sha": "",
    }
    n, sha = _freeze(values, wanted, clock.local_date(begins))
    holds.hold(district=str(values["district"]), path=path, held_by=operation)
    ledger.append([_opened(actor, values, n, sha)])
    return rounds.known(str(values["district"]), [operation])[operation]


def _told(wanted: Targets) -> str:
    """What the frame is made of, as it is kept: rounds over places say nothing about people."""
    told: dict[str, Any] = {"site_types": wanted.site_types, "level": wanted.level}
    if wanted.registered:
        told["registered"] = True
    if wanted.after is not None:
        told["after"] = wanted.after
    return msgspec.json.encode(told).decode()


def _freeze(values: dict[str, Any], targets: Targets, on: Any) -> tuple[int, str]:
    columns = ", ".join(values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO coverage_operation ({columns}, closed_short, close_reason)"  # noqa: S608 - own words
            f" VALUES ({', '.join(f'%({c})s' for c in values)}, false, '')",
            values,
        )
        frame = {
            "district": values["district"],
            "operation": values["id"],
            "subject_type": values["subject_type"],
            "path": values["path"],
            "on": on,
            "site_types": list(targets.site_types),
            "level": targets.level,
            "registered": targets.registered,
            "after": targets.after,
        }
        cursor.execute(sqlfiles.load(ROOM, rounds.frame_of(values["subject_type"], targets)), frame)
        if cursor.rowcount == 0:
            raise ProblemError("coverage.empty_frame", status=409)
        cursor.execute(sqlfiles.load(ROOM, "frame_counters"), frame)
        n, sha = cursor.fetchone() or (0, "")
        cursor.execute(
            "UPDATE coverage_operation SET frame_n = %s, frame_sha = %s WHERE district = %s AND id = %s",
            [n, sha, values["district"], values["id"]],
        )
    return n, sha


def _opened(actor: Actor, values: dict[str, Any], n: int, sha: str) -> Any:
    told = {
        "protocol": values["protocol"],
        "opens_at": values["opens_at"],
        "due_at": values["due_at"],
        "basis_law": values["basis_law"],
        "basis_text": values["basis_text"],
        "frame_n": n,
        "frame_sha": sha,
        "targets": msgspec.Raw(values["targets"].encode()),
    }
    return ledger.office_entry(
        actor,
        kind=Kind.ROUND_OPENED,
        path=values["path"],
        subject_type="round",
        subject=values["id"],
        payload=told,
    )


def close_round(actor: Actor, *, operation_id: UUID, reason: str = "") -> Operation:
    """Guarantees the round is closed: at open = 0, or short by a named officer with a reason.

    Raises:
        ProblemError: coverage.closed (409), coverage.still_open (409, with `open`), access.*.
    """
    found = rounds.operation(_districts(actor), operation_id)
    own = scopes.whole(found.district)
    require(actor, Verb.ROUND_CLOSE, found.path)
    with connection.cursor() as cursor:
        # one closer at a time; records go on arriving, and those after the closing are doubtful
        cursor.execute(
            "SELECT closed_at FROM coverage_operation WHERE district = %s AND id = %s FOR UPDATE",
            [found.district, found.id],
        )
    found = rounds.operation(own, operation_id)
    now = accounts.account(own, found)
    problem = rules.may_close(found, now.open, reason)
    if problem:
        raise ProblemError(problem, status=409, open=now.open)
    if now.open:
        require(actor, Verb.ROUND_CLOSE_SHORT, found.path)
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE coverage_operation SET closed_at = %s, closed_by = %s, closed_short = %s,"
            " close_reason = %s WHERE district = %s AND id = %s",
            [at, actor.account_id, now.open > 0, reason.strip(), found.district, found.id],
        )
    told = {
        "expected": now.expected,
        "done": now.done,
        "excused": now.excused,
        "moved": now.moved,
        "open": now.open,
        "reason": reason.strip(),
    }
    ledger.audit(
        actor, kind=Kind.ROUND_CLOSED, path=found.path, subject_type="round", subject=found.id, payload=told
    )
    return rounds.operation(own, operation_id)


def _districts(actor: Actor) -> scopes.Scope:
    held = tuple(sorted({g.path.split(".", 1)[0] for g in actor.grants}))
    return scopes.Scope(held, held)
