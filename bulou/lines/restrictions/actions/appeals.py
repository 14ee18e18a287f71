"""Objections: taken in by any way, answered by somebody else, looked at again by supervision."""

from uuid import UUID

from bulou.access import rules as access
from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger.actions import audit
from bulou.lines.restrictions import models, queries
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.terms import Appeal, Channel, Kind, Outcome, Restriction, Standing

MOST_WORDS = 4_000
LIVE = frozenset({Standing.PROPOSED, Standing.COMING, Standing.IN_FORCE, Standing.FROZEN})


def object_by_code(district: str, restriction_id: UUID, words: str) -> Appeal:
    """Guarantees the person's own objection is received, with a receipt. The paper's code is the permission.

    Raises:
        ProblemError: restrictions.not_found (404), .words_missing and .too_many_words (422).
    """
    return _receive(system_actor(district), whole(district), restriction_id, words, Channel.PAGE)


def object_for(
    actor: Actor, restriction_id: UUID, *, path: str, words: str, channel: Channel = Channel.OFFICER
) -> Appeal:
    """Guarantees an objection that came by telephone, paper or word of mouth is received like any other.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .words_missing and .too_many_words (422).
    """
    require(actor, Verb.APPEAL_RECORD, path)
    return _receive(actor, Scope((access.district_of(path),), (path,)), restriction_id, words, channel)


def answer(actor: Actor, appeal_id: UUID, *, path: str, outcome: Outcome, words: str) -> None:
    """Guarantees a first answer by somebody who decided nothing in it; one that was right frees at once.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .answered (409), .own_decision (403),
            .reason_missing (422).
    """
    require(actor, Verb.APPEAL_ANSWER, path)
    scope = Scope((access.district_of(path),), (path,))
    with transaction(scope):
        row = _row(scope, appeal_id)
        if row.outcome is not None:
            raise ProblemError("restrictions.answered", status=409)
        held = _held_by(scope, row)
        if actor.account_id in {held.act.proposer, held.act.second}:
            raise ProblemError("restrictions.own_decision", status=403)
        row.outcome, row.answer = outcome.value, _said(words)
        row.answered_at, row.answered_by = clock.now(), actor.account_id
        row.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
        _append(actor, Kind.ANSWERED, row, outcome)
        _free(actor, scope, held, outcome, row.answer)


def take_further(district: str, appeal_id: UUID) -> None:
    """Guarantees supervision looks at the objection. The paper's code is the permission.

    Raises:
        ProblemError: restrictions.not_found (404), .not_answered (409).
    """
    scope = whole(district)
    with transaction(scope):
        row = _row(scope, appeal_id)
        if row.outcome is None:
            raise ProblemError("restrictions.not_answered", status=409)
        if row.taken_further_at is None:
            row.taken_further_at = clock.now()
            row.save(update_fields=["taken_further_at"])
            _append(system_actor(district), Kind.APPEAL, row, None)


def review(actor: Actor, appeal_id: UUID, *, path: str, outcome: Outcome, words: str) -> None:
    """Guarantees the second answer, by supervision; an objection that was right frees at once.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .answered and .not_answered (409),
            .own_decision (403), .reason_missing (422).
    """
    require(actor, Verb.APPEAL_REVIEW, path)
    scope = Scope((access.district_of(path),), (path,))
    with transaction(scope):
        row = _row(scope, appeal_id)
        if row.second_outcome is not None:
            raise ProblemError("restrictions.answered", status=409)
        if row.taken_further_at is None:
            raise ProblemError("restrictions.not_answered", status=409)
        held = _held_by(scope, row)
        if actor.account_id in {held.act.proposer, held.act.second, row.answered_by}:
            raise ProblemError("restrictions.own_decision", status=403)
        row.second_outcome, row.second_answer = outcome.value, _said(words)
        row.second_at, row.second_by = clock.now(), actor.account_id
        row.save(update_fields=["second_outcome", "second_answer", "second_at", "second_by"])
        _append(actor, Kind.REVIEWED, row, outcome)
        _free(actor, scope, held, outcome, row.second_answer)


def _receive(actor: Actor, scope: Scope, restriction_id: UUID, words: str, channel: Channel) -> Appeal:
    told = words.strip()
    if not told:
        raise ProblemError("restrictions.words_missing", status=422)
    if len(told) > MOST_WORDS:
        raise ProblemError("restrictions.too_many_words", status=422, most=MOST_WORDS)
    now = clock.now()
    with transaction(scope):
        held = queries.one(scope, restriction_id, now)
        if held is None:
            raise ProblemError("restrictions.not_found", status=404)
        row = models.Appeal.objects.create(
            id=ids.uuid7(), district=scope.districts[0], path=held.path, restriction=held.id,
            channel=channel.value, words=told, received_at=now, outcome=None, answer="", answered_at=None,
            answered_by=None, taken_further_at=None, second_outcome=None, second_answer="", second_at=None,
            second_by=None,
        )  # fmt: skip
        _append(actor, Kind.APPEAL, row, None)
        return queries.appeals_of(scope.districts[0], [held.id])[-1]


def _row(scope: Scope, appeal_id: UUID) -> models.Appeal:
    rows = models.Appeal.objects.select_for_update().filter(id=appeal_id, district__in=scope.districts)
    row = rows.first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("restrictions.not_found", status=404)
    return row


def _held_by(scope: Scope, row: models.Appeal) -> Restriction:
    held = queries.one(scope, row.restriction, clock.now())
    if held is None:
        raise ProblemError("restrictions.not_found", status=404)
    return held


def _free(actor: Actor, scope: Scope, held: Restriction, outcome: Outcome, why: str) -> None:
    if outcome is Outcome.OVERTURNED and held.standing in LIVE:
        acts.lift_now(actor, scope, held.id, why)


def _said(words: str) -> str:
    if not words.strip():
        raise ProblemError("restrictions.reason_missing", status=422)
    return words.strip()


def _append(actor: Actor, kind: Kind, row: models.Appeal, outcome: Outcome | None) -> None:
    told = {"restriction": str(row.restriction), "outcome": outcome.value if outcome else ""}
    audit(actor, kind=kind, path=row.path, subject_type="appeal", subject=row.id, payload=told)
