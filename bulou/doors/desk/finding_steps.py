"""The steps that close a finding, each with the form of its record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bulou.access.terms import Actor, Verb
from bulou.doors.desk.forms import Day, DeskForm, Moment, Photos, Reason, half_hour, select
from bulou.evidence import actions as attachments
from bulou.evidence.terms import Handed
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord, Result
from bulou.kernel import clock, ids
from bulou.lines.supervision.terms import Finding, Kind, Stage

STEPS: dict[str, tuple[Verb, Kind]] = {
    "told": (Verb.FINDING_TELL, Kind.TOLD),
    "plan": (Verb.FINDING_PLAN, Kind.PLAN),
    "fixed": (Verb.FINDING_FIX, Kind.FIXED),
    "recheck": (Verb.FINDING_RECHECK, Kind.RECHECK),
    "reason": (Verb.FINDING_REASON, Kind.REASON),
}
OFFERED: dict[str, frozenset[Stage]] = {
    "told": frozenset({Stage.FOUND}),
    "plan": frozenset({Stage.FOUND, Stage.TOLD, Stage.PLANNED, Stage.REOPENED}),
    "fixed": frozenset({Stage.TOLD, Stage.PLANNED, Stage.REOPENED}),
    "recheck": frozenset({Stage.FIXED, Stage.CLOSED}),
    "reason": frozenset({Stage.FOUND, Stage.TOLD, Stage.PLANNED, Stage.FIXED, Stage.REOPENED}),
}

SHOWS = frozenset({"fixed", "recheck"})
"""The steps that may show photos."""
MOST = 4
TOO_LARGE = attachments.LIMITS.file_bytes + 1


class StepForm(DeskForm):
    """One step of a finding; `of` makes the form that belongs to it."""

    key = ""
    title = ""
    act = ""

    @staticmethod
    def offered(key: str, found: Finding) -> bool:
        """Tell whether a step makes sense at the stage where the finding stands."""
        return found.stage in OFFERED[key]

    @staticmethod
    def of(
        key: str, found: Finding, request: HttpRequest | None, *, people: list[tuple[str, str]], photos: bool
    ) -> "StepForm":
        """Return the form of a step, empty or as it was sent; with photos only for who may hand them in."""
        data, files = (request.POST, request.FILES) if request else (None, None)
        form = _FORMS[key](data, files, auto_id=f"id_{key}_%s")
        form.prepare(found, people)
        if key in SHOWS and photos:
            form.fields["photos"] = Photos(
                label=_("Photos"), most=MOST, help_text=_("The matter, not people. At most four.")
            )
        return form

    def prepare(self, found: Finding, people: list[tuple[str, str]]) -> None:
        """Fill what depends on the finding."""

    def payload(self) -> dict[str, Any]:
        """Return the payload of the record: nothing, unless the step asks for more."""
        return {}

    def outcome(self) -> str:
        """Return the outcome of the record: the step's own name, unless the step asks for one."""
        return self.key

    def take(self, actor: Actor, found: Finding) -> list[Result]:
        """Keep the photos and then the record that names them, all or nothing."""
        record_id = ids.uuid7()
        handed = [
            Handed(id=ids.uuid7(), record=record_id, area=found.path, content=file.read(TOO_LARGE))
            for file in self.cleaned_data.get("photos") or ()
        ]
        for photo in handed:
            attachments.keep(actor, photo)
        shown = {"photos": [str(photo.id) for photo in handed]} if handed else {}
        return office.submit_office(actor, [self.record(found, record_id, shown)])

    def record(self, found: Finding, record_id: UUID, shown: Mapping[str, Any]) -> OfficeRecord:
        """Return the record of the step."""
        return OfficeRecord(
            kind=STEPS[self.key][1],
            path=found.path,
            subject_type="finding",
            subject=found.id,
            outcome=self.outcome(),
            payload={**self.payload(), **shown},
            id=record_id,
        )


