"""A stay as a pure fold over the set of its records: any order of arrival gives the same."""

from collections.abc import Sequence

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.lines.isolation.rules import payloads
from bulou.lines.isolation.terms import ABOUT_STAY, Going, Kind, Night, Release, Stay

KINDS = frozenset(kind.value for kind in ABOUT_STAY)
RELEASES = frozenset(one.value for one in Release)


def stay(entries: Sequence[Entry]) -> Stay | None:
    """The stay; None where nobody has said that the person is to come.

    What happened out of turn is left out: a release before the arrival, a room after the departure.
    """
    told = [entry for entry in live(entries) if entry.kind in KINDS]
    head, plan = next(
        ((e, p) for e in told if e.kind == Kind.EXPECTED and (p := payloads.expected(e))), (None, None)
    )
    if head is None or plan is None or head.subject is None:
        return None
    arrived = next(
        (e for e in told if e.kind == Kind.ARRIVED and payloads.read(e, payloads.ArrivedTold)), None
    )
    left = _left(told, arrived)
    released = _released(told, arrived, left)
    paper = payloads.read(released, payloads.ReleasedTold) if released is not None else None
    return Stay(
        id=head.subject, district=head.district, path=head.path, person=plan.person, site=plan.site,
        home=plan.dwelling, bus=plan.bus, party=plan.party,
        needs=tuple(dict.fromkeys(plan.needs)), back_to=plan.back_to, regime=plan.regime, phase=plan.phase,
        counted_from=plan.counted_from, ground=plan.ground, due_at=plan.due_at or head.effective_at,
        arrived_at=arrived.effective_at if arrived else None,
        released_at=released.effective_at if released else None,
        release=Release(released.outcome) if released else None, serial=paper.serial if paper else "",
        left_at=left.effective_at if left else None, going=Going(left.outcome) if left else None,
        record=head.id, nights=_nights(told, arrived, left),
    )  # fmt: skip


def _left(told: Sequence[Entry], arrived: Entry | None) -> Entry | None:
    """The first departure that fits: who never arrived can only fail to come."""
    for entry in told:
        if entry.kind != Kind.LEFT or entry.outcome not in payloads.GOINGS:
            continue
        never = entry.outcome == Going.NOT_COME
        if (arrived is None and never) or (
            arrived is not None and not never and entry.effective_at >= arrived.effective_at
        ):
            return entry
    return None


def _released(told: Sequence[Entry], arrived: Entry | None, left: Entry | None) -> Entry | None:
    for entry in told:
        if entry.kind != Kind.RELEASED or entry.outcome not in RELEASES or arrived is None:
            continue
        inside = left is None or entry.effective_at <= left.effective_at
        if inside and entry.effective_at >= arrived.effective_at:
            return entry
    return None


def _nights(told: Sequence[Entry], arrived: Entry | None, left: Entry | None) -> tuple[Night, ...]:
    """The rooms, one after the other, without a gap from the first one on."""
    if arrived is None:
        return ()
    end = left.effective_at if left else None
    turns = []
    first = payloads.read(arrived, payloads.ArrivedTold)
    if first is not None and first.room is not None:
        turns.append((arrived.effective_at, first.room))
    for entry in told:
        said = payloads.read(entry, payloads.ChangedTold) if entry.kind == Kind.CHANGED_ROOM else None
        within = entry.effective_at >= arrived.effective_at and (end is None or entry.effective_at < end)
        if said is not None and within and (not turns or turns[-1][1] != said.room):
            turns.append((entry.effective_at, said.room))
    ends = [at for at, _ in turns[1:]] + [end] * bool(turns)
    return tuple(
        Night(room, at, until)
        for (at, room), until in zip(turns, ends, strict=True)
        if until is None or at < until
    )
