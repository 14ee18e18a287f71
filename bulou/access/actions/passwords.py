"""Passwords, set with a code or by their owner, and the first start."""

from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction

from bulou.access import models, queries, rules
from bulou.access.actions.accounts import forget_attempts, new_account
from bulou.access.actions.codes import claim_code, few_tries, new_code, use_code
from bulou.access.actions.gate import book, system_actor, tell, the_actor
from bulou.access.actions.roles import new_grant
from bulou.access.terms import PASSWORD_MIN_LENGTH, SYSTEM_ID, Actor, Grant, Kind, Purpose, Role
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError


def redeem_code(code: str, *, password: str) -> Actor:
    """Set the password with a one-time code and end every session; returns whose account it is.

    Raises:
        ProblemError: access.code_not_valid (404), the same for wrong, used and expired; access.password_*
            (422), which leaves the code good for another try.
    """
    with few_tries(), transaction.atomic():
        found = use_code(code, Purpose.SET_PASSWORD)
        change_password_of(found, password)
        actor = the_actor(found)
        with book(found.path):
            forget_attempts(found.name)
            tell(actor, Kind.ACCOUNT_SET_PASSWORD, found)
    return actor


def first_start_code() -> str:
    """Return the code that makes the first account of an installation (24 h); the one before it dies.

    Not told in the ledger: there is no district yet.

    Raises:
        ProblemError: access.already_started (409) as soon as there is any account.
    """
    _require_nobody()
    models.Code.objects.filter(purpose=Purpose.FIRST_START.value, used_at=None).update(used_at=clock.now())
    return new_code(SYSTEM_ID, Purpose.FIRST_START, None)


def start_first(code: str, *, name: str, display_name: str, password: str, district: str) -> Actor:
    """Make the first account, an administrator of one district, with the first-start code."""
    with few_tries(), transaction.atomic():
        claim_code(code, Purpose.FIRST_START)
        _require_nobody()
        if rules.path_problem(district) or "." in district:
            raise ProblemError("access.path_not_allowed", status=422)
        found = new_account(name=name, display_name=display_name, path=district, team="", language="zh-hans")
        change_password_of(found, password)
        new_grant(SYSTEM_ID, found, Grant(Role.SYSTEM_ADMIN, district, clock.now()), "first start")
        with book(district):
            tell(system_actor(district), Kind.ACCOUNT_CREATED, found)
            tell(system_actor(district), Kind.ROLE_GRANTED, found, at=district, role=Role.SYSTEM_ADMIN.value)
        return the_actor(found)


def _require_nobody() -> None:
    if queries.started():
        raise ProblemError("access.already_started", status=409)


@cache
def _common() -> frozenset[str]:
    """Return the 20,000 most used passwords, in lower case."""
    return frozenset(CommonPasswordValidator().passwords)


def change_password_of(account: models.Account, password: str) -> None:
    """Store a password that is strong enough, and end every session of the account.

    Raises:
        ProblemError: access.password_* (422).
    """
    problem = rules.password_problem(password, account.name, _common())
    if problem:
        raise ProblemError(problem, status=422, min=PASSWORD_MIN_LENGTH)
    account.set_password(password)
    account.session_epoch += 1
    account.save(update_fields=["password", "session_epoch"])
