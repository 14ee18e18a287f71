"""Records to samples and to what happened to tubes: a pure fold over the set, in any order of arrival."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry, Standing
from bulou.lines.testing.rules import payloads
from bulou.lines.testing.terms import SAMPLES, Event, Kind, Outcome, Swab

OF_TUBES = frozenset({Kind.SEALED, Kind.TAKEN, Kind.RECEIVED, Kind.RESULT})


def swabs(entries: Sequence[Entry]) -> list[Swab]:
    """The samples of one person in one round that nobody took back, as they happened.

    A swab lies in its tube whatever a wall said about it, so doubtful ones are here too; they do not count.
    Of those that count the first one does, then whoever is sampled again because of the tube that the last
    one lies in: so nobody is in two open tubes, whatever arrives in whatever order.
    """
    counted = {one.id for one in live(entries)}
    found: list[Swab] = []
    last: Swab | None = None
    for entry in live([_heard(one) for one in entries]):
        made = _swab(entry)
        if made is None:
            continue
        if entry.id in counted and _follows(made, last):
            if last is not None:
                found[found.index(last)] = replace(last, replaced=True)
            last = made = replace(made, counts=True)
        found.append(made)
    return found


def _follows(made: Swab, last: Swab | None) -> bool:
    if last is None:
        return True
    return made.outcome == Outcome.RESAMPLED and made.of_tube == last.tube and made.tube != last.tube


def _swab(entry: Entry) -> Swab | None:
    if entry.kind != Kind.SAMPLE or entry.outcome not in SAMPLES or not entry.operation or not entry.subject:
        return None
    payload = payloads.body(entry)
    code, again = payloads.barcode(payload.get("tube")), payloads.barcode(payload.get("of_tube"))
    if not code:
        return None
    return Swab(
        record=entry.id, operation=entry.operation, person=entry.subject, path=entry.path, area=entry.path,
        tube=payloads.tube_id(entry.operation, code), barcode=code, outcome=entry.outcome,
        of_tube=payloads.tube_id(entry.operation, again) if again else None,
        position=payloads.number(payload, "position"), size=payloads.size(payload),
        rule=payloads.pooling(payload), household="", site=payloads.word(payload, "site"),
        table=payloads.word(payload, "table", 20), at=entry.effective_at, author=entry.author, counts=False,
        replaced=False,
    )  # fmt: skip


def events(entries: Sequence[Entry]) -> list[Event]:
    """What happened to the tubes that the records of one tube or one bag name, as it happened."""
    return [
        made
        for entry in live([_heard(one) for one in entries if one.kind in OF_TUBES or one.accepts])
        for made in _events(entry)
    ]


def _events(entry: Entry) -> Iterator[Event]:
    payload = payloads.body(entry)
    operation = payloads.round_of(payload)
    if operation is None or entry.kind not in OF_TUBES:
        return
    kind = Kind(entry.kind)
    listed = kind in (Kind.TAKEN, Kind.RECEIVED)
    codes: Iterable[str] = payloads.barcodes(payload) if listed else (payloads.barcode(payload.get("tube")),)
    for code in codes:
        if code:
            yield Event(
                record=entry.id, operation=operation, tube=payloads.tube_id(operation, code), barcode=code,
                path=entry.path, kind=kind, outcome=entry.outcome, n=payloads.number(payload, "n"),
                bag=entry.subject, who=payloads.word(payload, "who"),
                reason=payloads.word(payload, "reason", 100), at=entry.effective_at, author=entry.author,
            )  # fmt: skip


def _heard(entry: Entry) -> Entry:
    """A record that only a wall of this line doubts happened all the same."""
    only_walls = bool(entry.problems) and all(one.startswith("testing.") for one in entry.problems)
    return structs.replace(entry, standing=Standing.KEPT) if only_walls else entry
