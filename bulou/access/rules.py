"""Who may do what where: the one decision, as a check and as a scope, from the same grants."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from bulou.access.terms import PASSWORD_MIN_LENGTH, Grant, Role, Verb
from bulou.kernel.reach import Scope

_READ = frozenset({Verb.GRID_VIEW, Verb.ROUND_VIEW, Verb.REPORT_VIEW})
_FIELD = frozenset(
    {
        Verb.GRID_VIEW,
        Verb.ROUND_VIEW,
        Verb.RECORD_SUBMIT,
        Verb.WORKLIST_VIEW,
        Verb.TASK_VIEW,
    }
)
_CUSTODY = frozenset({Verb.CUSTODY_VIEW, Verb.CUSTODY_OPEN, Verb.CUSTODY_GIVE, Verb.CUSTODY_RECEIVE})
_CARE = _CUSTODY | {
    Verb.WATCH_VIEW,
    Verb.WATCH_RECORD,
    Verb.WATCH_CONFIRM,
    Verb.CASE_VIEW,
    Verb.CASE_OPEN,
    Verb.CASE_WORK,
}
_GATE = _FIELD | {Verb.GATE_VIEW, Verb.PASSAGE_RECORD}
_COMMUNITY = (
    _READ
    | _GATE
    | _CARE
    | {
        Verb.WATCH_START,
        Verb.WATCH_CHANGE,
        Verb.WATCH_END,
        Verb.PASSAGE_REVEAL,
        Verb.HANDOVER_ACCEPT,
        Verb.PASS_VIEW,
        Verb.PASS_ISSUE,
        Verb.PASS_REVOKE,
        Verb.PERSON_REGISTER,
        Verb.PERSON_VIEW,
        Verb.PERSON_REVEAL,
        Verb.PERSON_MERGE,
        Verb.TEAM_SET,
        Verb.RESTRICTION_VIEW,
        Verb.RESTRICTION_EVIDENCE,
        Verb.RESTRICTION_NOTICE,
        Verb.APPEAL_RECORD,
        Verb.UNIT_VIEW,
        Verb.UNIT_CHANGE,
        Verb.UNIT_EXCUSE,
        Verb.RECORD_VIEW,
        Verb.RECORD_REVIEW,
        Verb.RECORD_CORRECT,
        Verb.TASK_ASSIGN,
        Verb.ORDER_ISSUE,
        Verb.FINDING_VIEW,
        Verb.FINDING_PLAN,
        Verb.FINDING_FIX,
        Verb.FINDING_REASON,
        Verb.SIGNOFF_GIVE,
        Verb.LIST_EXPORT,
        Verb.ACCOUNT_VIEW,
        Verb.ACCOUNT_CREATE,
        Verb.ACCOUNT_GRANT,
        Verb.ACCOUNT_RESET,
        Verb.GLASS_BREAK,
        Verb.DEVICE_VIEW,
        Verb.DEVICE_ENROL,
        Verb.DEVICE_REVOKE,
    }
)
_STREET = _COMMUNITY | {
    Verb.RESTRICTION_DECIDE,
    Verb.RESTRICTION_SECOND,
    Verb.RESTRICTION_LIFT,
    Verb.APPEAL_ANSWER,
    Verb.ZONE_SET,
    Verb.GRID_EDIT,
    Verb.DUTY_ASSIGN,
    Verb.CASE_CLOSE,
    Verb.ACCOUNT_APPROVE,
    Verb.ACCOUNT_UNLOCK,
    Verb.ACCOUNT_CLOSE,
    Verb.REPORT_SIGN,
}
_MANAGE = frozenset(
    {
        Verb.ACCOUNT_CREATE,
        Verb.ACCOUNT_GRANT,
        Verb.ACCOUNT_RESET,
        Verb.ACCOUNT_UNLOCK,
        Verb.ACCOUNT_CLOSE,
        Verb.DEVICE_ENROL,
        Verb.DEVICE_REVOKE,
    }
)
_HANDS = frozenset(
    {
        Verb.RECORD_SUBMIT,
        Verb.WORKLIST_VIEW,
        Verb.SIGNOFF_GIVE,
        Verb.PASSAGE_RECORD,
        Verb.PASSAGE_REVEAL,
        Verb.HANDOVER_ACCEPT,
        Verb.PASS_ISSUE,
        Verb.PERSON_REGISTER,
        Verb.PERSON_REVEAL,
        Verb.PERSON_MERGE,
        Verb.WATCH_RECORD,
        Verb.WATCH_CONFIRM,
        Verb.CASE_WORK,
        Verb.CUSTODY_GIVE,
        Verb.CUSTODY_RECEIVE,
    }
)
_COMMAND = (_STREET - _MANAGE - _HANDS) | {
    Verb.BASIS_SET,
    Verb.RISK_SET,
    Verb.ROUND_OPEN,
    Verb.ROUND_CLOSE,
    Verb.ROUND_CLOSE_SHORT,
    Verb.GLASS_REVIEW,
    Verb.FINDING_VIEW_COVERT,  # who else looks at a doubtful finding before its unit is told?
    Verb.LEDGER_VERIFY,
}
_SUPERVISION = _READ | {
    Verb.RESTRICTION_VIEW,
    Verb.RESTRICTION_FREEZE,
    Verb.APPEAL_REVIEW,
    Verb.ACCOUNT_VIEW,
    Verb.ACCOUNT_APPROVE,
    Verb.GLASS_REVIEW,
    Verb.UNIT_VIEW,
    Verb.RECORD_VIEW,
    Verb.TASK_VIEW,
    Verb.FINDING_VIEW,
    Verb.FINDING_VIEW_COVERT,
    Verb.GATE_VIEW,
    Verb.WATCH_VIEW,
    Verb.CASE_VIEW,
    Verb.CUSTODY_VIEW,
    Verb.FINDING_CREATE,
    Verb.FINDING_TELL,
    Verb.FINDING_RECHECK,
    Verb.SIGNOFF_GIVE,
    Verb.RECORD_SUBMIT,
    Verb.WORKLIST_VIEW,
    Verb.LIST_EXPORT,
    Verb.LEDGER_VERIFY,
}
_ADMIN = _MANAGE | {
    Verb.GRID_VIEW,
    Verb.ACCOUNT_APPROVE,
    Verb.GLASS_BREAK,
    Verb.ACCOUNT_VIEW,
    Verb.DEVICE_VIEW,
    Verb.PERSON_RETAIN,
    Verb.LEDGER_VERIFY,
    Verb.LEDGER_SEAL,
    Verb.LEDGER_REPLAY,
}

# Deny by default: a verb that a role does not list is refused. The administrator runs the system and
# sees no door, no record and no person; the command office orders and closes, and does not knock.
ROLE_VERBS: Mapping[Role, frozenset[Verb]] = MappingProxyType(
    {
        Role.COMMAND: _COMMAND,
        Role.STREET_OFFICER: _STREET,
        Role.COMMUNITY_OFFICER: _COMMUNITY,
        Role.WORKER: _FIELD | _CARE | {Verb.PERSON_REGISTER},
        Role.CREW: _FIELD,
        Role.CHECKPOINT: _GATE
        | _CUSTODY
        | {Verb.PERSON_REGISTER, Verb.CASE_VIEW, Verb.CASE_OPEN, Verb.CASE_WORK},
        Role.SUPERVISION: _SUPERVISION,
        Role.DATA_CLERK: frozenset(
            {
                Verb.GRID_VIEW,
                Verb.GRID_EDIT,
                Verb.GRID_IMPORT,
                Verb.GRID_UNDO,
                Verb.ROUND_VIEW,
                Verb.UNIT_VIEW,
                Verb.RECORD_VIEW,
                Verb.RECORD_REVIEW,
                Verb.RECORD_CORRECT,
                Verb.REPORT_VIEW,
                Verb.PERSON_REGISTER,
                Verb.PERSON_VIEW,
                Verb.PERSON_MERGE,
                Verb.RESULT_RECORD,
            }
        ),
        Role.VIEWER: _READ,
        Role.SYSTEM_ADMIN: _ADMIN,
        Role.SERVICE: _READ
        | {
            Verb.RECORD_SUBMIT,
            Verb.UNIT_VIEW,
            Verb.RECORD_VIEW,
            Verb.PERSON_REGISTER,
            Verb.WATCH_START,
            Verb.RESULT_RECORD,
        },
    }
)

# Who may give which role. Nobody gives a role to himself, and only the administrator gives what he does
# not hold himself (tests hold both), because somebody has to give the first ones.
MAY_GIVE: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.SYSTEM_ADMIN: frozenset(Role),
        Role.STREET_OFFICER: frozenset(
            {Role.COMMUNITY_OFFICER, Role.WORKER, Role.CREW, Role.CHECKPOINT, Role.VIEWER}
        ),
        Role.COMMUNITY_OFFICER: frozenset({Role.WORKER, Role.CREW, Role.CHECKPOINT, Role.VIEWER}),
    }
)
# A code has 46 random bits. With this limit, guessing for the whole life of a code finds one of a hundred
# live ones with a chance below one in a million; without it, as fast as the server can answer.
# Why a token was refused: nobody has it, or its phone was revoked. A program that guesses shows as the first.
UNKNOWN, REVOKED = "unknown", "revoked"
MISS_WINDOW = timedelta(minutes=10)
MOST_MISSES = 1_000
MOST_VIEWS = 50
SHIFT_LENGTH = timedelta(hours=12)
PIN_FIRST_SET = timedelta(hours=1)  # a phone chooses its PIN when it is enrolled; later only with the old one
GLASS_ROLES = (Role.COMMAND, Role.STREET_OFFICER, Role.COMMUNITY_OFFICER, Role.DATA_CLERK)
NEVER_BY_GLASS = frozenset(
    {
        Verb.ACCOUNT_CREATE,
        Verb.ACCOUNT_GRANT,
        Verb.ACCOUNT_APPROVE,
        Verb.ACCOUNT_RESET,
        Verb.ACCOUNT_CLOSE,
        Verb.DEVICE_ENROL,
        Verb.GLASS_BREAK,
        Verb.GLASS_REVIEW,
    }
)

# Who knocks at homes, and who works at places: a phone takes along no more than its holder has to do.
KNOCKS = frozenset({Role.WORKER, Role.COMMUNITY_OFFICER, Role.STREET_OFFICER})
TENDS = KNOCKS | {Role.CREW}

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
    return _held(tuple(g for g in grants if live(g, at)), verb)


@lru_cache(4096)
def _held(alive: tuple[Grant, ...], verb: Verb) -> tuple[str, ...]:
    """Kept, because a page asks it thirty times: for each noun, for each button."""
    paths = sorted({g.path for g in alive if g.path and allows(g, verb)})
    return tuple(p for p in paths if not any(covers(other, p) for other in paths if other != p))


def allows(grant: Grant, verb: Verb) -> bool:
    """Tell whether the role of a grant has the verb; an emergency role gives no power over roles."""
    return verb in ROLE_VERBS[grant.role] and not (grant.by_glass and verb in NEVER_BY_GLASS)


def may(grants: Iterable[Grant], verb: Verb, path: str, at: datetime) -> bool:
    """Decide whether these grants allow the verb at the path and moment. Deny by default."""
    return any(covers(above, path) for above in held_paths(grants, verb, at))


def scope(grants: Iterable[Grant], verb: Verb, at: datetime) -> Scope:
    """Return what the same grants let one see: `scope(...).covers(p)` always equals `may(..., p, ...)`."""
    return _scope_over(held_paths(grants, verb, at))


@lru_cache(1024)
def _scope_over(paths: tuple[str, ...]) -> Scope:
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


def visits(grants: Iterable[Grant], path: str, at: datetime, *, home: bool) -> bool:
    """Decide whether an open home, or an open place, is work of this person's and may stand on the phone."""
    return bool(roles_at(grants, path, at) & (KNOCKS if home else TENDS))


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
