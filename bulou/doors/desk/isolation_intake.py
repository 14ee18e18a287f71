"""A busload moves in: who is to come, a room for each as the rule proposes, and what the officer chooses."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame, protocol_words
from bulou.doors.desk import isolation_words as words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import places, short
from bulou.doors.desk.forms import Day, Moment, half_hour, select
from bulou.doors.desk.isolation_forms import StepForm, chosen
from bulou.doors.desk.isolation_site import the_site
from bulou.grid.terms import Site
from bulou.intake.actions import office
from bulou.intake.actions.following import watch_of_stay
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.lines.isolation.queries import sites, stays
from bulou.lines.isolation.rules import proposing
from bulou.lines.isolation.terms import (
    HOME_PROTOCOL,
    STAY_PROTOCOL,
    STAY_SUBJECT,
    Ground,
    Kind,
    Need,
    Room,
    RoomRow,
    RoomState,
    Stay,
)
from bulou.protocols import queries as protocols

MOST = 200
NOT_YET = "wait"


@require_http_methods(["GET", "POST"])
def intake(request: DeskRequest, site_id: UUID) -> HttpResponse:
    """Show who is to come with a proposed room for each; take in those who are there."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    here, at = the_site(scope, site_id), clock.now()
    rows = sites.rooms(here.district, site_id)
    waiting = [one for one in stays.at_site(scope, site_id) if one.arrived_at is None and one.left_at is None]
    buses = list(dict.fromkeys(one.bus for one in waiting))
    bus = request.GET.get("bus", buses[0] if buses else "")
    coming = [one for one in waiting if one.bus == bus][:MOST]
    proposed = proposing.propose(
        [guest(one) for one in coming], [r.room for r in rows if r.state is RoomState.FREE]
    )
    step = request.POST.get("step", "")
    offered = _offered(request, here, coming, rows, proposed)
    form = chosen(offered, step, posted=request.method == "POST")
    if form is not None:
        sent = form
        done = form.attempt(lambda: office.submit_office(request.actor, sent.records(here)))  # type: ignore[attr-defined]
        if done is not None:
            frame.say(request, _("Noted."))
            return redirect(request.get_full_path())
    context = {
        "site": here,
        "place": places(scope, {here.path}, at).get(here.path, here.path),
        "ready": sites.ready(here.district, site_id, at),
        "bus": bus,
        "buses": tuple((one, f"?bus={one}", one == bus) for one in buses),
        "n": len(coming),
        "without": sum(1 for room in proposed.values() if room is None),
        "take": offered.get("take") if coming else None,
        "forms": tuple(one for key, one in offered.items() if key != "take"),
        "back": reverse("desk:isolation_site", args=(site_id,)),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/isolation/intake.html", context, title=_("Taking in"), status=status)


def guest(one: Stay) -> proposing.Guest:
    """Return what the rule of rooms looks at."""
    return proposing.Guest(one.id, one.party, one.needs)


def _offered(
    request: DeskRequest, here: Site, coming: Sequence[Stay], rows: Sequence[RoomRow],
    proposed: Mapping[UUID, Room | None],
) -> dict[str, StepForm]:  # fmt: skip
    step, made = request.POST.get("step", ""), dict[str, StepForm]()
    if coming and may(request, Verb.WATCH_RECORD, here.path):
        data = request.POST if step == "take" else None
        take = TakeForm.of(data, coming, rows, proposed)
        take.starts = may(request, Verb.WATCH_START, here.path)
        made["take"] = take
    if may(request, Verb.WATCH_START, here.path):
        data = request.POST if step == "expect" else None
        made["expect"] = ExpectForm.of(data, site=True)
    return made


class TakeForm(StepForm):
    """One line for each person: the room, or not yet."""

    key, act, verb = "take", gettext_lazy("They have moved in"), Verb.WATCH_RECORD
    coming: Sequence[Stay] = ()
    starts = False
    beds: Mapping[str, int] = {}

    @staticmethod
    def of(
        data: Any, coming: Sequence[Stay], rows: Sequence[RoomRow], proposed: Mapping[UUID, Room | None]
    ) -> "TakeForm":
        """Return the form with the proposals filled in."""
        form = TakeForm(data, auto_id="id_take_%s")
        form.coming = coming
        free = [row.room for row in rows if row.state is RoomState.FREE]
        offered = [(str(room.id), _room_word(room)) for room in proposing.guest_rooms(free)]
        form.beds = {str(room.id): room.beds for room in free}
        for one in coming:
            room = proposed.get(one.id)
            form.fields[f"room_{one.id}"] = select(
                [(NOT_YET, _("not here yet")), *offered], label=_who(one), required=False,
                initial=str(room.id) if room else NOT_YET, empty=_("no room"),
            )  # fmt: skip
        form.ask_when()
        return form

    def clean(self) -> dict[str, Any]:
        """Two parties never share a room, and no more people than beds."""
        data = super().clean() or {}
        inside: dict[str, list[Stay]] = {}
        for one in self.coming:
            room = data.get(f"room_{one.id}") or NOT_YET
            if room != NOT_YET:
                inside.setdefault(room, []).append(one)
        for room, group in inside.items():
            parties = {one.party or str(one.id) for one in group}
            if len(parties) > 1 or len(group) > self.beds.get(room, 0):
                self.add_error(f"room_{group[-1].id}", _("This room is taken by somebody else of the list."))
        return data

    def records(self, here: Site) -> list[OfficeRecord]:
        """Return arrivals with their watches, in the order of the list."""
        found: list[OfficeRecord] = []
        for one in self.coming:
            room = self.cleaned_data.get(f"room_{one.id}") or NOT_YET
            if room != NOT_YET:
                at = self.cleaned_data["at"] or clock.now()
                made = self.made(
                    Kind.ARRIVED, one.id, STAY_SUBJECT, here.path, "arrived", payload={"room": room}
                )
                # who may not begin a watch leaves it to the system, which does so within a minute
                found += [made, watch_of_stay(one, at)] if self.starts else [made]
        return found


class ExpectForm(StepForm):
    """People who are to come: one line a person."""

    key, act, verb = "expect", gettext_lazy("Put them on the list"), Verb.WATCH_START
    title = gettext_lazy("Who is to come")
    persons = forms.CharField(
        label=gettext_lazy("Persons who arrive"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000,
        help_text=gettext_lazy(
            "One number of the register a line; after a comma a word for those who belong together."
        ),
    )  # fmt: skip
    bus = forms.CharField(label=gettext_lazy("Bus"), max_length=40, required=False)

    @staticmethod
    def of(data: Any, *, site: bool) -> "ExpectForm":
        """Return the form for a site or for a home."""
        form = ExpectForm(data, auto_id="id_expect_%s")
        reference = protocols.latest(STAY_PROTOCOL if site else HOME_PROTOCOL).reference
        compiled = protocols.compiled(reference)
        said = [(key, protocol_words.question(reference, f"regime.{key}")) for key in compiled.regimes]
        form.fields["regime"] = select(said, label=_("By which rules?"))
        form.fields["counted_from"] = Day(
            label=_("Last contact or arrival"), initial=clock.local_date(clock.now())
        )
        form.fields["ground"] = select(list(words.GROUNDS.items()), label=_("On what does it rest?"))
        form.fields["needs"] = forms.MultipleChoiceField(
            label=_("All of them need"), choices=list(words.ROOM_NEEDS.items()), required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        form.fields["back_to"] = forms.CharField(
            label=_("Their community"), max_length=255, required=False,
            help_text=_("The path of the area that takes them back."),
        )  # fmt: skip
        form.fields["due_at"] = Moment(
            label=_("When do they come?"), initial=half_hour(clock.now()), required=False
        )
        if not site:
            for key in ("bus", "needs", "back_to"):
                del form.fields[key]
        return form

    def clean_persons(self) -> list[tuple[str, str]]:
        """Return number and party of each line."""
        found = []
        for line in self.cleaned_data["persons"].splitlines():
            number, _comma, party = (part.strip() for part in re.sub("[\uff0c\t]", ",", line).partition(","))
            if not number:
                continue
            try:
                found.append((str(UUID(number)), party[:40]))
            except ValueError:
                raise forms.ValidationError(
                    _("Each line must begin with a number as the register shows it.")
                ) from None
        if len(found) > MOST or len({number for number, _party in found}) < len(found):
            raise forms.ValidationError(_("At most %(n)s persons, each once.") % {"n": MOST})
        return found

    def records(self, here: Site) -> list[OfficeRecord]:
        """Return one record a person, for a site."""
        return self.people({"site": str(here.site_id)}, here.path, "central")

    def people(self, where: Mapping[str, str], path: str, phase: str) -> list[OfficeRecord]:
        """Return one record a person."""
        data = self.cleaned_data
        alike = {
            "regime": data["regime"], "phase": phase, "from": data["counted_from"].isoformat(),
            "ground": Ground(data["ground"]).value, "bus": data.get("bus", ""),
            "needs": [Need(need).value for need in data.get("needs", ())], "back_to": data.get("back_to", ""),
        } | dict(where)  # fmt: skip
        if data["due_at"]:
            alike["due_at"] = data["due_at"].isoformat()
        return [
            self.made(
                Kind.EXPECTED, ids.uuid7(), STAY_SUBJECT, path, "expected",
                payload=alike | {"person": person, "party": party},
            )
            for person, party in data["persons"]
        ]  # fmt: skip


def _room_word(room: Room) -> str:
    said = _("%(number)s · %(beds)s beds") % {"number": room.number, "beds": room.beds}
    return f"{said} · {_('barrier-free')}" if room.barrier_free else said


def _who(one: Stay) -> str:
    needs = " · ".join(str(words.ROOM_NEEDS[need]) for need in one.needs)
    return " · ".join(part for part in (f"…{short(one.person)}", one.party, needs) if part)
