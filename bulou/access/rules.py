"""Who may do what where: the one decision, as a check and as a scope, from the same grants."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from bulou.access.terms import MAY_GIVE, PASSWORD_MIN_LENGTH, ROLE_VERBS, Grant, Role, Verb
from bulou.kernel.scope import Scope

_NAME = re.compile(r"[^\W\d_][\w.-]{2,39}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,32}(\.[A-Za-z0-9_-]{1,32}){0,15}")
# The head of published lists of leaked passwords, with the ones that Chinese users choose most.
_COMMON = frozenset(
    """
    1234567890 123456789a a123456789 qwertyuiop qwerty1234 1q2w3e4r5t q1w2e3r4t5 1qaz2wsx3edc abcd123456
    abc1234567 password12 password123 password1234 passw0rd123 iloveyou123 woaini1314 woaini520520 5201314520
    woaini123456 qq123456789 wang123456 zhang123456 admin123456 administrator letmein1234 welcome123 changeme123
    asdfghjkl123 zxcvbnm123 1234qwerasdf aa123456789 a1234567890 123456789abc qwer123456 test123456 dearbook
    """.split()
)


def live(grant: Grant, at: datetime) -> bool:
    """Tell whether the grant holds at this moment: from inclusive, until exclusive, no job needed to end it."""
    return grant.valid_from <= at and (grant.valid_until is None or at < grant.valid_until)


def covers(above: str, path: str) -> bool:
    """Tell whether `path` is `above` itself or lies below it; labels are compared whole (`1.2` is not in `1.20`)."""
    return bool(above) and (path == above or path.startswith(f"{above}."))


def held_paths(grants: Iterable[Grant], verb: Verb, at: datetime) -> tuple[str, ...]:
    """Return the area paths over which the verb is held now, sorted, none below another."""
    paths = sorted({g.path for g in grants if g.path and live(g, at) and verb in ROLE_VERBS[g.role]})
    return tuple(p for p in paths if not any(covers(other, p) for other in paths if other != p))


def may(grants: Iterable[Grant], verb: Verb, path: str, at: datetime) -> bool:
    """Decide whether these grants allow the verb at the path and moment. Deny by default."""
    return any(covers(above, path) for above in held_paths(grants, verb, at))


def scope(grants: Iterable[Grant], verb: Verb, at: datetime) -> Scope:
    """Return what the same grants let one see with the verb: `scope(...).covers(p)` equals `may(..., p, ...)`."""
    paths = held_paths(grants, verb, at)
    return Scope(districts=tuple(sorted({district_of(p) for p in paths})), paths=paths)


def district_of(path: str) -> str:
    """Return the first label of a path; a district never changes."""
    return path.partition(".")[0]


def roles_at(grants: Iterable[Grant], path: str, at: datetime) -> frozenset[Role]:
    """Return the roles that are held over the path at the moment."""
    return frozenset(g.role for g in grants if live(g, at) and covers(g.path, path))


def may_give(grants: Iterable[Grant], role: Role, path: str, at: datetime) -> bool:
    """Decide whether these grants let one give the role at the path: never above one's own area."""
    return any(role in MAY_GIVE.get(giver, frozenset()) for giver in roles_at(grants, path, at))


def clean_name(name: str) -> str:
    """Return the one spelling of an account name: compatibility forms folded, no case, no spaces around."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def name_problem(name: str) -> str | None:
    """Say what is wrong with a cleaned account name, as a problem code."""
    return None if _NAME.fullmatch(name) else "access.name_not_allowed"


def path_problem(path: str) -> str | None:
    """Say what is wrong with the form of an area path, as a problem code; whether it exists is not asked."""
    return None if _PATH.fullmatch(path) else "access.path_not_allowed"


def password_problem(password: str, name: str) -> str | None:
    """Say what is wrong with a password, as a problem code. Length counts; kinds of characters are not asked.

    Source: NIST SP 800-63B 5.1.1.2 (length, a block list and context words instead of composition rules).
    """
    folded = password.casefold()
    if len(password) < PASSWORD_MIN_LENGTH:
        return "access.password_short"
    if name and name in folded:
        return "access.password_like_name"
    if password.isdigit() or len(set(folded)) < 3:
        return "access.password_plain"
    if folded in _COMMON:
        return "access.password_common"
    return None
