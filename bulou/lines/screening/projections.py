"""Records to the register: every touched person is folded anew from the ledger, with all their other ids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from bulou.kernel import sqlfiles
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Kind as Shared
from bulou.lines.screening import models
from bulou.lines.screening.rules import register
from bulou.lines.screening.terms import RANK, Clause, Folded, Kind, Merge, MergeState, Risk, RiskRule
from bulou.people import projections as people
from bulou.people.terms import FoundPerson, PlaceKind

ROOM = "bulou.lines.screening"
BATCH = 1_000
REVIEWS = (Shared.RECORD_ACCEPTED.value, Shared.RECORD_REJECTED.value)
KINDS = (*(kind.value for kind in Kind if kind is not Kind.VISIT), *REVIEWS)
_PERSON = sorted(
    {f.name for f in models.Person._meta.concrete_fields} - {"id", "risk"}  # noqa: SLF001 - Django's public API
)
_MERGE = sorted({f.name for f in models.Merge._meta.concrete_fields} - {"id"})  # noqa: SLF001 - as above
Links = Mapping[UUID, UUID | None]


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees register, merges and classes stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them, with the whole district in scope. About 20 statements,
    whatever the number of records; a new rule adds one pass over the district's register.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district)
    if any(entry.kind == Kind.RULE for entry in entries):
        _write_rules(district, ledger.records_of(district, kinds=[Kind.RULE, *REVIEWS]))
        classify(district)
    if all(entry.kind == Kind.RULE for entry in entries):
        return
    before = _links(district, subjects)
    _write_merges(subjects, ledger.records_of(district, subjects=subjects))
    _write_people(district, {**before, **_links(district, sorted(before))})


def rebuild(district: str) -> None:
    """Guarantees the district's register is exactly what the ledger says."""
    for table in (models.Person, models.Merge, models.Rule):
        table.objects.filter(district=district).delete()
    entries = ledger.records_of(district, kinds=KINDS)
    _write_rules(district, entries)
    subjects = sorted({e.subject for e in entries if e.subject and e.kind != Kind.RULE})
    _write_merges(subjects, entries)
    for start in range(0, len(subjects), BATCH):
        _write_people(district, _links(district, subjects[start : start + BATCH]))


def rebuild_people(district: str) -> None:
    """Guarantees what the register tells the vault (places, doubles, duties) is told anew, from nothing."""
    people.reset(district)
    rebuild(district)


def classify(district: str, persons: Sequence[UUID] | None = None) -> dict[UUID, Risk]:
    """Guarantees everybody, or these, have the class of the rule; returns whose class changed. 2 queries."""
    found = models.Rule.objects.filter(district=district).order_by("-set_at", "-id").first()
    clauses = found.clauses if found else []
    statement = sqlfiles.load(ROOM, "classify").replace("/*classes*/", sqlfiles.load(ROOM, "classes"))
    values: dict[str, Any] = {
        "district": district,
        "people": None if persons is None else list(persons),
        "clauses": msgspec.json.encode(clauses).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {person: Risk(risk) for person, risk in cursor.fetchall()}


def clauses_as_rows(clauses: Iterable[Clause]) -> list[dict[str, Any]]:
    """The clauses as `sql/classes.sql` reads them."""
    return [
        {
            "rank": RANK[one.risk],
            "risk": one.risk.value,
            "places": [place for place in one.places if place.strip()],
            "words": [word for place in one.places if (word := register.spelled(place))],
            "codes": [code for code in one.codes if code],
            "from_on": one.from_on.isoformat() if one.from_on else None,
            "contact": one.contact,
        }
        for one in clauses
    ]


def _hold(district: str) -> None:
    # Two records of one person in two transactions: the second reads after the first has committed.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('screening.register'), hashtext(%s))", [district]
        )


def _write_rules(district: str, entries: Sequence[Entry]) -> None:
    """Every rule that was ever in force stands in the table; the newest holds."""
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject and entry.kind in {Kind.RULE, *REVIEWS}:
            by_subject[entry.subject].append(entry)
    found = {subject: register.rule_of(told) for subject, told in by_subject.items()}
    rules: list[tuple[UUID, RiskRule]] = [(s, rule) for s, rule in found.items() if rule is not None]
    gone = [subject for subject, rule in found.items() if rule is None]
    models.Rule.objects.filter(district=district, id__in=gone).delete()
    models.Rule.objects.bulk_create(
        [
            models.Rule(
                id=subject, district=district, clauses=clauses_as_rows(rule.clauses), set_at=rule.set_at,
                set_by=rule.set_by, reason=rule.reason,
            )
            for subject, rule in rules
        ],
        update_conflicts=True, unique_fields=["id"], update_fields=["clauses", "set_at", "set_by", "reason"],
    )  # fmt: skip


