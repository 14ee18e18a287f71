"""A new decision about an area at the desk: level, times, law, reason; what it means is said before."""

from datetime import datetime, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access.actions.gate import require
from bulou.access.terms import Verb
from bulou.command.queries import zones as queries
from bulou.command.rules import zones as rules
from bulou.command.terms import LONGEST, USUAL, Kind, Level, Zone, ZoneMeasure
from bulou.doors.desk import frame
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.command_words import ZONE_LEVELS, ZONE_MEASURES
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm, Moment, Reason, half_hour, select
from bulou.doors.desk.restrictions import laws
from bulou.doors.desk.zones import LEVELS, names_of, place, tell
from bulou.grid import queries as grid
from bulou.kernel import clock

USUAL_DAYS = 7


class ZoneForm(DeskForm):
    """What is decided about an area. Everything but the note is published."""

    level = select([])
    from_at = Moment(label=gettext_lazy("Holds from"))
    until = Moment(
        label=gettext_lazy("Holds until"),
        help_text=gettext_lazy("At most 14 days after the beginning. It ends by itself."),
    )
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("What follows"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing marked: what is usual for the level."),
    )  # fmt: skip
    law = forms.CharField(label=gettext_lazy("Law and article"), max_length=200)
    number = forms.CharField(label=gettext_lazy("Number of the order"), max_length=80)
    issuer = forms.CharField(label=gettext_lazy("Unit that decides"), max_length=200)
    reason = Reason(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Everybody can read it. Name no person and no door."),
    )
    evidence = Reason(
        label=gettext_lazy("What it rests on"),
        help_text=gettext_lazy("A report, a result, a finding. To go on or get stricter it must be new."),
    )
    note = forms.CharField(
        label=gettext_lazy("Where to get help, when tests are"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def choices(self) -> None:
        """Put in what can be chosen, in the reader's language."""
        self.fields["level"].label = _("Level")
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose …")), *((level.value, ZONE_LEVELS[level]) for level in LEVELS)
        ]  # fmt: skip
        self.fields["measures"].choices = [(m.value, ZONE_MEASURES[m]) for m in ZoneMeasure]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Decide about the area that is looked at, or be told what is missing."""
    scope = scope_for(request, Verb.ZONE_SET)
    path, now = request.area, clock.now()
    require(request.actor, Verb.ZONE_SET, path)
    held = queries.zone_at(path.partition(".")[0], path, now)
    form = ZoneForm(request.POST or None, initial=_initial(request, held, now))
    form.choices()
    if request.method == "POST":
        done = form.attempt(lambda: _decide(request, form, now))
        if done is not None:
            waits, found = done
            frame.say(request, _("It waits for a second unit.") if waits else _("It is decided."))
            return redirect("desk:zone", found)
    names = names_of(scope, {path} | ({held.path} if held else set()))
    counts = grid.counts(scope, path, clock.local_date(now))
    context = {
        "form": form,
        "place": place(path, names),
        "n_doors": number(counts.homes),
        "held": ZONE_LEVELS[held.level] if held else "",
        "held_place": place(held.path, names) if held else "",
        "held_href": reverse("desk:zone", args=(held.id,)) if held else "",
        "two_units": rules.needs_two(Level.SEALED, path),
        "back": reverse("desk:zones"),
    }
    title = _("Decide a level")
    return frame.page(request, "desk/command/zone_new.html", context, title=title, status=form.status)


def _initial(request: DeskRequest, held: Zone | None, now: datetime) -> dict[str, object]:
    begins = half_hour(now)
    usual: dict[str, object] = {"from_at": begins, "until": begins + timedelta(days=USUAL_DAYS)}
    if held is not None and held.path == request.area:
        usual["until"] = half_hour(min(held.until, now + LONGEST))
    known = laws(scope_for(request, Verb.ZONE_SET), on=clock.local_date(now))
    if known:
        law = known[0]
        usual |= {"law": f"{law.law} {law.article}".strip(), "number": law.order_number, "issuer": law.issuer}
    return usual


def _decide(request: DeskRequest, form: ZoneForm, now: datetime) -> tuple[bool, object]:
    said = form.cleaned_data
    level, path = Level(said["level"]), request.area
    two = queries.must_be_two(path.partition(".")[0], request.actor.account_id, path, level, now)
    payload = {
        "level": level.value,
        "from_at": said["from_at"].isoformat(),
        "until": said["until"].isoformat(),
        "measures": said["measures"] or [measure.value for measure in USUAL[level]],
        "two_units": two,
        **{key: said[key] for key in ("law", "number", "issuer", "reason", "evidence", "note")},
    }
    return two, tell(request, Kind.SET, path, payload)
