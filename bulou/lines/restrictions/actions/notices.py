"""The notice on paper: its code opens the person's own page, and nothing else."""

from collections.abc import Sequence
from uuid import UUID

from bulou.access import rules as access
from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction
from bulou.ledger.actions import audit
from bulou.lines.restrictions import models
from bulou.lines.restrictions.terms import MOST_NOTICES, Kind


def issue_notice(actor: Actor, restriction_id: UUID, *, path: str) -> str:
    """Guarantees a new code for the person's paper, shown once; a code issued before opens nothing any more.

    Raises:
        ProblemError: access.*, restrictions.not_found (404).
    """
    require(actor, Verb.RESTRICTION_NOTICE, path)
    district = access.district_of(path)
    with transaction(Scope((district,), (path,))):
        row = (
            models.Restriction.objects.select_for_update()
            .filter(district=district, id=restriction_id)
            .first()
        )
        if row is None:
            raise ProblemError("restrictions.not_found", status=404)
        return _issue(actor, row)


def issue_notices(actor: Actor, wanted: Sequence[UUID], *, path: str) -> dict[UUID, str]:
    """Guarantees a new code for the paper of each of these restrictions, all or none; shown once.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .too_many_notices (422).
    """
    require(actor, Verb.RESTRICTION_NOTICE, path)
    if len(wanted) > MOST_NOTICES:
        raise ProblemError("restrictions.too_many_notices", status=422, most=MOST_NOTICES)
    district = access.district_of(path)
    with transaction(Scope((district,), (path,))):
        rows = models.Restriction.objects.select_for_update().filter(district=district, id__in=list(wanted))
        found = {row.id: row for row in rows.order_by("id")}
        if found.keys() != set(wanted):
            raise ProblemError("restrictions.not_found", status=404)
        return {one: _issue(actor, found[one]) for one in wanted}


def _issue(actor: Actor, row: models.Restriction) -> str:
    code = ids.paper_code()
    row.code_hash, row.notice_at = ids.paper_hash(code), clock.now()
    row.save(update_fields=["code_hash", "notice_at"])
    audit(
        actor, kind=Kind.NOTICE, path=row.path, subject_type="person", subject=row.person,
        payload={"restriction": str(row.id)},
    )  # fmt: skip
    return ids.paper_shown(code)
