"""Which paper this browser has shown, whose it is, and what that paper opens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from bulou.kernel import ids
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.restrictions import queries as restrictions
from bulou.lines.restrictions.actions import tries
from bulou.lines.restrictions.terms import TRIES_WINDOW, Restriction, Standing
from bulou.watches.queries import reports, watches
from bulou.watches.terms import Timeline

KEPT = "paper"
"""The session remembers which paper was shown, for half an hour or as long as the browser is open."""
HALF_AN_HOUR = 30 * 60
KNOWN = "bulou_paper"
"""The cookie of a browser that has opened a paper: it counts apart when somebody guesses codes."""
NOTICE, CARD = "notice", "card"
LIVE = frozenset({Standing.PROPOSED, Standing.COMING, Standing.IN_FORCE, Standing.FROZEN})


@dataclass(frozen=True, slots=True)
class Opened:
    """What a paper opens: a person, with what holds for them and how they are followed."""

    district: str
    person: UUID
    path: str
    restriction: Restriction | None
    watch: Timeline | None


def show(request: HttpRequest, code: str) -> str | Problem:
    """Remember the paper with this code, and return what makes the browser known; else what is wrong.

    The code itself is not kept. What cannot be a code is answered like a wrong one and counts for nothing. A
    wrong one takes the same way as a right one up to the last step; while such codes are locked, both are
    refused.
    """
    unknown = Problem("restrictions.code_unknown")
    if not ids.paper_like(code):
        return unknown
    browser = tries.browser(request.COOKIES.get(KNOWN, ""), code)
    if not tries.one_more(code, browser):
        return Problem("restrictions.too_many_codes", {"minutes": TRIES_WINDOW // timedelta(minutes=1)})
    with transaction(_everywhere()):
        notice, card = restrictions.by_code(code), reports.by_code(code)
    found = notice or card
    if found is None:
        return unknown
    request.session.cycle_key()
    request.session[KEPT] = [NOTICE if notice else CARD, found[0], str(found[1])]
    request.session.set_expiry(HALF_AN_HOUR)
    return tries.opened(code, browser)


def shown(request: HttpRequest) -> bool:
    """Whether a paper was shown."""
    return KEPT in request.session


def opened(request: HttpRequest, now: datetime) -> Opened | None:
    """What the shown paper opens; None without one. 6 queries."""
    kept = request.session.get(KEPT)
    if not isinstance(kept, list) or len(kept) != 3:
        return None
    kind, district, number = (str(one) for one in kept)
    with transaction(whole(district)):
        if kind == NOTICE:
            return _by_notice(district, UUID(number), now)
        return _by_card(district, UUID(number), now)


def _by_notice(district: str, restriction_id: UUID, now: datetime) -> Opened | None:
    found = restrictions.one(whole(district), restriction_id, now)
    if found is None:
        return None
    open_ = reports.open_watches(district, found.person)
    watch = watches.watch(whole(district), open_[0]) if open_ else None
    return Opened(district, found.person, found.path, found, watch)


def _by_card(district: str, watch_id: UUID, now: datetime) -> Opened | None:
    try:
        watch = watches.watch(whole(district), watch_id)
    except ProblemError:
        return None
    person = watch.watch.person
    ordered = restrictions.of_person(district, [person], now)
    held = next((one for one in ordered if one.standing in LIVE), None)
    if not watch.watch.is_open:  # the paper stays, the watch goes on as another one
        open_ = reports.open_watches(district, person)
        watch = watches.watch(whole(district), open_[0]) if open_ else watch
    return Opened(district, person, watch.watch.path, held, watch)


def _everywhere() -> Scope:
    districts = tuple(ledger.districts())
    return Scope(districts, districts)
