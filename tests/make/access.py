"""The fixed cast: the same people in every test, made through the real actions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.test import Client

from bulou.access import models, queries
from bulou.access.actions.accounts import create_account
from bulou.access.actions.codes import issue_code
from bulou.access.actions.devices import enrol_device
from bulou.access.actions.gate import system_actor
from bulou.access.actions.roles import grant_role
from bulou.access.terms import Actor, Purpose, Role
from bulou.kernel import clock

DISTRICT = "220303"
STREET = "220303.001"
NEXT_STREET = "220303.002"
COMMUNITY = "220303.001.005"
NEXT_COMMUNITY = "220303.001.006"
COMPOUND = "220303.001.005.c012"
ANOTHER_DISTRICT = "421303"


@dataclass(frozen=True, slots=True)
class Phone:
    """A device in somebody's hand: `actor` is what the server sees behind its token."""

    device_id: UUID
    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody at once, for stories."""

    lin: Actor
    zhao: Actor
    sun: Actor
    qian: Actor
    he: Actor
    phone: Phone


def person(
    name: str, role: Role, path: str, *, home: str = "", team: str = "", until: datetime | None = None
) -> Actor:
    """Return somebody with one role over one area, until a moment or without end."""
    system = system_actor((home or path).split(".")[0])
    made = create_account(
        system, name=name, display_name=name.title(), path=home or path, team=team, language="en"
    )
    grant_role(
        system_actor(path.split(".")[0]),
        account_id=made.account_id,
        role=role,
        path=path,
        valid_until=until,
        reason="test",
    )
    return again(made.account_id)


def again(account_id: UUID) -> Actor:
    """Return the actor as the server sees it after a change."""
    actor = queries.actor_by_id(account_id)
    assert actor is not None
    return actor


def lin(path: str = COMMUNITY) -> Actor:
    """Return Lin, officer of a community: in scope."""
    return person("lin", Role.COMMUNITY_OFFICER, path, team="community 005")


def zhao(path: str = NEXT_STREET) -> Actor:
    """Return Zhao, officer of the next street: must see nothing of Lin's."""
    return person("zhao", Role.STREET_OFFICER, path, team="street 002")


def sun(path: str = DISTRICT) -> Actor:
    """Return Sun, who supervises the whole district and works for nobody in it."""
    return person("sun", Role.SUPERVISION, path, team="supervision")


def qian(path: str = COMMUNITY, *, until: datetime | None = None) -> Actor:
    """Return Qian, a volunteer whose role ends tonight (or at `until`)."""
    tonight = until or clock.day_bounds(clock.local_date(clock.now()))[1]
    return person("qian", Role.WORKER, path, team="community 005", until=tonight)


def he(path: str = DISTRICT) -> Actor:
    """Return He, of the command office."""
    return person("he", Role.COMMAND, path, team="command")


def crew(name: str = "gao", path: str = STREET, *, team: str = "disinfection 1") -> Actor:
    """Return Gao (or another) of a disinfection crew."""
    return person(name, Role.CREW, path, team=team)


def clerk(name: str = "wen", path: str = DISTRICT) -> Actor:
    """Return Wen, who keeps the registers."""
    return person(name, Role.DATA_CLERK, path, team="data")


def admin(name: str = "ma", path: str = DISTRICT) -> Actor:
    """Return Ma, who runs the system and sees no door and no record."""
    return person(name, Role.SYSTEM_ADMIN, path, team="system")


def phone(actor: Actor, name: str = "phone-17") -> Phone:
    """Return a phone of somebody, enrolled with a one-time code."""
    system = system_actor(account_path(actor).split(".")[0])
    code = issue_code(system, account_id=actor.account_id, purpose=Purpose.ENROL)
    made = enrol_device(code, name=name)
    seen = queries.actor_by_token(made.token)
    assert seen is not None
    return Phone(made.device_id, made.token, seen)


def password_code(actor: Actor) -> str:
    """Return a code with which somebody sets a new password."""
    system = system_actor(account_path(actor).split(".")[0])
    return issue_code(system, account_id=actor.account_id, purpose=Purpose.SET_PASSWORD)


def account_path(actor: Actor) -> str:
    """Return the area that answers for an account."""
    return models.Account.objects.get(pk=actor.account_id).path


def cast() -> Cast:
    """Return everybody, with phone-17 in Qian's hand."""
    volunteer = qian()
    return Cast(lin=lin(), zhao=zhao(), sun=sun(), qian=volunteer, he=he(), phone=phone(volunteer))


def signed_in(actor: Actor) -> Client:
    """Return a browser in which somebody has signed in; without the cost of a password hash."""
    client = Client()
    client.force_login(
        models.Account.objects.get(pk=actor.account_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def bearer(token: str) -> dict[str, str]:
    """Return the headers of a device's request, for `Client(headers=...)`."""
    return {"Authorization": f"Bearer {token}"}
