"""Lists of contacts and of visits as files: into the vault, from there onto the chains; and back out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import Scope, transaction
from bulou.ledger.actions import audit
from bulou.lines.tracing.queries import chains, lists
from bulou.lines.tracing.terms import Audit, Kind
from bulou.people.actions.imports import Came, Options, import_people
from bulou.people.terms import ImportKind, Receipt

LISTS = frozenset({ImportKind.CONTACTS, ImportKind.VISITS})
BATCH = 1_000
LONGEST_REASON = 200


def take_list(
    actor: Actor, *, kind: ImportKind, path: str, content: Path | bytes, file_name: str, options: Options
) -> Receipt:
    """Take a list of contacts or of visits in, in one transaction; the same list again changes nothing.

    Every record says which list told it, so that a list can be taken back.

    Raises:
        ProblemError: access.*; what `import_people` refuses.
    """
    require(actor, Verb.PERSON_REGISTER, path)
    list_id = options.import_id or ids.uuid7()
    enter = _enter_visits if kind is ImportKind.VISITS else _enter_meetings
    how = replace(options, import_id=list_id, register=partial(_entered, list_id, enter))
    return import_people(
        actor, kind=kind, path=path, content=content, file_name=file_name, options=how
    )  # fmt: skip


def take_back(actor: Actor, *, path: str, list_id: UUID, reason: str) -> int:
    """Withdraw every meeting or visit that a list told, and say so in the ledger; how many they were.

    Everybody is judged anew. The names stay under seal until their time is over.

    Raises:
        ProblemError: access.*; tracing.no_such_list 404; tracing.taken_back_already,
            tracing.reason_missing 409.
    """
    require(actor, Verb.PERSON_REGISTER, path)
    district = path.partition(".")[0]
    found = lists.one_list(Scope((district,), (path,)), list_id)
    if found.taken_back_at is not None:
        raise ProblemError("tracing.taken_back_already", status=409)
    if not reason.strip():
        raise ProblemError("tracing.reason_missing", status=409)
    with transaction(whole(district)):
        told = lists.told_by(district, found)
        for start in range(0, len(told), BATCH):
            submit_office(
                actor,
                [
                    OfficeRecord(kind=one.kind, path=one.path, withdraws=one.id)
                    for one in told[start : start + BATCH]
                ],
            )
        audit(
            actor, kind=Audit.TAKEN_BACK, path=found.path, subject_type="import", subject=list_id,
            payload={"records": len(told), "reason": reason.strip()[:LONGEST_REASON]},
        )  # fmt: skip
    return len(told)


Enter = Callable[[Actor, Sequence[Came]], list[bool]]


def _entered(list_id: UUID, enter: Enter, actor: Actor, came: Sequence[Came]) -> list[bool]:
    return enter(actor, [replace(one, facts={**one.facts, "listed_in": str(list_id)}) for one in came])


def _enter_meetings(actor: Actor, came: Sequence[Came]) -> list[bool]:
    """Enter the meetings that are not known yet; which they were."""
    fresh = chains.new_meetings(_district(came), [(one.person.person_id, one.facts) for one in came])
    _enter(actor, Kind.EXPOSURE, came, fresh)
    return fresh


def _enter_visits(actor: Actor, came: Sequence[Came]) -> list[bool]:
    fresh = lists.new_visits(_district(came), [(one.person.person_id, one.facts) for one in came])
    _enter(actor, Kind.VISIT, came, fresh)
    return fresh


def _enter(actor: Actor, kind: Kind, came: Sequence[Came], fresh: Sequence[bool]) -> None:
    submit_office(
        actor,
        [
            OfficeRecord(
                kind=kind, path=one.path, subject_type="person", subject=one.person.person_id,
                payload=one.facts,
            )
            for one, new in zip(came, fresh, strict=True)
            if new
        ],
    )  # fmt: skip


def _district(came: Sequence[Came]) -> str:
    return came[0].path.partition(".")[0]
