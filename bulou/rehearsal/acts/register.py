"""The register of those who came, each once, however they were found; a team round each key person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from bulou.access import queries as access
from bulou.access.actions import gate
from bulou.access.terms import Actor, Role
from bulou.intake.actions import following
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.screening.actions import teams
from bulou.lines.screening.terms import FOUR, MOST_FOR_ONE, THREE, Kind, TeamRole
from bulou.people.actions.imports import Came, Options, import_people
from bulou.people.terms import ImportKind
from bulou.rehearsal import cast
from bulou.rehearsal.acts.followup import FollowUp
from bulou.rehearsal.cast import Person
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, local

KEEPERS = 8
KEY_PLACES = 22
"""Places in which key persons live, where there are that many."""
CHANNELS = ("at_door", "at_door", "at_door", "at_gate", "by_telephone")
IN_FILE = 0.4
"""Share of the incomers who stand in the file of the railway, not at a door."""
TWICE = 6
"""People whom two phones find, and people of the doors who stand in the file, too."""
LISTED_SINCE = date(2020, 1, 14)
LISTED, BESIDE, ELSEWHERE = range(3)
"""Of the places that the words name: by the first rule, by the second one, and never listed."""
Clause = dict[str, Any]


class Register:
    """So many incomers, so many of them key persons, each with a team and with visits at every hour."""

    def __init__(
        self, stage: Stage, *, day: int, incomers: int, key_persons: int, words: Mapping[str, Any]
    ) -> None:
        self.stage = stage
        self.day = day
        self.n, self.n_keys = incomers, key_persons
        self.roles: Sequence[TeamRole] = {3: THREE, 4: FOUR}[int(words["roles"])]
        self.hour = int(words.get("hour", 9))
        self.keepers: list[Member] = []
        self.officers: list[Member] = []
        self.followup = FollowUp(stage)
        self.people: list[Person] = []
        self._places = self._chosen()

    def morning(self, day: int) -> None:
        """The rule is set, too narrow at first; teams are planned and named; phones are handed out."""
        if day != self.day:
            return
        stage, places = self.stage, self._places
        units = stage.words["units"]
        self.keepers = stage.hire(Role.WORKER, KEEPERS, places, [units["worker"]])
        self.officers = stage.hire(Role.COMMUNITY_OFFICER, KEEPERS, places, [units["community_officer"]])
        self.followup.hire(places[:KEY_PLACES], self.n_keys)
        self._set_rule(LISTED, why="1", at=local(stage.calendar.day(day), time(self.hour - 1)))
        self._name_teams(local(stage.calendar.day(day), time(self.hour - 1)))

    def work(self, day: int) -> None:
        """On the first day everybody is registered; from then on every key person is seen when it is due."""
        if day < self.day:
            return
        if day == self.day:
            self._register()
        n = self.followup.work(day)
        self.stage.echo(f"  {self.n_keys} key persons, {n} visits")

    def _chosen(self) -> list[str]:
        inside = [p.path for p in self.stage.district.communities if p.path.startswith(f"{self.stage.area}.")]
        return inside[: int(self.stage.scenario.play.get("places", len(inside)))]

    def _register(self) -> None:
        at = local(self.stage.calendar.day(self.day), time(self.hour))
        people = self.people = [self._person(n, at) for n in range(self.n)]
        others = range(self.n_keys, self.n)
        in_file = [n for n in others if self.stage.random("file", n).random() < IN_FILE]
        at_doors = sorted(set(range(self.n)) - set(in_file))
        twice = at_doors[-TWICE:]
        doubles = [(people[n], self._again(people[n], at)) for n in twice]
        by_keeper: dict[int, list[tuple[int, Person]]] = {}
        for n in at_doors:
            by_keeper.setdefault(self._of(self.keepers, people[n]).number, []).append((n, people[n]))
        for n, (_, double) in zip(twice, doubles, strict=True):
            by_keeper.setdefault(self._of(self.officers, double).number, []).append((n, double))
        both = [*self.keepers, *self.officers]
        found = self.stage.together(both, lambda m: self._find(m, by_keeper.get(m.number, []), at))
        both_ways = at_doors[-2 * TWICE : -TWICE]
        filed = self._import(
            [(n, people[n]) for n in sorted({*in_file, *both_ways})], at + timedelta(hours=1)
        )
        self._merge(doubles, at + timedelta(hours=2))
        self._set_rule(LISTED, BESIDE, why="2", at=at + timedelta(minutes=90))
        self._begin_watches(people[: self.n_keys], at)
        self.stage.echo(f"  {found} registered by phones, {filed} by a file, {len(doubles)} twice and merged")

    def _person(self, n: int, at: datetime) -> Person:
        """Key persons live in the first places, everybody else anywhere."""
        places = self._places[:KEY_PLACES] if n < self.n_keys else self._places
        return cast.person(n, places[n % len(places)], self._identity(at, n), self.stage.words)

    def _again(self, one: Person, at: datetime) -> Person:
        """The same person as a second phone tells of them, under an id of its own."""
        return Person(self._identity(at, one.number), one.name, one.number, one.telephone, one.path)

    def _identity(self, at: datetime, what: object) -> UUID:
        return uuid7(at, self.stage.random("incomer", what))

    @staticmethod
    def _of(members: Sequence[Member], one: Person) -> Member:
        return next(member for member in members if one.path in member.paths)

    def _stay(self, n: int) -> tuple[tuple[str, str], date]:
        place, left = self._was(n)
        name, code = self.stage.words["came_from"][place]
        return (name, code), left

    def _was(self, n: int) -> tuple[int, date]:
        """Where somebody was, and until when: by the second rule exactly the first ones are key persons."""
        left = self.stage.calendar.first_on - timedelta(days=n % 6)
        if n >= self.n_keys:
            # from a listed place but before it was listed, or from elsewhere
            early = self.stage.calendar.played(LISTED_SINCE) - timedelta(days=1 + n % 5)
            return (LISTED, early) if n % 5 == 0 else (ELSEWHERE, left)
        return (LISTED if n % 3 else BESIDE), left

    def _find(self, member: Member, found: list[tuple[int, Person]], at: datetime) -> int:
        random = self.stage.random("keeper", member.number)
        for count, (n, one) in enumerate(found):
            (place, code), left = self._stay(n)
            when = at + timedelta(minutes=50 * count / max(len(found), 1))
            payload = {
                "trigger": "returnee", "channel": random.choice(CHANNELS), "contact": "no", "home": one.path,
                "stays": [{"place": place, "code": code, "left_on": left.isoformat()}],
                "arrived_on": self.stage.calendar.first_on.isoformat(), "transport": "train", "trip": f"G{n}",
            }  # fmt: skip
            first = random.random() < 0.5
            if first:
                self._hold(member, one)
            member.phone.note(
                Deed(
                    kind=Kind.PERSON.value, path=one.path, outcome="registered", payload=payload, at=when,
                    subject_type="person", subject=one.id, protocol="person-register@1",
                )
            )  # fmt: skip
            if not first:
                self._hold(member, one)
        member.phone.upload()
        return len(found)

    def _hold(self, member: Member, one: Person) -> None:
        """Who it is goes its own way, sealed; before or after the record that names only the id."""
        words = self.stage.words
        member.phone.client.post(
            "/people",
            {
                "id": str(one.id), "area": one.path, "name": one.name, "number": one.number,
                "phones": [one.telephone], "trigger": "returnee", "basis": words["law"],
                "reason": words["came"],
            },
        )  # fmt: skip

    def _import(self, people: Sequence[tuple[int, Person]], at: datetime) -> int:
        """The file of the railway, handed in twice: the second time nothing changes."""
        columns = (
            "path",
            "name",
            "id_number",
            "phone",
            "from",
            "from_code",
            "left_on",
            "arrived_on",
            "transport",
        )
        lines = [",".join(columns)]
        for n, one in people:
            (place, code), left = self._stay(n)
            arrived = self.stage.calendar.first_on
            lines.append(
                f"{one.path},{one.name},{one.number},{one.telephone},{place},{code},{left},{arrived},train"
            )
        content = "\n".join(lines).encode()

        def register(actor: Actor, came: Sequence[Came]) -> None:
            records = [
                OfficeRecord(
                    kind=Kind.PERSON, path=one.path, subject_type="person", subject=one.person.person_id,
                    outcome="registered", payload={**one.facts, "home": one.path}, observed_at=at,
                )
                for one in came
            ]  # fmt: skip
            submit_office(actor, records)

        how = Options(basis=self.stage.words["law"], register=register)
        district = self.stage.district.code
        first, again = (
            import_people(
                gate.system_actor(district), kind=ImportKind.RETURNEES, path=district, content=content,
                file_name="railway.csv", options=how,
            )
            for _ in range(2)
        )  # fmt: skip
        if first.quarantined or again.unchanged != len(people):
            raise ScenarioError(f"The file was not taken as it is: {first}, {again}")
        return first.stored

    def _merge(self, doubles: Sequence[tuple[Person, Person]], at: datetime) -> None:
        """One clerk says that two entries are one person, another one agrees."""
        team = self.stage.words["units"]["data_clerk"]
        one, other = (
            self._actor(self.stage.staff.account(Role.DATA_CLERK, [self.stage.area], team)[0]) for _ in "12"
        )
        for keep, drop in doubles:
            words = {"keep": str(keep.id), "reason": self.stage.words["came"]}
            (said,) = submit_office(one, [_said(Kind.MERGE_PROPOSED, drop, at, words)])
            later = at + timedelta(minutes=20)
            submit_office(other, [_said(Kind.MERGED, drop, later, {"proposal": str(said.id)})])

    def _begin_watches(self, keys: Sequence[Person], at: datetime) -> None:
        for n, one in enumerate(keys):
            officer = self._of(self.officers, one)
            self.followup.begin(officer, one, at + timedelta(minutes=100, seconds=n))
        for officer in self.officers:
            officer.phone.upload()
        if more := following.follow_registered():
            raise ScenarioError(f"{more} key persons were followed up by nobody.")

    def _set_rule(self, *places: int, why: str, at: datetime) -> None:
        since = self.stage.calendar.played(LISTED_SINCE).isoformat()
        payload = {"clauses": [self._clause(place) | {"from_on": since} for place in places], "reason": why}
        record = OfficeRecord(
            kind=Kind.RULE, path=self.stage.district.code, subject_type="rule", subject=ids.uuid7(),
            payload=payload, observed_at=at,
        )  # fmt: skip
        submit_office(self._actor(self.stage.office.account), [record])

    def _clause(self, place: int) -> Clause:
        name, code = self.stage.words["came_from"][place]
        return {"risk": "key_person", "places": [name], "codes": [code[:4]]}

    def _name_teams(self, since: datetime) -> None:
        """Roles for the whole area; people for each place where key persons live."""
        stage, office = self.stage, self._actor(self.stage.office.account)
        places = self._places[:KEY_PLACES]
        of_one = max(1, MOST_FOR_ONE // -(-self.n_keys // len(places)))
        with transaction(whole(stage.district.code)):
            teams.plan_team(office, path=stage.area, roles=self.roles, reason=stage.words["law"], since=since)
            for role in self.roles:
                for first in range(0, len(places), of_one):
                    mine = places[first : first + of_one]
                    account, _, _ = stage.staff.account(Role.WORKER, mine, stage.words["units"]["team"])
                    for path in mine:
                        teams.name_member(office, role=role, account=account, path=path, since=since)

    @staticmethod
    def _actor(account: UUID) -> Actor:
        found = access.actor_by_id(account)
        if found is None:
            raise ScenarioError("Somebody of the office has lost their account.")
        return found


def _said(kind: Kind, one: Person, at: datetime, payload: dict[str, Any]) -> OfficeRecord:
    return OfficeRecord(
        kind=kind, path=one.path, subject_type="person", subject=one.id, payload=payload, observed_at=at
    )
