"""People with names that nobody has, and the officers who may hold them."""

from bulou.access.terms import Actor, Role
from bulou.people.actions import vault
from bulou.people.rules.names import _CHECKS, _WEIGHTS
from bulou.people.terms import Held, Identity, Keep, NewPerson, Purpose, Trigger, Why
from tests.make.rounds import COMMUNITY, someone

WHY = Why(
    Trigger.RETURNEE, Purpose.FOLLOW_UP, "传染病防治法", "came back from a listed place", Keep.RETURNEE_CARD
)


def number(n: int = 1, born: str = "19800101") -> str:
    """Return the n-th ID number with a right check digit, of nobody: its place code is of no place."""
    head = f"999999{born}{n:03d}"
    return head + _CHECKS[sum(int(d) * w for d, w in zip(head, _WEIGHTS, strict=True)) % 11]


def phone(n: int = 1) -> str:
    """Return the n-th mobile number."""
    return f"138{n:08d}"


def officer(path: str = COMMUNITY) -> Actor:
    """Return an officer of a community, without the detour over an account."""
    return someone(Role.COMMUNITY_OFFICER, path)


def hold(
    name: str, *, path: str = COMMUNITY, by: Actor | None = None, why: Why = WHY, **more: object
) -> Held:
    """Hold one person. Assumes a transaction with the scope of the officer."""
    identity = Identity(name, **more)  # type: ignore[arg-type]
    return vault.hold(by or officer(path), [NewPerson(path, identity)], why=why)[0]
