"""Isolation sites: a list of rooms, a check before the first guest, one head each, and the staff."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from bulou.access import queries as access
from bulou.access.actions import gate
from bulou.access.terms import Actor, Role
from bulou.grid import queries as grid
from bulou.grid.actions import imports
from bulou.grid.actions.imports import ImportOptions
from bulou.grid.terms import ImportKind, SiteType
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.terms import Group, Kind
from bulou.rehearsal.acts.guests import Guests
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.stage import Stage, local

POINTS = (
    "zones_marked", "two_entrances", "clean_contaminated_separated", "single_rooms_with_bath",
    "two_lined_bins_per_room", "waste_company", "ppe_stock_7_days", "staff_roster_24h", "medical_link",
    "fire_exits_open", "phone_in_room", "floor_plan_uploaded",
)  # fmt: skip
MOST = 500
"""Sites that are read back at once."""
ROOMS = 12
"""Rooms of one site; assumed."""
FAILED_FIRST = 7
"""Every so-manieth site fails its first check and passes the second one two hours later; assumed."""


class Sites:
    """So many sites, with a head each; the other staff are dealt out among the groups of work."""

    def __init__(self, stage: Stage, *, day: int, n: int, staff: int, guests: int = 0) -> None:
        self.stage = stage
        self.day = day
        self.n = n
        self.staff = staff
        self.guests = Guests(stage, day=day, each=guests)
        self.sites: list[tuple[UUID, str]] = []
        """Each site with its place."""

    def morning(self, day: int) -> None:
        """The sites enter the register; the office says which rooms they have and who works there."""
        if day != self.day:
            return
        stage, on = self.stage, self.stage.calendar.day(day)
        places = [place.path for place in stage.district.communities]
        self.sites = self._import([places[n % len(places)] for n in range(self.n)], on)
        officer = self._actor(stage.staff.account(Role.STREET_OFFICER, [stage.district.code], self._team)[0])
        at = local(on, time(7))
        submit_office(officer, [_rooms(site, path, at) for site, path in self.sites])
        submit_office(officer, self._duties(at))

    def work(self, day: int) -> None:
        """Nobody is taken in before a site has passed; some fail and pass later."""
        if day == self.day:
            self._check()
            self.guests.arrive(self.sites)
        if day >= self.day:
            self.guests.work(day)

    def _check(self) -> None:
        day, paths = self.day, sorted({path for _, path in self.sites})
        team = [self._team]
        inspectors = self.stage.hire(Role.COMMUNITY_OFFICER, min(4, len(paths)), paths, team)
        at = local(self.stage.calendar.day(day), time(8))
        for n, (site, path) in enumerate(self.sites):
            inspector = next(one for one in inspectors if path in one.paths)
            if n % FAILED_FIRST == 0:
                inspector.phone.note(
                    _check(site, path, at + timedelta(minutes=n), lacking="ppe_stock_7_days")
                )
            inspector.phone.note(_check(site, path, at + timedelta(hours=2, minutes=n)))
        for inspector in inspectors:
            inspector.phone.upload()
        self.stage.echo(f"  {self.n} isolation sites, a head each, {self.staff} staff")

    @property
    def _team(self) -> str:
        return str(self.stage.words["units"]["isolation"])

    def _duties(self, at: datetime) -> list[OfficeRecord]:
        """A head each; everybody else does one work at one site, dealt out in turn."""
        groups = [group for group in Group if group is not Group.HEAD]
        made = []
        for number in range(self.staff):
            turn, n = divmod(number, self.n)
            site, path = self.sites[n]
            group = Group.HEAD if turn == 0 else groups[(turn - 1) % len(groups)]
            account = self.stage.staff.account(Role.WORKER, [path], self._team)[0]
            payload = {"account": str(account), "group": group.value, "from": at.isoformat()}
            made.append(_said(Kind.DUTY, site, path, at, "given", payload))
        return made

    def _import(self, places: Sequence[str], since: date) -> list[tuple[UUID, str]]:
        word = self.stage.words["sites"]["isolation_site"]
        named = {f"{word}{n:02d}": path for n, path in enumerate(places, 1)}
        lines = ["path,type,name", *(f"{path},isolation_site,{name}" for name, path in named.items())]
        district = self.stage.district.code
        receipt = imports.import_file(
            gate.system_actor(district), kind=ImportKind.SITES, path=district,
            content="\n".join(lines).encode(), file_name="sites.csv", options=ImportOptions(valid_from=since),
        )  # fmt: skip
        if receipt.quarantined:
            raise ScenarioError(f"Sites were set aside: {receipt.first_problems[0]}")
        return [(site, named[name]) for name, site in _ids(self.stage, named)]

    @staticmethod
    def _actor(account: UUID) -> Actor:
        found = access.actor_by_id(account)
        if found is None:
            raise ScenarioError("The officer of the sites has lost the account.")
        return found


def _ids(stage: Stage, named: Iterable[str]) -> list[tuple[str, UUID]]:
    """The ids of the sites that were just imported, in the order of their names."""
    code, wanted = stage.district.code, set(named)
    with transaction(whole(code)):
        found = grid.sites(whole(code), code, types=[SiteType.ISOLATION_SITE], limit=MOST).items
    return sorted((site.name, site.site_id) for site in found if site.name in wanted)


def _rooms(site: UUID, path: str, at: datetime) -> OfficeRecord:
    listed = [
        {
            "number": f"{1 + n // 6}{n % 6 + 1:02d}", "floor": 1 + n // 6, "beds": 2 if n % 6 == 5 else 1,
            "barrier_free": n % 6 == 0,
        }
        for n in range(ROOMS)
    ]  # fmt: skip
    return _said(Kind.SITE, site, path, at, "set", {"phone": "100", "rooms": listed})


def _said(
    kind: Kind, site: UUID, path: str, at: datetime, outcome: str, payload: dict[str, Any]
) -> OfficeRecord:
    return OfficeRecord(
        kind=kind.value, path=path, subject_type="isolation_site", subject=site, outcome=outcome,
        payload=payload, observed_at=at,
    )  # fmt: skip


def _check(site: UUID, path: str, at: datetime, *, lacking: str = "") -> Deed:
    answers = {point: point != lacking for point in POINTS}
    return Deed(
        kind=Kind.READINESS.value, path=path, outcome="failed" if lacking else "passed", payload=answers,
        at=at, subject_type="isolation_site", subject=site, protocol="site-readiness@1",
    )  # fmt: skip
