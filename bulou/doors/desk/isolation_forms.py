"""What an officer may say about a site, a room, a household or a stay, each with the form of its record."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulou.access.terms import AccountRow, Verb
from bulou.doors.desk import isolation_words as words
from bulou.doors.desk import protocol_words
from bulou.doors.desk.forms import DeskForm, Moment, half_hour, select
from bulou.grid.terms import Site
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.lines.isolation.terms import (
    BREACH,
    REQUEST,
    SITE_SUBJECT,
    DutyStep,
    Group,
    Kind,
    RoomRow,
    RoomState,
    Tidiness,
    Turnover,
    Zone,
)
from bulou.protocols import queries as protocols
from bulou.protocols.terms import FieldType

MOST_ROOMS = 500
_RANGE = re.compile(r"(\d{1,6})\s*-\s*(\d{1,6})")


class StepForm(DeskForm):
    """One thing to say; `key` is the step as the page posts it."""

    key = ""
    title: Any = ""
    act: Any = ""
    verb = Verb.WATCH_RECORD

    def ask_when(self) -> None:
        """Ask when it was: what stands on paper is often typed in later."""
        self.fields["at"] = Moment(label=_("When?"), initial=half_hour(clock.now()), required=False)

    def answered(self, *left_out: str) -> dict[str, Any]:
        """Return what was answered, without empty answers."""
        skip = {"at", "outcome", *left_out}
        return {k: v for k, v in self.cleaned_data.items() if k not in skip and v not in ("", None, [])}

    def made(
        self, kind: str, subject: UUID, subject_type: str, path: str, outcome: str, **more: Any
    ) -> OfficeRecord:
        """Return the record."""
        return OfficeRecord(
            kind=kind, path=path, subject_type=subject_type, subject=subject, outcome=outcome,
            observed_at=self.cleaned_data.get("at") or None, **more,
        )  # fmt: skip


class ChecklistForm(StepForm):
    """A checklist of a protocol: what is there is ticked; what is not ticked is lacking."""

    reference = ""

    @classmethod
    def of(cls, slug: str, data: Any, *, title: Any) -> "ChecklistForm":
        """Return the form of the latest version of a checklist."""
        form = cls(data, auto_id=f"id_{cls.key}_%s")
        compiled = protocols.latest(slug)
        form.title, form.reference = title, compiled.reference
        for field in compiled.form.fields:
            word = protocol_words.question(compiled.reference, field.key)
            form.fields[field.key] = (
                forms.BooleanField(label=word, required=False)
                if field.type is FieldType.BOOL
                else forms.IntegerField(label=word, required=False, min_value=0, max_value=40)
                if field.type is FieldType.INT
                else forms.CharField(label=word, required=False, max_length=200)
            )
        form.ask_when()
        return form

    def answers(self) -> tuple[dict[str, Any], bool]:
        """Return the answers, and whether every point is there."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "at" and v not in ("", None)}
        return told, all(v for v in told.values() if isinstance(v, bool))


class ReadinessForm(ChecklistForm):
    """The readiness check of a site."""

    key, act, verb = "readiness", gettext_lazy("Note the check"), Verb.WATCH_CHANGE

    def record(self, site: Site) -> OfficeRecord:
        """Return the record: passed where every point is there."""
        told, passed = self.answers()
        return self.made(
            Kind.READINESS, site.site_id, SITE_SUBJECT, site.path, "passed" if passed else "failed",
            payload=told, protocol=self.reference,
        )  # fmt: skip


