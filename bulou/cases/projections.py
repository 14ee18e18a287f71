"""Records to cases: a record that alarms opens one, whatever its line; later records settle its steps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import F, Q

from bulou.cases import models
from bulou.cases.rules import folding
from bulou.cases.terms import AT_A_GATE, HANDED_OVER, REFERRED, Case, Kind
from bulou.ledger import queries as ledger
from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols

BATCH = 2_000
LOCKS = 64
KINDS = frozenset(kind.value for kind in Kind)
OPENERS = (Kind.OPENED.value, "watch.seen", "watch.tested", "testing.result")
"""Kinds of records whose outcome or reading may open a case."""
OPEN = (REFERRED, HANDED_OVER)
_FIELDS = ("district", "path", "protocol", "about", "opened_at", "due_at", "closed_at", "record", "body")


@dataclass(slots=True)
class _Touched:
    """Which subjects and which cases a batch is about."""

    about: set[UUID] = field(default_factory=set)
    cases: set[UUID] = field(default_factory=set)


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the cases of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 1 query where nothing alarms and nothing is taken
    back, else 8, whatever the number of records.
    """
    book = _book(entries)
    spoken = ledger.spoken_about(district, [entry.id for entry in entries if entry.kind not in KINDS])
    touched = _Touched()
    for entry in entries:
        if entry.subject is None:
            continue
        if entry.kind in KINDS:
            touched.cases.add(entry.subject)
        elif entry.target or entry.id in spoken or folding.wanted(entry, book):
            touched.about.add(entry.subject)
    if not touched.about and not touched.cases:
        return
    if touched.cases:
        found = ledger.by_ids(district, sorted(touched.cases))
        touched.about |= {one.subject for one in found.values() if one.subject}
    _hold(district, touched.about | touched.cases)
    _write(district, touched)


def apply_gates(district: str, entries: Sequence[Entry]) -> None:
    """The same for what was told at checkpoints, nearly all of which opens nothing. No query then."""
    apply(district, [entry for entry in entries if entry.outcome in OPEN or entry.target])


def rebuild(district: str) -> None:
    """Guarantees the district's cases are exactly what the ledger says; some thousands at a time."""
    models.Case.objects.filter(district=district).delete()
    found = {
        *ledger.subjects_of(district, kinds=OPENERS),
        *ledger.subjects_of(district, kinds=AT_A_GATE, outcome=REFERRED),
        *ledger.subjects_of(district, kinds=AT_A_GATE, outcome=HANDED_OVER),
    }
    subjects = sorted(found)
    for start in range(0, len(subjects), BATCH):
        page = set(subjects[start : start + BATCH])
        _write(district, _Touched(about=page, cases=set(page)))


def _book(entries: Iterable[Entry]) -> folding.Book:
    return protocols.known(sorted({entry.protocol for entry in entries if entry.protocol}))


def _hold(district: str, subjects: set[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('cases.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({subject.int % LOCKS for subject in subjects})],
        )


def _write(district: str, touched: _Touched) -> None:
    told = ledger.records_alone(district, sorted(touched.about))
    groups: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in told:
        if entry.subject and entry.kind not in KINDS:
            groups[entry.subject].append(entry)
    heads = [(head, group) for group in groups.values() for head in folding.heads(group, _book(group))]
    ids = {head.id for head, _ in heads} | touched.cases
    said: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ledger.records_alone(district, sorted(ids)):
        if entry.subject and entry.kind in KINDS:
            said[entry.subject].append(entry)
    for subject in touched.cases:
        opened = [entry for entry in live(said[subject]) if entry.kind == Kind.OPENED]
        heads += [(opened[0], said[subject])] if opened else []
    made = [case for head, group in heads if (case := _case(head, group, said))]
    _save(district, touched, made)


def _case(head: Entry, group: Sequence[Entry], said: dict[UUID, list[Entry]]) -> Case | None:
    slug = folding.wanted(head, _book([head]))
    compiled = protocols.compiled(head.protocol) if head.kind == Kind.OPENED else None
    compiled = compiled or protocols.in_force(slug, head.received_at)
    if compiled is None or head.subject is None:
        return None
    case_id = head.subject if head.kind == Kind.OPENED else head.id
    in_force = any(one.id == head.id for one in live(group))
    return folding.fold(head, said.get(case_id, ()), compiled, in_force=in_force)


def _save(district: str, touched: _Touched, made: Sequence[Case]) -> None:
    there = {case.id for case in made}
    # a case that was opened by itself is about a stay or a site, and is touched by its own records only
    mine = Q(about__in=touched.about, id=F("record")) | Q(id__in=touched.cases)
    models.Case.objects.filter(mine, district=district).exclude(id__in=there).delete()
    models.Case.objects.bulk_create(
        [
            models.Case(
                id=one.id, district=one.district, path=one.path, protocol=one.protocol, about=one.about,
                opened_at=one.opened_at, due_at=one.due_at, closed_at=one.closed_at, record=one.record,
                body=msgspec.json.encode(one).decode(),
            )
            for one in sorted(made, key=lambda one: one.id)
        ],
        batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_FIELDS,
    )  # fmt: skip
