"""The people of a rehearsal: accounts made like any other, phones let in by one-time codes over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random
from uuid import UUID

from django.db import transaction

from bulou.access.actions import accounts, codes, gate, roles
from bulou.access.terms import Actor, Purpose, Role
from bulou.rehearsal.district import words
from bulou.rehearsal.phone import Enrolled, Phone
from bulou.rehearsal.transport import Client

WRONG_CLOCKS = 0.10
WRONG_BY_MOST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Member:
    """One synthetic member of staff with a phone in hand."""

    number: int
    """The n-th to be hired: what chance hangs on, because ids are new in every run."""
    account: UUID
    name: str
    display_name: str
    team: str
    paths: tuple[str, ...]
    phone: Phone


class Staff:
    """Hires people and hands out phones; the same seed hires the same people with the same clocks."""

    def __init__(self, base_url: str, district: str, *, seed: int, run: str) -> None:
        self.base_url = base_url
        self._door = Client(base_url)
        self.members: list[Member] = []
        self._admin: Actor = gate.system_actor(district)
        self._random = Random(f"{seed}:staff")
        self._numbers = count(1)
        self._run = run
        self._words = words()

    def account(self, role: Role, paths: Sequence[str], team: str) -> tuple[UUID, str, str]:
        """Makes an account that holds the role over the areas: its id, its name, the name to show."""
        number = next(self._numbers)
        name = f"{role.value}.{self._run}{number:03d}"
        shown = self._random.choice(self._words["surnames"]) + self._random.choice(self._words["given"])
        made = accounts.create_account(self._admin, name=name, display_name=shown, path=paths[0], team=team)
        for path in paths:
            roles.grant_role(self._admin, account_id=made.account_id, role=role, path=path, reason=team)
        return made.account_id, name, shown

    def hire(
        self, role: Role, paths: Sequence[str], team: str, *, clock_error: timedelta | None = None
    ) -> Member:
        """Makes an account and enrols its phone over HTTP. One phone in ten shows a wrong time."""
        with transaction.atomic():  # one commit for the account with its roles and its code
            account, name, shown = self.account(role, paths, team)
            code = codes.issue_code(self._admin, account_id=account, purpose=Purpose.ENROL)
        title = self._words["phone"].format(n=len(self.members) + 1)
        answer = self._door.post("/devices/enrol", {"code": code, "name": title})
        phone = Phone(
            self.base_url,
            enrolled=Enrolled(UUID(answer["device"]), answer["token"], answer["secret"]),
            random=Random(self._random.getrandbits(64)),
            clock_error=self._clock_error() if clock_error is None else clock_error,
        )
        member = Member(len(self.members) + 1, account, name, shown, team, tuple(paths), phone)
        self.members.append(member)
        return member

    def go_home(self) -> None:
        """Closes every phone's connections."""
        self._door.close()
        for member in self.members:
            member.phone.client.close()

    def _clock_error(self) -> timedelta:
        if self._random.random() >= WRONG_CLOCKS:
            return timedelta(seconds=self._random.uniform(-20, 20))
        return WRONG_BY_MOST * self._random.uniform(-1, 1)
