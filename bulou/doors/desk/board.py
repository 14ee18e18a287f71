"""The board of a round: one area, its account, the areas below it worst first, a tile for each compound."""

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Account, Operation, RoundState, Tile
from bulou.doors.desk import frame, labels, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for, top_of
from bulou.doors.desk.figures import AccountView, account_view, number
from bulou.doors.desk.live import live_headers
from bulou.doors.desk.past import Look, local, moment
from bulou.doors.desk.past import tiles as past_tiles
from bulou.doors.desk.rounds import Lists, state_class
from bulou.doors.desk.session import anew, stands_ready
from bulou.doors.desk.shared import Shared
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope

MOST_TILES = 400
SIZES = ((4, "w4"), (2.5, "w3"), (1.5, "w2"))
TILE = '<li class="{}"><a class="tile {}" href="{}"><b>{}</b> <i>{}</i></a></li>'
SHADES = ((0.0, "t0"), (0.1, "t1"), (0.25, "t2"), (0.5, "t3"), (0.75, "t4"))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One area below the one that is looked at."""

    name: str
    href: str
    account: AccountView
    share: str


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The compounds of one area right below, under its name."""

    name: str
    href: str
    tiles: SafeString


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of a board that changes while one looks at it."""

    account: AccountView
    rows: tuple[BoardRow, ...]
    groups: tuple[TileGroup, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A board as markup: all of it, the part that changes, and the word that tells whether it did."""

    body: SafeString
    live: SafeString
    version: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What one looks at and may do there; who has the same key sees the same."""

    scope: Scope
    look: Look
    path: str
    may_close: bool
    key: tuple[Hashable, ...]


_SHOWN: Shared[Shown] = Shared()


_ROUNDS: Shared[Operation] = Shared()


def _board_ready(request: DeskRequest, operation_id: UUID) -> HttpResponse | None:
    scope = scope_for(request, Verb.ROUND_VIEW)
    operation = _round_ready(request, scope, operation_id)
    if operation is None:
        return None
    asked = _asked(request, scope, operation)
    shown = _shown_ready(request, asked)
    return _page(request, asked, shown) if shown else None


@stands_ready(_board_ready)
@require_GET
def board(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show the account of an area in a round; `area`, `sort` and the round are in the address."""
    asked = _asked(request, *_round(request, operation_id))
    return _page(request, asked, _shown(request, asked))


def _page(request: DeskRequest, asked: Asked, shown: Shown) -> HttpResponse:
    title = protocol_words.title(asked.look.operation)
    return frame.page_of(request, shown.body, title=title, live=shown.is_live, at=asked.look.at)


def _live_ready(request: DeskRequest, operation_id: UUID) -> HttpResponse | None:
    scope = scope_for(request, Verb.ROUND_VIEW)
    operation = _round_ready(request, scope, operation_id)
    if operation is None:
        return None
    shown = _shown_ready(request, _asked(request, scope, operation, live=True))
    return _news(request, shown) if shown else None


