"""Somebody says that a fact is wrong: both values are kept, and somebody else decides."""

from uuid import UUID

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger.actions import audit
from bulou.people import models
from bulou.people.actions import keys, vault
from bulou.people.terms import Disputed, Field, Identity, Kind


def dispute(actor: Actor, *, person_id: UUID, field: Field, said: str, reason: str) -> UUID:
    """Keep what the person says beside what is held; return the id of the objection.

    Raises:
        ProblemError: access.*, people.nothing_held (404), people.reason_missing, people.number_wrong … (422).
    """
    row = _identity(person_id)
    require(actor, Verb.PERSON_REGISTER, row.path)
    if not reason.strip():
        raise ProblemError("people.reason_missing", status=422)
    changed = vault.cleaned(_with(Identity(name="-"), field, said))
    key = keys.Keys().opened(row.keep, row.month, row.id, row.wrapped)
    before = keys.unseal(key, row.sealed[field], row.id, field) if field in row.sealed else ""
    made = ids.uuid7()
    with transaction(whole(row.district)):
        models.Dispute.objects.create(
            id=made, district=row.district, path=row.path, person=row.person, identity=row.id, field=field,
            said=keys.seal(key, _text(changed, field), row.id, f"said:{made}"),
            before=keys.seal(key, before, row.id, f"before:{made}"), state=Disputed.OPEN,
            reason=reason.strip(), made_at=clock.now(), made_by=actor.account_id,
        )  # fmt: skip
        audit(
            actor, kind=Kind.DISPUTED, path=row.path, subject_type="person", subject=row.person,
            payload={"dispute": str(made), "field": field},
        )  # fmt: skip
    return made


def settle(actor: Actor, *, dispute_id: UUID, accept: bool, answer: str) -> None:
    """Decide an objection; accepted, what the person says is held from now on. Both values stay under seal.

    Raises:
        ProblemError: access.*, people.no_such_dispute (404), people.dispute_settled (409),
            people.not_the_same_person (403), people.reason_missing (422).
    """
    found = models.Dispute.objects.filter(id=dispute_id).first()
    if found is None:
        raise ProblemError("people.no_such_dispute", status=404)
    require(actor, Verb.PERSON_MERGE, found.path)
    if found.state != Disputed.OPEN:
        raise ProblemError("people.dispute_settled", status=409)
    if found.made_by == actor.account_id:
        raise ProblemError("people.not_the_same_person", status=403)
    if not answer.strip():
        raise ProblemError("people.reason_missing", status=422)
    with transaction(whole(found.district)):
        if accept:
            _put_right(found)
        found.state = Disputed.ACCEPTED if accept else Disputed.REFUSED
        found.settled_at, found.settled_by, found.answer = clock.now(), actor.account_id, answer.strip()
        found.save(force_update=True)
        audit(
            actor, kind=Kind.SETTLED, path=found.path, subject_type="person", subject=found.person,
            payload={"dispute": str(dispute_id), "accepted": accept},
        )  # fmt: skip


def _put_right(found: models.Dispute) -> None:
    row = models.Identity.objects.select_for_update().get(district=found.district, id=found.identity)
    box = keys.Keys()
    key = box.opened(row.keep, row.month, row.id, row.wrapped)
    said = keys.unseal(key, found.said, row.id, f"said:{found.id}")
    plain = {field: keys.unseal(key, sealed, row.id, field) for field, sealed in row.sealed.items()}
    plain[found.field] = said
    identity = Identity(
        plain.get(Field.NAME, ""), plain.get(Field.NUMBER, ""),
        tuple(p for p in plain.get(Field.PHONES, "").split("\n") if p), plain.get(Field.ADDRESS, ""),
    )  # fmt: skip
    vault.write_again(found.district, row, identity, key=key, box=box)


def _identity(person_id: UUID) -> models.Identity:
    row = models.Identity.objects.filter(person=person_id).order_by("-held_at").first()
    if row is None:
        raise ProblemError("people.nothing_held", status=404)
    return row


def _with(identity: Identity, field: Field, said: str) -> Identity:
    if field is Field.NAME:
        return Identity(said)
    if field is Field.NUMBER:
        return Identity(identity.name, number=said)
    if field is Field.PHONES:
        return Identity(identity.name, phones=tuple(said.replace("\n", ",").split(",")))
    return Identity(identity.name, address=said)


def _text(identity: Identity, field: Field) -> str:
    return {
        Field.NAME: identity.name, Field.NUMBER: identity.number, Field.PHONES: "\n".join(identity.phones),
        Field.ADDRESS: identity.address,
    }[field]  # fmt: skip
