"""Reads of orders: those that concern an area, who has taken one on and who has not, what waits for me."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from bulou.access.queries.holders import holders
from bulou.access.terms import Actor
from bulou.command import models
from bulou.command.rules import orders as rules
from bulou.command.rules.payloads import Issue, told
from bulou.command.terms import Addressee, Delivery, Order, OrderKind, Receipt
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger.terms import Entry

MOST = 500
"""So many orders of a district are looked at, the newest: an office issues a few a day."""
_decoder = msgspec.json.Decoder(Order)


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """The earlier records of the same subject."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What waits for one person: orders to take on, and tasks to report."""

    orders: tuple[Order, ...]
    tasks: tuple[Order, ...]
    late: bool


def orders(scope: Scope, *, superseded: bool = False) -> tuple[Order, ...]:
    """Orders that were issued in the scope or go to it, newest first. 1 query."""
    rows = models.Order.objects.filter(district__in=scope.districts, superseded_at__isnull=not superseded)
    found = (_decoder.decode(row.body) for row in rows.order_by("-issued_at", "-id")[:MOST])
    return tuple(order for order in found if rules.meets(order, scope))


def order(scope: Scope, order_id: UUID) -> Order:
    """One order. 1 query.

    Raises:
        ProblemError: command.not_found (404), the same for absent and not yours.
    """
    row = models.Order.objects.filter(id=order_id, district__in=scope.districts).first()
    found = _decoder.decode(row.body) if row else None
    if found is None or not rules.meets(found, scope):
        raise ProblemError("command.not_found", status=404)
    return found


def receipt(order: Order, account: UUID) -> Receipt | None:
    """What one person said about an order. 1 query."""
    row = models.Receipt.objects.filter(district=order.district, order=order.id, account=account).first()
    return Receipt(row.account, row.read_at, row.taken_at) if row else None


def delivery(order: Order, at: datetime) -> Delivery:
    """To whom an order goes at a moment, and who has taken it on. 2 queries."""
    return deliveries([order], at)[0]


def deliveries(found: Sequence[Order], at: datetime) -> tuple[Delivery, ...]:
    """The same for several orders, in their order. 2 queries whatever their number, none for none."""
    if not found:
        return ()
    rows = models.Receipt.objects.filter(
        district__in={one.district for one in found}, order__in=[one.id for one in found]
    )
    receipts: dict[UUID, dict[UUID, Receipt]] = {one.id: {} for one in found}
    for row in rows:
        receipts[row.order][row.account] = Receipt(row.account, row.read_at, row.taken_at)
    everybody = holders(sorted({area for one in found for area in one.areas}), at)
    people = [Addressee(h.account_id, h.display_name, h.team, h.role, h.path) for h in everybody]
    return tuple(Delivery(one, receipts[one.id], _addressed(one, people)) for one in found)


def overdue(scope: Scope, at: datetime) -> tuple[Delivery, ...]:
    """Orders issued in the scope whose time to answer is over while somebody is missing. 1 to 3 queries."""
    late = [one for one in orders(scope) if one.answer_by < at and scope.covers(one.path)]
    return tuple(one for one in deliveries(late, at) if one.missing)


def mine(actor: Actor, scope: Scope, at: datetime) -> Mine:
    """What waits for one person: orders not taken on, and own tasks not reported. 1 or 2 queries."""
    found = orders(scope)
    own = [one for one in found if rules.addressed(one, actor.grants, at)]
    tasks = tuple(
        one
        for one in found
        if any(task.owner == actor.account_id and task.reported_at is None for task in one.tasks)
    )
    taken: set[UUID] = set()
    if own:
        rows = models.Receipt.objects.filter(
            district__in=scope.districts, account=actor.account_id, taken_at__isnull=False
        )
        taken = set(rows.values_list("order", flat=True))
    waiting = tuple(one for one in own if one.id not in taken)
    late = any(one.answer_by < at for one in waiting) or any(
        task.late(at) for one in tasks for task in one.tasks if task.owner == actor.account_id
    )
    return Mine(waiting, tasks, late)


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that refuse a word about an order at the desk. At most 2 queries."""
    subjects = [entry.subject] if entry.subject else []
    if entry.kind in rules.RECEIPTS:
        there = models.Order.objects.filter(district=entry.district, id__in=subjects)
        return () if there.exists() else ("command.no_order",)
    earlier = context.history.get(entry.subject, ()) if entry.subject else ()
    order, _receipts = rules.fold(tuple(earlier))
    found = rules.problem(entry, order)
    if found or entry.kind != OrderKind.ISSUED:
        return (found,) if found else ()
    said = told(entry.payload, Issue)
    if said is None:
        return ("command.unreadable",)
    if models.Order.objects.filter(district=entry.district, number=said.number.strip()).exists():
        return ("command.number_taken",)
    known = grid.areas(entry.district, said.areas, clock.local_date(entry.effective_at))
    return () if set(said.areas) <= set(known) else ("command.no_area",)


def _addressed(order: Order, people: Sequence[Addressee]) -> tuple[Addressee, ...]:
    """Each person once, for the first role and area by which the order concerns him."""
    found: dict[UUID, Addressee] = {}
    for one in people:
        fits = not order.roles or one.role in order.roles
        if fits and any(one.path == area or one.path.startswith(f"{area}.") for area in order.areas):
            found.setdefault(one.account, one)
    return tuple(found.values())
