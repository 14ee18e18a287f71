"""The state of a chain as a pure fold over the set of its records: any order of arrival gives the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bulou.custody.rules import payloads
from bulou.custody.terms import (
    ACCEPTED,
    BY_WAY_OF,
    HANDED_ON,
    REFUSED,
    TAKEN_OVER,
    Chain,
    Happened,
    Item,
    Keeper,
    Kind,
    Leg,
    LegState,
)
from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.protocols.terms import Compiled, Escalation, Rung

Book = Mapping[str, Compiled]
KINDS = frozenset({*(kind.value for kind in Kind), HANDED_ON[0], TAKEN_OVER})
RECEIVING = frozenset({Kind.RECEIVED.value, TAKEN_OVER})
_CONDITIONS: Mapping[str, frozenset[LegState]] = {
    "on_the_way": frozenset({LegState.ON_THE_WAY, LegState.ARRIVED}),
    "difference": frozenset({LegState.DIFFERENCE, LegState.ONE_SIDED}),
    "refused": frozenset({LegState.REFUSED}),
}
_STEP_OF = {LegState.REQUESTED: "hand_over", LegState.ON_THE_WAY: "arrive"}
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class _Counting:
    """What has been said of one leg on the way through the records."""

    n: int
    giver: Keeper
    receiver: Keeper
    expected: tuple[UUID, ...]
    state: LegState
    since: datetime
    accepted: dict[UUID, datetime] = field(default_factory=dict)
    gave: Entry | None = None
    received_by: UUID | None = None
    slip: str = ""
    vehicle: str = ""
    reason: str = ""

    def stands(self, state: LegState, since: datetime) -> None:
        """It stands like this since then."""
        self.state, self.since = state, since


def fold(entries: Sequence[Entry], book: Book) -> Chain | None:
    """The chain with its legs; None where no record in force opens it."""
    told = [entry for entry in live(entries) if entry.kind in KINDS]
    head, plan, compiled = _head(told, book)
    if head is None or plan is None or compiled is None or head.subject is None:
        return None
    problems: dict[UUID, str] = {}
    closed = next((e for e in told if e.kind == Kind.CLOSED and e.outcome in compiled.outcomes), None)
    legs: list[Leg] = []
    held = tuple((item.id, head.effective_at) for item in plan.items)
    for n, way in enumerate(plan.legs, 1):
        leg = _leg(n, way, held, told, problems)
        legs.append(_done(leg, closed, compiled))
        held = tuple(sorted(leg.accepted.items()))
    return Chain(
        id=head.subject, district=head.district, protocol=compiled.reference, subject=compiled.subject,
        record=head.id, opened_at=head.effective_at, opened_by=head.author,
        items=tuple(Item(item.id, item.type, item.n) for item in plan.items), registered=plan.registered,
        legs=tuple(legs), due_at=head.effective_at + compiled.due,
        cancelled_at=closed.effective_at if closed else None,
        happened=tuple(_line(entry, problems.get(entry.id, ""), len(legs)) for entry in told),
    )  # fmt: skip


def opens(entry: Entry) -> bool:
    """Whether a record can be the first of a chain: a manifest, or somebody handed on at a checkpoint."""
    return entry.kind == Kind.OPENED or (entry.kind, entry.outcome) == HANDED_ON


def _head(told: Sequence[Entry], book: Book) -> tuple[Entry | None, payloads.Opened | None, Compiled | None]:
    """The record that opens the chain, its plan, and the protocol by which it goes on."""
    by_way = next((one for one in book.values() if one.slug == BY_WAY_OF), None)
    for entry in filter(opens, told):
        plan = payloads.opened(entry)
        compiled = book.get(entry.protocol) if entry.kind == Kind.OPENED else by_way
        if plan is not None and compiled is not None:
            return entry, plan, compiled
    return None, None, None


def rung(chain: Chain, leg: Leg, ladder: Sequence[Escalation], at: datetime) -> Rung:
    """Who hears by now of a leg that is not over; computed when read, never stored."""
    if not leg.is_open:
        return Rung.WORKER
    reached = Rung.WORKER
    for step in ladder:
        condition = step.condition or "open"
        since = chain.opened_at if condition == "open" else leg.since
        holds = condition == "open" or leg.state in _CONDITIONS.get(condition, frozenset())
        if holds and at - since >= step.after:
            reached = max(reached, step.to, key=list(Rung).index)
    return reached


def _leg(
    n: int,
    way: payloads.Way,
    held: Sequence[tuple[UUID, datetime]],
    told: Sequence[Entry],
    problems: dict[UUID, str],
) -> _Counting:
    giver, receiver = Keeper(way.giver.path, way.giver.unit), Keeper(way.receiver.path, way.receiver.unit)
    begun = max((at for _, at in held), default=told[0].effective_at)
    leg = _Counting(n, giver, receiver, tuple(item for item, _ in held), LegState.REQUESTED, begun)
    about = [(e, said) for e in told if (said := payloads.read(e, payloads.Said)) and said.leg == n]
    for entry, said in about:
        if entry.kind == Kind.GAVE or (entry.kind, entry.outcome) == HANDED_ON:
            _gave(leg, entry, said, problems)
    for entry, said in about:
        if entry.kind in RECEIVING:
            _received(leg, entry, said, problems)
    return leg


def _gave(leg: _Counting, entry: Entry, said: payloads.Said, problems: dict[UUID, str]) -> None:
    if not _at(entry.path, leg.giver):
        problems[entry.id] = "other_side"
    elif leg.gave is not None:
        problems[entry.id] = "repeated"
    else:
        leg.gave, leg.vehicle, leg.slip = entry, said.vehicle, said.slip
        leg.stands(LegState.ON_THE_WAY, entry.effective_at)


def _received(leg: _Counting, entry: Entry, said: payloads.Said, problems: dict[UUID, str]) -> None:
    if not _at(entry.path, leg.receiver):
        problems[entry.id] = "other_side"
        return
    left = [item for item in leg.expected if item not in leg.accepted]
    if leg.expected and not left:
        problems[entry.id] = "repeated"
        return
    leg.slip = leg.slip or said.slip
    if entry.outcome == REFUSED:
        leg.reason = said.reason
        leg.stands(LegState.REFUSED, entry.effective_at)
    elif entry.outcome != ACCEPTED:
        leg.stands(LegState.ARRIVED, entry.effective_at)
    elif not _two_sided(leg, entry):
        problems[entry.id] = "same_hand"
        leg.stands(LegState.ONE_SIDED, entry.effective_at)
    elif not left or not _fits(left, said):
        # Nobody knows who is missing: as long as that is so, the giver answers for all of them.
        problems[entry.id] = "count_differs"
        leg.stands(LegState.DIFFERENCE, entry.effective_at)
    else:
        at = max(entry.effective_at, leg.gave.effective_at if leg.gave else entry.effective_at)
        leg.accepted |= dict.fromkeys((item for item in left if item not in said.missing), at)
        leg.received_by = entry.author
        missing = len(leg.accepted) < len(leg.expected)
        leg.stands(LegState.DIFFERENCE if missing else LegState.ACCEPTED, at)


def _fits(left: Sequence[UUID], said: payloads.Said) -> bool:
    """Whether what was counted and what is named as missing make up what was to come."""
    named = len(set(said.missing) & set(left))
    return (len(left) - named if said.count is None else said.count) + named == len(left)


def _two_sided(leg: _Counting, entry: Entry) -> bool:
    """Both sides have said so, each on its own device; or both have signed a slip that has a number."""
    if leg.slip:
        return True
    gave = leg.gave
    if gave is None or gave.author == entry.author:
        return False
    return gave.device is None or gave.device != entry.device


def _done(leg: _Counting, closed: Entry | None, compiled: Compiled) -> Leg:
    state, since = leg.state, leg.since
    if closed is not None and state is not LegState.ACCEPTED:
        state, since = LegState.CANCELLED, closed.effective_at
    within = next((s.within for s in compiled.steps if s.key == _STEP_OF.get(state, "accept")), HOUR)
    waits = leg.expected and state not in (LegState.ACCEPTED, LegState.CANCELLED)
    return Leg(
        n=leg.n, giver=leg.giver, receiver=leg.receiver, state=state, since=since, expected=leg.expected,
        accepted=tuple(sorted(leg.accepted.items())), due_at=since + within if waits else None,
        gave_at=leg.gave.effective_at if leg.gave else None, gave_by=leg.gave.author if leg.gave else None,
        received_by=leg.received_by, slip=leg.slip, vehicle=leg.vehicle, reason=leg.reason,
    )  # fmt: skip


def _at(path: str, keeper: Keeper) -> bool:
    return path == keeper.path or path.startswith(keeper.path + ".")


def _line(entry: Entry, problem: str, legs: int) -> Happened:
    said = payloads.read(entry, payloads.Said) or payloads.Said()
    leg = 0 if opens(entry) or entry.kind == Kind.CLOSED else said.leg
    if leg > legs or leg < 0:
        problem = problem or "no_such_leg"
    return Happened(
        entry.id, entry.kind, leg, entry.effective_at, entry.author, entry.team, entry.outcome, said.reason,
        problem,
    )  # fmt: skip
