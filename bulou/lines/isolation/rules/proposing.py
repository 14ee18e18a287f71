"""Who gets which room: families together, barrier-free for those who need it, alone otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bulou.lines.isolation.terms import Need, Room, Tidiness, Zone

_NEEDS_ALL = frozenset({Need.BARRIER_FREE})


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is to come: the stay, who belongs together, what is needed."""

    stay: UUID
    party: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """People who belong together, in the order of the list; one alone is a party of one."""

    first: int
    stays: tuple[UUID, ...]
    barrier_free: bool


def guest_rooms(rooms: Sequence[Room]) -> list[Room]:
    """The rooms that guests may have, by floor and number."""
    found = [
        room
        for room in rooms
        if room.zone is Zone.MEDICAL and room.area is Tidiness.CONTAMINATED and room.beds
    ]
    return sorted(found, key=lambda room: (room.floor, len(room.number), room.number))


def parties(guests: Sequence[Guest]) -> list[Party]:
    """The guests by who belongs together."""
    groups: dict[str, list[int]] = {}
    for n, guest in enumerate(guests):
        groups.setdefault(guest.party or f"\0{guest.stay}", []).append(n)
    return [
        Party(
            members[0], tuple(guests[n].stay for n in members),
            any(_NEEDS_ALL & set(guests[n].needs) for n in members),
        )
        for members in groups.values()
    ]  # fmt: skip


def propose(guests: Sequence[Guest], free: Sequence[Room]) -> Mapping[UUID, Room | None]:
    """A room for each stay, or None where none is left. An officer accepts it or chooses another.

    Never two parties in one room. Who needs a barrier-free room comes first and gets nothing else; others
    get one only when all other rooms are gone. A party goes into the smallest room that holds it, else into
    rooms of one floor side by side. Rooms are filled in the order of the list.
    """
    left = guest_rooms(free)
    found: dict[UUID, Room | None] = {guest.stay: None for guest in guests}
    waiting = sorted(parties(guests), key=lambda p: (not p.barrier_free, -len(p.stays), p.first))
    for party in waiting:
        chosen = _one_room(party, left) or _side_by_side(party, left)
        for room in chosen:
            left.remove(room)
        beds = [room for room in chosen for _ in range(room.beds)]
        found |= dict(zip(party.stays, beds, strict=False))
    return found


def _fits(party: Party, room: Room) -> bool:
    return room.barrier_free or not party.barrier_free


def _one_room(party: Party, left: Sequence[Room]) -> list[Room]:
    fitting = [room for room in left if room.beds >= len(party.stays) and _fits(party, room)]
    spare = min(
        fitting, key=lambda room: (room.barrier_free and not party.barrier_free, room.beds), default=None
    )
    return [spare] if spare is not None else []


def _side_by_side(party: Party, left: Sequence[Room]) -> list[Room]:
    """The fewest rooms of one floor that hold the party; with a barrier-free one among them if needed."""
    best: list[Room] = []
    for floor in sorted({room.floor for room in left}):
        rooms = [room for room in left if room.floor == floor]
        for start in range(len(rooms)):
            run = _run(party, rooms[start:])
            if run and (not best or len(run) < len(best)):
                best = run
    return best or _run(party, sorted(left, key=lambda room: -room.beds))


def _run(party: Party, rooms: Sequence[Room]) -> list[Room]:
    run: list[Room] = []
    beds = 0
    for room in rooms:
        run.append(room)
        beds += room.beds
        if beds >= len(party.stays):
            reached = not party.barrier_free or any(one.barrier_free for one in run)
            return run if reached else []
    return []
