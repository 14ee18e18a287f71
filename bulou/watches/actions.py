"""The paper of a watched person: its code opens the own page, and nothing else."""

from uuid import UUID

from bulou.access import rules as access
from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction
from bulou.ledger.actions import audit
from bulou.watches import models
from bulou.watches.terms import Paper


def issue_card(actor: Actor, watch_id: UUID, *, path: str) -> str:
    """Guarantees a new code for the person's paper, shown once; a code issued before opens nothing any more.

    Raises:
        ProblemError: access.*, watches.not_found (404), watches.ended (409).
    """
    require(actor, Verb.WATCH_START, path)
    code, now = ids.paper_code(), clock.now()
    district = access.district_of(path)
    with transaction(Scope((district,), (path,))):
        found = models.Watch.objects.filter(district=district, id=watch_id).first()
        if found is None or not access.covers(path, found.path):
            raise ProblemError("watches.not_found", status=404)
        if not found.is_open:
            raise ProblemError("watches.ended", status=409)
        models.Card.objects.update_or_create(
            watch=watch_id,
            defaults={
                "district": district, "path": found.path, "person": found.person,
                "code_hash": ids.paper_hash(code), "issued_at": now, "issued_by": actor.account_id,
            },
        )  # fmt: skip
        audit(
            actor, kind=Paper.CARD, path=found.path, subject_type="person", subject=found.person,
            payload={"watch": str(watch_id)},
        )  # fmt: skip
    return ids.paper_shown(code)
