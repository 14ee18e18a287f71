"""Who gets which room: families together, barrier-free for those who need it, alone otherwise."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from bulou.lines.isolation.rules.proposing import Guest, guest_rooms, parties, propose
from bulou.lines.isolation.terms import Need, Room, Tidiness, Zone

SITE = UUID(int=1)


def room(
    number: str, beds: int = 1, *, floor: int = 1, zone: Zone = Zone.MEDICAL, barrier_free: bool = False
) -> Room:
    return Room(UUID(int=int(number)), SITE, number, floor, zone, Tidiness.CONTAMINATED, beds, barrier_free)


def guest(n: int, party: str = "", *needs: Need) -> Guest:
    return Guest(UUID(int=1000 + n), party, needs)


def numbers(guests: list[Guest], rooms: list[Room]) -> list[str]:
    found = propose(guests, rooms)
    return [one.number if (one := found[g.stay]) else "" for g in guests]


def test_people_who_came_alone_stay_alone_in_the_order_of_the_list() -> None:
    assert numbers([guest(1), guest(2), guest(3)], [room("103"), room("101"), room("102")]) == [
        "101",
        "102",
        "103",
    ]


def test_a_family_gets_the_smallest_room_that_holds_it() -> None:
    rooms = [room("101"), room("102", 4), room("103", 2)]
    assert numbers([guest(1), guest(2, "a"), guest(3, "a")], rooms) == ["101", "103", "103"]


def test_two_strangers_never_share_a_room() -> None:
    assert numbers([guest(1), guest(2)], [room("101", 4)]) == ["101", ""]


def test_a_large_family_stays_side_by_side_on_one_floor() -> None:
    rooms = [room("101"), room("201", floor=2), room("202", floor=2), room("203", 2, floor=2)]
    assert sorted(numbers([guest(n, "a") for n in range(4)], rooms)) == ["201", "202", "203", "203"]


def test_barrier_free_rooms_are_kept_for_those_who_need_them() -> None:
    rooms = [room("101", barrier_free=True), room("102")]
    assert numbers([guest(1), guest(2, "", Need.BARRIER_FREE)], rooms) == ["102", "101"]
    assert numbers([guest(1), guest(2)], rooms) == ["102", "101"]
    assert numbers([guest(1, "", Need.BARRIER_FREE)], [room("102")]) == [""]


def test_staff_rooms_and_rooms_without_a_bed_are_for_no_guest() -> None:
    assert guest_rooms([room("101", zone=Zone.LIVING), room("102", 0), room("103")]) == [room("103")]


@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.booleans()), max_size=12),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.booleans()), max_size=14),
)
def test_whatever_comes_nobody_shares_with_strangers_and_no_bed_is_given_twice(
    people: list[tuple[str, bool]], doors: list[tuple[int, int, bool]]
) -> None:
    guests = [Guest(uuid4(), party, (Need.BARRIER_FREE,) if needs else ()) for party, needs in people]
    rooms = [
        room(f"{floor}{n:02d}", beds, floor=floor, barrier_free=free)
        for n, (floor, beds, free) in enumerate(doors)
    ]
    found = propose(guests, rooms)
    assert found.keys() == {one.stay for one in guests}
    inside: dict[UUID, set[int]] = {}
    for n, party in enumerate(parties(guests)):
        given_rooms = [found[stay] for stay in party.stays]
        assert all(given_rooms) or not any(given_rooms)  # all of a family, or none
        if all(given_rooms) and party.barrier_free:
            assert any(one is not None and one.barrier_free for one in given_rooms)
        for one in given_rooms:
            if one is not None:
                inside.setdefault(one.id, set()).add(n)
    assert all(len(members) == 1 for members in inside.values())
    for one in rooms:
        assert sum(1 for chosen in found.values() if chosen == one) <= one.beds
