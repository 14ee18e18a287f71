"""One-time codes: issued by an officer, used up once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from bulou.access import models
from bulou.access.actions.gate import book, require, require_act_for, tell, the_account
from bulou.access.rules import MISS_WINDOW, MOST_MISSES
from bulou.access.terms import CODE_LIFE, MOST_CODES, Actor, Kind, Purpose, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError

_NOT_VALID = "access.code_not_valid"


def issue_code(actor: Actor, *, account_id: UUID, purpose: Purpose) -> str:
    """Return a new one-time code that sets the password (72 h) or enrols a device (10 min) of an account.

    Only for an account that holds nothing the actor could not give, or one's own. Older unused codes of the
    same purpose die.
    """
    found = the_account(account_id)
    require(actor, Verb.DEVICE_ENROL if purpose is Purpose.ENROL else Verb.ACCOUNT_RESET, found.path)
    require_act_for(actor, found)
    with book(found.path):
        now = clock.now()
        models.Code.objects.filter(account=found, purpose=purpose.value, used_at=None).update(used_at=now)
        tell(actor, Kind.CODE_ISSUED, found, purpose=purpose.value)
        return new_code(actor.account_id, purpose, found)


def issue_enrolment_codes(actor: Actor, *, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return one code for a phone for each of several accounts, all or none: a sheet before a shift.

    Raises:
        ProblemError: as `issue_code`, for the first account that it refuses; access.too_many_codes (422).
    """
    if len(account_ids) > MOST_CODES:
        raise ProblemError("access.too_many_codes", status=422, most=MOST_CODES)
    with transaction.atomic():
        return {one: issue_code(actor, account_id=one, purpose=Purpose.ENROL) for one in account_ids}


def new_code(by: UUID, purpose: Purpose, account: models.Account | None) -> str:
    """Store a code as a keyed hash and return the code itself, which nobody can read again."""
    code = ids.short_code()
    models.Code.objects.create(
        purpose=purpose.value,
        code_hash=_code_hash(code),
        account=account,
        expires_at=clock.now() + CODE_LIFE[purpose],
        created_by=by,
    )
    return code


def _code_hash(code: str) -> str:
    """Return what is stored instead of a code: keyed, because ten characters could be searched otherwise."""
    return salted_hmac("bulou.access.code", code.strip().upper(), algorithm="sha256").hexdigest()


@contextmanager
def few_tries() -> Iterator[None]:
    """Count wrong codes, and refuse every code while too many of them are being tried.

    Over the whole installation, because addresses are shared and changed at will. Assumes: not inside a
    transaction, which would take the count back together with the failed act.

    Raises:
        ProblemError: access.too_many_tries (429).
    """
    now = clock.now()
    begins_at = now - timedelta(seconds=now.timestamp() % MISS_WINDOW.total_seconds())
    begins_at = begins_at.replace(microsecond=0)
    if models.Miss.objects.filter(pk=begins_at, n__gte=MOST_MISSES).exists():
        raise ProblemError("access.too_many_tries", status=429)
    try:
        yield
    except ProblemError as error:
        if error.problem.code == _NOT_VALID:
            models.Miss.objects.get_or_create(pk=begins_at)
            models.Miss.objects.filter(pk=begins_at).update(n=F("n") + 1)
        raise


def claim_code(code: str, purpose: Purpose) -> UUID | None:
    """Use the code up in one statement, so that two hands cannot; return its account."""
    now = clock.now()
    live = models.Code.objects.filter(
        code_hash=_code_hash(code), purpose=purpose.value, used_at=None, expires_at__gt=now
    )
    if not live.update(used_at=now):
        raise ProblemError(_NOT_VALID, status=404)
    return models.Code.objects.values_list("account", flat=True).get(code_hash=_code_hash(code))


def use_code(code: str, purpose: Purpose) -> models.Account:
    """Use the code up and return its account, if that is still active."""
    account_id = claim_code(code, purpose)
    found = models.Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    if found is None:
        raise ProblemError(_NOT_VALID, status=404)
    return found
