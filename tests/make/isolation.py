"""Isolation sites, busloads and households, through the same records as a desk or a phone would send."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.grid import models as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import whole
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import Group, Kind, Stay, room_of, watch_of
from tests.make.rounds import COMMUNITY, DISTRICT, SINCE, someone

HOTEL = f"{COMMUNITY}.c1"
READY, ENTRY, STAY, REQUEST, BREACH = (
    "site-readiness@1", "home-entry-check@1", "hotel-isolation@2", "supply-request@1", "isolation-breach@1",
)  # fmt: skip
POINTS = (
    "zones_marked", "two_entrances", "clean_contaminated_separated", "single_rooms_with_bath",
    "two_lined_bins_per_room", "waste_company", "ppe_stock_7_days", "staff_roster_24h", "medical_link",
    "fire_exits_open", "phone_in_room", "floor_plan_uploaded",
)  # fmt: skip
AT_HOME = (
    "own_dwelling_or_own_room_and_bath", "no_shared_air_conditioning", "co_residents_listed",
    "goods_and_medicine", "reachable_phone", "carer_is_well", "notice_served",
)  # fmt: skip


def officer(path: str = DISTRICT, team: str = "isolation office") -> Actor:
    """Return an officer who sets up sites and names their heads."""
    return someone(Role.STREET_OFFICER, path, team=team)


def hotel(path: str = HOTEL, *, name: str = "") -> UUID:
    """Return an isolation site of the register. Assumes a scope over the district."""
    made = ids.uuid7()
    name = name or f"hotel {made.hex[-6:]}"
    grid.Site.objects.create(
        id=made, district=DISTRICT, path=path, area=path, type="isolation_site", name=name, origin="import",
        valid_from=SINCE,
    )  # fmt: skip
    return made


def tell(
    kind: Kind, subject: UUID, outcome: str, payload: dict[str, Any] | None = None, *, path: str = HOTEL,
    protocol: str = "", at: datetime | None = None,
) -> OfficeRecord:  # fmt: skip
    """Return one record of the line."""
    about = {
        Kind.TURNOVER: "isolation_room", Kind.HOME_CHECK: "dwelling", Kind.SITE: "isolation_site",
        Kind.READINESS: "isolation_site", Kind.DUTY: "isolation_site",
    }  # fmt: skip
    return OfficeRecord(
        kind=kind.value, path=path, subject_type=about.get(kind, "stay"), subject=subject, outcome=outcome,
        payload=payload or {}, protocol=protocol, observed_at=at or clock.now(),
    )  # fmt: skip


def rooms(numbers: Sequence[str], **more: Any) -> list[dict[str, Any]]:
    """Return the rooms of a list, all alike."""
    return [{"number": number, "floor": int(number[0])} | more for number in numbers]


def furnished(site: UUID, listed: Sequence[dict[str, Any]], *, path: str = HOTEL) -> OfficeRecord:
    """Return the record of the rooms of a site."""
    return tell(Kind.SITE, site, "set", {"phone": "0434-1234567", "rooms": list(listed)}, path=path)


def inspected(
    site: UUID, *, lacking: Sequence[str] = (), path: str = HOTEL, at: datetime | None = None
) -> OfficeRecord:
    """Return a readiness check: passed, unless something is lacking."""
    answers = {point: point not in lacking for point in POINTS}
    outcome = "failed" if lacking else "passed"
    return tell(Kind.READINESS, site, outcome, answers, path=path, protocol=READY, at=at)


def on_duty(
    site: UUID, account: UUID, group: Group = Group.HEAD, *, path: str = HOTEL, since: datetime | None = None,
    at: datetime | None = None,
) -> OfficeRecord:  # fmt: skip
    """Return the record that gives somebody a duty at a site."""
    payload = {"account": str(account), "group": group.value}
    if since is not None:
        payload["from"] = since.isoformat()
    return tell(Kind.DUTY, site, "given", payload, path=path, at=at)


def opened(
    by: Actor, *, numbers: Sequence[str] = ("101", "102", "103"), head: UUID | None = None, path: str = HOTEL,
    at: datetime | None = None, **more: Any,
) -> UUID:  # fmt: skip
    """Return a site with rooms that has passed its check and has a head."""
    site = hotel(path)
    submit_office(by, [
        furnished(site, rooms(numbers, **more), path=path), inspected(site, path=path, at=at),
        on_duty(site, head or ids.uuid7(), path=path),
    ])  # fmt: skip
    return site


def expected(site: UUID | None, *, stay: UUID | None = None, path: str = HOTEL, **more: Any) -> OfficeRecord:
    """Return the record that somebody is to come; of own consent unless it says otherwise."""
    payload = {
        "person": str(ids.uuid7()), "regime": "cn-v9", "phase": "central", "ground": "consent",
        "from": clock.local_date(clock.now()).isoformat(), "back_to": COMMUNITY, "bus": "bus 1",
    } | ({"site": str(site)} if site else {}) | {k: v for k, v in more.items() if k != "at"}  # fmt: skip
    return tell(Kind.EXPECTED, stay or ids.uuid7(), "expected", payload, path=path, at=more.get("at"))


def arrived(stay: UUID, site: UUID | None = None, number: str = "", **more: Any) -> OfficeRecord:
    """Return the record that somebody has come, into a room of the site."""
    payload = {"room": str(room_of(site, number))} if site else {}
    return tell(Kind.ARRIVED, stay, "arrived", payload, **more)


def turned(
    site: UUID, number: str, outcome: str, *, reason: str = "", at: datetime | None = None
) -> OfficeRecord:
    """Return what was done with a room."""
    payload = {"reason": reason} if reason else {}
    return tell(Kind.TURNOVER, room_of(site, number), outcome, payload, at=at)


def guest(by: Actor, site: UUID, number: str, *, at: datetime | None = None, **more: Any) -> UUID:
    """Return the stay of somebody who lives in a room now, with a watch."""
    coming = expected(site, at=at, **more)
    assert coming.subject is not None
    submit_office(by, [coming])
    submit_office(by, [arrived(coming.subject, site, number, at=at), watched(coming, at=at)])
    return coming.subject


def watched(coming: OfficeRecord, *, at: datetime | None = None) -> OfficeRecord:
    """Return the record that begins the watch of a stay."""
    assert coming.subject is not None
    kept = {key: coming.payload[key] for key in ("person", "regime", "phase", "from")}
    return OfficeRecord(
        kind="watch.started", path=coming.path, subject_type="watch", subject=watch_of(coming.subject),
        outcome="started", payload=kept, protocol=STAY, observed_at=at or clock.now(),
    )  # fmt: skip


def requested(
    stay: UUID, need: str = "medicine", *, at: datetime | None = None, about_type: str = "stay",
    path: str = HOTEL,
) -> OfficeRecord:  # fmt: skip
    """Return the record that opens a request."""
    return OfficeRecord(
        kind="case.opened", path=path, subject_type="case", subject=ids.uuid7(), outcome="opened",
        payload={"need": need, "about": str(stay), "about_type": about_type}, protocol=REQUEST,
        observed_at=at or clock.now(),
    )  # fmt: skip


def busy(by: Actor, path: str, home: UUID) -> tuple[UUID, UUID]:
    """Return a site in the middle of its work, and a stay whose days are over but for a positive neighbour.

    A bus is to come, a room to be cleaned, a request late, a breach noted; a household stays at home.
    """
    now = clock.now()
    past = now - timedelta(days=9)
    site = opened(by, numbers=[f"{floor}0{n}" for floor in (1, 2) for n in range(1, 7)], path=path, at=past)
    since = {"path": path, "from": clock.local_date(past).isoformat()}
    first, near, gone = (guest(by, site, number, at=past, **since) for number in ("101", "102", "201"))
    guest(by, site, "202", path=path, party="family 1", needs=["infant"])
    medic = someone(Role.STREET_OFFICER, path, team="medics")
    for stay, outcome in ((first, "negative"), (near, "positive")):
        submit_office(medic, [OfficeRecord(
            kind="watch.tested", path=path, subject_type="watch", subject=watch_of(stay), outcome=outcome,
            payload={}, protocol=STAY, observed_at=past + timedelta(days=7, hours=1),
        )])  # fmt: skip
    submit_office(by, [tell(Kind.LEFT, gone, "hospital", path=path, at=now - timedelta(hours=2))])
    bus = [expected(site, path=path, bus="bus 7", party=party) for party in ("", "family 2", "family 2")]
    household = expected(None, dwelling=str(home), path=path, regime="cn-10")
    answers = dict.fromkeys(AT_HOME, True) | {"residents": 2}
    submit_office(by, [
        *bus, tell(Kind.HOME_CHECK, home, "suitable", answers, protocol=ENTRY, path=path), household,
        requested(first, at=now - timedelta(hours=3), path=path), requested(near, "goods", path=path),
    ])  # fmt: skip
    submit_office(by, [OfficeRecord(
        kind="case.opened", path=path, subject_type="case", subject=ids.uuid7(), outcome="opened",
        payload={"breach": "zone_crossed", "about": str(site), "about_type": "isolation_site"},
        protocol=BREACH, observed_at=now - timedelta(hours=5),
    )])  # fmt: skip
    return site, first


def stay_of(stay: UUID) -> Stay:
    """Return a stay as its records make it."""
    return stays.stay(whole(DISTRICT), stay)


def day(n: int) -> date:
    """Return the n-th day from today on."""
    return date.fromordinal(clock.local_date(clock.now()).toordinal() + n)
