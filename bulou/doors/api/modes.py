"""What the modes of the field app take along beside the list; each line of work fills its own."""

from dataclasses import dataclass
from typing import Any

from bulou.access.terms import Actor
from bulou.doors.api import amends, fieldwork
from bulou.doors.api import care as caring
from bulou.doors.api import sites as sited
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints.actions.phone import take_along


@dataclass(frozen=True, slots=True)
class Care:
    """What watches, hand-overs and cases ask of one person, and the protocols they are told by."""

    slots: list[Any]
    handovers: list[Any]
    cases: list[Any]
    forms: set[str]


def care(actor: Actor, scope: Scope) -> Care:
    """Due slots, hand-overs to give or to receive, open cases. About 12 queries; 3 for who has none."""
    parts = (caring.slots(actor, scope), caring.handovers(actor, scope), caring.cases(actor, scope))
    forms = caring.forms(actor, [one for part in parts for one in part])
    due, moving, cases = ([one.model_dump(mode="json") for one in part] for part in parts)
    return Care(due, moving, cases, forms)


def passes(actor: Actor, _scope: Scope) -> dict[str, Any] | None:
    """What a gate needs without a network: posts, keys, passes, revocations. None for nobody at a gate."""
    return dict(take_along(actor)) or None


def findings(actor: Actor, scope: Scope) -> list[Any]:
    """Findings that wait for this person's re-check."""
    return [one.model_dump(mode="json") for one in fieldwork.findings(actor, scope)]


def jobs(actor: Actor, scope: Scope) -> list[Any]:
    """Disinfection jobs that wait for this person's sign-off."""
    return [one.model_dump(mode="json") for one in fieldwork.jobs(actor, scope)]


def others(actor: Actor, scope: Scope) -> list[Any]:
    """The other side of this person's conflicts, as far as the reader may see it."""
    return [one.model_dump(mode="json") for one in amends.others(actor, scope)]


def to_fix(actor: Actor, scope: Scope) -> list[Any]:
    """Findings that this person's unit has to put right."""
    return [one.model_dump(mode="json") for one in amends.to_fix(actor, scope)]


@dataclass(frozen=True, slots=True)
class Isolation:
    """Isolation sites, homes to check, and the protocols by which people there are told of."""

    sites: list[Any]
    homes: list[Any]
    forms: set[str]


def isolation(actor: Actor, scope: Scope, *, slots: bool = False) -> Isolation:
    """What a site medic and whoever looks after homes take along. About 4 queries where there is nothing."""
    around, homes = sited.sites(actor, scope), sited.homes(actor, scope)
    forms = sited.forms(actor, [*around, *homes], slots=slots)
    found, doors = ([one.model_dump(mode="json") for one in part] for part in (around, homes))
    return Isolation(found, doors, forms)


def places(actor: Actor, scope: Scope) -> list[Any]:
    """Places that this person may inspect."""
    return [one.model_dump(mode="json") for one in fieldwork.places(actor, scope)]


def forms(actor: Actor) -> set[str]:
    """Protocols that this person works by without a round."""
    return fieldwork.forms(actor)
