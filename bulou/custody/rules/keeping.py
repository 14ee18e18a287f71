"""Who keeps an item at each moment: one unbroken row of keepers over all its chains (保管责任)."""

from collections.abc import Sequence
from uuid import UUID

from bulou.custody.terms import Chain, Keeper, Keeping


def keepings(item: UUID, chains: Sequence[Chain]) -> list[Keeping]:
    """The keepers of an item, without gap and without overlap, from its first chain on; the last has no end.

    A keeper changes at the moment the next one accepts. Until then the one before answers, also while the
    item is on the way.
    """
    carried = sorted(
        (chain for chain in chains if any(one.id == item for one in chain.items)),
        key=lambda chain: (chain.opened_at, chain.id),
    )
    if not carried:
        return []
    first = carried[0]
    turns: list[tuple[Keeper, Chain, int]] = [(first.legs[0].giver, first, 0)]
    times = [first.opened_at]
    taken = sorted(
        (
            (at, chain.opened_at, chain.id, leg.n, leg.receiver, chain)
            for chain in carried
            for leg in chain.legs
            for one, at in leg.accepted
            if one == item
        ),
        key=lambda row: row[:4],
    )
    for at, _, _, n, receiver, chain in taken:
        turns.append((receiver, chain, n))
        times.append(max(at, times[-1]))
    ends = [*times[1:], None]
    rows = [
        Keeping(item, keeper, since, until, chain.id, n)
        for (keeper, chain, n), since, until in zip(turns, times, ends, strict=True)
    ]
    return [row for row in rows if row.until is None or row.since < row.until]
