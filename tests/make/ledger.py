"""Builders for the ledger: entries of the test district, and hands that do what the program may not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from msgspec import structs

from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.ledger import actions
from bulou.ledger.terms import Entry, Standing

DISTRICT = "220303"
PLACE = f"{DISTRICT}.001.005"
WANG = UUID(int=17)
PHONE = UUID(int=117)
SETTLED_WITHIN = 60  # seconds


def entry(**changes: Any) -> Entry:
    """A visit at a door, told by a phone."""
    now = clock.now()
    made = Entry(
        id=ids.uuid7(), district=DISTRICT, path=PLACE, kind="screening.visit", operation=None,
        subject_type="dwelling", subject=ids.uuid7(), slot="", outcome="done", payload=b'{"met":"adult"}',
        observed_at=now, clock_offset_ms=0, effective_at=now, device=PHONE, device_seq=None, author=WANG,
        team="", protocol="household-screening-round@1", based_on=None, corrects=None, withdraws=None,
        accepts=None, received_at=now, standing=Standing.KEPT, problems=(),
    )  # fmt: skip
    return structs.replace(made, **changes)


def keep(*entries: Entry) -> list[str]:
    """Appends in a transaction of its own; the fates."""
    with transaction(whole(entries[0].district)):
        return [str(a.fate) for a in actions.append(entries)]


def settle() -> None:
    """Waits until every transaction that runs now has ended, those of the server itself too (statistics)."""
    end = time.monotonic() + SETTLED_WITHIN
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (now,) = cursor.fetchone() or (0,)
        while time.monotonic() < end:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s", [now])
            if cursor.fetchone() == (True,):
                return
    raise AssertionError("a transaction of somebody else did not end")


@contextmanager
def tampering(superuser: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The connection of somebody with the keys to the server: no trigger and no policy stops it."""
    superuser.execute("SET session_replication_role = replica")
    try:
        yield superuser
    finally:
        superuser.execute("RESET session_replication_role")
