"""Reports of rounds in the archive: one as it was, and what a report made now would say otherwise."""

from dataclasses import dataclass
from uuid import UUID

from bulou.coverage.queries import rounds
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.reports import models, rules
from bulou.reports.queries.archive import within
from bulou.reports.queries.testing import end_of_round
from bulou.reports.terms import ArchivedRound, Difference, RoundReport, State


@dataclass(frozen=True, slots=True)
class ShownRound:
    """What a reader gets for a round and an area: the stored report, else one made now."""

    report: RoundReport
    archived: ArchivedRound | None
    differences: tuple[Difference, ...]


def shown_round(scope: Scope, operation_id: UUID, path: str) -> ShownRound:
    """The report of a round in an area: as it was signed or lies ready to be signed, else one made now.

    Beside a stored one stands what would differ today. A draft from before the closing is not shown: it
    cannot be signed. So whoever signs has read exactly what is signed.

    Raises:
        ProblemError: coverage.not_found, reports.not_found (404).
    """
    operation = rounds.operation(scope, operation_id)
    fresh = end_of_round(scope, operation, path)
    stored = of_area(scope, operation_id, path)
    if stored is None or not signable(stored):
        return ShownRound(fresh, stored, ())
    return ShownRound(stored.report, stored, rules.differences(stored.report, fresh))


def signable(stored: ArchivedRound) -> bool:
    """Whether the round was over when this was made."""
    return stored.report.closed_at is not None


def of_area(scope: Scope, operation_id: UUID, path: str) -> ArchivedRound | None:
    """The report of a round in an area in the archive, draft or signed. 1 query."""
    row = models.OfRound.objects.filter(within(scope), operation=operation_id, path=path).first()
    return from_row(row) if row else None


def archived_round(scope: Scope, report_id: UUID) -> ArchivedRound:
    """One report of a round in the archive. 1 query.

    Raises:
        ProblemError: reports.not_found (404), the same for absent and for not yours.
    """
    row = models.OfRound.objects.filter(within(scope), id=report_id).first()
    if row is None:
        raise ProblemError("reports.not_found", status=404)
    return from_row(row)


def from_row(row: models.OfRound) -> ArchivedRound:
    """A report from its row."""
    content = row.content.encode()
    return ArchivedRound(
        id=row.id, path=row.path, on=row.on, state=State(row.state), number=row.number, content=content,
        sha256=row.sha256, signature=row.signature, key=row.key, made_at=row.made_at, signed_by=row.signed_by,
        signed_role=row.signed_role, signed_at=row.signed_at, report=rules.unpack_round(content),
    )  # fmt: skip
