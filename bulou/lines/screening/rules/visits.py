"""Pure rules of screening beyond its form."""

from collections.abc import Mapping
from typing import Any, Protocol

from bulou.ledger.terms import Entry

# A dormitory is a site of its own; behind one door such a number is nearly always a slip of the finger.
MANY = 30


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The decoded answers."""


def check(_entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make a visit doubtful; empty when it may stand."""
    n = context.payload.get("n_persons")
    return ("screening.many_persons",) if isinstance(n, int) and n > MANY else ()
