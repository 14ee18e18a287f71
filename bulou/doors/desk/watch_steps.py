"""What an officer may say about a watch, each with the form of its record."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import protocol_words
from bulou.doors.desk.asking import DeskRequest, may
from bulou.doors.desk.care_rows import outcomes, title
from bulou.doors.desk.forms import Day, DeskForm, Moment, Reason, half_hour, select
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Shape
from bulou.watches.terms import Kind, SlotState, Timeline

VERBS = {
    "seen": Verb.WATCH_RECORD,
    "tested": Verb.WATCH_RECORD,
    "confirm": Verb.WATCH_CONFIRM,
    "regime": Verb.WATCH_CHANGE,
    "assign": Verb.WATCH_CHANGE,
    "end": Verb.WATCH_END,
}


class WatchForm(DeskForm):
    """One thing to say about a watch."""

    key = ""
    title = ""
    act = ""
    kind = Kind.SEEN

    def prepare(self, made: Timeline) -> bool:
        """Fill what depends on the watch; tell whether it makes sense now: always, unless the step says."""
        return True

    def told(self, made: Timeline) -> dict[str, Any]:
        """Return the payload: nothing, unless the step asks for more."""
        return {}

    def outcome(self) -> str:
        """Return the outcome."""
        return str(self.cleaned_data["outcome"])

    def record(self, made: Timeline) -> OfficeRecord:
        """Return the record."""
        return OfficeRecord(
            kind=self.kind,
            path=made.watch.path,
            subject_type="watch",
            subject=made.watch.id,
            outcome=self.outcome(),
            payload=self.told(made),
            protocol=made.watch.protocol,
            observed_at=self.cleaned_data.get("at") or None,
        )

    def ask_when(self) -> None:
        """Ask when it was: what stands on paper is often typed in later."""
        self.fields["at"] = Moment(label=_("When?"), initial=half_hour(clock.now()), required=False)


class SeenForm(WatchForm):
    """What was seen at a slot."""

    key = "seen"

    def prepare(self, made: Timeline) -> bool:
        """Offer the outcomes and questions of the protocol."""
        self.title, self.act = _("Note a slot"), _("Note it")
        compiled = protocols.compiled(made.watch.protocol)
        self.fields["outcome"] = select(outcomes(made.watch.protocol, Kind.SEEN), label=_("What was it?"))
        self.fields["temperature_c"] = forms.DecimalField(
            label=_("Temperature in °C"), required=False, min_value=34, max_value=42, decimal_places=1
        )
        for field in compiled.form.fields:
            if field.key in ("symptoms", "channel"):
                word = protocol_words.question(made.watch.protocol, field.key)
                words = [(c, protocol_words.choice(compiled.reference, field.key, c)) for c in field.choices]
                self.fields[field.key] = (
                    select(words, label=word, required=False)
                    if field.key == "channel"
                    else forms.MultipleChoiceField(
                        label=word, choices=words, required=False, widget=forms.CheckboxSelectMultiple
                    )
                )
        self.ask_when()
        return made.watch.is_open

    def told(self, made: Timeline) -> dict[str, Any]:
        """Only what was answered."""
        found = {
            k: v
            for k, v in self.cleaned_data.items()
            if k not in ("outcome", "at") and v not in ("", None, [])
        }
        if "temperature_c" in found:
            found["temperature_c"] = float(found["temperature_c"])
        return found


class TestedForm(WatchForm):
    """A test on a test day."""

    key = "tested"
    kind = Kind.TESTED

    def prepare(self, made: Timeline) -> bool:
        """Only where the regime has tests."""
        self.title, self.act = _("Note a test"), _("Note it")
        self.fields["outcome"] = select(outcomes(made.watch.protocol, Kind.TESTED), label=_("What was it?"))
        self.ask_when()
        return made.watch.is_open and any(moment.test for moment in made.watch.plan.moments)

    def told(self, made: Timeline) -> dict[str, Any]:
        """Nothing more."""
        return {}


class ConfirmForm(WatchForm):
    """Somebody looked at what a person reported of himself."""

    key = "confirm"
    kind = Kind.CONFIRMED

    def prepare(self, made: Timeline) -> bool:
        """Offer the reports that wait."""
        self.title, self.act = _("Confirm a report"), _("Note it")
        waiting = [one for one in made.slots if one.state is SlotState.REPORTED]
        local = [(str(s.record), f"{s.at.astimezone(clock.DISTRICT_ZONE):%m-%d %H:%M}") for s in waiting]
        self.fields["report"] = select(local, label=_("Which report?"))
        self.fields["outcome"] = select(
            [("confirmed", _("It is so")), ("denied", _("It is not so"))], label=_("What did you find?")
        )
        return bool(waiting)

    def told(self, made: Timeline) -> dict[str, Any]:
        """Name the report."""
        return {"record": str(UUID(self.cleaned_data["report"]))}


class RegimeForm(WatchForm):
    """Other rules, or another first day."""

    key = "regime"
    kind = Kind.REGIME_CHANGED

    def prepare(self, made: Timeline) -> bool:
        """Offer the regimes of the protocol."""
        self.title, self.act = _("Change the regime"), _("Change it")
        compiled = protocols.compiled(made.watch.protocol)
        known = [(key, protocol_words.pick(regime.titles)) for key, regime in compiled.regimes.items()]
        self.fields["regime"] = select(known, label=_("Which regime?"))
        self.fields["counted_from"] = Day(
            label=_("Counted from"),
            initial=made.watch.counted_from,
            help_text=_("The last exposure is day 0."),
        )
        self.fields["reason"] = Reason(label=_("Why?"))
        return made.watch.is_open

    def told(self, made: Timeline) -> dict[str, Any]:
        """The regime, the first day, the reason."""
        data = self.cleaned_data
        return {"regime": data["regime"], "from": data["counted_from"].isoformat(), "reason": data["reason"]}

    def outcome(self) -> str:
        """It is changed."""
        return "changed"


class AssignForm(WatchForm):
    """Who goes there from now on."""

    key = "assign"
    kind = Kind.ASSIGNED

    def prepare(self, made: Timeline) -> bool:
        """Offer the people who may record there."""
        self.title, self.act = _("Give it to somebody"), _("Give it")
        people = access.accounts_that_may(Verb.WATCH_RECORD, made.watch.path)
        words = [(str(p.id), f"{p.display_name} · {p.team}" if p.team else p.display_name) for p in people]
        nobody = _("whoever answers for the place")
        self.fields["worker"] = select(words, label=_("Who goes there?"), required=False, empty=nobody)
        return made.watch.is_open

    def told(self, made: Timeline) -> dict[str, Any]:
        """Name the person, or nobody."""
        worker = self.cleaned_data["worker"]
        return {"worker": str(UUID(worker))} if worker else {}

    def outcome(self) -> str:
        """It is given."""
        return "given"


class EndForm(WatchForm):
    """Release, or another end."""

    key = "end"
    kind = Kind.ENDED

    def prepare(self, made: Timeline) -> bool:
        """Offer the ends of the protocol."""
        self.title, self.act = _("End the watch"), _("End it")
        self.fields["outcome"] = select(
            outcomes(made.watch.protocol, Kind.ENDED), label=_("How does it end?")
        )
        self.fields["serial"] = forms.CharField(
            label=_("Number of the release note"), max_length=40, required=False
        )
        return made.watch.is_open

    def told(self, made: Timeline) -> dict[str, Any]:
        """The number of the note, where the protocol asks for it."""
        keys = {field.key for field in protocols.compiled(made.watch.protocol).form.fields}
        serial = self.cleaned_data["serial"]
        wanted = serial and "release_note_serial" in keys and self.outcome() == "released"
        return {"release_note_serial": serial} if wanted else {}


_FORMS = (SeenForm, TestedForm, ConfirmForm, RegimeForm, AssignForm, EndForm)


def forms_for(request: DeskRequest, made: Timeline, step: str) -> dict[str, WatchForm | None]:
    """Return the forms that are the officer's, the one that was sent filled in."""
    found: dict[str, WatchForm | None] = {}
    for shape in _FORMS:
        if may(request, VERBS[shape.key], made.watch.path):
            data = request.POST if shape.key == step else None
            form = shape(data, auto_id=f"id_{shape.key}_%s")
            found[shape.key] = form if form.prepare(made) else None
    return found