def _links(district: str, subjects: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Everybody who is one person with these, each with the entry it was merged into."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "group"), {"district": district, "people": list(subjects)})
        return dict(cursor.fetchall())


def _write_merges(subjects: Sequence[UUID], entries: Sequence[Entry]) -> None:
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            by_subject[entry.subject].append(entry)
    found = {subject: register.merge_of(by_subject.get(subject, ())) for subject in subjects}
    models.Merge.objects.filter(id__in=[s for s, merge in found.items() if merge is None]).delete()
    models.Merge.objects.bulk_create(
        [_merge_row(merge) for merge in found.values() if merge is not None],
        batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_MERGE,
    )  # fmt: skip


def _merge_row(merge: Merge) -> models.Merge:
    decided = merge.state is not MergeState.PROPOSED
    return models.Merge(
        id=merge.drop, district=merge.path.partition(".")[0], path=merge.path, keep=merge.keep,
        state=merge.state, proposal=merge.proposal, proposed_by=merge.proposed_by, reason=merge.reason,
        proposed_at=merge.proposed_at, decided_by=merge.decided_by if decided else None,
        decided_at=merge.decided_at if decided else None,
    )  # fmt: skip


def _write_people(district: str, links: Links) -> None:
    """Fold each group of ids into the row of the one who stays; tell the vault where everybody is."""
    roots = {one: root_of(one, links) for one in links}
    members: dict[UUID, list[UUID]] = defaultdict(list)
    for one, root in roots.items():
        members[root].append(one)
    told: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ledger.records_of(district, subjects=sorted(links)):
        if entry.subject:
            told[roots[entry.subject]].append(entry)
    folded = {root: register.fold(told.get(root, ())) for root in members}
    rows = {root: facts for root, facts in folded.items() if facts is not None}
    models.Person.objects.filter(district=district, id__in=sorted(links.keys() - rows.keys())).delete()
    models.Person.objects.bulk_create(
        [_person_row(district, root, facts) for root, facts in sorted(rows.items())],
        batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_PERSON,
    )  # fmt: skip
    classify(district, sorted(rows))
    _tell_the_vault(district, roots, rows)


def root_of(one: UUID, links: Links) -> UUID:
    """The entry that stays; of entries merged in a ring, the one with the smallest id."""
    seen = [one]
    while (after := links.get(seen[-1])) is not None:
        if after in seen:
            return min(seen[seen.index(after) :])
        seen.append(after)
    return seen[-1]


def _tell_the_vault(district: str, roots: Mapping[UUID, UUID], rows: Mapping[UUID, Folded]) -> None:
    known = {one: rows[root] for one, root in roots.items() if root in rows}
    people.register_found(
        [
            FoundPerson(one, district, facts.path, facts.path, PlaceKind.DWELLING, facts.found_at)
            for one, facts in known.items()
        ]
    )
    people.unplace(district, [one for one in roots if one not in known])
    people.place(district, {one: facts.path for one, facts in known.items()})
    people.alias(district, {one: root if root != one else None for one, root in roots.items()})
    ends = {one: register.duty_until(facts) for one, facts in known.items()}
    people.duties(district, {**dict.fromkeys(roots), **ends}, source="register")


def _person_row(district: str, person: UUID, facts: Folded) -> models.Person:
    return models.Person(
        id=person, district=district, path=facts.path, standing=facts.standing, risk=Risk.GENERAL,
        named=facts.named, triggers=list(facts.triggers), channel=facts.channel, found_at=facts.found_at,
        author=facts.author, arrived_on=facts.arrived_on, contact=facts.contact,
        stays=[
            {
                "place": s.place, "spelled": register.spelled(s.place), "code": s.code,
                "left_on": s.left_on.isoformat() if s.left_on else None,
            }
            for s in facts.stays
        ],
        transport=facts.transport, trip=facts.trip, door=facts.door, companions=list(facts.companions),
        left_at=facts.left_at, left_why=facts.left_why, record=facts.record, n_records=facts.n_records,
    )  # fmt: skip
