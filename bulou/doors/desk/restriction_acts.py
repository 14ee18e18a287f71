"""Acts of law at the desk: the second unit's word, lifting, freezing, objections, the law."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.forms import Day, DeskForm, Reason, select
from bulou.doors.desk.restriction_words import CHANNELS, OUTCOMES
from bulou.doors.desk.restrictions import the_one
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts, appeals
from bulou.lines.restrictions.terms import (
    Act,
    Basis,
    Channel,
    Outcome,
)


class WhyForm(DeskForm):
    """One reason."""

    reason = Reason(label=gettext_lazy("Reason"))


@require_http_methods(["GET", "POST"])
def lift(request: DeskRequest, restriction_id: UUID) -> HttpResponse:
    """Free somebody, with the reason."""
    found = the_one(scope_for(request, Verb.RESTRICTION_LIFT), restriction_id)
    return _reasoned(
        request, lambda why: acts.lift(request.actor, found.id, path=found.path, why=why),
        words=(_("Lift the restriction"), _("The person is free from now on."), _("Lift it")),
        done=_("It is lifted."), back=reverse("desk:restriction", args=(found.id,)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def freeze(request: DeskRequest, restriction_id: UUID) -> HttpResponse:
    """Stop an act for 24 hours, as supervision."""
    found = the_one(scope_for(request, Verb.RESTRICTION_FREEZE), restriction_id)
    return _reasoned(
        request, lambda why: acts.freeze(request.actor, found.act.id, path=found.path, why=why),
        words=(_("Stop for 24 hours"), _("The act binds nobody for 24 hours."), _("Stop it")),
        done=_("It is stopped for 24 hours."), back=reverse("desk:restriction", args=(found.id,)),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def refuse(request: DeskRequest, act_id: UUID) -> HttpResponse:
    """Say no as the second unit."""
    act = _the_act(request, act_id)
    return _reasoned(
        request, lambda why: _told(lambda: acts.refuse(request.actor, act.id, path=act.path, why=why)),
        words=(_("Refuse the act"), _("Nobody is restricted by it."), _("Refuse it")),
        done=_("It is refused."), back=reverse("desk:restrictions"),
    )  # fmt: skip


class AcceptForm(DeskForm):
    """The second unit's word; whoever gives it has seen the list and the reasons."""

    seen = forms.BooleanField(label=gettext_lazy("I have looked at each person's evidence."))


@require_http_methods(["GET", "POST"])
def accept(request: DeskRequest, act_id: UUID) -> HttpResponse:
    """Say yes as the second unit."""
    act = _the_act(request, act_id)
    form = AcceptForm(request.POST or None)
    if request.method == "POST":
        done = form.attempt(lambda: acts.accept(request.actor, act.id, path=act.path))
        if done is not None:
            frame.say(request, _("It is in force."))
            return redirect("desk:restrictions")
    told = _("%(n)s persons are restricted by it.") % {"n": act.n_persons}
    return _asked(request, form, (_("Approve the act"), told, _("Approve it")), reverse("desk:restrictions"))


class ObjectionForm(DeskForm):
    """An objection that came by another way than the person's page."""

    channel = select([])
    words = forms.CharField(
        label=gettext_lazy("In the person's own words"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4_000,
    )


@require_http_methods(["GET", "POST"])
def objection(request: DeskRequest, restriction_id: UUID) -> HttpResponse:
    """Take in an objection by telephone, paper or word of mouth."""
    found = the_one(scope_for(request, Verb.APPEAL_RECORD), restriction_id)
    form = ObjectionForm(request.POST or None)
    _offer(
        form, "channel", _("How it came"), [(c.value, CHANNELS[c]) for c in Channel if c is not Channel.PAGE]
    )
    back = reverse("desk:restriction", args=(found.id,))
    if request.method == "POST":
        done = form.attempt(
            lambda: appeals.object_for(
                request.actor, found.id, path=found.path, words=form.cleaned_data["words"],
                channel=Channel(form.cleaned_data["channel"]),
            )
        )  # fmt: skip
        if done is not None:
            frame.say(request, _("The objection is received. The first answer is due within 24 hours."))
            return redirect(back)
    told = _("Somebody else than the one who decided answers within 24 hours.")
    return _asked(request, form, (_("Take in an objection"), told, _("Take it in")), back)


class AnswerForm(DeskForm):
    """What becomes of an objection, and why."""

    outcome = select([])
    reason = Reason(label=gettext_lazy("Reason, as the person will read it"))


@require_http_methods(["GET", "POST"])
def answer(request: DeskRequest, appeal_id: UUID) -> HttpResponse:
    """Give the first answer."""
    return _answered(request, appeal_id, Verb.APPEAL_ANSWER, appeals.answer)


@require_http_methods(["GET", "POST"])
def review(request: DeskRequest, appeal_id: UUID) -> HttpResponse:
    """Give the second answer, as supervision."""
    return _answered(request, appeal_id, Verb.APPEAL_REVIEW, appeals.review)


class BasisForm(DeskForm):
    """A law or order."""

    law = forms.CharField(label=gettext_lazy("Law or order"), max_length=200)
    article = forms.CharField(label=gettext_lazy("Article"), max_length=80, required=False)
    order_number = forms.CharField(label=gettext_lazy("Number of the order"), max_length=80, required=False)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=200)
    valid_from = Day(label=gettext_lazy("Valid from"))
    valid_until = Day(label=gettext_lazy("Valid until"), required=False)


