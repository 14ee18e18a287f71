"""Who belongs to the team around key persons: roles of an area, people for the roles, from when to when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from psycopg.types.range import Range

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import Scope
from bulou.kernel.scope import transaction as scoped
from bulou.ledger.actions import audit
from bulou.lines.screening import models
from bulou.lines.screening.queries import register, teams
from bulou.lines.screening.terms import MOST_FOR_ONE, THREE, Audit, TeamRole


def plan_team(
    actor: Actor, *, path: str, roles: Sequence[TeamRole], reason: str, since: datetime | None = None
) -> UUID:
    """Guarantees teams below the area have these roles from then on; the plan before ends there.

    Raises:
        ProblemError: access.*, screening.no_roles, screening.reason_missing (422), screening.overlap (409).
    """
    require(actor, Verb.TEAM_SET, path)
    if not roles:
        raise ProblemError("screening.no_roles", status=422)
    if not reason.strip():
        raise ProblemError("screening.reason_missing", status=422)
    begins, district, made = since or clock.now(), path.partition(".")[0], ids.uuid7()
    try:
        with scoped(whole(district)):
            _end("screening_team_plan", district, {"path": path}, begins)
            models.TeamPlan.objects.create(
                id=made, district=district, path=path, roles=[r for r in TeamRole if r in set(roles)],
                valid=Range(begins, None), by=actor.account_id, reason=reason.strip(),
            )  # fmt: skip
            audit(
                actor, kind=Audit.PLAN, path=path,
                payload={"roles": sorted(roles), "since": begins, "reason": reason.strip()},
            )  # fmt: skip
    except IntegrityError:
        raise ProblemError("screening.overlap", status=409) from None
    return made


def name_member(  # noqa: PLR0913 - who, for whom, in which role, from when to when, why so many
    actor: Actor,
    *,
    role: TeamRole,
    account: UUID,
    person_id: UUID | None = None,
    path: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    override: str = "",
) -> UUID:
    """Guarantees somebody answers in a role, for one person or for an area; who did before ends.

    A worker answers for at most 20 key persons; more needs a reason, which is kept with the officer's name.

    Raises:
        ProblemError: access.*, screening.not_found (404), screening.role_not_planned,
            screening.period_empty (422), screening.too_many_for_one, screening.overlap (409).
    """
    place, target = _target(actor, person_id, path)
    require(actor, Verb.TEAM_SET, place)
    begins, district, made = since or clock.now(), place.partition(".")[0], ids.uuid7()
    if until is not None and until <= begins:
        raise ProblemError("screening.period_empty", status=422)
    plan = teams.plan_for(district, place, begins)
    if role not in (plan.roles if plan else THREE):
        raise ProblemError("screening.role_not_planned", status=422)
    with scoped(whole(district)):
        try:
            with transaction.atomic():
                _end("screening_team_member", district, {"target": target, "role": role.value}, begins)
                models.TeamMember.objects.create(
                    id=made, district=district, path=place, target=target, role=role, account=account,
                    valid=Range(begins, until), by=actor.account_id, override=override.strip(),
                )  # fmt: skip
        except IntegrityError:
            raise ProblemError("screening.overlap", status=409) from None
        _refuse_too_many(district, account, begins, override)
        audit(
            actor, kind=Audit.NAMED, path=place, subject_type="person" if person_id else "",
            subject=person_id,
            payload={"role": role, "account": str(account), "target": target, "since": begins, "until": until,
                     "override": override.strip()},
        )  # fmt: skip
    return made


def end_member(
    actor: Actor, *, role: TeamRole, person_id: UUID | None = None, path: str = "", at: datetime | None = None
) -> None:
    """Guarantees nobody is named in the role for this person or area from then on.

    Raises:
        ProblemError: access.*, screening.not_found (404).
    """
    place, target = _target(actor, person_id, path)
    require(actor, Verb.TEAM_SET, place)
    ends, district = at or clock.now(), place.partition(".")[0]
    with scoped(whole(district)):
        if not _end("screening_team_member", district, {"target": target, "role": role.value}, ends):
            raise ProblemError("screening.not_found", status=404)
        audit(
            actor, kind=Audit.ENDED, path=place, subject_type="person" if person_id else "",
            subject=person_id,
            payload={"role": role, "target": target, "at": ends},
        )  # fmt: skip


def _target(actor: Actor, person_id: UUID | None, path: str) -> tuple[str, str]:
    """The place that decides who may, and for whom it is: a person by id, or an area by path."""
    if person_id is None:
        return path, path
    reach = tuple(sorted({grant.path for grant in actor.grants}))
    found = register.person(Scope(tuple(sorted({p.partition(".")[0] for p in reach})), reach), person_id)
    return found.facts.path, str(found.person_id)


def _end(table: str, district: str, key: dict[str, str], at: datetime) -> int:
    """End what holds at a moment; what had begun at that very moment goes."""
    where = " AND ".join(f"{column} = %s" for column in key)
    values: list[Any] = [district, *key.values(), at]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE district = %s AND {where} AND lower(valid) = %s",  # noqa: S608 - our words
            values,
        )
        gone = cursor.rowcount
        cursor.execute(
            f"UPDATE {table} SET valid = tstzrange(lower(valid), %s)"  # noqa: S608 - as above
            f" WHERE district = %s AND {where} AND valid @> %s",
            [at, *values],
        )
        return int(gone + cursor.rowcount)


def _refuse_too_many(district: str, account: UUID, at: datetime, override: str) -> None:
    n = teams.loads(district, max(at, clock.now()))[account]
    if n > MOST_FOR_ONE and not override.strip():
        raise ProblemError("screening.too_many_for_one", status=409, n=n, limit=MOST_FOR_ONE)
