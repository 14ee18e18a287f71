"""Hold somebody's identity under seal, with the reason; know again who is held already."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from bulou.access import queries as access
from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.problems import ProblemError, Where
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger.actions import audit
from bulou.people import models
from bulou.people.actions import keys
from bulou.people.queries.matches import matches
from bulou.people.rules import names, retention
from bulou.people.terms import (
    ORIGIN_OFFICE,
    Alike,
    Duplicate,
    Fate,
    Field,
    Held,
    Identity,
    Kind,
    NewPerson,
    PlaceKind,
    Why,
)

# A file fills tables that have no statistics yet: without this each batch would read them whole.
COMMUNITY: Final = 2  # dots in the path of a community
BY_KEY: Final = "SELECT set_config('enable_seqscan', 'off', true)"
BATCH: Final = 1_000
ROOM: Final = "bulou.people"
_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(slots=True)
class _Row:
    """One person on the way into the vault."""

    new: NewPerson
    identity: Identity
    digest: bytes
    tokens: list[tuple[str, bytes]]
    person: UUID | None = None
    elsewhere: bool = False
    path: str = ""
    duty_until: date | None = None
    alike: tuple[Duplicate, ...] = ()


def hold(actor: Actor, rows: Sequence[NewPerson], *, why: Why) -> list[Held]:
    """Guarantees each of these is held once for this class, with the reason; one answer per row, in order.

    Without an id somebody is known again by the ID number; else by name and phone; else by name and place,
    where neither was given. With an id of a device nobody is joined to another: possible doubles are told.
    About 8 queries for each 1,000 rows, all of one district.

    Raises:
        ProblemError: access.*; people.reason_missing, people.basis_missing, people.name_missing,
            people.number_wrong, people.phone_wrong (422, with the row); people.other_content (409).
    """
    for path in sorted({row.path for row in rows}):
        require(actor, Verb.PERSON_REGISTER, path)
    check_why(why)
    held: list[Held] = []
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        district = some[0].path.partition(".")[0] if some else ""
        with transaction(whole(district)):
            held += _hold(actor, district, some, why)
    return held


def check_why(why: Why) -> None:
    """Return only if it is said on what this rests and what for."""
    if not why.reason.strip():
        raise ProblemError("people.reason_missing", status=422, where=Where(field="reason"))
    if not why.basis.strip():
        raise ProblemError("people.basis_missing", status=422, where=Where(field="basis"))


def cleaned(identity: Identity, row: int | None = None) -> Identity:
    """Return an identity in its one spelling.

    Raises:
        ProblemError: people.name_missing, .name_too_long, .number_wrong, .phone_wrong (422).
    """
    name = names.tidy(identity.name)
    if not name:
        raise ProblemError("people.name_missing", status=422, where=Where(row=row, field="name"))
    if len(name) > names.NAME_LENGTH:
        raise ProblemError(
            "people.name_too_long", status=422, where=Where(row=row, field="name"), limit=names.NAME_LENGTH
        )
    number = names.number(identity.number) if identity.number.strip() else ""
    if number is None:
        raise ProblemError("people.number_wrong", status=422, where=Where(row=row, field="number"))
    phones = [names.phone(phone) for phone in identity.phones if phone.strip()]
    known = tuple(dict.fromkeys(phone for phone in phones if phone))
    if None in phones:
        raise ProblemError("people.phone_wrong", status=422, where=Where(row=row, field="phones"))
    return Identity(name, number, known, names.tidy(identity.address)[: names.ADDRESS_LENGTH])


def _hold(actor: Actor, district: str, rows: Sequence[NewPerson], why: Why) -> list[Held]:
    with connection.cursor() as cursor:  # two desks with one person: the second knows what the first entered
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.hold'), hashtext(%s))", [district])
        if len(rows) > 1:
            cursor.execute(BY_KEY)
    now, box = clock.now(), keys.Keys()
    made = [_row(box, district, new, n) for n, new in enumerate(rows, 1)]
    exact = (token for row in made for token in row.tokens if token[0] != "name")
    hits = matches(district, exact, near={row.path for row in rows})
    mine = access.scope_of(actor, Verb.PERSON_REGISTER)
    within: dict[tuple[str, bytes], UUID] = {}
    for row in made:
        _recognise(row, hits, within, mine.covers)
    people = {row.person for row in made if row.person}
    _find_place(district, made, people)
    known = _held_already(district, people, why)
    answers = [_settle(box, row, known, (actor, why, now)) for row in made]
    _write(district, [pair for _, pair in answers if pair is not None])
    _tell(actor, made, why)
    return [answer for answer, _ in answers]


def _row(box: keys.Keys, district: str, new: NewPerson, n: int) -> _Row:
    identity = cleaned(new.identity, n)
    content = _encode([identity.name, identity.number, identity.phones, identity.address, new.facts])
    words = [("number", identity.number)] if identity.number else []
    words += [("phone", phone) for phone in identity.phones]
    words += [("full", names.folded(identity.name))]
    words += [("name", word) for word in sorted(names.words_of(identity.name))]
    tokens = [(what, box.token(district, what, word)) for what, word in words]
    return _Row(new, identity, box.digest(district, content), tokens, new.person_id)


def _recognise(
    row: _Row,
    hits: Mapping[tuple[str, bytes], list[tuple[UUID, str]]],
    within: dict[tuple[str, bytes], UUID],
    mine: Callable[[str], bool],
) -> None:
    """Find out who this is, and who else it may be; `within` holds those of the same batch."""
    exact = [token for token in row.tokens if token[0] != "name"]
    by: dict[str, dict[UUID, str]] = {"number": {}, "phone": {}, "full": {}}
    for token in exact:
        by[token[0]].update(hits.get(token, ()))
        if token in within:
            by[token[0]][within[token]] = row.new.path
    if row.person is None:
        row.person = _known(row, by)
        places = [found[row.person] for found in by.values() if row.person in found] if row.person else []
        row.elsewhere = bool(places) and not mine(places[0])
    row.person = row.person or ids.uuid7()
    row.alike = _alike(row, by)
    for token in exact:
        within.setdefault(token, row.person)


def _alike(row: _Row, by: Mapping[str, Mapping[UUID, str]]) -> tuple[Duplicate, ...]:
    # A name says something within a community; within a district half of all names are shared.
    near = by["full"] if row.new.path.count(".") >= COMMUNITY else {}
    near = {person: path for person, path in near.items() if path == row.new.path}
    first: dict[UUID, Alike] = {}
    for people, reason in ((by["number"], Alike.NUMBER), (by["phone"], Alike.PHONE), (near, Alike.NAME)):
        for person in people:
            first.setdefault(person, reason)
    return tuple(
        Duplicate(person, reason) for person, reason in sorted(first.items()) if person != row.person
    )


def _known(row: _Row, by: Mapping[str, Mapping[UUID, str]]) -> UUID | None:
    """Who this is, where one cannot doubt it; two candidates are doubt."""
    if row.identity.number:
        found = set(by["number"])
    elif row.identity.phones:
        found = set(by["phone"]) & set(by["full"])
    else:
        found = {person for person, path in by["full"].items() if path == row.new.path}
    return found.pop() if len(found) == 1 else None


def _find_place(district: str, rows: Sequence[_Row], people: set[UUID]) -> None:
    """Who is on a register already is held where the register says, and as long as the duty there lasts."""
    places = dict(models.Person.objects.filter(district=district, id__in=people).values_list("id", "path"))
    ends: dict[UUID, date] = {}
    for person, until in models.DutyEnd.objects.filter(district=district, person__in=people).values_list(
        "person", "until"
    ):
        ends[person] = max(until, ends.get(person, until))
    for row in rows:
        if row.person is not None:
            row.path = places.get(row.person, row.new.path)
            row.duty_until = ends.get(row.person)


def _held_already(district: str, people: set[UUID], why: Why) -> dict[UUID, models.Identity]:
    rows = models.Identity.objects.filter(district=district, person__in=people, keep=why.keep)
    return {row.person: row for row in rows}


def _settle(
    box: keys.Keys, row: _Row, known: dict[UUID, models.Identity], by: tuple[Actor, Why, datetime]
) -> tuple[Held, tuple[models.Identity, _Row] | None]:
    assert row.person is not None  # noqa: S101 - _recognise has set it
    if row.elsewhere:
        return Held(row.person, Fate.KNOWN, row.alike), None
    there = known.get(row.person)
    if there is None:
        made = known[row.person] = _sealed(box, row, by)
        return Held(row.person, Fate.NEW, row.alike), (made, row)
    if there.district != row.new.path.partition(".")[0]:
        raise ProblemError("people.other_content", status=409)
    if bytes(there.digest) == row.digest:
        return Held(row.person, Fate.SAME, row.alike), None
    _reseal(box, there, row)
    return Held(row.person, Fate.CHANGED, row.alike), (there, row)


def _sealed(box: keys.Keys, row: _Row, by: tuple[Actor, Why, datetime]) -> models.Identity:
    actor, why, now = by
    identity = ids.uuid7()
    month, key, wrapped = box.new_wrap(why.keep, identity, now)
    assert row.person is not None  # noqa: S101 - as above
    return models.Identity(
        id=identity, district=row.new.path.partition(".")[0], path=row.path, person=row.person,
        keep=why.keep, month=month, wrapped=wrapped, sealed=_fields(key, row.identity, identity),
        digest=row.digest, trigger=why.trigger, purpose=why.purpose, basis=why.basis.strip(),
        reason=why.reason.strip(), held_at=now, held_by=actor.account_id,
        expires_at=retention.expires_at(why.keep, now, row.duty_until),
    )  # fmt: skip


def _reseal(box: keys.Keys, there: models.Identity, row: _Row) -> None:
    """Put new answers in; what the new source does not know stays."""
    key = box.opened(there.keep, there.month, there.id, there.wrapped)
    sealed = _fields(key, row.identity, there.id)
    if not row.identity.number and Field.NUMBER in there.sealed:
        before = keys.unseal(key, there.sealed[Field.NUMBER], there.id, Field.NUMBER)
        row.tokens.append(("number", box.token(there.district, "number", before)))
    there.sealed = {**there.sealed, **sealed}
    there.digest = row.digest


def _fields(key: bytes, identity: Identity, identity_id: UUID) -> dict[str, str]:
    said = {
        Field.NAME: identity.name, Field.NUMBER: identity.number, Field.PHONES: "\n".join(identity.phones),
        Field.ADDRESS: identity.address,
    }  # fmt: skip
    return {field.value: keys.seal(key, text, identity_id, field) for field, text in said.items() if text}


def _write(district: str, made: Sequence[tuple[models.Identity, _Row]]) -> None:
    if not made:
        return
    rows = {identity.id: identity for identity, _ in made}
    there = set(
        models.Person.objects.filter(
            district=district, id__in=[row.person for row in rows.values()]
        ).values_list("id", flat=True)
    )
    fresh = sorted({row.person: row for row in rows.values() if row.person not in there}.items())
    _run(
        "add_people",
        {"district": district, "place_kind": PlaceKind.DWELLING.value, "origin": ORIGIN_OFFICE,
         "id": ids.array(person for person, _ in fresh), "path": [row.path for _, row in fresh],
         "found_at": [row.held_at for _, row in fresh]},
    )  # fmt: skip
    told = msgspec.json.encode([_told(identity) for identity in rows.values()]).decode()
    _run("add_identities", {"district": district, "rows": told})
    models.Token.objects.filter(district=district, person__in=[row.person for row in rows.values()]).filter(
        identity__in=list(rows)
    ).delete()
    tokens = [
        (what, token.hex(), identity) for identity, row in made for what, token in dict.fromkeys(row.tokens)
    ]
    _run(
        "add_tokens",
        {"district": district, "what": [what for what, _, _ in tokens],
         "token": [token for _, token, _ in tokens],
         "identity": ids.array(one.id for _, _, one in tokens),
         "person": ids.array(one.person for _, _, one in tokens), "path": [one.path for _, _, one in tokens]},
    )  # fmt: skip


def _told(row: models.Identity) -> dict[str, Any]:
    return {
        "id": row.id, "path": row.path, "person": row.person, "keep": row.keep, "month": row.month,
        "wrapped": bytes(row.wrapped).hex(), "sealed": row.sealed, "digest": bytes(row.digest).hex(),
        "trigger": row.trigger, "purpose": row.purpose, "basis": row.basis, "reason": row.reason,
        "held_at": row.held_at, "held_by": row.held_by, "expires_at": row.expires_at,
    }  # fmt: skip


def _run(name: str, values: dict[str, Any]) -> None:
    """Run one set-based statement: the ORM's own took 70 of 100 parts of an import of people (2026-11)."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, name), values)


