"""Reads behind the estimate of people in no register: who was seen once, who twice, by community."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

from bulou.coverage.terms import Operation, Origin, State
from bulou.kernel import sqlfiles
from bulou.lines.testing.rules.heads import COMMUNITY_LABELS
from bulou.lines.testing.rules.unknown import Lists

ROOM: Final = "bulou.lines.testing"


def between_rounds(first: Operation, second: Operation, path: str) -> tuple[Lists, ...]:
    """Persons sampled in two rounds, by community. 1 query; it reads both rounds' units in the open scope."""
    return _lists("plan_twice", path, {"first": first.id, "second": second.id})


def between_register_and_round(operation: Operation, path: str) -> tuple[Lists, ...]:
    """Persons whom screening and the registers knew, and persons sampled, by community. 1 query.

    Who was added to the round later was sampled without having been known.
    """
    more = {"operation": operation.id, "opening": Origin.OPENING.value, "removed": int(State.REMOVED)}
    return _lists("plan_listed", path, more)


def whole(lists: Iterable[Lists], path: str) -> Lists:
    """All communities together."""
    every = list(lists)
    return Lists(
        path, sum(x.first for x in every), sum(x.second for x in every), sum(x.both for x in every)
    )  # fmt: skip


def _lists(name: str, path: str, more: dict[str, Any]) -> tuple[Lists, ...]:
    values = {
        "district": path.partition(".")[0], "path": path, "low": path + ".", "high": path + "/",
        "done": int(State.DONE), "labels": COMMUNITY_LABELS, **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, name), values)
        return tuple(Lists(*row) for row in cursor.fetchall())
