"""Accounts: made, closed, unlocked, with the preferences of their owners."""

from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from bulou.access import models, rules
from bulou.access.actions.codes import new_code
from bulou.access.actions.gate import book, require, require_act_for, require_reason, tell, the_account
from bulou.access.terms import Actor, Created, Kind, Purpose, TextSize, Verb
from bulou.kernel.problems import ProblemError


def create_account(
    actor: Actor, *, name: str, display_name: str, path: str, team: str = "", language: str = "zh-hans"
) -> Created:
    """Make an account without any role or password; its owner sets the password with the one-time code."""
    require(actor, Verb.ACCOUNT_CREATE, path)
    with book(path):
        found = new_account(name=name, display_name=display_name, path=path, team=team, language=language)
        tell(actor, Kind.ACCOUNT_CREATED, found)
        return Created(found.id, new_code(actor.account_id, Purpose.SET_PASSWORD, found))


def close_account(actor: Actor, *, account_id: UUID, reason: str) -> None:
    """End an account: no sign-in, no open session, no device, at the latest 30 s from now."""
    found = the_account(account_id)
    require(actor, Verb.ACCOUNT_CLOSE, found.path)
    require_act_for(actor, found)
    require_reason(reason)
    with book(found.path):
        models.Account.objects.filter(pk=found.pk).update(is_active=False)
        tell(actor, Kind.ACCOUNT_CLOSED, found, reason=reason)


def unlock_account(actor: Actor, *, account_id: UUID) -> None:
    """Forget the wrong passwords of an account, so that its owner can sign in before the time is over."""
    found = the_account(account_id)
    require(actor, Verb.ACCOUNT_UNLOCK, found.path)
    with book(found.path):
        forget_attempts(found.name)
        tell(actor, Kind.ACCOUNT_UNLOCKED, found)


def set_preferences(actor: Actor, *, language: str, text_size: TextSize) -> None:
    """Keep one's own language and text size; nobody needs a permission for that."""
    if language not in dict(settings.LANGUAGES):
        raise ProblemError("access.language_not_known", status=422)
    found = the_account(actor.account_id)
    with book(found.path):
        models.Account.objects.filter(pk=found.pk).update(language=language, text_size=text_size.value)
        tell(actor, Kind.ACCOUNT_SET_PREFERENCES, found, language=language, text_size=text_size.value)


def forget_attempts(name: str) -> None:
    """Remove the wrong passwords of an account, from strangers and from known browsers."""
    AccessAttempt.objects.filter(Q(username=name) | Q(username__startswith=f"{name} ")).delete()


def new_account(*, name: str, display_name: str, path: str, team: str, language: str) -> models.Account:
    """Store an account that cannot sign in yet. Assumes: permission was asked, a transaction is open."""
    name = rules.clean_name(name)
    problem = rules.name_problem(name) or rules.path_problem(path)
    if problem:
        raise ProblemError(problem, status=422)
    try:
        with transaction.atomic():
            return models.Account.objects.create(
                name=name,
                display_name=display_name.strip() or name,
                path=path,
                team=team,
                language=language,
                password=make_password(None),
            )
    except IntegrityError:
        raise ProblemError("access.name_taken", status=409) from None