class RoomsForm(StepForm):
    """Rooms that are new or otherwise than before, all alike."""

    key, title, act = "rooms", gettext_lazy("Put rooms on the list"), gettext_lazy("Put them on the list")
    verb = Verb.WATCH_CHANGE
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of the rooms"), max_length=2000,
        help_text=gettext_lazy("One by one or from-to, with commas: 301-310, 312."),
    )  # fmt: skip
    floor = forms.IntegerField(label=gettext_lazy("Floor"), min_value=-5, max_value=150, initial=1)
    beds = forms.IntegerField(label=gettext_lazy("Beds"), min_value=0, max_value=50, initial=1)
    barrier_free = forms.BooleanField(label=gettext_lazy("Barrier-free"), required=False)
    gone = forms.BooleanField(label=gettext_lazy("Take them off the list"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the site's desk"), required=False, max_length=40,
        help_text=gettext_lazy("Answered by whoever is on duty, day and night; nobody's own number."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"] = forms.ChoiceField(
            choices=list(words.ZONES.items()), initial=Zone.MEDICAL.value, label=_("Zone")
        )
        self.fields["area"] = forms.ChoiceField(
            choices=list(words.TIDINESS.items()),
            initial=Tidiness.CONTAMINATED.value,
            label=_("Clean or contaminated"),
        )
        self.order_fields(["numbers", "floor", "beds", "zone", "area", "barrier_free", "gone", "phone"])

    def clean_numbers(self) -> list[str]:
        """Return the numbers one by one."""
        found: list[str] = []
        for part in re.split(r"[,\uff0c\u3001\s]+(?![-\s])", self.cleaned_data["numbers"].strip()):
            span = _RANGE.fullmatch(part)
            if span is None:
                found += [part] if part else []
                continue
            low, high = int(span[1]), int(span[2])
            if not 0 <= high - low < MOST_ROOMS:
                raise forms.ValidationError(_("%(part)s is no range of rooms.") % {"part": part})
            found += [str(n).zfill(len(span[1])) for n in range(low, high + 1)]
        if len(found) > MOST_ROOMS or any(len(number) > 20 for number in found):
            raise forms.ValidationError(_("At most %(n)s rooms at a time.") % {"n": MOST_ROOMS})
        return list(dict.fromkeys(found))

    def record(self, site: Site) -> OfficeRecord:
        """Return the record of these rooms."""
        data = self.cleaned_data
        alike = {key: data[key] for key in ("floor", "beds", "zone", "area", "barrier_free", "gone")}
        payload: dict[str, Any] = {"rooms": [{"number": number} | alike for number in data["numbers"]]}
        if data["phone"]:
            payload["phone"] = data["phone"]
        return self.made(Kind.SITE, site.site_id, SITE_SUBJECT, site.path, "set", payload=payload)


class DutyForm(StepForm):
    """Somebody takes up a duty, or gives it up."""

    key, title, act = "duty", gettext_lazy("Head and staff"), gettext_lazy("Note it")
    verb = Verb.DUTY_ASSIGN

    @staticmethod
    def of(data: Any, people: tuple[AccountRow, ...]) -> "DutyForm":
        """Return the form with the people of the area."""
        form = DutyForm(data, auto_id="id_duty_%s")
        named = [(str(one.id), " · ".join(w for w in (one.display_name, one.team) if w)) for one in people]
        form.fields["account"] = select(named, label=_("Who?"))
        form.fields["group"] = select(list(words.GROUPS.items()), label=_("What for?"))
        form.fields["outcome"] = forms.ChoiceField(
            choices=list(words.DUTY_STEPS.items()), initial=DutyStep.GIVEN.value, label=_("Begins or ends?")
        )
        form.fields["since"] = Moment(label=_("From when?"), required=False)
        form.fields["until"] = Moment(
            label=_("On duty until"), required=False, help_text=_("Empty: until somebody else is named.")
        )
        return form

    def record(self, site: Site) -> OfficeRecord:
        """Return the record; a new head takes over from the one before."""
        data = self.cleaned_data
        payload = {"account": data["account"], "group": Group(data["group"]).value}
        for key, name in (("since", "from"), ("until", "until")):
            if data[key]:
                payload[name] = data[key].isoformat()
        return self.made(Kind.DUTY, site.site_id, SITE_SUBJECT, site.path, data["outcome"], payload=payload)


class TurnoverForm(StepForm):
    """Rooms after a departure: aired and disinfected, looked at, out of use, in use again."""

    key, title, act = "turnover", gettext_lazy("Rooms to be cleaned"), gettext_lazy("Note it")
    verb = Verb.WATCH_RECORD

    @staticmethod
    def of(data: Any, rows: tuple[RoomRow, ...]) -> "TurnoverForm":
        """Return the form with the rooms that something can be done with."""
        form = TurnoverForm(data, auto_id="id_turnover_%s")
        form.fields["rooms"] = forms.MultipleChoiceField(
            label=_("Which rooms?"), widget=forms.CheckboxSelectMultiple,
            choices=[
                (str(row.room.id), f"{row.room.number} · {words.ROOM_STATES[row.state]}")
                for row in sorted(rows, key=lambda row: row.state is not RoomState.TO_CLEAN)
                if row.state is not RoomState.OCCUPIED
            ],
        )  # fmt: skip
        form.fields["outcome"] = select(list(words.TURNOVERS.items()), label=_("What was done?"))
        form.fields["reason"] = forms.CharField(label=_("Why out of use?"), max_length=200, required=False)
        form.ask_when()
        return form

    def clean(self) -> dict[str, Any]:
        """A room goes out of use with a reason."""
        data = super().clean() or {}
        if data.get("outcome") == Turnover.OUT_OF_USE and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say why in words."))
        return data

    def records(self, site: Site) -> list[OfficeRecord]:
        """Return one record for each room."""
        payload = {"reason": self.cleaned_data["reason"]} if self.cleaned_data["reason"] else {}
        return [
            self.made(
                Kind.TURNOVER, UUID(room), "isolation_room", site.path, self.cleaned_data["outcome"],
                payload=payload,
            )
            for room in self.cleaned_data["rooms"]
        ]  # fmt: skip


class CaseForm(StepForm):
    """A request or a breach: it opens a case that stands in the queue."""

    slug = REQUEST
    verb = Verb.CASE_OPEN

    @classmethod
    def of(cls, data: Any) -> "CaseForm":
        """Return the form with the questions of the protocol."""
        form = cls(data, auto_id=f"id_{cls.key}_%s")
        compiled = protocols.latest(cls.slug)
        for field in compiled.form.fields:
            word = protocol_words.question(compiled.reference, field.key)
            if field.key in ("about", "about_type", "person"):
                continue
            said = [(c, protocol_words.choice(compiled.reference, field.key, c)) for c in field.choices]
            form.fields[field.key] = (
                select(said, label=word, required=field.key == compiled.due_field)
                if said
                else forms.CharField(label=word, required=False, max_length=200)
            )
        form.ask_when()
        return form

    def opened(self, path: str, about: UUID, about_type: str, person: UUID | None = None) -> OfficeRecord:
        """Return the record that opens the case."""
        named = {"about": str(about), "about_type": about_type} | ({"person": str(person)} if person else {})
        return self.made(
            "case.opened", ids.uuid7(), "case", path, "opened", payload=self.answered() | named,
            protocol=protocols.latest(self.slug).reference,
        )  # fmt: skip


class RequestForm(CaseForm):
    """What somebody needs."""

    key, title, act = "request", gettext_lazy("Something is needed"), gettext_lazy("Put it in the queue")
    slug = REQUEST


class BreachForm(CaseForm):
    """What went wrong."""

    key, title, act = "breach", gettext_lazy("Note a breach"), gettext_lazy("Note it")
    slug = BREACH


def chosen(offered: dict[str, StepForm], step: str, *, posted: bool) -> StepForm | None:
    """Return the form that was posted.

    Raises:
        ProblemError: access.not_allowed (403) for a step that is not mine.
    """
    form = offered.get(step)
    if posted and form is None:
        raise ProblemError("access.not_allowed", status=403, verb=step[:20])
    return form if posted else None
