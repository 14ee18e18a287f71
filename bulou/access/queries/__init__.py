"""Who is there: actors for the doors, accounts, grants and devices for the lists."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user
from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest

from bulou.access import models, rules
from bulou.access.terms import (
    MOST_WRONG_PINS,
    AccountRow,
    Actor,
    DeviceRow,
    DeviceStanding,
    Grant,
    GrantRow,
    Role,
    Sealer,
    Verb,
)
from bulou.kernel import clock, ids, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope

# A revoked device or grant is refused after at most this time in every process, at once in the one that
# revoked it. One look-up with two queries costs about 0.5 ms, a batch of records about 5 ms (2026-11).
KEPT_FOR = timedelta(seconds=30)
KEPT_MOST = 10_000
KNOWN_COOKIE = "bulou_known"

_kept: dict[str, tuple[datetime, Actor]] = {}


def actor_by_id(account_id: UUID) -> Actor | None:
    """Return the person who acts, with grants at most 30 s old; None when there is no such active account.

    Cost: 2 queries, none when kept.
    """
    key = f"account {account_id}"
    return _recall(key) or _keep(key, _read_actor(Q(pk=account_id, is_active=True)))


def actor_by_token(token: str) -> Actor | None:
    """Return the account and device of a bearer token, at most 30 s old; None when it is not valid.

    Cost: 2 queries by unique index, none when kept. The token itself is never compared, only its hash.
    """
    key = token_hash(token)
    kept = _recall(key)
    if kept is not None:
        return kept
    device = (
        models.Device.objects.filter(token_hash=key, revoked_at=None).values_list("id", "account_id").first()
    )
    return _keep(key, _read_actor(Q(pk=device[1], is_active=True), device_id=device[0])) if device else None


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is signed in; None after signing out (here or everywhere), after 12 hours, or when closed.

    Cost: the session, the account, and the 2 queries of the grants when they are not kept.
    """
    account_id = get_user(request).pk
    return actor_by_id(account_id) if account_id else None


def token_hash(token: str) -> str:
    """Return what is stored instead of a token. Tokens are random, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_by_secret(device_id: UUID, secret: str) -> models.Device:
    """Return the device that proves itself by its own secret, revoked or not. 1 query.

    Raises:
        ProblemError: access.not_found (404), the same for an unknown device and a wrong secret.
    """
    found = models.Device.objects.filter(pk=device_id).select_related("account").first()
    if found is None or not found.secret_hash or not secret:
        raise ProblemError("access.not_found", status=404)
    if not hmac.compare_digest(found.secret_hash, token_hash(secret)):
        raise ProblemError("access.not_found", status=404)
    return found


def device_standing(device_id: UUID, secret: str) -> DeviceStanding:
    """Tell a phone whether it still counts; a closed account takes its phones along. 1 query."""
    found = device_by_secret(device_id, secret)
    revoked_at = found.revoked_at if found.account.is_active else found.revoked_at or clock.now()
    return DeviceStanding(found.id, found.district, revoked_at, found.wrong_pins >= MOST_WRONG_PINS)


def holder_of(device_id: UUID) -> Actor | None:
    """Return the actor of a device that counts; None when it was revoked or its account closed. 3 queries."""
    account_id = models.Device.objects.filter(pk=device_id, revoked_at=None).values("account")
    return _read_actor(Q(pk__in=account_id, is_active=True), device_id=device_id)


def sealer(device_id: UUID) -> Sealer | None:
    """Return who stands behind envelopes of a device, revoked or closed ones too. 3 queries."""
    device = models.Device.objects.filter(pk=device_id).select_related("account").first()
    if device is None:
        return None
    actor = _read_actor(Q(pk=device.account_id), device_id=device_id)
    if actor is None:
        return None
    revoked_at = device.revoked_at
    if not device.account.is_active:
        revoked_at = min(filter(None, (revoked_at, device.last_seen_at)), default=device.enrolled_at)
    return Sealer(actor, device.district, device.token_hash, revoked_at)


def forget() -> None:
    """Drop all kept actors of this process: after a change of accounts, grants or devices."""
    _kept.clear()


def started() -> bool:
    """Tell whether there is any account yet."""
    return models.Account.objects.exists()


def accounts(scope: Scope, *, after: str = "", limit: int = 100) -> tuple[AccountRow, ...]:
    """Return the accounts for which an area of the scope answers, by name, after a name. 3 queries."""
    rows = models.Account.objects.filter(below("path", scope), name__gt=after).order_by("name")[:limit]
    return _account_rows(rows)


def account(scope: Scope, account_id: UUID) -> AccountRow:
    """Return one account of the scope.

    Raises:
        ProblemError: access.not_found (404), also when it lies outside the scope.
    """
    rows = _account_rows(models.Account.objects.filter(below("path", scope), pk=account_id))
    if not rows:
        raise ProblemError("access.not_found", status=404)
    return rows[0]


def accounts_that_may(verb: Verb, path: str, *, limit: int = 200) -> tuple[AccountRow, ...]:
    """Return the active accounts that hold the verb over the path now, by name: those a task can go to."""
    now = clock.now()
    roles = [role.value for role in Role if verb in rules.ROLE_VERBS[role]]
    holders = models.Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now),
        role__in=roles,
        path__in=reach.lineage(path),
        valid_from__lte=now,
    )
    rows = models.Account.objects.filter(pk__in=holders.values("account"), is_active=True).order_by("name")
    return _account_rows(rows[:limit])


def may_act_for(actor: Actor, row: AccountRow) -> bool:
    """Tell a page whether an act for this account would be taken; the action itself asks again."""
    theirs = [Grant(g.role, g.path, g.valid_from, g.valid_until) for g in row.grants]
    return row.id == actor.account_id or rules.may_act_for(actor.grants, theirs, clock.now())


def works_outside(grants: Iterable[GrantRow], at: datetime) -> bool:
    """Tell whether any of these grants, held now, lets one send records from a phone."""
    held = (Grant(g.role, g.path, g.valid_from, g.valid_until) for g in grants)
    return bool(rules.held_paths(held, Verb.RECORD_SUBMIT, at))


def display_names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name to show for each account id that exists. 1 query."""
    rows = models.Account.objects.filter(pk__in=set(account_ids))
    return dict(rows.values_list("id", "display_name"))