class NewWatchForm(DeskForm):
    """Whom to watch, by which protocol and regime, counted from which day."""

    path = forms.CharField(widget=forms.HiddenInput, max_length=255)
    person = forms.UUIDField(
        label=gettext_lazy("Number of the person"),
        help_text=gettext_lazy("As the register shows it. No names."),
    )
    counted_from = Day(
        label=gettext_lazy("Counted from"), help_text=gettext_lazy("The last exposure is day 0.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [one for one in protocols.all_latest() if one.kind is Shape.WATCH]
        choices = [
            (f"{one.reference} {key}", f"{title(one.reference)} · {protocol_words.pick(regime.titles)}")
            for one in known
            for key, regime in one.regimes.items()
        ]
        self.fields["rules"] = select(choices, label=_("Protocol and regime"))
        self.order_fields(["path", "person", "rules", "counted_from"])

    def record(self) -> OfficeRecord:
        """Return the record that begins a watch."""
        data = self.cleaned_data
        protocol, _space, regime = data["rules"].partition(" ")
        payload = {
            "person": str(data["person"]), "regime": regime, "from": data["counted_from"].isoformat(),
        }  # fmt: skip
        return OfficeRecord(
            kind=Kind.STARTED, path=data["path"], subject_type="watch", subject=ids.uuid7(),
            outcome="started", payload=payload, protocol=protocol,
        )  # fmt: skip