def known(district: str, texts: Collection[str]) -> dict[str, UUID]:
    """Whom these ID numbers, telephones or whole names mean, where there is exactly one. 4 queries.

    Assumes: the caller has asked; a scope over the whole district.
    """
    box = keys.Keys()
    asked: dict[str, tuple[str, bytes]] = {}
    for text in texts:
        number, phone = names.number(text) if text else None, names.phone(text) if text else None
        word = ("number", number) if number else ("phone", phone) if phone else ("full", names.folded(text))
        if text and word[1]:
            asked[text] = (word[0], box.token(district, word[0], word[1]))
    hits = matches(district, asked.values())
    found = {text: hits.get(token, []) for text, token in asked.items()}
    return {text: people[0][0] for text, people in found.items() if len(people) == 1}


def write_again(
    district: str, row: models.Identity, identity: Identity, *, key: bytes, box: keys.Keys
) -> None:
    """Seal a corrected identity and its words. Assumes: the caller has asked; scope of the district."""
    new = NewPerson(row.path, identity)
    made = _row(box, district, new, 1)
    row.sealed, row.digest = {**row.sealed, **_fields(key, made.identity, row.id)}, made.digest
    _write(district, [(row, replace(made, person=row.person))])


def _tell(actor: Actor, rows: Sequence[_Row], why: Why) -> None:
    by_path: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_path[row.new.path].append(str(row.person))
    for path, people in sorted(by_path.items()):
        audit(
            actor, kind=Kind.HELD, path=path, subject_type="person",
            subject=UUID(people[0]) if len(people) == 1 else None,
            payload={"persons": sorted(set(people)), "trigger": why.trigger, "purpose": why.purpose,
                     "basis": why.basis, "reason": why.reason, "keep": why.keep},
        )  # fmt: skip
