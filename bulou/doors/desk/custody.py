"""Handovers: the board of open chains, one chain with its legs, and what each side may say."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.custody import queries as custody
from bulou.custody.terms import Chain, Keeper, Kind, Leg, LegState
from bulou.doors.desk import care_words, errors, frame, labels, lists
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.care_rows import outcomes, places, short, title
from bulou.doors.desk.forms import DeskForm, Moment, half_hour, select
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Shape

GOOD = {LegState.ACCEPTED: "good", LegState.REFUSED: "bad", LegState.DIFFERENCE: "bad"}


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the chains that the area gives or receives, the most urgent first."""
    scope = scope_for(request, Verb.CUSTODY_VIEW)
    at, done = clock.now(), request.GET.get("show") == "done"
    path = request.area if scope.covers(request.area) else None
    page = custody.chains(scope, path=path, done=done, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    tabs = ((_("Open"), None, not done), (_("Done"), "done", done))
    context = {
        "rows": tuple(_row(scope, one, at) for one in page.items),
        "tabs": tuple((word, lists.address(request.GET, show=key), on) for word, key, on in tabs),
        "pager": lists.pager(request, page.next),
        "may_open": may_anywhere(request, Verb.CUSTODY_OPEN),
    }
    return frame.page(request, "desk/custody/index.html", context, title=_("Handovers"))


@require_http_methods(["GET", "POST"])
def chain(request: DeskRequest, chain_id: UUID) -> HttpResponse:
    """Show one chain with its legs, who keeps whom, and the forms of my side."""
    scope = scope_for(request, Verb.CUSTODY_VIEW)
    found, at = custody.chain(scope, chain_id), clock.now()
    step = request.POST.get("step", "")
    offered = _offered(request, found, step)
    form = offered.get(step)
    if request.method == "POST" and form is None:
        raise ProblemError("access.not_allowed", status=403, verb=step[:20])
    if request.method == "POST" and form is not None:
        sent = form
        if form.attempt(lambda: office.submit_office(request.actor, [sent.record(found)])) is not None:
            frame.say(request, _("Noted."))
            return redirect("desk:custody_chain", chain_id=chain_id)
    people = access.display_names({one.author for one in found.happened})
    names = places(scope, {k.path for leg in found.legs for k in (leg.giver, leg.receiver)}, at)
    kept = custody.keepers_of(found.district, [item.id for item in found.items], at)
    context = {
        "row": _row(scope, found, at),
        "chain": found,
        "items": tuple((short(item), _keeper(keeper, names)) for item, keeper in kept.items()),
        "legs": tuple(_leg(found, leg, names, at) for leg in found.legs),
        "happened": tuple(_happened(found, n, people) for n in reversed(range(len(found.happened)))),
        "forms": tuple(offered.values()),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/custody/chain.html", context, title=_("Handover"), status=status)


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Write a manifest and the way, from the area that is looked at."""
    scope = scope_for(request, Verb.CUSTODY_OPEN)
    form = NewChainForm(request.POST or None, initial={"path": request.area})
    if request.method == "POST":
        done = form.attempt(lambda: office.submit_office(request.actor, [form.record()]))
        if done is not None:
            frame.say(request, _("The manifest is written. Next: hand over."))
            return redirect("desk:custody")
    place = places(scope, {request.area}, clock.now()).get(request.area, request.area)
    context = {"form": form, "place": place}
    return frame.page(request, "desk/custody/new.html", context, title=_("New handover"), status=form.status)


class LegForm(DeskForm):
    """What one side says of the leg that is open."""

    key = ""
    title = ""
    act = ""

    @staticmethod
    def of(key: str, found: Chain, data: QueryDict | None) -> "LegForm":
        """Return the form of the giver or the receiver, empty or as it was sent."""
        form = LegForm(data, auto_id=f"id_{key}_%s")
        form.key = key
        gives = key == "give"
        form.title, form.act = (
            (_("Hand over"), _("They have left")) if gives else (_("Receive"), _("Note it"))
        )
        kind = Kind.GAVE if gives else Kind.RECEIVED
        form.fields["outcome"] = select(outcomes(found.protocol, kind), label=_("What happened?"))
        form.fields["count"] = forms.IntegerField(label=_("Counted"), min_value=0, required=False)
        if not gives:
            left = [item.id for item in found.items if item.id not in dict(found.current.accepted)]
            form.fields["missing"] = forms.MultipleChoiceField(
                label=_("Who or what is missing?"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(str(item), short(item)) for item in left],
            )  # fmt: skip
            form.fields["reason"] = forms.CharField(label=_("Why refused?"), max_length=200, required=False)
        form.fields["slip"] = forms.CharField(
            label=_("Number of the signed slip"), max_length=40, required=False,
            help_text=_("Where the other side has no phone."),
        )  # fmt: skip
        form.fields["at"] = Moment(label=_("When?"), initial=half_hour(clock.now()), required=False)
        return form

    def record(self, found: Chain) -> OfficeRecord:
        """Return the record of this side."""
        data: dict[str, Any] = self.cleaned_data
        leg, gives = found.current, self.key == "give"
        told = {k: v for k, v in data.items() if k not in ("outcome", "at") and v not in ("", None, [])}
        return OfficeRecord(
            kind=Kind.GAVE if gives else Kind.RECEIVED, path=(leg.giver if gives else leg.receiver).path,
            subject_type="custody", subject=found.id, outcome=data["outcome"], payload={"leg": leg.n} | told,
            protocol=found.protocol, observed_at=data["at"],
        )  # fmt: skip


class NewChainForm(DeskForm):
    """The manifest and one leg: from here to there."""

    path = forms.CharField(widget=forms.HiddenInput, max_length=255)
    items = forms.CharField(
        label=gettext_lazy("Manifest"),
        help_text=gettext_lazy("One number a line, of a person or a lot. No names."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
    unit = forms.CharField(label=gettext_lazy("Who gives it here?"), max_length=60, required=False)
    to = forms.CharField(
        label=gettext_lazy("To which area?"), help_text=gettext_lazy("The path of the area."), max_length=255
    )
    to_unit = forms.CharField(label=gettext_lazy("Who receives it there?"), max_length=60, required=False)
    registered = forms.IntegerField(label=gettext_lazy("Registered"), min_value=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            one for one in protocols.all_latest() if one.kind is Shape.CUSTODY and one.record == Kind.OPENED
        ]
        self.fields["protocol"] = select(
            [(o.reference, title(o.reference)) for o in known], label=_("Protocol")
        )
        self.order_fields(["path", "protocol", "items", "registered", "unit", "to", "to_unit"])

    def clean_items(self) -> list[str]:
        """Each line is a number of its own."""
        lines = [line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()]
        try:
            return [str(UUID(line)) for line in lines]
        except ValueError:
            raise forms.ValidationError(_("Each line must be a number as the register shows it.")) from None

    def record(self) -> OfficeRecord:
        """Return the record that opens the chain."""
        data = self.cleaned_data
        kind = protocols.compiled(data["protocol"]).subject
        payload: dict[str, Any] = {
            "items": [{"id": item, "type": kind} for item in data["items"]],
            "legs": [{
                "from": {"path": data["path"], "unit": data["unit"]},
                "to": {"path": data["to"], "unit": data["to_unit"]},
            }],
        }  # fmt: skip
        if data["registered"] is not None:
            payload["registered"] = data["registered"]
        return OfficeRecord(
            kind=Kind.OPENED, path=data["path"], subject_type="custody", subject=ids.uuid7(),
            outcome="requested", payload=payload, protocol=data["protocol"],
        )  # fmt: skip


def _offered(request: DeskRequest, found: Chain, step: str) -> dict[str, LegForm]:
    leg = found.current
    mine = {
        "give": leg.gave_at is None and may(request, Verb.CUSTODY_GIVE, leg.giver.path),
        "receive": may(request, Verb.CUSTODY_RECEIVE, leg.receiver.path),
    }
    return {
        key: LegForm.of(key, found, request.POST if key == step else None)
        for key, may_say in mine.items()
        if may_say and leg.is_open
    }


def _row(scope: Scope, one: Chain, at: datetime) -> dict[str, object]:
    leg = one.current
    names = places(scope, {leg.giver.path, leg.receiver.path}, at)
    return {
        "href": reverse("desk:custody_chain", args=(one.id,)),
        "title": title(one.protocol),
        "from": _keeper(leg.giver, names),
        "to": _keeper(leg.receiver, names),
        "state": str(care_words.LEG_STATES[leg.state]),
        "mark": GOOD.get(leg.state, "part"),
        "since": leg.since,
        "due_at": leg.due_at,
        "late": leg.late(at),
        "rung": str(care_words.RUNGS[custody.rung(one, leg, at)]) if leg.is_open else "",
        "manifest": one.manifest,
        "registered": one.registered,
        "received": one.received,
        "balances": one.balances,
        "leg": f"{leg.n}/{len(one.legs)}",
    }


def _leg(one: Chain, leg: Leg, names: dict[str, str], at: datetime) -> dict[str, object]:
    return {
        "n": leg.n,
        "from": _keeper(leg.giver, names),
        "to": _keeper(leg.receiver, names),
        "state": str(care_words.LEG_STATES[leg.state]),
        "mark": GOOD.get(leg.state, "part"),
        "expected": len(leg.expected),
        "accepted": len(leg.accepted),
        "difference": leg.difference,
        "gave_at": leg.gave_at,
        "due_at": leg.due_at,
        "late": leg.late(at),
        "slip": leg.slip,
        "reason": leg.reason,
        "rung": str(care_words.RUNGS[custody.rung(one, leg, at)]) if leg.is_open else "",
    }


def _keeper(keeper: Keeper | None, names: dict[str, str]) -> str:
    if keeper is None:
        return ""
    place = names.get(keeper.path, keeper.path)
    return f"{place} · {keeper.unit}" if keeper.unit else place


def _happened(found: Chain, n: int, people: dict[UUID, str]) -> dict[str, object]:
    one = found.happened[n]
    who = people.get(one.author, "")
    word = str(care_words.LEG_STATES.get(one.outcome, "")) if one.outcome in care_words.LEG_STATES else ""
    return {
        "at": one.at,
        "what": f"{labels.of(labels.KINDS, one.kind)}{_(': ') + word if word else ''}",
        "who": f"{who} · {one.team}" if one.team else who,
        "text": one.text,
        "mark": "" if one.counted else "doubt",
        "problem": "" if one.counted else _problem(one.problem),
    }


def _problem(code: str) -> str:
    return _("It was said already.") if code == "repeated" else errors.words(Problem(f"custody.{code}"))
