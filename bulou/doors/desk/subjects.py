"""One door or site: what the register says, where it stands in each round, everything that happened."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.coverage.queries import rounds, units
from bulou.coverage.terms import OPEN_STATES, State
from bulou.doors.desk import frame, history, labels, lists, protocol_words, register_edits
from bulou.doors.desk.asking import DeskRequest, covert, may, scope_for, top_of
from bulou.doors.desk.figures import number
from bulou.doors.desk.import_words import FIELD_WORDS
from bulou.grid import queries as grid
from bulou.grid.terms import DwellingKind, Need
from bulou.intake import queries as intake
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class Subject:
    """What the register says about a door or a site."""

    title: str
    kind: str
    path: str
    facts: tuple[tuple[str, str], ...]
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Where the subject stands in one round."""

    title: str
    href: str
    state: str
    mark: str
    outcome: str
    attempts: int
    last_attempt_at: datetime | None
    excused_until: datetime | None


@require_GET
def subject(request: DeskRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Show one subject's standing in every round and its history, newest first."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    found = _subject(scope, kind, subject_id)
    entries = intake.history(scope, subject_id, covert=covert(request))
    today = clock.local_date(clock.now())
    names = grid.tree_names(scope, (found.path,), today)
    context = {
        "subject": found,
        "crumbs": lists.crumbs(
            names, found.path, top=top_of(scope, found.path), to=f"{reverse('desk:dwellings')}?area="
        ),
        "subject_id": subject_id,
        "acts": (
            *_isolation(request, kind, subject_id, found),
            *register_edits.acts(request, kind, subject_id, found.path),
        ),
        "units": _units(scope, subject_id),
        "timeline": history.timeline(entries, history.names_in(entries)),
    }
    return frame.page(request, "desk/subjects/subject.html", context, title=found.title)


def _isolation(
    request: DeskRequest, kind: str, subject_id: UUID, found: Subject
) -> tuple[tuple[str, str], ...]:
    """The file of the household of a door, for who may look at homes."""
    if kind not in {"dwelling", "household"} or not may(request, Verb.WATCH_RECORD, found.path):
        return ()
    return ((_("Isolation at home"), reverse("desk:isolation_home", args=(subject_id,))),)


def _subject(scope: Scope, kind: str, subject_id: UUID) -> Subject:
    if kind in {"dwelling", "household"}:
        door = grid.dwelling(scope, subject_id)
        facts = [
            (_("Kind"), str(labels.DWELLING_KINDS[DwellingKind(door.kind)])),
            (_("Building"), door.building),
            (_("Floor"), "" if door.floor is None else str(door.floor)),
            (_("Needs help"), lists.join(labels.NEEDS[Need(n)] for n in door.needs_help if n in set(Need))),
        ]
        title = f"{door.building} {door.door}".strip()
        return Subject(title, _("Door"), door.path, _said(facts), door.valid_from, door.valid_until)
    if kind in {"site", "object"}:
        place = grid.site(scope, subject_id)
        facts = [
            (_("Type"), str(labels.SITE_TYPES[place.type])),
            *((str(FIELD_WORDS.get(k, k)), _plain(v)) for k, v in place.attributes.items()),
        ]
        return Subject(place.name, _("Site"), place.path, _said(facts), place.valid_from, place.valid_until)
    if kind == "area":
        return _area(scope, subject_id)
    if kind == "person":
        return _person(scope, subject_id)
    raise ProblemError("access.not_found", status=404)


def _person(scope: Scope, subject_id: UUID) -> Subject:
    """Where somebody stands in rounds; who it is, is on the page of people, for who may see that."""
    found = units.units_of_subject(scope, subject_id)
    if not found:
        raise ProblemError("access.not_found", status=404)
    return Subject(found[0].label or _("A person"), _("Person"), found[0].path, (), None, None)


def _area(scope: Scope, subject_id: UUID) -> Subject:
    found = units.units_of_subject(scope, subject_id)
    if not found:
        raise ProblemError("access.not_found", status=404)
    return Subject(found[0].label, _("Area"), found[0].path, (), None, None)


def _plain(value: object) -> str:
    """A number without the point that nobody typed."""
    return number(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _said(facts: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((word, value) for word, value in facts if value)


def _units(scope: Scope, subject_id: UUID) -> tuple[UnitRow, ...]:
    found = units.units_of_subject(scope, subject_id)
    known = rounds.known(scope.districts[0], [u.operation for u in found]) if found else {}
    rows = []
    for unit in found:
        operation = known.get(unit.operation)
        if operation is None:
            continue
        rows.append(
            UnitRow(
                title=protocol_words.title(operation),
                href=f"{reverse('desk:board', args=(operation.id,))}?area={unit.area}",
                state=str(labels.STATES[unit.state]),
                mark="part"
                if unit.state in OPEN_STATES
                else "bad"
                if unit.state is State.REMOVED
                else "good",
                outcome=protocol_words.outcome(operation.protocol, unit.outcome) if unit.outcome else "",
                attempts=unit.attempts,
                last_attempt_at=unit.last_attempt_at,
                excused_until=unit.excused_until,
            )
        )
    return tuple(rows)
