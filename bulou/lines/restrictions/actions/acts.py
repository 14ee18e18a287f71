"""Acts of law about persons: evidence, proposal, the second body's word, freezing, lifting."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bulou.access import rules as access
from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger_queries
from bulou.ledger.actions import audit
from bulou.ledger.terms import Standing as Told
from bulou.lines.restrictions import models, queries, rules
from bulou.lines.restrictions.terms import (
    FREEZE,
    Act,
    Basis,
    Evidence,
    Facts,
    Kind,
    Proposal,
    Restriction,
    Standing,
)

Answer = TypeVar("Answer")
ACCEPTED_EVIDENCE: Final = frozenset({Kind.EVIDENCE.value, "screening.person"})
REFUSALS: Final = {
    "restrictions_one_at_a_time": "restrictions.already_restricted",
    "a renewal needs new evidence": "restrictions.same_evidence",
    "so many persons need two bodies": "restrictions.two_bodies",
}


def set_basis(actor: Actor, basis: Basis) -> UUID:
    """Guarantees the law or order is entered, and in the ledger.

    Raises:
        ProblemError: access.*, restrictions.basis_missing (422) without a name.
    """
    require(actor, Verb.BASIS_SET, basis.path)
    if not basis.law.strip() or not basis.issuer.strip():
        raise ProblemError("restrictions.basis_missing", status=422)
    with _book(basis.path) as district:
        models.Basis.objects.create(
            id=basis.id, district=district, path=basis.path, law=basis.law.strip(),
            article=basis.article.strip(), order_number=basis.order_number.strip(),
            issuer=basis.issuer.strip(), valid_from=basis.valid_from, valid_until=basis.valid_until,
            made_by=actor.account_id, made_at=clock.now(),
        )  # fmt: skip
        told = {
            "law": basis.law,
            "article": basis.article,
            "order": basis.order_number,
            "issuer": basis.issuer,
        }
        audit(
            actor, kind=Kind.BASIS_SET, path=basis.path, subject_type="basis", subject=basis.id, payload=told
        )
    return basis.id


def end_basis(actor: Actor, basis_id: UUID, *, path: str, on: date) -> int:
    """Guarantees nothing that rests on this law or order holds after that day; returns how many end earlier.

    Raises:
        ProblemError: access.*, restrictions.not_found (404).
    """
    require(actor, Verb.BASIS_SET, path)
    _, after = clock.day_bounds(on)
    with _book(path) as district:
        if not models.Basis.objects.filter(district=district, id=basis_id).update(valid_until=on):
            raise ProblemError("restrictions.not_found", status=404)
        acts = models.Act.objects.filter(district=district, basis=basis_id).values_list("id", flat=True)
        rows = models.Restriction.objects.filter(district=district, act__in=list(acts), ends_at__gt=after)
        for row in rows:
            row.ends_at = max(after, row.starts_at + timedelta(seconds=1))
            row.held = _held(row.starts_at, row.ends_at) if row.held and row.starts_at < after else None
            row.save(update_fields=["ends_at", "held"])
        told = {"on": on.isoformat(), "n": len(rows)}
        audit(actor, kind=Kind.BASIS_ENDED, path=path, subject_type="basis", subject=basis_id, payload=told)
    return len(rows)


def record_evidence(
    actor: Actor, *, path: str, person: UUID, evidence: Evidence, words: str, happened_at: datetime
) -> Facts:
    """Guarantees what makes an act necessary for one person is in the ledger, with its source in words.

    Raises:
        ProblemError: access.*, restrictions.reason_missing (422).
    """
    require(actor, Verb.RESTRICTION_EVIDENCE, path)
    if not words.strip():
        raise ProblemError("restrictions.reason_missing", status=422)
    told = {"evidence": evidence.value, "source": words.strip(), "happened_at": happened_at.isoformat()}
    with _book(path):
        record = audit(
            actor, kind=Kind.EVIDENCE, path=path, subject_type="person", subject=person, payload=told
        )
    return Facts(person, evidence, record)


def propose(actor: Actor, proposal: Proposal) -> Act:
    """Guarantees the act is decided at once or, for many persons, waits for a second body; or nothing is.

    An act that is not allowed to come about is told to supervision in the ledger, with how many it was about.

    Raises:
        ProblemError: access.*, restrictions.* (409, 422).
    """
    require(actor, Verb.RESTRICTION_DECIDE, proposal.path)
    now = clock.now()
    if proposal.starts_at < now:
        late = now - proposal.starts_at > timedelta(minutes=10)
        proposal = replace(proposal, starts_at=proposal.starts_at if late else now)
    try:
        return _refused_by_database(lambda: _propose(actor, proposal, now))
    except ProblemError as error:
        note_stopped(
            actor, path=proposal.path, n_persons=len(proposal.persons), code=error.problem.code,
            measure=proposal.measure.value,
        )  # fmt: skip
        raise


def note_stopped(actor: Actor, *, path: str, n_persons: int, code: str, measure: str = "") -> None:
    """Guarantees supervision sees that somebody wanted to restrict so many persons, and why it was stopped.

    Also where a form or a file never came as far as an act. It changes nothing for anybody.
    """
    with _book(path):
        told = {"n_persons": n_persons, "code": code, "measure": measure}
        audit(actor, kind=Kind.STOPPED, path=path, subject_type="act", payload=told)


def tell_refused() -> int:
    """Guarantees supervision of every district sees how often the database itself refused; how many are new.

    A statement past the program leaves no record, and its transaction is taken back; only the count stays.
    Repeatable: what was told before is not told again.
    """
    n, districts = queries.refused(), ledger_queries.districts()
    fresh = 0
    for district in districts:
        actor = system_actor(district)
        require(actor, Verb.PERSON_RETAIN, district)
        with transaction(whole(district)):
            before = queries.refused_told(district)
            if n > before:
                told = {"n_persons": n - before, "code": "restrictions.by_statement", "refused": n}
                audit(actor, kind=Kind.STOPPED, path=district, subject_type="act", payload=told)
                fresh = max(fresh, n - before)
    return fresh


def accept(actor: Actor, act_id: UUID, *, path: str) -> Act:
    """Guarantees the act of another unit is decided by this second body, and holds from now on.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .same_body (403), .decided (409), .no_unit.
    """
    require(actor, Verb.RESTRICTION_SECOND, path)

    def decide() -> Act:
        now = clock.now()
        with _book(path) as district:
            row, act = _waiting(path, act_id, now)
            code = rules.second_problem(act, actor.account_id, actor.team)
            if code:
                raise ProblemError(code, status=403 if code == "restrictions.same_body" else 422)
            row.decided_at, row.second, row.second_team = now, actor.account_id, actor.team
            row.save(update_fields=["decided_at", "second", "second_team"])
            for one in models.Restriction.objects.filter(district=district, act=act_id):
                one.held = _held(max(one.starts_at, now), one.ends_at) if now < one.ends_at else None
                one.save(update_fields=["held"])
            told = {"n_persons": act.n_persons, "second": True}
            audit(actor, kind=Kind.DECIDED, path=row.path, subject_type="act", subject=act_id, payload=told)
        return replace(act, decided_at=now, second=actor.account_id, second_team=actor.team)

    return _refused_by_database(decide)


def refuse(actor: Actor, act_id: UUID, *, path: str, why: str) -> None:
    """Guarantees the proposal never holds for anybody. The one who is asked may always say no.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .decided (409), .reason_missing (422).
    """
    require(actor, Verb.RESTRICTION_SECOND, path)
    reason = _words(why)
    now = clock.now()
    with _book(path):
        row, _ = _waiting(path, act_id, now)
        row.refused_at, row.refused_why = now, reason
        row.save(update_fields=["refused_at", "refused_why"])
        told = {"reason": reason}
        audit(actor, kind=Kind.REFUSED, path=row.path, subject_type="act", subject=act_id, payload=told)


def freeze(actor: Actor, act_id: UUID, *, path: str, why: str) -> datetime:
    """Guarantees the act binds nobody for 24 hours; returns until when. Supervision may, but not restrict.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .reason_missing (422).
    """
    require(actor, Verb.RESTRICTION_FREEZE, path)
    reason = _words(why)
    until = clock.now() + FREEZE
    with _book(path) as district:
        rows = models.Act.objects.select_for_update().filter(district=district, id=act_id)
        row = rows.first()
        if row is None or not access.covers(path, row.path):
            raise ProblemError("restrictions.not_found", status=404)
        row.frozen_until = until
        row.save(update_fields=["frozen_until"])
        told = {"reason": reason, "until": until.isoformat()}
        audit(actor, kind=Kind.FROZEN, path=row.path, subject_type="act", subject=act_id, payload=told)
    return until


def lift(actor: Actor, restriction_id: UUID, *, path: str, why: str) -> Restriction:
    """Guarantees the person is free of this restriction from now on, for ever.

    Raises:
        ProblemError: access.*, restrictions.not_found (404), .over (409), .reason_missing (422).
    """
    require(actor, Verb.RESTRICTION_LIFT, path)
    with _book(path):
        return lift_now(actor, Scope((access.district_of(path),), (path,)), restriction_id, _words(why))


def lift_now(actor: Actor, scope: Scope, restriction_id: UUID, why: str) -> Restriction:
    """The lifting itself, for `lift` and an objection that was right. Assumes: inside their transaction."""
    now = clock.now()
    row = models.Restriction.objects.select_for_update().filter(
        id=restriction_id, district__in=scope.districts
    )
    found = row.first()
    if found is None or not scope.covers(found.path):
        raise ProblemError("restrictions.not_found", status=404)
    if found.lifted_at is not None or found.ends_at <= now:
        raise ProblemError("restrictions.over", status=409)
    found.lifted_at, found.lifted_by, found.lifted_why = now, actor.account_id, why
    found.held = _held(found.starts_at, now) if found.held and found.starts_at < now else None
    found.save(update_fields=["lifted_at", "lifted_by", "lifted_why", "held"])
    audit(
        actor, kind=Kind.LIFTED, path=found.path, subject_type="person", subject=found.person,
        payload={"restriction": str(found.id), "reason": why},
    )  # fmt: skip
    lifted = queries.one(scope, restriction_id, now)
    if lifted is None:
        raise ProblemError("restrictions.not_found", status=404)
    return lifted


def _propose(actor: Actor, proposal: Proposal, now: datetime) -> Act:
    wrong = rules.problem(proposal, now)
    if wrong is None and proposal.starts_at < now:
        wrong = Problem("restrictions.backdated")
    if wrong is not None:
        raise ProblemError(wrong.code, status=422, where=wrong.where, **wrong.params)
    with _book(proposal.path) as district:
        _require_basis(district, proposal, now)
        _require_evidence(district, proposal.persons)
        today, _ = clock.day_bounds(clock.local_date(now))
        mine = models.Act.objects.filter(
            district=district, proposer=actor.account_id, second=None, decided_at__gte=today
        )
        second = rules.needs_second(len(proposal.persons), sum(mine.values_list("n_persons", flat=True)))
        act = models.Act.objects.create(
            id=ids.uuid7(), district=district, path=proposal.path, place=proposal.place.strip(),
            measure=proposal.measure.value, basis=proposal.basis,
            milder={m.value: why.strip() for m, why in proposal.milder.items()},
            supplies=proposal.supplies.strip(), conditions=proposal.conditions.strip(),
            starts_at=proposal.starts_at, ends_at=proposal.ends_at,
            n_persons=len(proposal.persons), needs_second=second, proposer=actor.account_id,
            proposer_team=actor.team, proposed_at=now, decided_at=None if second else now, second=None,
            second_team="", refused_at=None, refused_why="", frozen_until=None,
        )  # fmt: skip
        models.Restriction.objects.bulk_create([_person(act, facts) for facts in proposal.persons])
        kind = Kind.PROPOSED if second else Kind.DECIDED
        told = {"n_persons": act.n_persons, "measure": act.measure, "basis": str(act.basis)}
        audit(actor, kind=kind, path=act.path, subject_type="act", subject=act.id, payload=told)
        made = queries.act(Scope((district,), (proposal.path,)), act.id)
    if made is None:
        raise ProblemError("restrictions.not_found", status=404)
    return made


def _person(act: models.Act, facts: Facts) -> models.Restriction:
    return models.Restriction(
        id=ids.uuid7(), district=act.district, path=act.path, act=act.id, person=facts.person,
        evidence=facts.evidence.value, evidence_record=facts.record, starts_at=act.starts_at,
        ends_at=act.ends_at, held=_held(act.starts_at, act.ends_at) if act.decided_at else None,
        lifted_at=None, lifted_by=None,
        lifted_why="", renews=None, code_hash=None, notice_at=None,
    )  # fmt: skip


def _held(starts_at: datetime, ends_at: datetime) -> DateTimeTZRange:
    return DateTimeTZRange(starts_at, ends_at)


def _require_basis(district: str, proposal: Proposal, now: datetime) -> None:
    basis = queries.basis(district, proposal.basis)
    today = clock.local_date(now)
    if basis is None or not access.covers(basis.path, proposal.path) or basis.valid_from > today:
        raise ProblemError("restrictions.basis_missing", status=422)
    if basis.valid_until is not None and basis.valid_until < clock.local_date(proposal.ends_at):
        raise ProblemError("restrictions.basis_missing", status=422)


def _require_evidence(district: str, persons: Sequence[Facts]) -> None:
    told = ledger_queries.by_ids(district, [facts.record for facts in persons])
    missing = [
        facts for facts in persons
        if (entry := told.get(facts.record)) is None
        or entry.subject != facts.person
        or entry.kind not in ACCEPTED_EVIDENCE
        or entry.standing is not Told.KEPT
    ]  # fmt: skip
    if missing:
        raise ProblemError("restrictions.evidence_missing", status=422, n=len(missing))


def _waiting(path: str, act_id: UUID, now: datetime) -> tuple[models.Act, Act]:
    district = access.district_of(path)
    row = models.Act.objects.select_for_update().filter(district=district, id=act_id).first()
    act = queries.act(Scope((district,), (path,)), act_id)
    if row is None or act is None:
        raise ProblemError("restrictions.not_found", status=404)
    stands = rules.standing(act, starts_at=act.starts_at, ends_at=act.ends_at, lifted_at=None, now=now)
    if stands is not Standing.PROPOSED:
        raise ProblemError("restrictions.decided", status=409)
    return row, act


def _words(why: str) -> str:
    if not why.strip():
        raise ProblemError("restrictions.reason_missing", status=422)
    return why.strip()


def _refused_by_database(act: Callable[[], Answer]) -> Answer:
    """Runs the act; what the database's own walls refuse becomes a problem in words."""
    try:
        return act()
    except IntegrityError as error:
        for words, code in REFUSALS.items():
            if words in str(error):
                raise ProblemError(code, status=409, alone=20, a_day=50) from error
        raise


@contextmanager
def _book(path: str) -> Iterator[str]:
    """One transaction over the whole district of a path: evidence may lie elsewhere in it."""
    district = access.district_of(path)
    with transaction(whole(district)):
        yield district
