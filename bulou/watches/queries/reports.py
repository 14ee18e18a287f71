"""Reads of what people told of themselves, and of the papers that open their pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from bulou.kernel import ids, paging, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.ledger import queries as ledger
from bulou.watches import models
from bulou.watches.terms import SAMPLED, Report, ReportPage, SlotState

MOST = 10_000  # counted no further


class _Told(msgspec.Struct, frozen=True):
    temperature_c: float | None = None
    symptoms: tuple[str, ...] = ()


def waiting(district: str, path: str, *, cursor: str | None = None, limit: int = 50) -> ReportPage:
    """Reports below a place that nobody has looked at, alarming ones first, then the oldest. 2 queries."""
    with connection.cursor() as executed:
        executed.execute(
            sqlfiles.load("bulou.watches", "reported"),
            _below(district, path) | _after(cursor) | {"limit": limit + 1},
        )
        rows = executed.fetchall()
    shown = rows[:limit]
    told = ledger.by_ids(district, [row[0] for row in shown])
    items = tuple(_report(row, told[row[0]].payload if row[0] in told else b"{}") for row in shown)
    following = None
    if len(rows) > limit:
        last = items[-1]
        following = paging.encode("0" if last.alert else "1", last.at.isoformat(), str(last.record))
    return ReportPage(items, following)


def count_waiting(district: str, path: str) -> int:
    """How many reports below a place wait, counted to 10,000. 1 query."""
    with connection.cursor() as executed:
        parameters = _below(district, path) | _after(None) | {"limit": MOST}
        text = sqlfiles.load("bulou.watches", "reported")
        executed.execute(f"SELECT count(*) FROM ({text}) s", parameters)  # noqa: S608 - our own file
        row = executed.fetchone()
    return int(row[0]) if row else 0


def by_code(code: str) -> tuple[str, UUID] | None:
    """The district and watch behind the code on a card. Assumes a scope that sees every district. 1 query."""
    found = models.Card.objects.filter(code_hash=ids.paper_hash(code)).values_list("district", "watch")
    return next(iter(found), None)


def card_issued_at(district: str, watch: UUID) -> datetime | None:
    """When the card of a watch was printed last. 1 query."""
    rows = models.Card.objects.filter(district=district, watch=watch)
    return rows.values_list("issued_at", flat=True).first()


def open_watches(district: str, person: UUID) -> tuple[UUID, ...]:
    """The watches of a person that are open, newest first. 1 query."""
    rows = models.Watch.objects.filter(district=district, person=person, is_open=True)
    return tuple(rows.order_by("-started_at", "id").values_list("id", flat=True))


def _below(district: str, path: str) -> dict[str, Any]:
    return {
        "district": district, "path": path, "low": f"{path}.", "high": f"{path}/",
        "reported": int(SlotState.REPORTED), "sampled": SAMPLED,
    }  # fmt: skip


def _after(cursor: str | None) -> dict[str, Any]:
    if not cursor:
        return {"after": None, "calm": None, "last": None}
    try:
        calm, at, last = paging.decode(cursor)
        return {"after": datetime.fromisoformat(at), "calm": calm == "1", "last": UUID(last)}
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _report(row: Sequence[Any], payload: bytes) -> Report:
    try:
        told = msgspec.json.decode(payload, type=_Told)
    except (msgspec.DecodeError, msgspec.ValidationError):
        told = _Told()
    record, watch, person, path, protocol, track, due_at, at, outcome, alert = row
    return Report(
        record, watch, person, path, protocol, track, due_at, at, outcome, alert, told.temperature_c,
        told.symptoms,
    )  # fmt: skip
