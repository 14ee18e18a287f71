"""A small district with a round under way: something to see on every page, one login for each role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from bulou.access import queries as access
from bulou.access.actions import accounts, gate, passwords, roles
from bulou.access.terms import Role
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.rehearsal import demo_care, evening, play, scenario
from bulou.rehearsal.acts.gates import Gates
from bulou.rehearsal.acts.inspection import Inspection
from bulou.rehearsal.acts.places import Disinfection
from bulou.rehearsal.acts.screening import KIND, PROTOCOL, Screening
from bulou.rehearsal.district import words
from bulou.rehearsal.play import Act, Options
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, deed_for, worklist
from bulou.tasks import actions as tasks
from bulou.tasks.terms import DutyRole

SCENARIO = "tiedong-2020"
OPTIONS = Options(scale=0.03, devices=8)
TRIED = (0.72, 0.85)
"""Share of the untried doors that are tried yesterday and today: about four fifths are done by now."""
DOUBTFUL = 4
NOBODY_ANSWERS = 2
POSTS = 2
"""Checkpoints of the report that the demo has."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account to look round with. The password is random and is shown once."""

    role: str
    name: str
    password: str
    area: str


def build(*, base_url: str, echo: Callable[[str], None]) -> tuple[Login, ...]:
    """Builds the district and plays yesterday and today over HTTP, up to this minute."""
    played = demo_care.prepare(scenario.load(SCENARIO))
    stage = play.prepare(played, OPTIONS, calendar=_calendar(), base_url=base_url, echo=echo)
    screening = Screening(stage, day=1, due_days=3)
    screening.unfinished = TRIED
    disinfection = Disinfection(stage, day=1, due_days=4)
    before = Inspection(stage, day=1, findings=4, compounds=10, communities=4)
    today = Inspection(stage, day=2, findings=3, compounds=6, communities=3)
    today.with_reasons = False
    gates = _gates(stage)
    try:
        screening.morning(1)
        disinfection.morning(1)
        gates.morning(1)
        _name_duties(stage)
        yesterday: tuple[Act, ...] = (screening, disinfection, before, gates)
        for strand in yesterday:
            strand.work(1)
        demo_care.play(stage)
        evening.sign(stage, 1)
        disinfection.sign_off = False
        _go_wrong(stage, screening.members[0])
        for strand in (screening, disinfection, today):
            strand.work(2)
        account = stage.account("screening")
        echo(f"  {account['done']} of {account['expected']} doors done, {account['open']} open")
        return tuple(_logins(stage))
    finally:
        stage.staff.go_home()


def _calendar() -> scenario.Calendar:
    today = clock.local_date(clock.now())
    return scenario.Calendar(scenario.load(SCENARIO).first_on, today - timedelta(days=1), 2)


def _gates(stage: Stage) -> Gates:
    """The first checkpoints of the scenario, staffed around the clock yesterday."""
    told = next(act for act in stage.scenario.play["acts"] if act["act"] == "gates")
    posts = stage.scenario.figures["checkpoints"]["posts"][:POSTS]
    return Gates(stage, day=1, posts=posts, words=told | {"names": told["names"][:POSTS]})


def _name_duties(stage: Stage) -> None:
    """A lead answers for each community since yesterday, but for two: a board must show that, too."""
    actor = access.actor_by_id(stage.office.account)
    if actor is None:
        raise scenario.ScenarioError("The command office has lost its account.")
    since = stage.at(1, 0)
    with transaction(whole(stage.district.code)):
        for place in stage.district.communities[:-NOBODY_ANSWERS]:
            lead, _, _ = stage.staff.account(Role.COMMUNITY_OFFICER, [place.path], place.name)
            tasks.set_duty(actor, path=place.path, role=DutyRole.LEAD, account=lead, since=since)


def _go_wrong(stage: Stage, member: Member) -> None:
    """What a day brings: answers left out, a record changed after it was sent, a missing number."""
    mine = [task for task in worklist(member) if task["protocol"].startswith(f"{PROTOCOL}@")]
    for number, task in enumerate(mine[:DOUBTFUL]):
        at = stage.at(2, 0.01 * number)
        member.phone.note(deed_for(task, KIND, "done", {"met": "adult", "n_persons": 2}, at))
    member.phone.outbox.next_seq += 1
    member.phone.upload()
    for record in member.phone.outbox.arrived[:2]:
        changed: dict[str, Any] = record | {"outcome": "refused", "payload": {"met": "adult"}}
        body = {"sent_at": (clock.now() + member.phone.clock_error).isoformat(), "records": [changed]}
        member.phone.client.post("/records", body)


def _logins(stage: Stage) -> list[Login]:
    """One account per role, each over the area that such a person answers for."""
    district, street = stage.district.code, stage.district.streets[0]
    community = next(
        place for place in stage.district.communities if place.path.startswith(f"{street.path}.")
    )
    places = {
        Role.COMMAND: district,
        Role.STREET_OFFICER: street.path,
        Role.COMMUNITY_OFFICER: community.path,
        Role.WORKER: community.path,
        Role.CREW: street.path,
        Role.CHECKPOINT: community.path,
        Role.SUPERVISION: district,
        Role.DATA_CLERK: district,
        Role.VIEWER: district,
        Role.SYSTEM_ADMIN: district,
    }
    names = {place.path: place.name for place in stage.district.areas}
    said, cast, made = words(), Random("demo"), []
    for role, path in places.items():
        password = f"{ids.short_code()}-{ids.short_code()}".lower()
        person = f"{cast.choice(said['surnames'])}{cast.choice(said['given'])}"
        team = f"{names[path]}{said['units'].get(role.value, '')}"
        _account(district, role, path, password, (team, person))
        made.append(Login(role.value, role.value, password, f"{names[path]} {path}"))
    return made


def _account(district: str, role: Role, path: str, password: str, named: tuple[str, str]) -> None:
    admin, (team, shown) = gate.system_actor(district), named
    account = accounts.create_account(
        admin,
        name=role.value,
        display_name=shown,
        path=path,
        team=team,
    )
    roles.grant_role(admin, account_id=account.account_id, role=role, path=path, reason="demo")
    passwords.redeem_code(account.code, password=password)