@stands_ready(_live_ready)
@require_GET
def live(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Answer 204 while nothing changed since version `v`, else the part of the board that changes."""
    asked = _asked(request, *_round(request, operation_id), live=True)
    return _news(request, _shown(request, asked))


def _news(request: DeskRequest, shown: Shown) -> HttpResponse:
    if shown.version == request.GET.get("v"):
        return HttpResponse(status=204, headers=live_headers())
    return HttpResponse(shown.live, headers=live_headers())


def _round(request: DeskRequest, operation_id: UUID) -> tuple[Scope, Operation]:
    scope = scope_for(request, Verb.ROUND_VIEW)
    key = (scope, operation_id)
    return scope, _ROUNDS.get(request, key, lambda: rounds.operation(scope, operation_id))


def _round_ready(request: DeskRequest, scope: Scope, operation_id: UUID) -> Operation | None:
    again = anew(request, lambda: rounds.operation(scope, operation_id))
    return _ROUNDS.standing(request, (scope, operation_id), anew=again)


def _asked(request: DeskRequest, scope: Scope, operation: Operation, *, live: bool = False) -> Asked:
    """What the address asks for, and for whom: all who ask the same may be shown the same. No query."""
    path = place(request, scope, operation)
    look = Look(operation, None if live else moment(request), opens=may_anywhere(request, Verb.UNIT_VIEW))
    may_close = operation.state is RoundState.OPEN and may(request, Verb.ROUND_CLOSE, operation.path)
    key = (
        *(operation.id, operation.state, look.at, look.opens, may_close, path, scope.paths),
        *(get_language(), lists.address(request.GET)),
    )
    return Asked(scope, look, path, may_close, key)


def _shown(request: DeskRequest, asked: Asked) -> Shown:
    """The board as markup, made once for all who may see the same of it in this language and order."""
    return _SHOWN.get(request, asked.key, lambda: _made(request, asked))


def _shown_ready(request: DeskRequest, asked: Asked) -> Shown | None:
    return _SHOWN.standing(request, asked.key, anew=anew(request, lambda: _made(request, asked)))


def _made(request: DeskRequest, asked: Asked) -> Shown:
    context = _context(request, asked.scope, asked.look, asked.path) | {"may_close": asked.may_close}
    live_part = render_to_string("desk/rounds/_live.html", context)
    return Shown(
        body=render_to_string("desk/rounds/_board.html", context | {"live_part": live_part}),
        live=live_part,
        version=str(context["version"]),
        is_live=bool(context["is_live"]),
    )


def place(request: DeskRequest, scope: Scope, operation: Operation) -> str:
    """Return the area to look at: the chosen one where the round reaches it, else the round's own top."""
    path = request.area
    if path == operation.path or path.startswith(f"{operation.path}."):
        return path
    return top_of(scope, operation.path)


def version(account: Account) -> str:
    """Return a short word that changes whenever a figure of the account or of its children does."""
    text = repr(
        [
            (a.path, a.expected, a.done, a.excused, a.moved, a.open_by, a.alerts)
            for a in (account, *account.children)
        ]
    )
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def _context(request: DeskRequest, scope: Scope, look: Look, path: str) -> dict[str, object]:
    operation = look.operation
    account = look.account(scope, path)
    crowded, shown = _compounds(scope, look, path, account)
    wanted = {*reach.lineage(path), *(c.path for c in account.children), *(t.area for t in shown)}
    names = grid.tree_names(scope, tuple(wanted), clock.local_date(operation.opens_at))
    heads, key, falling = lists.columns(request, _columns(), default="-open")
    query, word = lists.address(request.GET, area=path), version(account)
    top = operation.path if scope.covers(operation.path) else top_of(scope, path)
    return {
        "round": operation,
        "title": protocol_words.title(operation),
        "place_name": names.get(path, path),
        "state": labels.ROUND_STATES[operation.state],
        "state_class": state_class(operation, account.open),
        "late": operation.state is RoundState.OPEN and operation.due_at < account.as_of and account.open > 0,
        "crumbs": lists.crumbs(names, path, top=top, to=look.area("")),
        "columns": heads,
        "board": _board(look, account, shown, names, (key, falling)),
        "too_many_tiles": crowded,
        "version": word,
        "live_href": reverse("desk:board_live", args=(operation.id,)) + query + f"&v={word}",
        "is_live": operation.state is RoundState.OPEN and look.at is None,
        "past": look.at,
        "as_of": local(look.at or account.as_of),
        "earliest": local(operation.opened_at),
        "area": path,
        "now_href": Look(operation, None).area(path),
        "missed_href": Lists(operation.id, opens=look.opens).at("open", path),
        "definitions": _definitions(),
    }


def _compounds(scope: Scope, look: Look, path: str, account: Account) -> tuple[bool, list[Tile]]:
    """The compounds to draw, and whether they are too many for that."""
    if look.at is not None:
        found = past_tiles(account)
        return len(found) > MOST_TILES, found[:0] if len(found) > MOST_TILES else found
    if accounts.more_compounds_than(MOST_TILES, scope, look.operation, path=path):
        return True, []
    return False, accounts.tiles(scope, look.operation, path=path)


def _columns() -> Sequence[tuple[str, object, object]]:
    d = labels.DEFINITIONS
    return (
        ("name", _("Area"), ""),
        ("expected", labels.EXPECTED, d["expected"]),
        ("done", labels.DONE, d["done"]),
        ("excused", labels.EXCUSED, d["excused"]),
        ("moved", labels.MOVED, d["moved"]),
        ("open", labels.OPEN, d["open"]),
        ("alert", labels.ALERTS, d["alert"]),
    )


def _board(
    look: Look,
    account: Account,
    tiles: Sequence[Tile],
    names: Mapping[str, str],
    order: tuple[str, bool],
) -> Board:
    key, falling = order
    sort: Callable[[Account], object] = _SORT.get(key, lambda a: names.get(a.path, a.path))
    children = sorted(account.children, key=lambda a: (sort(a), a.path), reverse=falling)
    rows = tuple(
        BoardRow(
            name=names.get(child.path, child.path),
            href=look.area(child.path),
            account=account_view(child, look.of(child.path)),
            share=f"{child.open / child.expected:.0%}" if child.expected else "",
        )
        for child in children
    )
    return Board(
        account=account_view(account, look.of(account.path)),
        rows=rows,
        groups=_groups(look, account, children, tiles, names),
    )


_SORT: dict[str, Callable[[Account], int]] = {
    "expected": lambda a: a.expected,
    "done": lambda a: a.done,
    "excused": lambda a: a.excused,
    "moved": lambda a: a.moved,
    "open": lambda a: a.open,
    "alert": lambda a: a.alerts,
}


def _median(tiles: Sequence[Tile]) -> int:
    sizes = sorted(tile.expected for tile in tiles)
    return max(1, sizes[len(sizes) // 2]) if sizes else 1


def _groups(
    look: Look,
    account: Account,
    children: Sequence[Account],
    tiles: Sequence[Tile],
    names: Mapping[str, str],
) -> tuple[TileGroup, ...]:
    """The tiles under the names of the areas right below, in the order of the table."""
    usual = _median(tiles)
    groups = []
    for child in children:
        inside = [t for t in tiles if t.area == child.path or t.area.startswith(f"{child.path}.")]
        deeper = any(t.area != child.path for t in inside)
        name = names.get(child.path, child.path) if deeper else ""
        groups.append(TileGroup(name, look.area(child.path), _drawn(inside, names, look, usual)))
    if not any(group.name for group in groups):
        return (TileGroup("", "", _drawn(tiles, names, look, usual)),)
    return tuple(groups)


def _drawn(tiles: Sequence[Tile], names: Mapping[str, str], look: Look, usual: int) -> SafeString:
    """Tiles as markup: as wide as a compound has doors, as dark as it has open ones.

    Made here and not in the template, which takes three times as long for the 200 of a district (2026-11).
    """
    rows = (
        (
            next((word for times, word in SIZES if tile.expected >= times * usual), "w1"),
            next((word for most, word in SHADES if tile.open / tile.expected <= most), "t5"),
            look.tile(tile),
            names.get(tile.area, tile.area),
            number(tile.open),
        )
        for tile in tiles
    )
    return format_html_join("", TILE, rows)


def _definitions() -> tuple[tuple[str, str], ...]:
    words = (labels.EXPECTED, labels.DONE, labels.EXCUSED, labels.MOVED, labels.OPEN, labels.ALERTS)
    return tuple((str(w), str(d)) for w, d in zip(words, labels.DEFINITIONS.values(), strict=True))
