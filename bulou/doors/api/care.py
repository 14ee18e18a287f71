"""What doctors, escorts, receivers and site medics take along: due slots, hand-overs, open cases."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from bulou.access import queries as access
from bulou.access.terms import Actor, Verb
from bulou.cases import queries as case_queries
from bulou.cases.terms import FEVER, Case
from bulou.custody import queries as custody
from bulou.custody.terms import ACCEPTED, Chain, Leg
from bulou.doors.api.fieldwork import within
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.people.actions import reading
from bulou.people.queries.found import homes
from bulou.people.terms import Asked, Purpose
from bulou.protocols import queries as protocols
from bulou.tasks import queries as tasks
from bulou.watches.queries import due
from bulou.watches.rules.schedule import slot_name
from bulou.watches.terms import DueRow

SHIFT = timedelta(hours=14)  # a phone is without a network until its shift is over, and a little longer
MOST_SLOTS = 1_500
MOST_CHAINS = 100
MOST_CASES = 100
WHY = Asked(Purpose.FOLLOW_UP)
ON_THE_WAY = Asked(Purpose.HANDOVER)


class SlotOut(Schema):
    """A slot of a watch that its holder owes."""

    watch: UUID
    who: str = Field(description="The end of the person's number.")
    name: str = Field(description="Masked for who may see names there; for others the first character alone.")
    door: str = Field(description="Where the register knows the person, in words of lists.")
    path: str
    place: str
    protocol: str
    track: str
    slot: str = Field(description="The name of the slot: a record names it.")
    due_at: datetime
    state: Literal["not_attempted", "not_seen", "reported"] | None
    mine: bool = Field(description="Given to this person by name.")


class ItemOut(Schema):
    """One person or lot that has not arrived yet."""

    id: UUID
    type: str
    label: str
    n: int = Field(description="How many pieces; 1 for a person.")


class LegOut(Schema):
    """One handover of a chain, and which of its sides this person may speak for."""

    n: int
    giver: str
    giver_path: str
    receiver: str
    receiver_path: str
    state: str
    give: bool
    receive: bool
    due_at: datetime | None
    vehicle: str
    reason: str


class HandoverOut(Schema):
    """A chain that this person gives or receives."""

    id: UUID
    protocol: str
    opened_at: datetime
    items: list[ItemOut]
    legs: list[LegOut]


class StepOut(Schema):
    """One step of a case."""

    key: str
    due_at: datetime
    settled_at: datetime | None
    outcome: str


class CaseOut(Schema):
    """A case that somebody here has to close."""

    id: UUID
    protocol: str
    path: str
    place: str
    about: UUID
    who: str
    opened_at: datetime
    outcome: str
    steps: list[StepOut]
    may_close: bool


def slots(actor: Actor, scope: Scope) -> list[SlotOut]:
    """What this person owes from this midnight to the end of the shift. About 5 queries; 1 for most."""
    held = within(scope, access.scope_of(actor, Verb.WATCH_RECORD))
    now = clock.now()
    found: list[DueRow] = []
    for district in held.districts:
        duties = tuple(p for p in tasks.duty_paths(district, actor.account_id, now) if held.covers(p))
        own = _due(district, now, due.Whose(actor.account_id, duties))
        if not own and not duties:  # nobody is named here: whoever works here sees them
            own = _due(district, now, due.Whose(actor.account_id, held.paths))
        found += own
    names = _places(held, {one.path for one in found}, now)
    wanted = {one.person for one in found}
    people = _masked(actor, wanted, WHY) or _initials(actor, wanted)
    doors = {
        who: placed.label
        for district in held.districts
        for who, placed in homes(district, sorted(wanted)).items()
    }
    return [_slot(one, actor, names, people, doors.get(one.person, "")) for one in found]


def handovers(actor: Actor, scope: Scope) -> list[HandoverOut]:
    """Chains that are not over, of which this person's areas give or receive a leg. 3 queries."""
    giving = within(scope, access.scope_of(actor, Verb.CUSTODY_GIVE))
    taking = within(scope, access.scope_of(actor, Verb.CUSTODY_RECEIVE))
    both = Scope(
        tuple(sorted({*giving.districts, *taking.districts})), tuple(sorted({*giving.paths, *taking.paths}))
    )
    if not both.paths:
        return []
    chains = custody.chains(both, limit=MOST_CHAINS).items
    sides = {keeper.path for chain in chains for leg in chain.legs for keeper in (leg.giver, leg.receiver)}
    names = _places(both, sides, clock.now())
    left = {item.id for chain in chains for item in _left(chain) if item.type == "person"}
    people = _masked(actor, left, ON_THE_WAY)
    return [_handover(chain, giving, taking, names, people) for chain in chains]


def cases(actor: Actor, scope: Scope) -> list[CaseOut]:
    """Open cases where this person works; of others' places only those that they opened. 3 queries."""
    held = within(scope, access.scope_of(actor, Verb.CASE_WORK))
    if not held.paths:
        return []
    now = clock.now()
    closing = access.scope_of(actor, Verb.CASE_CLOSE)
    duties = [p for district in held.districts for p in tasks.duty_paths(district, actor.account_id, now)]
    mine = Scope(held.districts, tuple(duties)) if duties else held
    found = [
        one
        for one in case_queries.cases(held, limit=MOST_CASES).items
        if mine.covers(one.path) or one.opened_by == actor.account_id
    ]
    names = _places(held, {one.path for one in found}, now)
    return [_case(one, names, may_close=closing.covers(one.path)) for one in found]


