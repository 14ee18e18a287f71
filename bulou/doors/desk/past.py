"""The board as it stood: a past moment in the address, and where links lead from there."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from bulou.coverage.queries import accounts
from bulou.coverage.terms import Account, Operation, Tile
from bulou.doors.desk.rounds import Lists
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

DEPTH = 6  # from a district down to a compound, with room


def moment(request: HttpRequest) -> datetime | None:
    """Return the past moment that the address asks for; None for now. Without a zone it is the district's.

    Raises:
        ProblemError: desk.bad_moment (400) for what is no moment.
    """
    text = request.GET.get("as_of", "")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ProblemError("desk.bad_moment", status=400, text=text[:40]) from None
    at = at if at.tzinfo else at.replace(tzinfo=clock.DISTRICT_ZONE)
    return at if at < clock.now() else None


class Look:
    """How one looks at a round: now, or as it stood at a moment. Knows the address of everything on a board.

    A figure of the past has no list: the lists say how things stand now.
    """

    def __init__(self, operation: Operation, at: datetime | None, *, opens: bool = True) -> None:
        self.operation, self.at, self.opens = operation, at, opens
        self._as_of = "" if at is None else "&" + urlencode({"as_of": local(at)})

    # Worked out where a board is made: one that stands ready needs no address of a look.
    @cached_property
    def _board(self) -> str:
        return reverse("desk:board", args=(self.operation.id,))

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self.operation.id, opens=self.opens)

    def area(self, path: str) -> str:
        """Return the address of an area on the board."""
        return f"{self._board}?area={path}{self._as_of}"

    def of(self, path: str) -> Callable[[str], str]:
        """Return the address of each figure's list in an area."""
        return self._lists.of(path) if self.at is None else lambda _key: ""

    def tile(self, tile: Tile) -> str:
        """Return where a tile leads: to what is open there, or to its own board of that moment."""
        if self.at is not None or not self.opens:
            return self.area(tile.area)
        return self._lists.at("open" if tile.open else "expected", tile.area)

    def account(self, scope: Scope, path: str) -> Account:
        """Return the account of an area with the areas below it; in the past down to the compounds."""
        if self.at is None:
            return accounts.account(scope, self.operation, path=path, depth=1)
        return accounts.past_account(
            scope, self.operation, at=self.at, known_at=self.at, path=path, depth=DEPTH
        )


def local(at: datetime) -> str:
    """Return a moment as the address has it: on the district's clock, to the minute."""
    return at.astimezone(clock.DISTRICT_ZONE).strftime("%Y-%m-%dT%H:%M")


def tiles(account: Account) -> list[Tile]:
    """Return the compounds of a past account, by path."""
    leaves = sorted(_leaves(account), key=lambda a: a.path)
    return [Tile(a.path, a.expected, a.open, a.alerts) for a in leaves if a.expected]


def _leaves(account: Account) -> Iterator[Account]:
    if not account.children:
        yield account
    for child in account.children:
        yield from _leaves(child)