def device_names(device_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name of each device id that exists, revoked ones too. 1 query."""
    rows = models.Device.objects.filter(pk__in=set(device_ids))
    return dict(rows.values_list("id", "name"))


def grants_of(account_ids: Collection[UUID]) -> tuple[GrantRow, ...]:
    """Return every grant of these accounts, ended ones too, by path and beginning. 1 query."""
    rows = models.Grant.objects.filter(account__in=account_ids).order_by("path", "valid_from", "id")
    return tuple(_grant_row(row) for row in rows)


def devices(scope: Scope) -> tuple[DeviceRow, ...]:
    """Return the devices whose account belongs to the scope, revoked ones last, then by name. 1 query."""
    rows = models.Device.objects.filter(below("account__path", scope), district__in=scope.districts)
    rows = rows.select_related("account").order_by("revoked_at", "name", "id")
    found = tuple(_device_row(row) for row in rows)
    return tuple(sorted(found, key=lambda row: row.revoked_at is not None))


def roles_of(actor: Actor, path: str) -> frozenset[Role]:
    """Return the roles that the actor holds over the path now."""
    return rules.roles_at(actor.grants, path, clock.now())


def scope_of(actor: Actor, verb: Verb) -> Scope:
    """Return what the actor may see now with the verb, for the `scope` of every query."""
    return rules.scope(actor.grants, verb, clock.now())


def held_anywhere(actor: Actor, verbs: Iterable[Verb]) -> frozenset[Verb]:
    """Return those of the verbs that the actor holds over any area now."""
    at = clock.now()
    return frozenset(verb for verb in verbs if rules.held_paths(actor.grants, verb, at))


def may(actor: Actor, verb: Verb, path: str) -> bool:
    """Tell a page whether to offer an act now; the action itself asks again."""
    return rules.may(actor.grants, verb, path, clock.now())


def glass_until(actor: Actor) -> datetime | None:
    """Return until when the actor holds an emergency role, if that is now."""
    return rules.glass_until(actor.grants, clock.now())


def locked_names(names: Collection[str]) -> frozenset[str]:
    """Return those account names that are locked now by wrong passwords. 1 query."""
    since = clock.now() - timedelta(seconds=lock_seconds())
    rows = AccessAttempt.objects.filter(username__in=names, attempt_time__gte=since).values("username")
    locked = rows.annotate(n=Sum("failures_since_start")).filter(n__gte=settings.AXES_FAILURE_LIMIT)
    return frozenset(str(row["username"]) for row in locked)


def counted_as(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """Return the name under which failed sign-ins are counted: the account's, or that of a known browser.

    A browser in which the account was signed in before carries a signed cookie and is counted by itself.
    So strangers who lock an account by guessing do not lock out its owner, and the cookie gives no more
    than five guesses either. (AXES_USERNAME_CALLABLE)
    """
    name = (credentials or {}).get("username", "")
    try:
        known, _, browser = _signer().unsign(request.COOKIES.get(KNOWN_COOKIE, "")).partition(" ")
    except BadSignature:
        return name
    return f"{name} {browser}" if known == name else name


def known_browser(actor: Actor) -> str:
    """Return the value of the cookie KNOWN_COOKIE for a browser in which the actor has just signed in."""
    return _signer().sign(f"{actor.name} {ids.token()[:16]}")


def lock_seconds() -> int:
    """Return how long an account stays locked after too many wrong passwords."""
    wait = settings.AXES_COOLOFF_TIME
    return int(wait.total_seconds() if isinstance(wait, timedelta) else wait * 3600)


def _signer() -> Signer:
    return Signer(salt="bulou.access.known")


def _read_actor(where: Q, *, device_id: UUID | None = None) -> Actor | None:
    found = models.Account.objects.filter(where).first()
    if found is None:
        return None
    now = clock.now()
    grants = models.Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), account=found)
    if device_id is not None:
        grants = grants.filter(by_glass=False)  # the glass is broken at a desk, and phones do not notice
    return Actor(
        account_id=found.id,
        name=found.name,
        display_name=found.display_name,
        team=found.team,
        grants=tuple(_grant(row) for row in grants.order_by("path", "valid_from", "id")),
        device_id=device_id,
        language=found.language,
        text_size=found.text_size,
    )


def _recall(key: str) -> Actor | None:
    kept = _kept.get(key)
    if kept is None or abs(clock.now() - kept[0]) > KEPT_FOR:
        return None
    return kept[1]


def _keep(key: str, actor: Actor | None) -> Actor | None:
    if actor is None:
        _kept.pop(key, None)
        return None
    if len(_kept) >= KEPT_MOST:
        _kept.clear()
    _kept[key] = (clock.now(), actor)
    return actor


def below(column: str, scope: Scope) -> Q:
    """The scope as a condition of the ORM; an empty scope matches nothing."""
    where = Q(pk__in=())
    for path in scope.paths:
        where |= Q(**{column: path}) | Q(**{f"{column}__startswith": f"{path}."})
    return where


def _account_rows(rows: QuerySet[models.Account]) -> tuple[AccountRow, ...]:
    found = list(rows)
    locked = locked_names([row.name for row in found])
    grants = grants_of([row.id for row in found])
    return tuple(
        AccountRow(
            id=row.id,
            name=row.name,
            display_name=row.display_name,
            team=row.team,
            path=row.path,
            is_active=row.is_active,
            is_locked=row.name in locked,
            last_login=row.last_login,
            grants=tuple(grant for grant in grants if grant.account_id == row.id),
        )
        for row in found
    )


def _grant(row: models.Grant) -> Grant:
    return Grant(Role(row.role), row.path, row.valid_from, row.valid_until, row.by_glass)


def _grant_row(row: models.Grant) -> GrantRow:
    return GrantRow(
        id=row.id,
        account_id=row.account_id,
        role=Role(row.role),
        path=row.path,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        granted_by=row.granted_by,
        reason=row.reason,
        by_glass=row.by_glass,
    )


def _device_row(row: models.Device) -> DeviceRow:
    return DeviceRow(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account.display_name,
        name=row.name,
        path=row.account.path,
        enrolled_at=row.enrolled_at,
        revoked_at=row.revoked_at,
        last_seen_at=row.last_seen_at,
        app_version=row.app_version,
        unsent=row.unsent,
    )
