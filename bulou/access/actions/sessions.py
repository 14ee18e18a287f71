"""Sessions: opened and ended."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from bulou.access import models, queries, rules
from bulou.access.actions.gate import (
    book,
    require,
    require_act_for,
    system_actor,
    tell,
    the_account,
    the_actor,
)
from bulou.access.actions.passwords import change_password_of
from bulou.access.terms import Actor, Kind, Verb
from bulou.kernel.problems import ProblemError


def sign_in(request: HttpRequest, *, name: str, password: str) -> Actor:
    """Open a session with a new key for whoever knows the password.

    Must not run inside a transaction that can be rolled back: a failed attempt has to stay counted.

    Raises:
        ProblemError: access.password_wrong (401), equal for an unknown name; access.locked (429).
    """
    name = rules.clean_name(name)
    with transaction.atomic(durable=True):
        user = authenticate(request, username=name, password=password)
        if isinstance(user, models.Account):
            login(request, user)
            with book(user.path):
                tell(the_actor(user), Kind.ACCOUNT_SIGNED_IN, user)
            return the_actor(user)
        locked = bool(queries.locked_names([queries.counted_as(request, {"username": name})]))
        if locked and getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
            _tell_locked(name)
    if locked:
        raise ProblemError("access.locked", status=429, minutes=queries.lock_seconds() // 60)
    raise ProblemError("access.password_wrong", status=401)


def sign_out(request: HttpRequest) -> None:
    """End this session, also that of an account which was closed meanwhile."""
    user = request.user
    actor = queries.actor_by_id(user.pk) if user.pk else None
    if actor is not None and isinstance(user, models.Account):
        with book(user.path):
            tell(actor, Kind.ACCOUNT_SIGNED_OUT, user)
    logout(request)


def sign_out_everywhere(actor: Actor, *, account_id: UUID) -> None:
    """End every session of an account, one's own or one that one may reset; devices stay enrolled."""
    found = the_account(account_id)
    if account_id != actor.account_id:
        require(actor, Verb.ACCOUNT_RESET, found.path)
        require_act_for(actor, found)
    with book(found.path):
        models.Account.objects.filter(pk=found.pk).update(session_epoch=F("session_epoch") + 1)
        tell(actor, Kind.ACCOUNT_ENDED_SESSIONS, found)


def change_password(request: HttpRequest, *, old: str, new: str) -> Actor:
    """Set one's own password, which ends one's other sessions; this one goes on under a new key.

    Wrong old passwords count towards the lock like failed sign-ins.
    """
    user = request.user
    if not isinstance(user, models.Account):
        raise ProblemError("access.not_signed_in", status=401)
    sign_in(request, name=user.name, password=old)
    with book(user.path):
        change_password_of(user, new)
        tell(the_actor(user), Kind.ACCOUNT_SET_PASSWORD, user)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return the_actor(user)


def _tell_locked(name: str) -> None:
    found = models.Account.objects.filter(name=name).first()
    if found is not None:
        with book(found.path):
            tell(system_actor(rules.district_of(found.path)), Kind.ACCOUNT_LOCKED, found)
