"""A new act of law at the desk: about one person, or several with evidence about each."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.care_rows import short
from bulou.doors.desk.forms import DeskForm, Moment, Reason, half_hour, select
from bulou.doors.desk.restriction_words import EVIDENCES, MEASURES
from bulou.doors.desk.restrictions import laws
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.terms import ALONE, MILDER, Act, Basis, Evidence, Measure, Proposal

USUAL_DAYS = 7


MOST_PERSONS = 200


class NewForm(DeskForm):
    """A new act about one person or several; for each milder measure it asks why that does not do.

    What is known is asked for each person by itself: nobody is restricted as one of a list.
    """

    evidence = select([])
    happened_at = Moment(label=gettext_lazy("When it happened"))
    measure = select([])
    advice = forms.CharField(
        label=gettext_lazy("Why advice alone does not do"), required=False, max_length=500
    )
    monitoring = forms.CharField(
        label=gettext_lazy("Why health monitoring does not do"), required=False, max_length=500
    )
    home = forms.CharField(
        label=gettext_lazy("Why isolation at home does not do"), required=False, max_length=500
    )
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200)
    supplies = Reason(
        label=gettext_lazy("Food, medicine, care, animals: who brings what"),
        help_text=gettext_lazy(
            "Children, pregnancy, disability, people who depend on this person: say what is done."
        ),
        required=False,
    )
    conditions = forms.CharField(label=gettext_lazy("What is allowed"), required=False, max_length=500)
    basis = select([])
    ends_at = Moment(
        label=gettext_lazy("Ends at"), help_text=gettext_lazy("At most 14 days from now. It ends by itself.")
    )

    def ask_about(self, persons: Sequence[UUID]) -> None:
        """Ask for each person what is known, before everything else."""
        keys = [source_key(n) for n in range(len(persons))]
        for key, person in zip(keys, persons, strict=True):
            label = _("What is known, and from whom")
            self.fields[key] = Reason(
                label=label if len(persons) == 1 else f"{label}: …{short(person)}",
                help_text=_("It goes into the ledger as evidence about this person."),
            )
        self.order_fields(["evidence", *keys])

    def choices(self, laws: tuple[Basis, ...]) -> None:
        """Put in what can be chosen, in the reader's language."""
        first = [("", _("Choose …"))]
        for name, label, found in (
            ("evidence", _("Evidence"), [(e.value, EVIDENCES[e]) for e in Evidence]),
            ("measure", _("Measure"), [(m.value, MEASURES[m]) for m in Measure]),
            ("basis", _("Law or order"), [(str(b.id), f"{b.law} {b.article}".strip()) for b in laws]),
        ):
            field = self.fields[name]
            field.label = label
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - made by select() above
            field.choices = first + list(found)


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Order a measure, with evidence about each person, or be told what is missing."""
    scope = scope_for(request, Verb.RESTRICTION_DECIDE)
    now, persons = clock.now(), _persons(request)
    if len(persons) > MOST_PERSONS:
        return _too_many(request, persons)
    usual = {"happened_at": half_hour(now), "ends_at": half_hour(now + timedelta(days=USUAL_DAYS))}
    form = NewForm(request.POST or None, initial=usual)
    form.choices(laws(scope, on=clock.local_date(now)))
    form.ask_about(persons)
    if request.method == "POST":
        # without a savepoint: an attempt that is refused stays in the ledger for supervision
        act = form.attempt(lambda: _order(request, form, persons), savepoint=False)
        if act is not None:
            return _ordered(request, act)
        without = sum(source_key(n) in form.errors for n in range(len(persons)))
        if without:  # it never came as far as an act: supervision sees it all the same
            _tell_supervision(request, without, "restrictions.evidence_missing")
    context = {"form": form, "persons": persons, "many": len(persons) > ALONE, "alone": ALONE}
    title = _("Order a measure")
    return frame.page(request, "desk/restrictions/new.html", context, title=title, status=form.status)


def _too_many(request: DeskRequest, persons: Sequence[UUID]) -> HttpResponse:
    """More than fit in one act: nobody of them is asked about, and supervision sees who tried."""
    if request.method == "POST":
        _tell_supervision(request, len(persons), "restrictions.evidence_missing")
    error = ProblemError("restrictions.too_many_persons", status=422, n=len(persons), most=MOST_PERSONS)
    return errors.problem_page(request, error)  # not raised: what is noted stays


def _tell_supervision(request: DeskRequest, n_persons: int, code: str) -> None:
    acts.note_stopped(request.actor, path=request.area, n_persons=n_persons, code=code)


def source_key(n: int) -> str:
    """Return the name of the field about the n-th person."""
    return f"source_{n}" if n else "source"


def _persons(request: DeskRequest) -> tuple[UUID, ...]:
    """Who is named, each once, in the order of the list."""
    data = request.POST if request.method == "POST" else request.GET
    named: dict[UUID, None] = {}
    for typed in [*data.getlist("person"), *data.getlist("subject")]:
        try:
            named[UUID(typed)] = None
        except ValueError:
            continue
    return tuple(named)


def _ordered(request: DeskRequest, act: Act) -> HttpResponse:
    made = queries.of_act(scope_for(request, Verb.RESTRICTION_DECIDE), act.id, clock.now())
    if act.decided_at is None:
        frame.say(request, _("It is proposed. It binds nobody until a second unit approves it."))
        return redirect("desk:restrictions")
    frame.say(request, _("It is ordered. Print the notice and hand it over now."))
    return redirect("desk:restriction", made[0].id) if len(made) == 1 else redirect("desk:restrictions")


def _order(request: DeskRequest, form: NewForm, persons: Sequence[UUID]) -> Act:
    told = form.cleaned_data
    if not persons:
        raise ProblemError("restrictions.nobody", status=422)
    facts = tuple(
        acts.record_evidence(
            request.actor, path=request.area, person=person, evidence=Evidence(told["evidence"]),
            words=told[source_key(n)], happened_at=told["happened_at"],
        )
        for n, person in enumerate(persons)
    )  # fmt: skip
    measure = Measure(told["measure"])
    wanted = Proposal(
        path=request.area, place=told["place"], measure=measure, basis=UUID(told["basis"]),
        starts_at=clock.now(), ends_at=told["ends_at"],
        milder={m: told.get(m.value, "") for m in MILDER[measure]}, supplies=told["supplies"],
        conditions=told["conditions"], persons=facts,
    )  # fmt: skip
    return acts.propose(request.actor, wanted)
