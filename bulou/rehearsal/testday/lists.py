"""What the phones of a testing day take along: who lives where, and who comes with which batch."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from bulou.lines.testing.rules.batches import Batch
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member
from bulou.rehearsal.testday.station import Somebody
from bulou.rehearsal.transport import Client

Known = dict[tuple[str, str], list[Somebody]]
"""People by compound and building, in walking order."""


def people_of(operation: UUID, places: Sequence[str], tellers: Mapping[str, Member]) -> Known:
    """Everybody of the round, as the list of a phone of each community has them."""
    found: Known = {}
    for path in places:
        teller = next((who for area, who in tellers.items() if path.startswith(f"{area}.")), None)
        if teller is None:
            continue
        for one in _listed(teller.phone.client, operation, path):
            found.setdefault((path, one.building), []).append(one)
    return found


def of_batches(
    planned: Mapping[int, Sequence[Batch]], known: Mapping[tuple[str, str], Sequence[Somebody]]
) -> dict[int, dict[int, list[Somebody]]]:
    """Who is called with which batch of which site: building by building, as the plan says.

    Raises:
        ScenarioError: Somebody of the round is called by nobody.
    """
    left = {key: list(some) for key, some in known.items()}
    made: dict[int, dict[int, list[Somebody]]] = {number: {} for number in planned}
    for number, batches in sorted(planned.items()):
        for batch in batches:
            mine = made[number].setdefault(batch.number, [])
            for building in batch.buildings:
                there = left.get((building.area, building.name), [])
                mine += there[: building.n_persons]
                del there[: building.n_persons]
    if any(left.values()):
        raise ScenarioError(f"{sum(map(len, left.values()))} people are in no batch of the plan.")
    return made


def _listed(client: Client, operation: UUID, path: str) -> Iterator[Somebody]:
    """The people of a compound, a page at a time, as a station takes them along."""
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        page = client.get("/sample/people", operation=str(operation), area=path, **more)
        for one in page["people"]:
            yield Somebody(UUID(one["id"]), one["path"], path, one["label"], one["building"])
        cursor = page["next"]
