"""What the pages of watches, handovers and cases have in common: short numbers, places, words."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from bulou.doors.desk import protocol_words
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.protocols import queries as protocols


def short(item: UUID) -> str:
    """Return the end of a number: enough to tell two apart, nothing about who it is."""
    return item.hex[-6:]


def places(scope: Scope, paths: Iterable[str], at: datetime) -> dict[str, str]:
    """Return what the areas are called, from the street down; the path itself where it is not one's own."""
    wanted = set(paths)
    names = grid.tree_names(scope, wanted, clock.local_date(at)) if wanted else {}
    return {path: reach.spelled(path, names) for path in wanted}


def title(reference: str) -> str:
    """Return what a protocol version is called."""
    try:
        return protocol_words.pick(protocols.compiled(reference).titles)
    except ProblemError:
        return reference


def outcomes(reference: str, kind: str) -> list[tuple[str, str]]:
    """Return the outcomes that a kind of record may have, with their words."""
    compiled = protocols.compiled(reference)
    return [(key, protocol_words.outcome(reference, key)) for key in compiled.records.get(kind, ())]
