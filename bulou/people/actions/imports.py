"""Take a file of people into the vault, or try it first. Misfits go to the caller's own file only."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import terms as grid
from bulou.grid.actions.forest import Forest, Season
from bulou.grid.actions.register_rows import fitted
from bulou.grid.queries import no_such_area, sites
from bulou.grid.rules.chains import RowError
from bulou.grid.rules.columns import Columns
from bulou.grid.rules.places import Places
from bulou.grid.rules.tree import Node
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction as scoped
from bulou.kernel.sheets.book import Sheet
from bulou.kernel.sheets.plain import write_csv
from bulou.kernel.sheets.received import received
from bulou.ledger.actions import audit
from bulou.people.actions import vault
from bulou.people.rules import names, needs, retention, rows
from bulou.people.terms import (
    KEEP_DAYS,
    PROBLEMS,
    Fate,
    Held,
    ImportKind,
    Keep,
    Kind,
    NewPerson,
    Purpose,
    Receipt,
    RowProblem,
    Trigger,
    Why,
)

UNFIT: Final = 422
BATCH: Final = 1_000
STORED: Final = frozenset({Fate.NEW, Fate.CHANGED})
MOST_SITES: Final = 5_000
TRACED: Final = frozenset({ImportKind.CONTACTS, ImportKind.VISITS})
"""One person may stand in several rows of these, each of which tells something of its own."""
COLUMN_WORDS: Final = ("problem_row", "problem_column", "problem")


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody of a file of returnees who is now held: what the file says about the coming."""

    person: Held
    path: str
    facts: Mapping[str, object]


