"""Whether somebody may have caught it where they stay: what the records of a site say (交叉感染排查)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bulou.lines.isolation.terms import SignKind

CLEAN: Final = timedelta(days=7)
"""So long nobody infectious was near. Source: hotel-isolation, site_no_cross_infection P7D."""
LOOK_BACK: Final = timedelta(days=2)
"""Somebody is infectious this long before the sample that was positive. Source: P-01."""
CROSSED: Final = frozenset({"left_room", "visitor", "zone_crossed"})
"""Breaches by which a guest met others."""
CARRIED: Final = frozenset({"zone_crossed", "protection", "waste"})
"""Breaches by which staff or things carry it from room to room."""
NEAR: Final = frozenset({SignKind.SAME_ROOM, SignKind.SAME_FLOOR, SignKind.OWN_BREACH})


@dataclass(frozen=True, slots=True)
class Presence:
    """Where a guest slept, from a moment to a moment."""

    stay: UUID
    room: UUID
    floor: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach about the guest (`own`) or about the whole site."""

    case: UUID
    what: str
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that the records say, about a stay or a case; `last_at`: when it could matter last."""

    kind: SignKind
    about: UUID
    at: datetime
    last_at: datetime
    what: str
    against: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the records say about the days before a release: who was near, who moved, the signs."""

    since: datetime
    n_floor: int
    n_site: int
    n_moves: int
    signs: tuple[Sign, ...]

    @property
    def against(self) -> tuple[Sign, ...]:
        """What speaks against a release; empty: a person may confirm."""
        return tuple(one for one in self.signs if one.against)

    @property
    def free_from(self) -> datetime | None:
        """From when on nothing speaks against it, if nothing more happens."""
        return max((one.last_at + CLEAN for one in self.against), default=None)


def evidence(
    mine: Sequence[Presence], others: Sequence[Presence], positives: Mapping[UUID, Sequence[datetime]],
    breaches: Sequence[Breach], at: datetime,
) -> Evidence:  # fmt: skip
    """What the records say at a moment. Pure; any order of its arguments gives the same.

    Against a release: somebody positive slept in the same room or on the same floor within the window, or the
    guest met others in a breach. A breach of the site counts once somebody positive was in the house: then
    staff and things may have carried it.
    """
    since = at - CLEAN
    here = [one for one in mine if _end(one, at) > since]
    met = [sign for stay, when in sorted(positives.items()) if (sign := _met(stay, when, mine, others, at))]
    met = [sign for sign in met if sign.last_at > since]
    told = [_breach(one, ill=bool(met)) for one in breaches if since < one.at <= at]
    floors = {one.floor for one in here}
    company = [one for one in others if _end(one, at) > since and one.since < at]
    moves = [one for one in (*here, *(o for o in company if o.floor in floors)) if since < one.since <= at]
    return Evidence(
        since=since, n_floor=len({one.stay for one in company if one.floor in floors}),
        n_site=len({one.stay for one in company}), n_moves=len({(m.stay, m.room, m.since) for m in moves}),
        signs=tuple(
            sorted(
                (*met, *(one for one in told if one)),
                key=lambda s: (not s.against, list(SignKind).index(s.kind), s.last_at, s.about),
            )
        ),
    )  # fmt: skip


def _met(
    stay: UUID, when: Sequence[datetime], mine: Sequence[Presence], others: Sequence[Presence], at: datetime
) -> Sign | None:
    """How near this positive guest was, the nearest way first; None where they were never here together."""
    known = [positive for positive in when if positive <= at]
    if not known:
        return None
    ill_from = min(known) - LOOK_BACK
    found: list[tuple[int, datetime, SignKind]] = []
    for their in (one for one in others if one.stay == stay):
        for own in mine:
            last = min(_end(own, at), _end(their, at))
            if last > max(own.since, their.since, ill_from):
                kind = _nearness(own, their)
                found.append((-list(SignKind).index(kind), last, kind))
    if not found:
        return None
    near = [one for one in found if one[2] in NEAR] or found
    _rank, last, kind = max(near)
    last = max(one[1] for one in near)
    return Sign(kind, stay, min(known), last, "", against=kind in NEAR)


def _nearness(own: Presence, their: Presence) -> SignKind:
    if own.room == their.room:
        return SignKind.SAME_ROOM
    return SignKind.SAME_FLOOR if own.floor == their.floor else SignKind.SAME_SITE


def _breach(one: Breach, *, ill: bool) -> Sign | None:
    kind = SignKind.OWN_BREACH if one.own else SignKind.SITE_BREACH
    if one.what not in (CROSSED if one.own else CARRIED):
        return None
    return Sign(kind, one.case, one.at, one.at, one.what, against=one.own or ill)


def _end(one: Presence, at: datetime) -> datetime:
    return at if one.until is None else min(one.until, at)
