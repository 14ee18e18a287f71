"""What one may do with a person: register, correct, class, take off the register, show in plain words."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels, lists
from bulou.doors.desk import people_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.forms import Day, DeskForm, Reason, select
from bulou.grid import queries as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.lines.screening import documents
from bulou.lines.screening.queries import register
from bulou.lines.screening.rules import cards
from bulou.lines.screening.terms import BY_RULE, Kind, Left, Registered, Risk, Standing
from bulou.people.actions import disputes, reading, vault
from bulou.people.queries import found
from bulou.people.terms import (
    PURPOSE_FIELDS,
    Asked,
    Fate,
    Field,
    Identity,
    Keep,
    Look,
    NewPerson,
    Purpose,
    Trigger,
    Why,
)

SECONDS = 10


class PersonForm(DeskForm):
    """One act on the page of a person."""

    step = ""
    title: Any = ""
    act: Any = ""


class LeftForm(PersonForm):
    """Off the register."""

    step, title, act = "left", gettext_lazy("Take off the register"), gettext_lazy("Take off the register")
    reason = Reason(label=gettext_lazy("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"] = select([(w.value, words.LEFT[w]) for w in Left], label=_("Why"))
        self.order_fields(["why", "reason"])


class ClassForm(PersonForm):
    """A class by hand."""

    step, title, act = "class", gettext_lazy("Set the class by hand"), gettext_lazy("Set the class")
    reason = Reason(label=gettext_lazy("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(r.value, words.RISKS[r]) for r in Risk]
        offered.append((BY_RULE, gettext_lazy("as the rule says")))
        self.fields["risk"] = select(offered, label=_("Class"))
        self.order_fields(["risk", "reason"])


class DisputeForm(PersonForm):
    """The person says that a fact is wrong."""

    step, title, act = (
        "dispute",
        gettext_lazy("The person disputes a fact"),
        gettext_lazy("Note the objection"),
    )
    said = forms.CharField(label=gettext_lazy("What does the person say is right?"), max_length=200)
    reason = Reason(label=gettext_lazy("How is it known?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"] = select([(f.value, words.FIELDS[f]) for f in Field], label=_("Which fact?"))
        self.order_fields(["field", "said", "reason"])


class RevealForm(DeskForm):
    """What for."""

    reason = forms.CharField(label=gettext_lazy("What is it needed for?"), max_length=200, min_length=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"] = select([(p.value, words.PURPOSES[p]) for p in Purpose], label=_("Purpose"))
        self.order_fields(["purpose", "reason"])

    def asked(self) -> Asked:
        """Return what the form says."""
        return Asked(Purpose(self.cleaned_data["purpose"]), self.cleaned_data["reason"])


class NewForm(DeskForm):
    """Somebody who came: with a trigger, and with the reason for holding who they are."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    number = forms.CharField(label=gettext_lazy("ID number"), max_length=24, required=False)
    phones = forms.CharField(
        label=gettext_lazy("Phones"), help_text=gettext_lazy("Several with a comma between."), required=False,
        max_length=100,
    )  # fmt: skip
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    came_from = forms.CharField(label=gettext_lazy("Came from"), max_length=60, required=False)
    left_on = Day(label=gettext_lazy("Left there on"), required=False)
    arrived_on = Day(label=gettext_lazy("Arrived here on"), required=False)
    transport = forms.CharField(label=gettext_lazy("By what"), max_length=60, required=False)
    trip = forms.CharField(
        label=gettext_lazy("Train, flight, plate of the bus"), max_length=60, required=False
    )
    basis = forms.CharField(label=gettext_lazy("Law or order on which this rests"), max_length=300)
    reason = Reason(label=gettext_lazy("Why is it necessary to know who this is?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        triggers = [(t.value, words.TRIGGERS[t]) for t in Trigger]
        self.fields["trigger"] = select(triggers, label=_("Trigger"))
        self.fields["contact"] = forms.ChoiceField(
            choices=list(words.CONTACTS.items()), initial="unknown",
            label=_("Contact with people from there or with a case"),
        )  # fmt: skip
        first = ["trigger", "name", "number", "phones", "address", "came_from", "left_on", "arrived_on"]
        self.order_fields([*first, "contact", "transport", "trip", "basis", "reason"])

    def new(self, path: str) -> tuple[NewPerson, Why]:
        """Return who is to be held, and why."""
        data = self.cleaned_data
        phones = tuple(one.strip() for one in data["phones"].replace("，", ",").split(",") if one.strip())
        identity = Identity(data["name"], data["number"], phones, data["address"])
        trigger = Trigger(data["trigger"])
        keep = Keep.CONTACT_CHAIN if trigger is Trigger.CONTACT else Keep.RETURNEE_CARD
        return NewPerson(path, identity), Why(trigger, Purpose.FOLLOW_UP, data["basis"], data["reason"], keep)

    def facts(self, path: str) -> dict[str, Any]:
        """Return what the record of the register says."""
        data = self.cleaned_data
        stay = {"place": data["came_from"], "left_on": _iso(data["left_on"])}
        told = {
            "trigger": data["trigger"], "channel": "at_desk", "contact": data["contact"], "home": path,
            "stays": [{k: v for k, v in stay.items() if v}] if data["came_from"] else [],
            "arrived_on": _iso(data["arrived_on"]), "transport": data["transport"], "trip": data["trip"],
        }  # fmt: skip
        return {key: value for key, value in told.items() if value}


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Register somebody who came: known again by ID number, or new; onto the register by a record."""
    scope = scope_for(request, Verb.PERSON_REGISTER)
    form = NewForm(request.POST or None)
    if request.method == "POST":
        held = form.attempt(lambda: _register(request, form))
        if held is not None:
            return held
    names = grid.tree_names(scope, (request.area,), clock.local_date(clock.now()))
    place = reach.spelled(request.area, names, above=0)
    context = {"form": form, "place": place}
    return frame.page(
        request, "desk/people/new.html", context, title=_("Register a person"), status=form.status
    )


def _register(request: DeskRequest, form: NewForm) -> HttpResponse:
    path = request.area
    person, why = form.new(path)
    held = vault.hold(request.actor, [person], why=why)[0]
    _tell(request, Kind.PERSON, held.person_id, path, outcome="registered", payload=form.facts(path))
    said = {
        Fate.NEW: _("Registered."),
        Fate.CHANGED: _("Already registered; brought up to date."),
        Fate.SAME: _("Already registered; nothing new."),
        Fate.KNOWN: _("Already registered in another area; what came in is noted there."),
    }[held.fate]
    if held.duplicates:
        said += " " + _("Perhaps there twice: see the page of doubles.")
    frame.say(request, said)
    if not may(request, Verb.PERSON_VIEW, path):
        return redirect("desk:person_new")
    if held.fate is Fate.KNOWN:
        return redirect("desk:people")
    return redirect("desk:person", person_id=held.person_id)


def forms_of(request: DeskRequest, path: str, one: Registered | None) -> dict[str, PersonForm]:
    """Return the forms of the acts that are mine on this page, the one that was sent filled."""
    offered: list[type[PersonForm]] = []
    if one is not None and one.facts.standing is Standing.ON and may(request, Verb.PERSON_REGISTER, path):
        offered.append(LeftForm)
    if one is not None and may(request, Verb.PERSON_MERGE, path):
        offered.append(ClassForm)
    if may(request, Verb.PERSON_REGISTER, path):
        offered.append(DisputeForm)
    step = request.POST.get("step", "")
    return {
        form.step: form(request.POST if form.step == step else None, auto_id=f"id_{form.step}_%s")
        for form in offered
    }


def reveal_form(request: DeskRequest, path: str) -> RevealForm | None:
    """Return the form that asks what for, where one may show identity."""
    return RevealForm(auto_id="id_reveal_%s") if may(request, Verb.PERSON_REVEAL, path) else None


def do(request: DeskRequest, form: PersonForm, person_id: UUID, path: str) -> HttpResponse | None:
    """Do one act of the page; None where the form has to be shown again."""

    def act() -> bool:
        data = form.cleaned_data
        if isinstance(form, LeftForm):
            _tell(
                request, Kind.LEFT, person_id, path, outcome=data["why"], payload={"reason": data["reason"]}
            )
        elif isinstance(form, ClassForm):
            told = {"reason": data["reason"]}
            _tell(request, Kind.CLASSED, person_id, path, outcome=data["risk"], payload=told)
        else:
            disputes.dispute(
                request.actor, person_id=person_id, field=Field(data["field"]), said=data["said"],
                reason=data["reason"],
            )  # fmt: skip
        return True

    if form.attempt(act) is None:
        return None
    frame.say(request, _("Noted."))
    return redirect("desk:person", person_id=person_id)


@require_POST
def reveal(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show identity in plain words for ten seconds; then the mask comes back by itself."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    path = found.person(scope, person_id).path
    form = RevealForm(request.POST, auto_id="id_reveal_%s")
    shown = form.attempt(lambda: reading.reveal(request.actor, [person_id], why=form.asked()))
    if shown is None:
        return _fragment(request, person_id, path, {"reveal_form": form}, status=422)
    one = shown[person_id]
    lines = {
        Field.NAME: one.identity.name, Field.NUMBER: one.identity.number,
        Field.PHONES: lists.join(one.identity.phones), Field.ADDRESS: one.identity.address,
    }  # fmt: skip
    told = tuple((words.FIELDS[field], lines[field]) for field in one.fields if lines[field])
    answer = _fragment(request, person_id, path, {"plain": told, "seconds": SECONDS})
    answer["Refresh"] = f"{SECONDS}; url={reverse('desk:person', args=(person_id,))}"
    if request.headers.get("HX-Request"):
        del answer["Refresh"]
    return answer


@require_GET
def masked(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show the mask again."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    path = found.person(scope, person_id).path
    return _fragment(request, person_id, path, {"reveal_form": reveal_form(request, path)})


def _fragment(
    request: DeskRequest, person_id: UUID, path: str, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    why = Asked(Purpose.REGISTER)
    shown = reading.masked(request.actor, [person_id], why, look=Look.OPENED).get(person_id)
    context = {"person_id": person_id, "shown": shown, "may_reveal": may(request, Verb.PERSON_REVEAL, path)}
    if request.headers.get("HX-Request"):
        # A refused form has to be shown, and htmx swaps nothing that came with an error.
        return render(request, "desk/people/_identity.html", context | more)
    return frame.page(request, "desk/people/revealed.html", context | more, title=_("Person"), status=status)


@require_POST
def card(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show the card of one person for printing: identity in plain words, which the log says."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    anchor = found.person(scope, person_id)
    form = RevealForm(request.POST, auto_id="id_reveal_%s")
    if not form.is_valid():
        raise ProblemError("people.reason_missing", status=422)
    why = form.asked()
    fields = PURPOSE_FIELDS[why.purpose]
    shown = reading.reveal(request.actor, [person_id], why=why, fields=fields, look=Look.PRINTED)[person_id]
    one = register.person(scope, person_id)
    names = grid.tree_names(scope, (anchor.path,), clock.local_date(clock.now()))
    code = cards.code(person_id)
    context = {
        "plain": shown.identity,
        "one": one,
        "facts": one.facts,
        "risk": labels.of(words.RISKS, one.risk),
        "triggers": lists.join(words.TRIGGERS[t] for t in one.facts.triggers),
        "contact": labels.of(words.CONTACTS, one.facts.contact),
        "place": reach.spelled(anchor.path, names, above=0),
        "days": tuple(range(1, 15)),
        "purpose": labels.of(words.PURPOSES, why.purpose),
        "reason": why.reason,
        "made_at": clock.now(),
        "made_by": request.actor.display_name,
        "person_id": person_id,
        "code": code,
        "spaced": cards.spaced(code),
        "bars": cards.bars(code),
        "wide": sum(cards.bars(code)[-1]),
    }
    if request.POST.get("format") == "pdf":
        return _pdf(context)
    return frame.page(request, "desk/people/card.html", context, title=_("Card"))


def _pdf(said: dict[str, Any]) -> HttpResponse:
    """Answer with the same card as a file to print; nothing of it is kept."""
    plain, facts = said["plain"], said["facts"]
    stays = lists.join(f"{s.place or s.code} {s.left_on or ''}".strip() for s in facts.stays)
    rows = (
        (words.FIELDS["name"], plain.name),
        (words.FIELDS["number"], plain.number),
        (words.FIELDS["phones"], lists.join(plain.phones)),
        (words.FIELDS["address"], plain.address),
        (_("Class"), said["risk"]),
        (_("Trigger"), said["triggers"]),
        (_("Came from"), stays),
        (_("Arrived"), f"{facts.arrived_on or ''} {facts.transport} {facts.trip}".strip()),
        (_("Contact with people from there or with a case"), said["contact"]),
    )
    note = _(
        "Printed %(at)s by %(made_by)s for: %(purpose)s, %(reason)s. The person can see this in their log."
    ) % {
        "at": said["made_at"].astimezone(clock.DISTRICT_ZONE).strftime("%Y-%m-%d %H:%M"),
        "made_by": said["made_by"], "purpose": said["purpose"], "reason": said["reason"],
    }  # fmt: skip
    made = documents.card(
        documents.Card(
            _("Card"), said["place"], tuple((str(w), v) for w, v in rows if v), _("Follow-up"),
            (_("Day"), _("Date"), _("Morning °C"), _("Noon °C"), _("Evening °C"), _("Signed")), note,
            get_language() or "zh-hans", said["made_at"], said["code"],
        )
    )  # fmt: skip
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="card.pdf"'}
    )


@require_POST
def settle(request: DeskRequest, person_id: UUID, dispute_id: UUID) -> HttpResponse:
    """Decide an objection."""
    scope_for(request, Verb.PERSON_VIEW)
    accept = request.POST.get("verdict") == "accept"
    disputes.settle(
        request.actor, dispute_id=dispute_id, accept=accept, answer=request.POST.get("answer", "")
    )
    frame.say(request, _("The objection is accepted.") if accept else _("The objection is refused."))
    return redirect("desk:person", person_id=person_id)


def _tell(
    request: DeskRequest, kind: Kind, person_id: UUID, path: str, *, outcome: str, payload: dict[str, Any]
) -> None:
    record = OfficeRecord(
        kind=kind, path=path, subject_type="person", subject=person_id, outcome=outcome, payload=payload
    )
    submit_office(request.actor, [record])


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