Register = Callable[[Actor, Sequence[Came]], "Sequence[bool] | None"]
"""Puts people on the register: the door hands it in, because the register lies above the vault.

Of contacts and visits it gets every row, and says for each whether it tells something new.
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read, and on what it rests."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""
    reason: str = ""
    dry: bool = False
    quarantine_to: Path | None = None
    progress: Callable[[int], None] | None = None
    register: Register | None = None
    import_id: UUID | None = None  # where the caller has to know it before
    venue: str = ""  # of a list of visits to one place
    aside: Callable[[RowProblem], None] | None = None


@dataclass(slots=True)
class _Taking:
    """One import under way."""

    actor: Actor
    kind: ImportKind
    why: Why
    options: Options
    columns: Columns
    places: Places
    root: Node
    rows: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    seen: dict[tuple[str, ...], tuple[int, bytes]] = field(default_factory=dict)
    duplicates: int = 0
    venues: dict[str, list[tuple[UUID, str]]] = field(default_factory=dict)


def import_people(
    actor: Actor, *, kind: ImportKind, path: str, content: Path | bytes, file_name: str,
    options: Options | None = None,
) -> Receipt:  # fmt: skip
    """Take a file in, in one transaction; every row is stored, unchanged or set aside with a reason.

    The same file again changes nothing. What was set aside is written beside the file and kept nowhere else.

    Raises:
        ProblemError: access.*; a refused file (`sheet.*`, people.columns_missing, people.no_header) 422; an
            unknown area 404. Nothing was stored then.
    """
    require(actor, Verb.PERSON_REGISTER, path)
    options = options or Options()
    district = path.partition(".")[0]
    why = _why(kind, file_name, options)
    with received(content, file_name) as sheet, scoped(whole(district)), transaction.atomic():
        start, columns = _header(kind, options, sheet)
        taking = _start(actor, path, (kind, why, options, columns))
        _take(taking, sheet, start)
        receipt = _receipt(taking, sheet)
        if options.dry:
            transaction.set_rollback(True)
        else:
            audit(
                actor, kind=Kind.IMPORTED, path=path, subject_type="import", subject=receipt.import_id,
                payload={"kind": kind, "sha256": receipt.sha256, "rows": receipt.rows,
                         "stored": receipt.stored, "unchanged": receipt.unchanged,
                         "quarantined": receipt.quarantined},
            )  # fmt: skip
    return receipt


def columns_of(kind: ImportKind, content: Path | bytes, file_name: str, options: Options) -> Columns:
    """Return which column of the caller's own file is taken for which field; no table is read.

    Raises:
        ProblemError: a refused file (`sheet.*`, people.no_header) 422.
    """
    with received(content, file_name) as sheet:
        first = list(islice(sheet.rows(), rows.SEARCHED_ROWS))
        if not any(any(cell.strip() for cell in row) for row in first):
            raise ProblemError("people.no_header", status=UNFIT)
        return rows.match(first[rows.header_row(first, kind, options.mapping)], kind, options.mapping)


def _why(kind: ImportKind, file_name: str, options: Options) -> Why:
    basis = options.basis.strip() or rows.default_basis(kind)
    reason = options.reason.strip() or f"import {file_name}"
    if kind in TRACED:
        return Why(Trigger.CONTACT, Purpose.TRACING, basis, reason, Keep.CONTACT_CHAIN)
    if kind is ImportKind.RESIDENTS:
        return Why(Trigger.ORDER, Purpose.REGISTER, basis, reason, Keep.ROSTER)
    return Why(Trigger.RETURNEE, Purpose.FOLLOW_UP, basis, reason, Keep.RETURNEE_CARD)


def _header(kind: ImportKind, options: Options, sheet: Sheet) -> tuple[int, Columns]:
    mapping = options.mapping
    first = list(islice(sheet.rows(), rows.SEARCHED_ROWS))
    if not any(any(cell.strip() for cell in row) for row in first):
        raise ProblemError("people.no_header", status=UNFIT)
    index = rows.header_row(first, kind, mapping)
    columns = rows.match(first[index], kind, mapping)
    lacking = rows.missing(columns, kind)
    if kind is ImportKind.VISITS and not options.venue and "venue" not in columns.at:
        lacking += ("venue",)
    if lacking:
        raise ProblemError("people.columns_missing", status=UNFIT, missing=", ".join(lacking))
    return index, columns


def _start(actor: Actor, path: str, how: tuple[ImportKind, Why, Options, Columns]) -> _Taking:
    kind, why, options, columns = how
    on = clock.local_date(clock.now())
    district = path.partition(".")[0]
    tree = Forest(Season(ids.uuid7(), "nbs", on, "people")).tree(district)
    root = tree.by_path.get(path)
    if root is None:
        raise no_such_area(path)

    def make(above: Node, level: grid.Level, name: str) -> Node:
        raise RowError("grid.unknown_area", level, name=name, nearest=above.short)

    places = Places(tree, root, columns, make, compounds=False)
    taking = _Taking(actor, kind, why, options, columns, places, root)
    if kind is ImportKind.VISITS:
        _learn_venues(taking, path)
    return taking


def _learn_venues(taking: _Taking, path: str) -> None:
    """The places below the area, by name: a list of visits calls them so. A query for each 5,000."""
    cursor: str | None = None
    while True:
        page = sites(whole(path.partition(".")[0]), path, cursor=cursor, limit=MOST_SITES)
        for site in page.items:
            taking.venues.setdefault(names.folded(site.name), []).append((site.site_id, site.path))
        cursor = page.next
        if cursor is None:
            return


def _take(taking: _Taking, sheet: Sheet, start: int) -> None:
    batch: list[tuple[int, rows.Row, str]] = []
    for number, cells in islice(enumerate(sheet.rows(), start=1), start + 1, None):
        if not any(cell.strip() for cell in cells):
            continue
        taking.rows += 1
        understood = _understand(taking, number, cells)
        if understood is not None:
            batch.append((number, *understood))
        if len(batch) >= BATCH:
            _store(taking, batch)
            batch = []
    _store(taking, batch)


def _understand(taking: _Taking, number: int, cells: Sequence[str]) -> tuple[rows.Row, str] | None:
    try:
        return _read(taking, number, cells)
    except RowError as error:
        column = taking.columns.label(error.field) if error.field else ""
        problem = RowProblem(number, column, error.code, error.params, tuple(cells))
        taking.problems.append(problem)
        if taking.options.aside is not None:
            taking.options.aside(problem)
        return None


def _read(taking: _Taking, number: int, cells: Sequence[str]) -> tuple[rows.Row, str]:
    fit = fitted(cells, taking.columns.width)
    if len(fit) != taking.columns.width:
        raise RowError("people.too_many_cells")
    row = rows.row(fit, taking.columns, taking.kind)
    if str(row.facts.get("began_at", "")) > clock.now().isoformat():
        raise RowError("people.in_future", "came" if taking.kind is ImportKind.VISITS else "met_from")
    if taking.kind is ImportKind.VISITS:
        row = replace(row, facts=_at_a_venue(taking, row.facts))
    node = taking.places.find([fit[at] for at in taking.places.at])
    said = msgspec.json.encode([msgspec.to_builtins(row.identity), dict(row.facts), node.path, row.door])
    first, before = taking.seen.setdefault(row.key, (number, said))
    if before != said:
        raise RowError("people.twice_in_file", "", first=first)
    return row, node.path


def _at_a_venue(taking: _Taking, facts: Mapping[str, object]) -> dict[str, object]:
    """Name the place by its number; what is no longer kept is not taken in."""
    days = KEEP_DAYS[Keep.CONTACT_CHAIN]
    if datetime.fromisoformat(str(facts["ended_at"])) < clock.now() - timedelta(days=days):
        raise RowError("people.too_old", "left", days=days)
    called = str(facts["venue"]) or taking.options.venue
    found = taking.venues.get(names.folded(called), [])
    if len(found) != 1:
        raise RowError("people.word_unknown", "venue", text=called[:40])
    return {"place": str(found[0][0]), "began_at": facts["began_at"], "ended_at": facts["ended_at"]}


def _store(taking: _Taking, batch: Sequence[tuple[int, rows.Row, str]]) -> None:
    if not batch:
        return
    met = taking.kind in TRACED  # what such rows say is no part of what is compared
    new = [
        NewPerson(path, row.identity, facts="" if met else msgspec.json.encode(dict(row.facts)).decode())
        for _, row, path in batch
    ]
    held = vault.hold(taking.actor, new, why=taking.why)
    _at_their_doors(batch[0][2].partition(".")[0], held, [row for _, row, _ in batch])
    if taking.kind is ImportKind.RESIDENTS:
        _with_needs(batch[0][2].partition(".")[0], held, [row for _, row, _ in batch])
    fates = _meetings(taking, held, batch) if met else [one.fate for one in held]
    taking.fates.update(fates)
    taking.duplicates += sum(bool(one.duplicates) for one in held)
    came = [
        Came(one, path, row.facts)
        for one, (_, row, path) in zip(held, batch, strict=True)
        if one.fate in STORED
    ]
    if taking.options.register is not None and taking.kind is ImportKind.RETURNEES and came:
        taking.options.register(taking.actor, came)
    if taking.options.progress is not None:
        taking.options.progress(taking.rows)


def _meetings(
    taking: _Taking, held: Sequence[Held], batch: Sequence[tuple[int, rows.Row, str]]
) -> list[Fate]:
    """Hand every row on with the source as a person; a row with a new meeting is stored, whoever it is."""
    district = batch[0][2].partition(".")[0]
    at = dict(place for found in taking.venues.values() for place in found)  # a visit is filed at its place
    sources = vault.known(district, {str(row.facts.get("source", "")) for _, row, _ in batch})
    came = []
    for one, (_, row, path) in zip(held, batch, strict=True):
        source = sources.get(str(row.facts.get("source", "")))
        source = None if source == one.person_id else source
        facts = {key: value for key, value in row.facts.items() if key != "source"}
        told = {**facts, "source": str(source)} if source else facts
        came.append(Came(one, at[UUID(str(told["place"]))] if "place" in told else path, told))
    fresh = taking.options.register(taking.actor, came) if taking.options.register else None
    return [
        Fate.CHANGED if new and one.fate not in STORED else one.fate
        for one, new in zip(held, fresh or [False] * len(held), strict=True)
    ]


def _at_their_doors(district: str, held: Sequence[Held], read: Sequence[rows.Row]) -> None:
    """Put people at the doors that the file names. 1 query; none where it names no door."""
    doors = {
        one.person_id: row.door
        for one, row in zip(held, read, strict=True)
        if row.door and one.fate is not Fate.KNOWN
    }
    if not doors:
        return
    people = sorted(doors)
    values: dict[str, Any] = {
        "district": district, "people": people, "doors": [doors[one][0] for one in people],
        "sorts": [doors[one][1] for one in people],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.people", "doors"), values)


def _with_needs(district: str, held: Sequence[Held], read: Sequence[rows.Row]) -> None:
    """Say why people are visited at home. 1 query; who stands in two rows has the needs of both."""
    on = clock.local_date(clock.now())
    found: dict[Any, set[str]] = {}
    for one, row in zip(held, read, strict=True):
        if one.fate is not Fate.KNOWN:
            found.setdefault(one.person_id, set()).update(needs.needs(row.identity.number, row.needs, on))
    people = sorted(found)
    if not people:
        return
    values: dict[str, Any] = {
        "district": district, "people": people,
        "needs": [msgspec.json.encode(sorted(found[one])).decode() for one in people],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.people", "needs"), values)


def _receipt(taking: _Taking, sheet: Sheet) -> Receipt:
    stored = sum(taking.fates[fate] for fate in STORED)
    written = taking.options.quarantine_to if taking.problems else None
    if written is not None:
        _write(written, taking)
    now = clock.now()
    return Receipt(
        import_id=taking.options.import_id or ids.uuid7(), kind=taking.kind, rows=taking.rows, stored=stored,
        unchanged=sum(taking.fates.values()) - stored, quarantined=len(taking.problems),
        changed=taking.fates[Fate.CHANGED], sha256=sheet.sha256,
        quarantine_file=str(written) if written else None, ignored_columns=taking.columns.ignored,
        duplicates=taking.duplicates, basis=taking.why.basis,
        keep_until=clock.local_date(retention.expires_at(taking.why.keep, now)),
    )  # fmt: skip


def _write(to: Path, taking: _Taking) -> None:
    to.touch(mode=0o600)
    texts = {**grid.PROBLEMS, **PROBLEMS}
    width = taking.columns.width
    lines = (
        [
            *problem.cells, *[""] * (width - len(problem.cells)), str(problem.row), problem.column,
            gettext(texts[problem.code].message) % problem.params,
        ]
        for problem in taking.problems
    )  # fmt: skip
    write_csv(to, [*taking.columns.labels, *COLUMN_WORDS], lines)
