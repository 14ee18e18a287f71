"""What officers let the public read of a round: frozen counts, published and taken back by record."""

from uuid import UUID

import msgspec

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.coverage.queries import rounds
from bulou.coverage.terms import Operation
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger.actions import audit
from bulou.lines.testing import models
from bulou.lines.testing.queries import boards, totals
from bulou.lines.testing.rules import publishing
from bulou.lines.testing.rules.calling import Kind
from bulou.lines.testing.terms import SLUG, Published, Row
from bulou.protocols import queries as protocols


def publish(actor: Actor, scope: Scope, operation_id: UUID) -> None:
    """Guarantees the public can read the counts of a round that is over, as they are now and for good.

    They are frozen: two readings of one round could be subtracted from each other.

    Raises:
        ProblemError: access.*, coverage.not_found, testing.results_of_what (404), testing.round_open,
            testing.results_waiting, testing.too_few, testing.results_public (409).
    """
    operation = _round(scope, operation_id)
    require(actor, Verb.REPORT_SIGN, operation.path)
    made = _frozen(scope, operation)
    row, new = models.Publication.objects.get_or_create(
        district=operation.district, operation=operation.id,
        defaults={
            "path": operation.path, "content": msgspec.to_builtins(made), "published_by": actor.account_id,
            "published_at": clock.now(),
        },
    )  # fmt: skip
    if not new and row.withdrawn_at is None:
        raise ProblemError("testing.results_public", status=409)
    if not new:
        row.withdrawn_at = None
        row.save(update_fields=["withdrawn_at"])
    _tell(actor, operation, Kind.RESULTS_PUBLISHED)


def withdraw(actor: Actor, scope: Scope, operation_id: UUID) -> None:
    """Guarantees the public cannot read the counts of the round any more; published again they are the same.

    Raises:
        ProblemError: access.*, coverage.not_found, testing.results_of_what (404).
    """
    operation = _round(scope, operation_id)
    require(actor, Verb.REPORT_SIGN, operation.path)
    rows = models.Publication.objects.filter(
        district=operation.district, operation=operation.id, withdrawn_at=None
    )
    if not rows.update(withdrawn_at=clock.now()):
        raise ProblemError("testing.results_of_what", status=404)
    _tell(actor, operation, Kind.RESULTS_WITHDRAWN)


def _round(scope: Scope, operation_id: UUID) -> Operation:
    operation = rounds.operation(scope, operation_id)
    if operation.protocol.partition("@")[0] != SLUG:
        raise ProblemError("testing.results_of_what", status=404)
    return operation


def _frozen(scope: Scope, operation: Operation) -> Published:
    if operation.closed_at is None:
        raise ProblemError("testing.round_open", status=409)
    tubes = totals.tubes(operation, operation.path)
    if tubes.waiting:
        raise ProblemError("testing.results_waiting", status=409, n=tubes.waiting)
    board = boards.board(scope, operation, path=operation.path)
    counts = {place: made.sampled for place, made in board.below.items()}
    sampled = sum(counts.values())
    if not publishing.may_be_told(sampled):
        raise ProblemError("testing.too_few", status=409, fewest=publishing.FEWEST)
    names = grid.tree_names(scope, {operation.path, *counts}, clock.local_date(operation.opens_at))
    titles = protocols.compiled(operation.protocol).titles
    return Published(
        place=names.get(operation.path, operation.path), on=clock.local_date(operation.opens_at),
        titles={language: operation.title or title for language, title in titles.items()}, sampled=sampled,
        positive=publishing.positive(tubes.positive), fewest=publishing.FEWEST,
        rows=tuple(
            Row(names.get(told.place, told.place), told.sampled) for told in publishing.shown(counts)
        ),
    )  # fmt: skip


def _tell(actor: Actor, operation: Operation, kind: Kind) -> None:
    audit(
        actor, kind=kind, path=operation.path, subject_type="round", subject=operation.id,
        payload={"fewest": publishing.FEWEST},
    )  # fmt: skip
