"""What became of an order, as a pure fold over its records: any order of arrival gives the same."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bulou.access import rules as access
from bulou.access.terms import Grant
from bulou.command.rules.payloads import By, Issue, Report, told
from bulou.command.terms import Order, OrderKind, OrderTask, Receipt
from bulou.kernel.reach import Scope
from bulou.ledger.rules import live
from bulou.ledger.terms import Entry

RECEIPTS = frozenset({OrderKind.READ, OrderKind.ACKNOWLEDGED})


def fold(entries: Sequence[Entry]) -> tuple[Order | None, Mapping[UUID, Receipt]]:
    """The order and who has read it; None where no record in force issues one."""
    order: Order | None = None
    receipts: dict[UUID, Receipt] = {}
    for entry in _issue_first(live(entries)):
        if entry.kind == OrderKind.ISSUED:
            order = order or _issued(entry)
        elif order is None:
            continue
        elif entry.kind in RECEIPTS:
            receipts[entry.author] = received(receipts.get(entry.author), entry)
        elif entry.kind == OrderKind.REPORTED:
            order = _reported(order, entry)
        elif entry.kind == OrderKind.SUPERSEDED:
            order = _superseded(order, entry)
    return order, receipts


def problem(entry: Entry, order: Order | None) -> str:
    """Why a desk may not say this about an order as it stands: a problem code, or nothing."""
    if entry.kind == OrderKind.ISSUED:
        return _incomplete(entry) if order is None else "command.number_taken"
    if order is None:
        return "command.no_order"
    match entry.kind:
        case OrderKind.REPORTED:
            return "" if _task(order, entry) else "command.no_task"
        case OrderKind.SUPERSEDED:
            if order.superseded_at is not None:
                return "command.superseded"
            return "" if told(entry.payload, By) else "command.unreadable"
    return ""


def addressed(order: Order, grants: Iterable[Grant], at: datetime) -> str:
    """The path of one's own area for which an order concerns somebody; empty where it does not."""
    held = (grant for grant in grants if access.live(grant, at) and not grant.by_glass)
    wanted = (grant for grant in held if not order.roles or grant.role in order.roles)
    return next((g.path for g in wanted if any(access.covers(a, g.path) for a in order.areas)), "")


def received(before: Receipt | None, entry: Entry) -> Receipt:
    """What somebody has said about an order, with one more word of his."""
    read_at = min(before.read_at, entry.effective_at) if before else entry.effective_at
    taken = [before.taken_at] if before and before.taken_at else []
    taken += [entry.effective_at] if entry.kind == OrderKind.ACKNOWLEDGED else []
    return Receipt(entry.author, read_at, min(taken, default=None))


def meets(order: Order, scope: Scope) -> bool:
    """Whether an order is of interest in a scope: it was issued there, or goes there, or goes above it."""
    areas: Collection[str] = (order.path, *order.areas)
    below = any(scope.covers(area) for area in areas)
    return below or any(access.covers(area, path) for area in order.areas for path in scope.paths)


def _issue_first(entries: Sequence[Entry]) -> list[Entry]:
    """The order before everything about it, whatever the clocks say."""
    return sorted(entries, key=lambda e: (e.kind != OrderKind.ISSUED, e.effective_at, e.id))


def _issued(entry: Entry) -> Order | None:
    said = told(entry.payload, Issue)
    if said is None or entry.subject is None:
        return None
    tasks = tuple(OrderTask(n, t.text.strip(), t.owner, t.due_at) for n, t in enumerate(said.tasks, 1))
    return Order(
        id=entry.subject, district=entry.district, path=entry.path, number=said.number.strip(),
        title=said.title.strip(), text=said.text.strip(), unit=said.unit.strip(),
        meeting=said.meeting.strip(), areas=tuple(dict.fromkeys(said.areas)), roles=said.roles,
        round=said.round, answer_by=said.answer_by, tasks=tasks, issued_at=entry.effective_at,
        issued_by=entry.author, issued_team=entry.team, supersedes=said.supersedes,
    )  # fmt: skip


def _task(order: Order, entry: Entry) -> Report | None:
    """What was reported, if it is the reporter's own task of this order."""
    said = told(entry.payload, Report)
    if said is None or not said.text.strip():
        return None
    mine = any(task.number == said.task and task.owner == entry.author for task in order.tasks)
    return said if mine else None


def _reported(order: Order, entry: Entry) -> Order:
    said = _task(order, entry)
    if said is None:
        return order
    done = tuple(
        replace(task, reported_at=task.reported_at or entry.effective_at, report=said.text.strip())
        if task.number == said.task
        else task
        for task in order.tasks
    )
    return replace(order, tasks=done)


def _superseded(order: Order, entry: Entry) -> Order:
    said = told(entry.payload, By)
    if said is None or order.superseded_at is not None:
        return order
    return replace(order, superseded_at=entry.effective_at, superseded_by=said.order)


def _incomplete(entry: Entry) -> str:
    said = told(entry.payload, Issue)
    if said is None:
        return "command.unreadable"
    if not all(word.strip() for word in (said.number, said.title, said.text, said.unit)):
        return "command.order_incomplete"
    if not all(access.covers(entry.path, area) for area in said.areas):
        return "command.outside"
    due = (said.answer_by, *(task.due_at for task in said.tasks))
    return "command.answer_late" if min(due) <= entry.effective_at else ""