class ToldForm(StepForm):
    """The unit was told."""

    key = "told"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title, self.act = _("Tell the unit"), _("Note that they were told")
        self.fields["unit"] = forms.CharField(label=_("Which unit was told?"), max_length=100)

    def payload(self) -> dict[str, Any]:
        """Name the unit."""
        return {"unit": self.cleaned_data["unit"]}

    def outcome(self) -> str:
        """It is told."""
        return "told"


class PlanForm(StepForm):
    """Somebody owns it, until when."""

    key = "plan"

    def prepare(self, found: Finding, people: list[tuple[str, str]]) -> None:
        """Offer the people who may fix things there."""
        self.title, self.act = _("Plan"), _("Note the plan")
        self.fields["owner"] = select(people, label=_("Who puts it right?"))
        self.fields["unit"] = forms.CharField(label=_("Unit"), max_length=100, initial=found.told_unit)
        self.fields["due_at"] = Moment(
            label=_("Until when?"), initial=half_hour(found.fix_due_at), required=False
        )
        self.fields["text"] = forms.CharField(
            label=_("How?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.teams = {value: word.partition(" · ")[2] for value, word in people}

    def payload(self) -> dict[str, Any]:
        """Name owner, team, unit, time and way."""
        data = self.cleaned_data
        due: datetime | None = data["due_at"]
        found = {
            "owner": str(UUID(data["owner"])),
            "owner_team": self.teams.get(data["owner"], ""),
            "unit": data["unit"],
            "due_at": due.isoformat() if due else "",
            "text": data["text"],
        }
        return {key: value for key, value in found.items() if value}

    def outcome(self) -> str:
        """It is planned."""
        return "planned"


class FixedForm(StepForm):
    """It was put right, with evidence."""

    key = "fixed"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title, self.act = _("Fixed"), _("Note that it is fixed")
        self.fields["evidence"] = forms.CharField(
            label=_("Evidence"),
            help_text=_("What can be seen now, or the number of a photo or paper; one a line."),
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=300, required=False)

    def payload(self) -> dict[str, Any]:
        """List the evidence."""
        evidence = [line.strip() for line in self.cleaned_data["evidence"].splitlines() if line.strip()]
        note = self.cleaned_data["note"]
        return {"evidence": evidence, "note": note} if note else {"evidence": evidence}

    def outcome(self) -> str:
        """It is fixed."""
        return "fixed"


class RecheckForm(StepForm):
    """Somebody else looked."""

    key = "recheck"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title, self.act = _("Re-check"), _("Note the re-check")
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Is it right now?"),
            help_text=_("Not by those who fixed or own it, nor by their team."),
            choices=(
                ("passed", _("Yes: the finding is closed")),
                ("failed", _("No: the finding is open again")),
            ),
            widget=forms.RadioSelect,
        )
        self.fields["note"] = forms.CharField(label=_("What was seen?"), max_length=300, required=False)

    def payload(self) -> dict[str, Any]:
        """Say what was seen."""
        return {"note": self.cleaned_data["note"]} if self.cleaned_data["note"] else {}

    def outcome(self) -> str:
        """Passed or failed."""
        return str(self.cleaned_data["verdict"])


class ReasonForm(StepForm):
    """Why it is still open at the end of a day."""

    key = "reason"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title, self.act = _("Still open at the end of the day"), _("Note the reason")
        self.fields["on"] = Day(label=_("Day"), initial=clock.local_date(clock.now()))
        self.fields["text"] = Reason(label=_("Why is it still open?"))

    def payload(self) -> dict[str, Any]:
        """Name the day and the words."""
        return {"on": self.cleaned_data["on"].isoformat(), "text": self.cleaned_data["text"]}

    def outcome(self) -> str:
        """A reason was given."""
        return "reason_given"


_FORMS: dict[str, type[StepForm]] = {
    "told": ToldForm,
    "plan": PlanForm,
    "fixed": FixedForm,
    "recheck": RecheckForm,
    "reason": ReasonForm,
}
