"""Rounds: open them, read their account and who is still missed, close them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from bulou.access.terms import Verb
from bulou.coverage import actions as coverage
from bulou.coverage import terms
from bulou.coverage.queries import rounds, units
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import (
    PATH,
    AccountOut,
    Basis,
    ClosedOut,
    CloseIn,
    MissedListOut,
    MissedOut,
    OpenBy,
    OpenIn,
    OpenOut,
    OperationOut,
    OperationsOut,
    OwnerOut,
    Why,
)
from bulou.intake import queries as intake
from bulou.kernel import clock
from bulou.lines.testing.actions import rounds as testing
from bulou.tasks import queries as tasks
from bulou.tasks.terms import Owner, Unit

router = Router(tags=["operations"])
Area = Annotated[str | None, Query(pattern=PATH, description="An area's path; without it, the whole round.")]
Cursor = Annotated[str | None, Query(max_length=400)]


@router.get(
    "", response=OperationsOut, operation_id="operations", summary="Rounds that I may see, newest first"
)
def operations(
    request: HttpRequest,
    protocol: Annotated[str | None, Query(max_length=80)] = None,
    area: Area = None,
    state: Annotated[str | None, Query(pattern="^(open|closed)$")] = None,
    cursor: Cursor = None,
) -> OperationsOut:
    """Rounds over, above or inside the area."""
    with scoped(request, Verb.ROUND_VIEW) as scope:
        items, following = rounds.operations(scope, protocol=protocol, state=state, path=area, cursor=cursor)
    return OperationsOut(items=[_operation(item) for item in items], next=following)


@router.post("", response={201: OpenOut}, operation_id="open_round", summary="Open a round over an area")
def open_round(request: HttpRequest, body: OpenIn) -> Status[OpenOut]:
    """Freezes the frame: what is expected from now on changes only by records with a reason."""
    told = body.targets
    targets = (
        terms.Targets(tuple(told.site_types), told.level, told.registered, told.after)
        if told
        else terms.Targets()
    )
    named = testing.Decision(body.decision.by, body.decision.reason) if body.decision else None
    with scoped(request, Verb.ROUND_VIEW):
        operation = testing.decided(
            actor(request), protocol=body.protocol, path=body.area, opens_at=body.opens_at, decision=named
        )
        opened = coverage.open_round(
            actor(request),
            protocol=body.protocol,
            path=body.area,
            opens_at=body.opens_at,
            due_at=body.due_at,
            basis=terms.Basis(body.basis.law, body.basis.text),
            targets=targets,
            operation_id=operation,
        )
    return Status(201, OpenOut(id=opened.id, expected=opened.frame_n))


@router.get("/{id}/account", response=AccountOut, operation_id="account", summary="The account of a round")
def account(
    request: HttpRequest,
    id: UUID,
    area: Area = None,
    depth: Annotated[int, Query(ge=0, le=6)] = 0,
    as_of: datetime | None = None,
) -> AccountOut:
    """Expected = done + excused + moved + open, now or as it stood at any earlier moment."""
    with scoped(request, Verb.ROUND_VIEW) as scope:
        return _account(intake.account(scope, id, path=area, depth=depth, as_of=as_of))


@router.get(
    "/{id}/missed", response=MissedListOut, operation_id="missed", summary="Who is still missed, and why"
)
def missed(
    request: HttpRequest,
    id: UUID,
    area: Area = None,
    why: Annotated[list[Why], Query(description="May be given more than once.")] = [],  # noqa: B006 - ninja copies it
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = None,
) -> MissedListOut:
    """Open units in the order of the doors, a page at a time."""
    with scoped(request, Verb.UNIT_VIEW) as scope:
        only = units.MissedFilter(why=units.whys(why))
        operation = rounds.operation(scope, id)
        page = units.missed(scope, operation, path=area, only=only, limit=limit, cursor=cursor)
        owners, due = _owed(operation, page)
    return MissedListOut(
        items=[_missed(item, owners[item.subject], due.get(item.subject)) for item in page.items],
        next=page.next,
        total=page.total,
    )


@router.post("/{id}/close", response=ClosedOut, operation_id="close_round", summary="Close a round")
def close(request: HttpRequest, id: UUID, body: CloseIn | None = None) -> ClosedOut:
    """409 with `open` while anybody is missed, unless a named officer gives a reason and closes it short."""
    with scoped(request, Verb.ROUND_VIEW):
        closed = coverage.close_round(
            actor(request), operation_id=id, reason=(body.reason if body else None) or ""
        )
    return ClosedOut(id=closed.id, state=_literal(closed.state), closed_at=closed.closed_at)


def _operation(item: terms.Operation) -> OperationOut:
    return OperationOut(
        id=item.id,
        protocol=item.protocol,
        kind=item.kind,
        title=item.title,
        area=item.path,
        subject_type=item.subject_type,
        opens_at=item.opens_at,
        due_at=item.due_at,
        opened_at=item.opened_at,
        basis=Basis(law=item.basis.law, text=item.basis.text),
        expected_at_opening=item.frame_n,
        state=_literal(item.state),
        closed_at=item.closed_at,
    )


def _account(item: terms.Account) -> AccountOut:
    by = item.open_by
    return AccountOut(
        area=item.path,
        expected=item.expected,
        done=item.done,
        excused=item.excused,
        moved=item.moved,
        open=item.open,
        open_by=OpenBy(
            untried=by.untried,
            absent=by.absent,
            refused=by.refused,
            unreachable=by.unreachable,
            handed_over=by.handed_over,
        ),
        alerts=item.alerts,
        as_of=item.as_of,
        children=[_account(child) for child in item.children],
    )


def _owed(
    operation: terms.Operation, page: terms.MissedPage
) -> tuple[dict[UUID, Owner], dict[UUID, datetime]]:
    """Who owes the units of a page, and when their revisits are due. 3 queries."""
    subjects = [item.subject for item in page.items]
    mine = [Unit(item.subject, item.path) for item in page.items]
    owners = tasks.owners(operation.district, operation.id, mine, clock.now())
    return owners, tasks.due_of(operation.district, operation.id, subjects)


def _missed(item: terms.MissedUnit, owner: Owner, revisit_at: datetime | None) -> MissedOut:
    return MissedOut(
        subject=item.subject,
        subject_type=item.subject_type,
        label=item.label,
        area=item.area,
        path=item.path,
        why=_literal(item.why.name.lower()),
        attempts=item.attempts,
        last_attempt_at=item.last_attempt_at,
        due_at=revisit_at or item.due_at,
        alert=item.alert,
        owner=OwnerOut(account=owner.account, team=owner.team),
    )


def _literal(value: Any) -> Any:
    """A StrEnum or a string as the plain literal that the schema promises; pydantic checks it again."""
    return str(getattr(value, "value", value))
