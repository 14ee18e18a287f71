"""What stands against letting somebody in or out: acts of law, open watches, open requests."""

from uuid import UUID

from bulou.cases import queries as cases
from bulou.cases.terms import Case
from bulou.kernel.scope import whole
from bulou.ledger.terms import Entry
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.rules import releasing
from bulou.lines.isolation.terms import Ground, Kind, Release, Stay
from bulou.watches.queries import watches


def stay_of(entry: Entry) -> Stay | None:
    """The stay that a record speaks about. 2 queries."""
    found = stays.by_ids(whole(entry.district), [entry.subject] if entry.subject else [])
    return next(iter(found.values()), None)


def unlawful(entry: Entry, stay: Stay, *, held: bool) -> tuple[str, ...]:
    """Problem codes of an arrival without an act of law, of a release against one or before its conditions.

    `held`: whether an act of law keeps the person in isolation at that moment; another line knows. At most 2
    queries.
    """
    if entry.kind == Kind.ARRIVED:
        return ("isolation.no_act",) if stay.ground is Ground.ACT and not held else ()
    if stay.arrived_at is None or stay.released_at is not None or stay.left_at is not None:
        return ("isolation.not_staying",)
    if entry.outcome == Release.FREED:
        return ("isolation.act_in_force",) if held else ()
    if watches.is_open(entry.district, stay.watch) is not False:
        return ("isolation.cannot_release:watch",)
    return ("isolation.cannot_release:request",) if blocking(entry.district, stay.id) else ()


def blocking(district: str, stay: UUID) -> tuple[Case, ...]:
    """The open requests of somebody that must be met before the person goes. 1 query."""
    return tuple(one for one in cases.about(district, stay) if releasing.blocks(one))
