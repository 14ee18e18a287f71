"""What intake can tell: reviews to do, conflicts, holes, whether projections agree with their sources."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import connection

from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Account
from bulou.evidence import queries as evidence
from bulou.evidence.terms import Attachment
from bulou.kernel import clock, sqlfiles
from bulou.kernel import scope as scopes
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Conflict, Entry, Gap, Standing
from bulou.lines.isolation.queries import crossing, stays
from bulou.lines.isolation.rules.crossing import Evidence
from bulou.lines.isolation.terms import Stay
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.rules.payloads import body
from bulou.lines.supervision.rules.payloads import covert as covert_words
from bulou.lines.supervision.terms import Kind as Supervision
from bulou.lines.tracing.queries import chains

NOTHING = Scope((), ())
COVERT = (Supervision.INSPECTION.value, Supervision.FINDING.value)
"""Kinds whose arrival alone would tell the inspected that somebody was there."""
SUPERVISION = frozenset(kind.value for kind in Supervision)


def crossings(district: str, stay: Stay, at: datetime) -> Evidence:
    """What the records say about infection from guest to guest at a site; two lines know. 9 queries."""
    persons = crossing.company(district, stay, at)
    ill = chains.known_cases(district, sorted(set(persons.values()))) if persons else {}
    since = {person: clock.day_bounds(case.sampled_on or case.reported_on)[0] for person, case in ill.items()}
    return crossing.evidence(district, stay, at, ill=since)


def watch_crossings(district: str, watch: UUID, at: datetime) -> Evidence | None:
    """The same for the watch of a stay at a site; None for every other watch. At most 13 queries."""
    stay_id = crossing.stay_of_watch(district, watch)
    if stay_id is None:
        return None
    return crossings(district, stays.by_ids(scopes.whole(district), [stay_id])[stay_id], at)


def doubtful(
    scope: Scope,
    *,
    path: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    covert: Scope = NOTHING,
) -> list[Entry]:
    """Doubtful records that wait for a person, newest first. 1 query, 2 more where supervision is among them.

    What the inspected do not know yet is left out, except where `covert` reaches.
    """
    found: list[Entry] = []
    while len(found) < limit:
        more = ledger.doubtful(scope, path=path, before=before, limit=limit)
        found += open_to(scope, more, covert=covert)
        if len(more) < limit:
            break
        before = (more[-1].received_at, more[-1].id)
    return found[:limit]


def conflicts(scope: Scope, *, limit: int = 100) -> list[Conflict]:
    """Ids that came with two contents, newest first. 1 query."""
    return ledger.conflicts(scope, limit=limit)


def gaps(district: str, devices: Sequence[UUID] | None = None) -> list[Gap]:
    """Records that devices have numbered and not delivered. 1 query."""
    return ledger.gaps(district, devices)


def last_number(district: str, device: UUID) -> int:
    """The greatest number of a device that has arrived: what the phone holds above it is unsent. 1 query."""
    with scopes.transaction(scopes.whole(district)):
        return ledger.last_number(district, device)


def history(scope: Scope, subject: UUID, *, limit: int = 500, covert: Scope = NOTHING) -> list[Entry]:
    """Everything told about a subject, oldest first. 1 query, 2 more for one of supervision.

    A finding that the inspected do not know yet has no history, except where `covert` reaches.
    """
    return open_to(scope, ledger.history(scope, subject, limit=limit), covert=covert)


def open_to(scope: Scope, entries: Sequence[Entry], *, covert: Scope) -> list[Entry]:
    """These records without those of findings and visits that the inspected do not know yet.

    2 queries where supervision is among them, else none.
    """
    secret = [e for e in entries if e.kind in SUPERVISION and not covert.covers(e.path)]
    if not secret:
        return list(entries)
    shown = supervision.shown(scope, [e.subject for e in secret if e.subject], covert=covert)
    # a doubtful finding is in no table yet: there its own words decide
    hidden = {
        e.id
        for e in secret
        if e.subject not in shown or (e.standing is Standing.DOUBTFUL and covert_words(body(e)))
    }
    return [e for e in entries if e.id not in hidden]


def attachment(scope: Scope, attachment_id: UUID, *, covert: Scope) -> Attachment:
    """A photo that the reader may see: who may see its record. 2 queries, 2 more for one of supervision.

    `covert` is where the reader may see what the inspected do not know yet.

    Raises:
        ProblemError: evidence.not_found (404), the same for absent, not yours and not told yet.
    """
    found, entry = evidence.attachment(scope, attachment_id)
    if not open_to(scope, [entry], covert=covert):
        raise ProblemError("evidence.not_found", status=404)
    return found


def account(
    scope: Scope,
    operation_id: UUID,
    *,
    path: str | None = None,
    depth: int = 0,
    as_of: datetime | None = None,
) -> Account:
    """The account now, or what the board showed at `as_of`."""
    operation = rounds.operation(scope, operation_id)
    if as_of is None:
        return accounts.account(scope, operation, path=path, depth=depth)
    return accounts.past_account(scope, operation, at=as_of, known_at=as_of, path=path, depth=depth)


def table_digests(district: str, line: str) -> dict[str, str]:
    """A digest of the district's rows in each table of a line, for comparing live rows with their rebuild."""
    digests: dict[str, str] = {}
    for model in apps.get_app_config(line).get_models():
        table = model._meta.db_table  # noqa: SLF001 - Django's public way to the table name
        with connection.cursor() as cursor:
            statement = sqlfiles.load("bulou.intake", "table_digest").replace("/*table*/", table)
            cursor.execute(statement, [district])
            row = cursor.fetchone()
        digests[table] = row[0] if row else ""
    return digests


def revisits_out_of_step(district: str) -> list[str]:
    """Revisits without a unit that asks for one, and units that ask in vain, at most 100. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.intake", "revisits_out_of_step"), {"district": district})
        return [f"revisit of {row[0]} does not match its unit" for row in cursor.fetchall()]
