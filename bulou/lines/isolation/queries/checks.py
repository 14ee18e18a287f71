"""What makes a record of isolation doubtful, or is refused at a desk."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from bulou.grid import queries as grid
from bulou.grid.terms import SiteType
from bulou.kernel.problems import ProblemError
from bulou.ledger.terms import Entry
from bulou.lines.isolation import models
from bulou.lines.isolation.queries import sites
from bulou.lines.isolation.rules import payloads
from bulou.lines.isolation.terms import (
    ABOUT_SITE,
    HOME_PROTOCOL,
    OUT,
    STAY_PROTOCOL,
    DutyStep,
    Going,
    Kind,
    Release,
    RoomRow,
    RoomState,
    Tidiness,
    Turnover,
    Zone,
)
from bulou.protocols import queries as protocols

OUTCOMES: Mapping[Kind, frozenset[str]] = {
    Kind.SITE: frozenset({"set"}),
    Kind.DUTY: frozenset(one.value for one in DutyStep),
    Kind.TURNOVER: frozenset(one.value for one in Turnover),
    Kind.EXPECTED: frozenset({"expected"}),
    Kind.ARRIVED: frozenset({"arrived"}),
    Kind.CHANGED_ROOM: frozenset({"changed"}),
    Kind.RELEASED: frozenset(one.value for one in Release),
    Kind.LEFT: frozenset(one.value for one in Going),
}
REASONS = frozenset({Turnover.OUT_OF_USE.value, Going.NOT_COME.value, Release.FREED.value})


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it came."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make a record doubtful; empty when it may stand. Never raises. At most 5 queries.

    What happened counts all the same where only the circumstances are in doubt: somebody who sleeps in a room
    that was not ready does sleep there (see `ledger.rules.CONTEXTUAL`).
    """
    kind = Kind(entry.kind)
    if kind not in OUTCOMES:
        return _by_form(entry, context)
    if entry.outcome not in OUTCOMES[kind]:
        return ("isolation.bad_outcome",)
    told = payloads.read(entry, payloads.SHAPES[kind])
    if told is None or (kind is Kind.EXPECTED and payloads.expected(entry) is None):
        return (f"isolation.bad_payload:{_missing(kind, context)}",)
    if entry.outcome in REASONS and not getattr(told, "reason", "").strip():
        return ("isolation.reason_missing",)
    return _in_place(kind, entry, told)


def no_site(district: str, site: UUID | None) -> bool:
    """Whether a place is no isolation site in the register. 1 query."""
    return site is None or grid.site_types(district, [site]).get(site) is not SiteType.ISOLATION_SITE


def _by_form(entry: Entry, context: Known) -> tuple[str, ...]:
    """A checklist answers the form of its protocol."""
    if entry.kind == Kind.READINESS and no_site(entry.district, entry.subject):
        return ("isolation.no_site",)
    try:
        compiled = protocols.compiled(entry.protocol)
    except ProblemError:
        return ("intake.unknown_protocol",)
    if entry.outcome not in compiled.records.get(entry.kind, ()):
        return ("isolation.bad_outcome",)
    return compiled.form.problems(dict(context.payload), entry.outcome)


def _missing(kind: Kind, context: Known) -> str:
    fields = payloads.SHAPES[kind].__struct_encode_fields__
    return next((field for field in fields if field not in context.payload), "")


def _in_place(kind: Kind, entry: Entry, told: Any) -> tuple[str, ...]:
    if kind in ABOUT_SITE:
        return ("isolation.no_site",) if no_site(entry.district, entry.subject) else ()
    if kind is Kind.EXPECTED:
        slug = STAY_PROTOCOL if told.site is not None else HOME_PROTOCOL
        if told.regime not in protocols.latest(slug).regimes:
            return ("isolation.bad_payload:regime",)
        wrong = told.site is not None and no_site(entry.district, told.site)
        return ("isolation.no_site",) if wrong else ()
    if kind is Kind.TURNOVER:
        here = sites.room_paths(entry.district, [entry.subject] if entry.subject else [])
        return () if here else ("isolation.no_room",)
    if kind in (Kind.ARRIVED, Kind.CHANGED_ROOM):
        return _moving_in(kind, entry, told.room)
    if kind is Kind.LEFT:
        return _leaving(entry)
    return ()


def _moving_in(kind: Kind, entry: Entry, room: UUID | None) -> tuple[str, ...]:
    stay = _stay(entry)
    if stay is None:
        return ("isolation.not_expected",)
    if stay.left_at is not None or (stay.arrived_at is None) != (kind is Kind.ARRIVED):
        return ("isolation.not_staying",)
    if stay.site is None:
        return _at_home(entry, stay)
    found: list[str] = []
    if kind is Kind.ARRIVED and not sites.ready(entry.district, stay.site, entry.effective_at):
        found.append("isolation.site_not_ready")
    rooms = {row.room.id: row for row in sites.rooms(entry.district, stay.site)}
    row = rooms.get(room) if room else None
    return (*found, *(_room(row, stay) if row is not None else ("isolation.no_room",)))


def _stay(entry: Entry) -> models.Stay | None:
    rows = models.Stay.objects.filter(
        district=entry.district, id__in=[entry.subject] if entry.subject else []
    )
    return rows.first()


def _room(row: RoomRow, stay: models.Stay) -> tuple[str, ...]:
    if row.room.zone is not Zone.MEDICAL or row.room.area is not Tidiness.CONTAMINATED:
        return ("isolation.not_a_guest_room",)
    if row.state is RoomState.FREE:
        return ()
    company = models.Stay.objects.filter(district=stay.district, id__in=row.guests)
    ours = bool(stay.party) and {one.party for one in company} == {stay.party}
    together = row.state is RoomState.OCCUPIED and ours and len(row.guests) < row.room.beds
    return () if together else ("isolation.room_not_free",)


def _at_home(entry: Entry, stay: models.Stay) -> tuple[str, ...]:
    home = models.Home.objects.filter(district=entry.district, dwelling__in=[stay.home] if stay.home else [])
    suitable = home.filter(suitable=True).exists()
    return () if suitable else ("isolation.home_not_suitable",)


def _leaving(entry: Entry) -> tuple[str, ...]:
    stay = _stay(entry)
    never = entry.outcome == Going.NOT_COME
    if stay is None or stay.left_at is not None or (stay.arrived_at is None) != never:
        return ("isolation.not_staying",)
    if never or entry.outcome in OUT or stay.released_at is not None:
        return ()
    return ("isolation.not_released",)
