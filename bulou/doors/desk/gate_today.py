"""What the checkpoints of an area tell Today: how much passed, who is held, who is to be received."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk.asking import DeskRequest
from bulou.doors.desk.figures import Figure, figure
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints.queries import gates


def line(request: DeskRequest, scope: Scope, at: datetime) -> str:
    """Return what passed the checkpoints of the area today, in words; nothing where nothing did. 1 query."""
    if not scope.paths:
        return ""
    start, end = clock.day_bounds(clock.local_date(at))
    passages, persons = gates.passed(scope, start, end, path=request.area)
    if not passages:
        return ""
    told = _("At the checkpoints today: %(passages)s passages, %(persons)s persons")
    return told % {"passages": passages, "persons": persons}


def waiting(request: DeskRequest, scope: Scope) -> list[Figure]:
    """Return who is held without a second measurement, and who waits to be received. 2 queries."""
    if not scope.paths:
        return []
    href = reverse("desk:gates")
    found = [
        figure(
            len(gates.holds(scope, path=request.area)),
            key="late",
            label=_("Held at a checkpoint, not measured again"),
            href=href,
        )
    ]
    if access.scope_of(request.actor, Verb.CUSTODY_VIEW).paths:
        found.append(
            figure(
                len(gates.to_receive(scope, path=request.area)),
                key="late",
                label=_("Handed over by checkpoints, not received yet"),
                href=reverse("desk:custody"),
            )
        )
    return found