def forms(actor: Actor, listed: Iterable[SlotOut | HandoverOut | CaseOut]) -> set[str]:
    """The protocols of these, and that of the case which an alarm opens."""
    used = {one.protocol for one in listed}
    if used and access.scope_of(actor, Verb.CASE_WORK).paths:
        with suppress(ProblemError):  # a district without it has no such cases
            used.add(str(protocols.latest(FEVER).reference))
    return used


def _due(district: str, now: datetime, whose: due.Whose) -> list[DueRow]:
    return due.due(district, now, whose, until=now + SHIFT, limit=MOST_SLOTS)


def _places(scope: Scope, paths: Iterable[str], now: datetime) -> dict[str, str]:
    wanted = set(paths)
    names = grid.tree_names(scope, wanted, clock.local_date(now)) if wanted else {}
    return {path: reach.spelled(path, names) for path in wanted}


def _masked(actor: Actor, people: Iterable[UUID], why: Asked) -> Mapping[UUID, str]:
    """Names as lists may show them, each look in the log; none for who may not look."""
    wanted = sorted(set(people))
    if not wanted or not access.scope_of(actor, Verb.PERSON_VIEW).paths:
        return {}
    try:
        return {person: one.name for person, one in reading.masked(actor, wanted, why).items()}
    except ProblemError:
        return {}  # one of them is known in another area: numbers do for all


def _initials(actor: Actor, people: Iterable[UUID]) -> Mapping[UUID, str]:
    """The first character of each name for who may not see names in lists: enough to ask at the door.

    A reason stands beside each of these people, so that no list of volunteers shows more (R-9); each look is
    in the log.
    """
    wanted = sorted(set(people))
    if not wanted:
        return {}
    try:
        found = reading.to_find(actor, wanted, WHY, salt=str(actor.account_id))
    except ProblemError:
        return {}  # one of them is known in another area: numbers do for all
    return {person: f"{one.name[0]}…" for person, one in found.items() if one.name.strip("*")}


def _short(item: UUID) -> str:
    return item.hex[-6:]


def _slot(
    one: DueRow, actor: Actor, names: Mapping[str, str], people: Mapping[UUID, str], door: str
) -> SlotOut:
    return SlotOut(
        watch=one.watch,
        who=_short(one.person),
        name=people.get(one.person, ""),
        door=door,
        path=one.path,
        place=names[one.path],
        protocol=one.protocol,
        track=one.track,
        slot=slot_name(one.track, one.due_at),
        due_at=one.due_at,
        state=one.state.name.lower() if one.state else None,  # type: ignore[arg-type]
        mine=one.worker == actor.account_id,
    )


def _left(chain: Chain) -> Sequence[ItemOut]:
    arrived = {item for item, _ in chain.current.accepted}
    carried = set(chain.current.expected) or {item.id for item in chain.items}
    return [
        ItemOut(id=item.id, type=item.type, label=_short(item.id), n=item.n)
        for item in chain.items
        if item.id in carried and item.id not in arrived
    ]


def _handover(
    chain: Chain, giving: Scope, taking: Scope, names: Mapping[str, str], people: Mapping[UUID, str]
) -> HandoverOut:
    items = [one.model_copy(update={"label": people.get(one.id, one.label)}) for one in _left(chain)]
    legs = [_leg(leg, giving, taking, names) for leg in chain.legs]
    return HandoverOut(
        id=chain.id, protocol=chain.protocol, opened_at=chain.opened_at, items=items, legs=legs
    )


def _leg(leg: Leg, giving: Scope, taking: Scope, names: Mapping[str, str]) -> LegOut:
    return LegOut(
        n=leg.n,
        giver=" · ".join(filter(None, (names[leg.giver.path], leg.giver.unit))),
        giver_path=leg.giver.path,
        receiver=" · ".join(filter(None, (names[leg.receiver.path], leg.receiver.unit))),
        receiver_path=leg.receiver.path,
        state=leg.state.value,
        give=giving.covers(leg.giver.path) and leg.gave_at is None,
        receive=taking.covers(leg.receiver.path) and leg.state.value != ACCEPTED,
        due_at=leg.due_at,
        vehicle=leg.vehicle,
        reason=leg.reason,
    )


def _case(one: Case, names: Mapping[str, str], *, may_close: bool) -> CaseOut:
    return CaseOut(
        id=one.id,
        protocol=one.protocol,
        path=one.path,
        place=names[one.path],
        about=one.about,
        who=_short(one.person or one.about),
        opened_at=one.opened_at,
        outcome=one.outcome,
        steps=[
            StepOut(key=s.key, due_at=s.due_at, settled_at=s.settled_at, outcome=s.outcome) for s in one.steps
        ],
        may_close=may_close,
    )
