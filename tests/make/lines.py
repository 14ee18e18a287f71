"""Builders for the lines: entries as the ledger would keep them, told with the least words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from bulou.kernel import ids
from bulou.ledger.terms import Entry, Standing

MORNING = datetime(2020, 1, 28, 1, 0, tzinfo=UTC)  # 09:00 in the district
SUN, LIN, WU, QIAN = (UUID(int=n) for n in (1, 2, 3, 4))
PLACE = "370725.001.003.c011"
_encoder = msgspec.json.Encoder(order="sorted")


def after(**delta: float) -> datetime:
    """A moment counted from the morning of 28 January 2020."""
    return MORNING + timedelta(**delta)


def entry(
    kind: str,
    *,
    at: datetime = MORNING,
    subject: UUID | None = None,
    author: UUID = SUN,
    team: str = "supervision-5",
    outcome: str = "",
    payload: Mapping[str, Any] | None = None,
    path: str = PLACE,
    operation: UUID | None = None,
    subject_type: str = "finding",
    corrects: UUID | None = None,
    withdraws: UUID | None = None,
    accepts: UUID | None = None,
    standing: Standing = Standing.KEPT,
    problems: tuple[str, ...] = (),
) -> Entry:
    """An entry made at a desk at the given moment."""
    return Entry(
        id=ids.uuid7(at), district=path.split(".", 1)[0], path=path, kind=kind, operation=operation,
        subject_type=subject_type, subject=subject or uuid4(), slot="", outcome=outcome,
        payload=_encoder.encode(payload or {}), observed_at=at, clock_offset_ms=0, effective_at=at,
        device=None, device_seq=None, author=author, team=team, protocol="", based_on=None, corrects=corrects,
        withdraws=withdraws, accepts=accepts, received_at=at, standing=standing, problems=problems,
    )  # fmt: skip
