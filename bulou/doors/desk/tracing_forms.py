"""What officers tell about cases and contacts: the forms of tracing and the records that they become."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bulou.doors.desk import protocol_words, tracing_words
from bulou.doors.desk.forms import Day, DeskForm, Moment, Reason, select
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.lines.tracing.rules import regimes
from bulou.lines.tracing.terms import Kind, Way


def _told(data: dict[str, Any], *left_out: str) -> dict[str, Any]:
    said = {key: value for key, value in data.items() if key not in left_out and value not in (None, "")}
    return {
        key: value.isoformat()
        if hasattr(value, "isoformat")
        else str(value)
        if isinstance(value, UUID)
        else value
        for key, value in said.items()
    }


class CaseForm(DeskForm):
    """The health authority reports a case."""

    person = forms.UUIDField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("The number from the person's page. No names."),
    )
    onset_on = Day(label=gettext_lazy("First symptoms on"), required=False)
    sampled_on = Day(label=gettext_lazy("First positive sample on"), required=False)
    isolated_at = Moment(label=gettext_lazy("Isolated since"), required=False)
    number = forms.RegexField(
        r"^[\w./-]*$", label=gettext_lazy("Number of the health authority"), max_length=40, required=False
    )
    key = "case"
    title = gettext_lazy("Report a case")
    act = gettext_lazy("Report the case")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standing"] = select(list(tracing_words.CASE_CLASSES.items()), label=_("Class"))
        self.order_fields(["person", "standing"])

    def record(self, path: str) -> OfficeRecord:
        """Return the record."""
        data = self.cleaned_data
        return OfficeRecord(
            kind=Kind.CASE, path=path, subject_type="person", subject=data["person"],
            outcome=data["standing"], payload=_told(data, "person", "standing"),
        )  # fmt: skip


class RuleForm(DeskForm):
    """The command says who is a contact from now on."""

    lookback_days = forms.IntegerField(
        label=gettext_lazy("Days before the first symptoms"), min_value=0, max_value=28, required=False,
        help_text=gettext_lazy("Only where this event differs from the rule."),
    )  # fmt: skip
    close_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that make a meeting close"), min_value=1, max_value=1440, required=False
    )
    reason = Reason(label=gettext_lazy("Reason"))
    key = "rule"
    title = gettext_lazy("Change the rule")
    act = gettext_lazy("Judge everybody by this rule")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.key, protocol_words.pick(one.titles)) for one in regimes.packaged().values()]
        self.fields["regime"] = select(known, label=_("Rule"))
        self.order_fields(["regime"])

    def record(self, path: str) -> OfficeRecord:
        """Return the record; a rule is the district's."""
        data = self.cleaned_data
        return OfficeRecord(
            kind=Kind.REGIME, path=path.partition(".")[0], subject_type="rule", subject=ids.uuid7(),
            payload={"key": data["regime"], **_told(data, "regime")},
        )  # fmt: skip


class MetForm(DeskForm):
    """Somebody judges that two people met: presence alone makes nobody a contact."""

    contact = forms.UUIDField(label=gettext_lazy("Whom did this person meet?"))
    began_at = Moment(label=pgettext_lazy("time", "From"))
    ended_at = Moment(label=gettext_lazy("Until"))
    place = forms.UUIDField(label=gettext_lazy("Number of the place"), required=False)
    protected = forms.BooleanField(label=gettext_lazy("Both were protected"), required=False)
    key = "met"
    title = gettext_lazy("Enter a meeting")
    act = gettext_lazy("Enter the meeting")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"] = select(list(tracing_words.WAYS.items()), label=_("In which way?"))

    def record(self, path: str, source: UUID) -> OfficeRecord:
        """Return the record, filed where the officer works."""
        data = self.cleaned_data
        return OfficeRecord(
            kind=Kind.EXPOSURE, path=path, subject_type="person", subject=data["contact"],
            payload={"source": str(source), **_told(data, "contact")},
        )  # fmt: skip

    @staticmethod
    def seen(contact: UUID, place: UUID, began: datetime, ended: datetime) -> "dict[str, Any]":
        """Return what visits tell, as the fields of the form."""
        first, last = (
            at.astimezone(clock.DISTRICT_ZONE).strftime("%Y-%m-%dT%H:%M:%S") for at in (began, ended)
        )
        return {
            "contact": contact, "place": place, "began_at": first, "ended_at": last, "way": Way.PRESENT.value,
        }  # fmt: skip


class PlacedForm(DeskForm):
    """Who looks after a contact now, and where."""

    site = forms.UUIDField(label=gettext_lazy("Number of the site"), required=False)
    checked_in_on = Day(label=gettext_lazy("Checked in on"), required=False)
    home_reason = forms.CharField(label=gettext_lazy("Why at home?"), max_length=60, required=False)
    passed_to = forms.CharField(label=gettext_lazy("Passed on to"), max_length=60, required=False)
    until_on = Day(label=gettext_lazy("Planned end"), required=False)
    employer_known = forms.BooleanField(label=gettext_lazy("School or employer is known"), required=False)
    key = "placed"
    title = gettext_lazy("Who looks after this contact?")
    act = gettext_lazy("Note it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"] = select(list(tracing_words.MODES.items()), label=_("State"))
        self.fields["job"] = forms.ChoiceField(
            choices=list(tracing_words.JOBS.items()), label=_("Occupation"), required=False
        )
        self.order_fields(["mode"])

    def record(self, path: str, person: UUID) -> OfficeRecord:
        """Return the record, filed where the contact belongs."""
        data = self.cleaned_data
        return OfficeRecord(
            kind=Kind.PLACED, path=path, subject_type="person", subject=person, outcome=str(data["mode"]),
            payload=_told(data),
        )  # fmt: skip
