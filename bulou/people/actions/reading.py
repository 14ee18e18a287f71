"""Read identity: masked by default, in plain words for ten seconds, and never without a line in the log."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from bulou.access import queries as access
from bulou.access.actions.gate import require
from bulou.access.rules import ROLE_VERBS
from bulou.access.terms import Actor, Role, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.ledger.actions import audit
from bulou.people import models
from bulou.people.actions import keys
from bulou.people.queries.matches import matches
from bulou.people.rules import names
from bulou.people.terms import (
    MOST_AN_HOUR,
    MOST_AT_ONCE,
    PURPOSE_FIELDS,
    REVEALED_FOR,
    Asked,
    Field,
    Findable,
    Identity,
    Kind,
    Look,
    Masked,
    Revealed,
)

MOST_HITS: Final = 50
PLAIN: Final = frozenset({Look.REVEALED, Look.PRINTED})


def masked(
    actor: Actor, ids: Collection[UUID], why: Asked, *, look: Look = Look.LISTED
) -> Mapping[UUID, Masked]:
    """Return what lists may show of these people, by the id asked for; the others are left out.

    Every person shown is a line in the log. 4 queries. Assumes: a transaction with the reader's scope.

    Raises:
        ProblemError: access.* where somebody lies in an area over which the reader does not hold person.view.
    """
    found = _people(ids)
    for path in sorted({row.path for row in found.values()}):
        require(actor, Verb.PERSON_VIEW, path)
    plain = _open(found, frozenset({Field.NAME, Field.NUMBER, Field.PHONES}))
    shown = {
        person: Masked(
            person, found[person].path, names.masked_name(one.name), names.masked_number(one.number),
            tuple(names.masked_phone(phone) for phone in one.phones),
        )
        for person, one in plain.items()
    }  # fmt: skip
    _log(actor, {p: found[p] for p in shown}, why, look, ())
    return shown


def to_find(actor: Actor, ids: Collection[UUID], why: Asked, *, salt: str) -> Mapping[UUID, Findable]:
    """Return how a sampling station can find these people without a network, by the id asked for.

    Names are masked; the ID number is there as a hash with a salt of the round, so that a card that is read
    can be matched and none can be shown. Every person handed out is a line in the log. 4 queries.

    Raises:
        ProblemError: access.* where somebody lies in an area for which the actor may hand in no records.
    """
    found = _people(ids)
    for path in sorted({row.path for row in found.values()}):
        require(actor, Verb.RECORD_SUBMIT, path)
    plain = _open(found, frozenset({Field.NAME, Field.NUMBER, Field.PHONES}))
    _log(actor, {p: found[p] for p in plain}, why, Look.LISTED, ())
    return {
        person: Findable(
            person, names.masked_name(one.name), names.initials(one.name),
            tuple(phone[-4:] for phone in one.phones), names.digest(one.number, salt),
        )
        for person, one in plain.items()
    }  # fmt: skip


def find(actor: Actor, text: str, why: Asked) -> tuple[Masked, ...]:
    """Return whom a text can mean within the reader's areas: an ID number or phone exactly, or a name.

    A name is found by its characters (simplified or traditional), its pinyin, or the initials; numbers and
    phones as a whole only. At most 50. Assumes: a transaction with the reader's scope. 6 queries.
    """
    scope = access.scope_of(actor, Verb.PERSON_VIEW)
    for path in scope.paths:
        require(actor, Verb.PERSON_VIEW, path)
    box, found = keys.Keys(), set()
    for district in scope.districts:
        hits = matches(district, _words(box, district, text))
        found |= {person for people in hits.values() for person, path in people if scope.covers(path)}
    shown = masked(actor, sorted(found)[:MOST_HITS], why, look=Look.SEARCHED)
    return tuple(shown[person] for person in sorted(shown))


def reveal(
    actor: Actor,
    ids: Collection[UUID],
    *,
    why: Asked,
    fields: Iterable[Field] | None = None,
    look: Look = Look.REVEALED,
) -> Mapping[UUID, Revealed]:
    """Return identity in plain words, to be shown for ten seconds; each is in the log and in the ledger.

    Without `fields`: all that the purpose needs. Assumes: a transaction with the reader's scope.

    Raises:
        ProblemError: access.*, people.not_found (404), people.purpose_does_not_need (403),
            people.reason_missing, people.too_many_at_once (422), people.too_many_this_hour (429).
    """
    found = _people(ids)
    if not found or len(found) < len(set(ids)):
        raise ProblemError("people.not_found", status=404)
    for row in found.values():
        require(actor, Verb.PERSON_REVEAL, row.path)
    wanted = frozenset(fields) if fields is not None else PURPOSE_FIELDS[why.purpose]
    _refuse(actor, found, why, wanted)
    plain = _open(found, wanted)
    shown = tuple(field for field in Field if field in wanted)
    _log(actor, {p: found[p] for p in plain}, why, look, shown)
    for person in sorted(plain):
        audit(
            actor, kind=Kind.REVEALED, path=found[person].path, subject_type="person", subject=person,
            payload={"purpose": why.purpose, "fields": list(shown), "how": look},
        )  # fmt: skip
    until = clock.now() + REVEALED_FOR
    return {person: Revealed(person, one, shown, until) for person, one in plain.items()}


def _refuse(actor: Actor, found: Mapping[UUID, models.Person], why: Asked, wanted: frozenset[Field]) -> None:
    if not why.reason.strip():
        raise ProblemError("people.reason_missing", status=422)
    if not wanted <= PURPOSE_FIELDS[why.purpose]:
        raise ProblemError("people.purpose_does_not_need", status=403)
    if len(found) > MOST_AT_ONCE:
        raise ProblemError("people.too_many_at_once", status=422, limit=MOST_AT_ONCE)
    since = clock.now() - timedelta(hours=1)
    districts = {row.district for row in found.values()}
    read = models.Read.objects.filter(
        district__in=districts, account=actor.account_id, at__gt=since, look__in=PLAIN
    )
    seen = set(read.values_list("person", flat=True))
    if len(seen | found.keys()) > MOST_AN_HOUR:
        raise ProblemError("people.too_many_this_hour", status=429, limit=MOST_AN_HOUR)


def _words(box: keys.Keys, district: str, text: str) -> list[tuple[str, bytes]]:
    words = [("name", names.asked(text))] if text.strip() else []
    number, phone = names.number(text), names.phone(text)
    words += [("number", number)] if number else []
    words += [("phone", phone)] if phone else []
    return [(what, box.token(district, what, word)) for what, word in words if word]


def _people(ids: Collection[UUID]) -> dict[UUID, models.Person]:
    """The people asked for, each under the id asked for, as the person it stands for now."""
    rows = {row.id: row for row in models.Person.objects.filter(id__in=set(ids))}
    roots = {row.merged_into for row in rows.values() if row.merged_into}
    whole = {row.id: row for row in models.Person.objects.filter(id__in=roots)} if roots else {}
    return {asked: whole.get(row.merged_into or row.id, row) for asked, row in rows.items()}


def _open(found: Mapping[UUID, models.Person], wanted: frozenset[Field]) -> dict[UUID, Identity]:
    """The wanted fields of each person in plain words, the newest entry of a person first."""
    roots = {row.id for row in found.values()}
    doubles = models.Person.objects.filter(merged_into__in=roots).values_list("id", "merged_into")
    to_root: dict[UUID, UUID] = {root: root for root in roots} | {d: r for d, r in doubles if r is not None}
    rows = models.Identity.objects.filter(Q(person__in=list(to_root))).order_by("-held_at", "id")
    box, told = keys.Keys(), dict[UUID, dict[str, str]]()
    for row in rows:
        key = box.opened(row.keep, row.month, row.id, row.wrapped)
        said = told.setdefault(to_root[row.person], {})
        for field in wanted:
            if field in row.sealed and field not in said:
                said[field.value] = keys.unseal(key, row.sealed[field], row.id, field)
    return {asked: _identity(told[row.id]) for asked, row in found.items() if row.id in told}


def _identity(said: Mapping[str, str]) -> Identity:
    phones = tuple(phone for phone in said.get(Field.PHONES, "").split("\n") if phone)
    return Identity(said.get(Field.NAME, ""), said.get(Field.NUMBER, ""), phones, said.get(Field.ADDRESS, ""))


def _log(
    actor: Actor, found: Mapping[UUID, models.Person], why: Asked, look: Look, fields: Sequence[Field]
) -> None:
    now = clock.now()
    models.Read.objects.bulk_create(
        models.Read(
            district=row.district, path=row.path, person=row.id, at=now, account=actor.account_id,
            role=_role(actor, row.path), unit=actor.team, look=look, purpose=why.purpose,
            reason=why.reason.strip()[:500], fields=[field.value for field in fields] or ["masked"],
        )
        for row in found.values()
    )  # fmt: skip


def _role(actor: Actor, path: str) -> str:
    held = access.roles_of(actor, path)
    return next((role.value for role in Role if role in held and Verb.PERSON_VIEW in ROLE_VERBS[role]), "")