@require_http_methods(["GET", "POST"])
def basis(request: DeskRequest) -> HttpResponse:
    """Enter a law or order on which acts may rest."""
    scope_for(request, Verb.BASIS_SET)
    form = BasisForm(request.POST or None, initial={"valid_from": clock.local_date(clock.now())})
    if request.method == "POST":
        done = form.attempt(lambda: acts.set_basis(request.actor, _law(request, form)))
        if done is not None:
            frame.say(request, _("It is entered."))
            return redirect("desk:restrictions")
    told = _("When it ends, everything that rests on it ends.")
    return _asked(
        request, form, (_("Enter a law or order"), told, _("Enter it")), reverse("desk:restrictions")
    )


def _law(request: DeskRequest, form: BasisForm) -> Basis:
    told = form.cleaned_data
    return Basis(
        ids.uuid7(), request.area, told["law"], told["article"], told["order_number"], told["issuer"],
        told["valid_from"], told["valid_until"],
    )  # fmt: skip


def _answered(request: DeskRequest, appeal_id: UUID, verb: Verb, act: Callable[..., None]) -> HttpResponse:
    scope = scope_for(request, verb)
    told = next((a for a in queries.appeals(scope) if a.id == appeal_id), None)
    if told is None:
        raise ProblemError("restrictions.not_found", status=404)
    form = AnswerForm(request.POST or None)
    _offer(form, "outcome", _("Answer"), [(o.value, OUTCOMES[o]) for o in Outcome])
    back = reverse("desk:restriction", args=(told.restriction,))
    if request.method == "POST":
        done = form.attempt(
            lambda: _told(
                lambda: act(
                    request.actor, told.id, path=told.path, outcome=Outcome(form.cleaned_data["outcome"]),
                    words=form.cleaned_data["reason"],
                )
            )
        )  # fmt: skip
        if done:
            frame.say(request, _("It is answered."))
            return redirect(back)
    return _asked(request, form, (_("Answer the objection"), told.words, _("Answer")), back)


def _the_act(request: DeskRequest, act_id: UUID) -> Act:
    act = queries.act(scope_for(request, Verb.RESTRICTION_SECOND), act_id)
    if act is None:
        raise ProblemError("restrictions.not_found", status=404)
    return act


def _offer(form: DeskForm, name: str, label: str, found: list[tuple[str, object]]) -> None:
    field = form.fields[name]
    field.label = label
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - made by select() in the form
    field.choices = [("", _("Choose …")), *found]


def _told(act: Callable[[], None]) -> bool:
    act()
    return True


def _reasoned(
    request: DeskRequest, act: Callable[[str], object], *, words: tuple[str, str, str], done: str, back: str
) -> HttpResponse:
    form = WhyForm(request.POST or None)
    if (
        request.method == "POST"
        and form.attempt(lambda: act(form.cleaned_data["reason"]) or True) is not None
    ):
        frame.say(request, done)
        return redirect(back)
    return _asked(request, form, words, back)


def _asked(request: DeskRequest, form: DeskForm, words: tuple[str, str, str], back: str) -> HttpResponse:
    """A form with its consequence in words; `words`: title, consequence, the verb on the button."""
    title, consequence, act = words
    context = {"form": form, "title": title, "consequence": consequence, "act": act, "back": back}
    return frame.page(request, "desk/accounts/reason.html", context, title=title, status=form.status)
