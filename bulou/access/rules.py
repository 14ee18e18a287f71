"""Who may do what where: the one decision, as a check and as a scope, from the same grants."""

import re
import unicodedata
from collections.abc import Container, Iterable
from datetime import datetime

from bulou.access.terms import MAY_GIVE, NEVER_BY_GLASS, PASSWORD_MIN_LENGTH, ROLE_VERBS, Grant, Role, Verb
from bulou.kernel.reach import Scope

_NAME = re.compile(r"[^\W\d_][\w.-]{1,39}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,32}(\.[A-Za-z0-9_-]{1,32}){0,15}")


def live(grant: Grant, at: datetime) -> bool:
    """Tell whether the grant holds at this moment: from inclusive, until exclusive. It ends without a job."""
    return grant.valid_from <= at and (grant.valid_until is None or at < grant.valid_until)


def covers(above: str, path: str) -> bool:
    """Tell whether `path` is `above` or lies below it; labels are compared whole (`1.20` is not in `1.2`)."""
    return bool(above) and (path == above or path.startswith(f"{above}."))


def held_paths(grants: Iterable[Grant], verb: Verb, at: datetime) -> tuple[str, ...]:
    """Return the area paths over which the verb is held now, sorted, none below another."""
    paths = sorted({g.path for g in grants if g.path and live(g, at) and allows(g, verb)})
    return tuple(p for p in paths if not any(covers(other, p) for other in paths if other != p))


def allows(grant: Grant, verb: Verb) -> bool:
    """Tell whether the role of a grant has the verb; an emergency role gives no power over roles."""
    return verb in ROLE_VERBS[grant.role] and not (grant.by_glass and verb in NEVER_BY_GLASS)


def may(grants: Iterable[Grant], verb: Verb, path: str, at: datetime) -> bool:
    """Decide whether these grants allow the verb at the path and moment. Deny by default."""
    return any(covers(above, path) for above in held_paths(grants, verb, at))


def scope(grants: Iterable[Grant], verb: Verb, at: datetime) -> Scope:
    """Return what the same grants let one see: `scope(...).covers(p)` always equals `may(..., p, ...)`."""
    paths = held_paths(grants, verb, at)
    return Scope(districts=tuple(sorted({district_of(p) for p in paths})), paths=paths)


def district_of(path: str) -> str:
    """Return the first label of a path; a district never changes."""
    return path.partition(".")[0]


def roles_at(grants: Iterable[Grant], path: str, at: datetime) -> frozenset[Role]:
    """Return the roles that are held over the path at the moment."""
    return frozenset(g.role for g in grants if live(g, at) and covers(g.path, path))


def regular(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Return the grants that somebody gave, without one taken by breaking the glass."""
    return tuple(g for g in grants if not g.by_glass)


def glass_until(grants: Iterable[Grant], at: datetime) -> datetime | None:
    """Return until when a broken glass holds, if one does now."""
    return next((g.valid_until for g in grants if g.by_glass and live(g, at)), None)


def may_give(grants: Iterable[Grant], role: Role, path: str, at: datetime) -> bool:
    """Decide whether these grants let one give the role at the path: never above one's own area."""
    givers = roles_at(regular(grants), path, at)
    return any(role in MAY_GIVE.get(giver, frozenset()) for giver in givers)


def may_act_for(grants: Iterable[Grant], theirs: Iterable[Grant], at: datetime) -> bool:
    """Decide whether one may reset, enrol for or close an account: only if one could give all that it holds.

    Without this a reset of the password would be a way to roles that nobody gave.
    """
    grants = tuple(grants)
    return all(
        may_give(grants, g.role, g.path, at) for g in theirs if g.valid_until is None or at < g.valid_until
    )


def clean_name(name: str) -> str:
    """Return the one spelling of an account name: compatibility forms folded, no case, no spaces around."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def name_problem(name: str) -> str | None:
    """Say what is wrong with a cleaned account name, as a problem code."""
    return None if _NAME.fullmatch(name) else "access.name_not_allowed"


def path_problem(path: str) -> str | None:
    """Say what is wrong with the form of an area path, as a problem code; whether it exists is not asked."""
    return None if _PATH.fullmatch(path) else "access.path_not_allowed"


def password_problem(password: str, name: str, common: Container[str]) -> str | None:
    """Say what is wrong with a password, as a problem code. Length counts; kinds of characters are not asked.

    `common` holds the most used passwords in lower case.
    Source: NIST SP 800-63B 5.1.1.2 (length, a block list and context words instead of composition rules).
    """
    folded = password.casefold()
    if len(password) < PASSWORD_MIN_LENGTH:
        return "access.password_short"
    if name and name in folded:
        return "access.password_like_name"
    if password.isdigit() or len(set(folded)) < 3:
        return "access.password_plain"
    if folded in common:
        return "access.password_common"
    return None
