"""Reads of custody: the board of open handovers, one chain, who keeps what, what makes a record doubtful."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from bulou.custody import models
from bulou.custody.rules import folding, payloads
from bulou.custody.terms import BY_WAY_OF, Chain, Keeper, Keeping, Kind, Leg, Page
from bulou.kernel import paging, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Rung

FAR = datetime(9999, 1, 1, tzinfo=UTC)
_decoder = msgspec.json.Decoder(Chain)


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it came."""


def chains(
    scope: Scope, *, path: str | None = None, done: bool = False, cursor: str | None = None, limit: int = 50
) -> Page:
    """A page of chains that a place gives or receives, the most urgent first. 1 query."""
    rows = _seen(models.Chain.objects.filter(done_at__isnull=not done), scope, path)
    page = rows.annotate(urgency=Coalesce("due_at", Value(FAR))).order_by("urgency", "id")
    if cursor:
        at, last = _position(cursor)
        page = page.filter(Q(urgency__gt=at) | Q(urgency=at, id__gt=last))
    items = list(page[: limit + 1])
    shown, more = items[:limit], len(items) > limit
    after = paging.encode((shown[-1].due_at or FAR).isoformat(), str(shown[-1].id)) if more else None
    return Page(tuple(_decoder.decode(row.body) for row in shown), after)


def chain(scope: Scope, chain_id: UUID) -> Chain:
    """One chain with its legs and everything that happened. Each side of each leg may see it. 1 query.

    Raises:
        ProblemError: custody.not_found (404), the same for absent and not yours.
    """
    row = models.Chain.objects.filter(id=chain_id, district__in=scope.districts).first()
    found = _decoder.decode(row.body) if row else None
    sides = [k for leg in found.legs for k in (leg.giver, leg.receiver)] if found else []
    if found is None or not any(scope.covers(side.path) for side in sides):
        raise ProblemError("custody.not_found", status=404)
    return found


def rung(one: Chain, leg: Leg, at: datetime) -> Rung:
    """Who hears by now that the leg is not over."""
    return folding.rung(one, leg, protocols.compiled(one.protocol).escalate, at)


def keeper(district: str, item: UUID, at: datetime) -> Keeper | None:
    """Who answered for an item at a moment; None only before its first chain. 1 query."""
    rows = models.Keeping.objects.filter(district=district, item=item, valid__contains=at)
    return next((Keeper(row.keeper, row.unit) for row in rows), None)


def keepers_of(district: str, items: Sequence[UUID], at: datetime) -> dict[UUID, Keeper]:
    """Who answers for each of these at a moment, in their order. 1 query."""
    rows = models.Keeping.objects.filter(district=district, item__in=items, valid__contains=at)
    found = {row.item: Keeper(row.keeper, row.unit) for row in rows}
    return {item: found[item] for item in items if item in found}


def keepers(district: str, item: UUID) -> list[Keeping]:
    """All keepers of an item, oldest first. 1 query."""
    rows = models.Keeping.objects.filter(district=district, item=item).order_by("since")
    return [
        Keeping(row.item, Keeper(row.keeper, row.unit), row.since, row.valid.upper, row.chain, row.leg)
        for row in rows
    ]


def handed_over(district: str, path: str, since: datetime, until: datetime) -> tuple[int, int, int]:
    """People of chains that a place began or awaited within a time: manifest, registered, received. 1 query.

    By everything known now; who was not registered apart counts as the manifest says. Goods are not counted.
    """
    rows = models.Chain.objects.filter(
        district=district, sides__overlap=[f"{path}."], opened_at__gte=since, opened_at__lt=until,
        protocol__startswith=f"{BY_WAY_OF}@",
    )  # fmt: skip
    told = rows.aggregate(
        listed=Sum("manifest", default=0), named=Sum(Coalesce("registered", "manifest"), default=0),
        taken=Sum("received", default=0),
    )  # fmt: skip
    return told["listed"], told["named"], told["taken"]


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make a record doubtful; empty when it may stand. Never raises.

    At a desk what cannot count is refused; from the field it is kept, and the fold decides.
    """
    try:
        compiled = protocols.compiled(entry.protocol)
    except ProblemError:
        return ("intake.unknown_protocol",)
    if entry.kind == Kind.OPENED:
        return () if payloads.opened(entry) else ("custody.bad_payload:items",)
    found = compiled.form.problems(dict(context.payload), entry.outcome)
    if not found and entry.outcome not in compiled.records.get(entry.kind, ()):
        found = ("custody.other_kind",)
    if found or entry.device is not None:
        return found
    subjects = [entry.subject] if entry.subject else []
    known = [*ledger.records_alone(entry.district, subjects), entry]
    made = folding.fold(known, protocols.known(sorted({e.protocol for e in known})))
    if made is None:
        return ("custody.not_found",)
    said = next((one for one in made.happened if one.record == entry.id), None)
    problem = said.problem if said else ""
    return (f"custody.{problem}",) if problem and problem != "repeated" else ()


def out_of_step(district: str) -> list[str]:
    """Items whose keepers do not follow each other, chains that are over and do not balance; at most 100."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.custody", "out_of_step"), {"district": district})
        return [row[0] for row in cursor.fetchall()]


def _seen(rows: "QuerySet[models.Chain]", scope: Scope, path: str | None) -> "QuerySet[models.Chain]":
    below = [f"{one}." for one in (scope.paths if path is None else (path,))]
    return rows.filter(sides__overlap=below, district__in=scope.districts)


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None
