"""What the modes of the field app take along beside the list; each line of work fills its own."""

from typing import Any

from bulou.access.terms import Actor
from bulou.kernel.scope import Scope


def passes(_actor: Actor, _scope: Scope) -> dict[str, Any] | None:
    """What a gate checks entry passes with: public keys, what was revoked. None for who stands at no gate."""
    return None


def findings(_actor: Actor, _scope: Scope) -> list[Any]:
    """Findings that wait for this person's re-check."""
    return []


def jobs(_actor: Actor, _scope: Scope) -> list[Any]:
    """Disinfection jobs that wait for this person's sign-off."""
    return []
