"""One household that stays at home: its file, the entry check, its people."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import frame, protocol_words
from bulou.doors.desk import isolation_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import places, short
from bulou.doors.desk.isolation_forms import ChecklistForm, StepForm, chosen
from bulou.doors.desk.isolation_intake import ExpectForm
from bulou.grid import queries as grid
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import HOME_SUBJECT, SUITABLE, Kind
from bulou.protocols import queries as protocols


class HomeCheckForm(ChecklistForm):
    """The entry check at the door."""

    key, act, verb = "check", gettext_lazy("Note the check"), Verb.WATCH_RECORD


@require_http_methods(["GET", "POST"])
def home(request: DeskRequest, dwelling_id: UUID) -> HttpResponse:
    """Show the file of one household, and the forms of what I may say."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    door, at = grid.dwelling(scope, dwelling_id), clock.now()
    offered = _offered(request, door.path)
    form = chosen(offered, request.POST.get("step", ""), posted=request.method == "POST")
    if form is not None:
        records = _records(form, dwelling_id, door.path) if form.is_valid() else []
        if form.attempt(lambda: office.submit_office(request.actor, records)) is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:isolation_home", dwelling_id=dwelling_id)
    file = stays.home(door.district, dwelling_id)
    reference = protocols.latest(SUITABLE).reference
    context = {
        "door_href": reverse("desk:subject", args=("dwelling", dwelling_id))
        if may(request, Verb.UNIT_VIEW, door.path)
        else "",
        "place": places(scope, {door.path}, at).get(door.path, door.path),
        "file": file,
        "by": access.display_names({file.author}).get(file.author, "") if file else "",
        "lacking": tuple(protocol_words.question(reference, key) for key in file.lacking) if file else (),
        "people": tuple(
            {
                "href": reverse("desk:stay", args=(one.id,)),
                "person": short(one.person),
                "state": str(words.STAY_STATES[one.state]),
                "mark": words.STAY_MARKS[one.state],
                "since": one.arrived_at,
                "left_at": one.left_at,
            }
            for one in stays.of_home(scope, dwelling_id)
        ),
        "forms": tuple(offered.values()),
    }
    status = form.status if form is not None else 200
    return frame.page(
        request, "desk/isolation/home.html", context, title=_("Isolation at home"), status=status
    )


def _offered(request: DeskRequest, path: str) -> dict[str, StepForm]:
    step, made = request.POST.get("step", ""), dict[str, StepForm]()
    if may(request, Verb.WATCH_RECORD, path):
        data = request.POST if step == "check" else None
        made["check"] = HomeCheckForm.of(SUITABLE, data, title=gettext_lazy("Entry check"))
    if may(request, Verb.WATCH_START, path):
        made["expect"] = ExpectForm.of(request.POST if step == "expect" else None, site=False)
    return made


def _records(form: StepForm, dwelling_id: UUID, path: str) -> list[OfficeRecord]:
    if isinstance(form, ExpectForm):
        return form.people({"dwelling": str(dwelling_id)}, path, "home")
    assert isinstance(form, HomeCheckForm)  # noqa: S101 - no other form is offered
    told, passed = form.answers()
    outcome = "suitable" if passed else "unsuitable"
    return [
        form.made(
            Kind.HOME_CHECK, dwelling_id, HOME_SUBJECT, path, outcome, payload=told, protocol=form.reference
        )
    ]
