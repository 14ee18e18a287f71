"""The form of a plan: what may be turned, each with the rule's value in it; and what it means as a draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm, Moment, half_hour
from bulou.doors.desk.testing_plan_words import SOURCES, ZONES
from bulou.kernel import clock
from bulou.lines.testing.actions.plans import Draft
from bulou.lines.testing.queries.plans import Kept, Offer, Source
from bulou.lines.testing.rules.planning import POOL_SIZES, Wishes, Zone

CHOSEN = (Zone.ISOLATION_SITE, Zone.SEALED, Zone.CONTROLLED, Zone.PRECAUTION)
FULL = 0.8  # a register with fewer of the heads than this has only begun (ours)
NUMBERS = (
    "persons_per_site", "persons_per_table", "persons_per_sampler", "swabs_per_hour", "suit_minutes",
    "home_minutes", "waiting_limit_minutes",
)  # fmt: skip


def _whole(
    label: Any, low: int, high: int, *, help_text: Any = "", required: bool = True
) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, help_text=help_text, required=required, widget=widget
    )


class PlanForm(DeskForm):
    """What may be turned; the defaults are the rules."""

    title = forms.CharField(label=gettext_lazy("Name of the plan"), max_length=80, required=False)
    source = forms.ChoiceField(label=gettext_lazy("Which count?"))
    starts_at = Moment(label=gettext_lazy("The sites open"))
    samplers_on_hand = _whole(
        gettext_lazy("Samplers there are"), 1, 100_000, required=False,
        help_text=gettext_lazy("Empty: as many as the rule asks for."),
    )  # fmt: skip
    persons_per_sampler = _whole(gettext_lazy("Persons for each sampler"), 30, 2_000)
    persons_per_site = _whole(
        gettext_lazy("Persons for each site"),
        100,
        5_000,
        help_text=gettext_lazy("By the rule 2,000 to 3,000."),
    )
    persons_per_table = _whole(
        gettext_lazy("Persons for each table"), 50, 3_000, help_text=gettext_lazy("By the rule 600 to 800.")
    )
    swabs_per_hour = _whole(gettext_lazy("Swabs an hour for each sampler"), 5, 200)
    pool_other = forms.TypedChoiceField(
        label=gettext_lazy("Swabs in a tube outside all zones"), coerce=int,
        choices=[(n, str(n)) for n in POOL_SIZES],
    )  # fmt: skip
    late_percent = _whole(
        gettext_lazy("How many of a hundred come half an hour late"), 0, 100,
        help_text=gettext_lazy("Our assumption, only for the queue."),
    )  # fmt: skip
    waiting_limit_minutes = _whole(gettext_lazy("Longest wait that is accepted, in minutes"), 1, 240)
    stops_after = _whole(
        gettext_lazy("A table of each site stops after so many minutes"), 0, 1_440, required=False,
        help_text=gettext_lazy("To try out; it is not kept with the plan."),
    )  # fmt: skip
    suit_minutes = _whole(gettext_lazy("Minutes in a suit without a break"), 30, 480)
    home_minutes = _whole(gettext_lazy("Minutes for each home"), 2, 120)
    home_teams = _whole(
        gettext_lazy("Teams for homes"), 0, 1_000, required=False,
        help_text=gettext_lazy("Empty: as many as the homes need."),
    )  # fmt: skip
    rest = forms.ChoiceField(label=gettext_lazy("Zone of all other areas"))

    def __init__(
        self, *args: Any, offers: Sequence[Offer], areas: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(_key(o), _offer(o)) for o in offers]  # type: ignore[attr-defined]
        self.fields["rest"].choices = [(z.value, ZONES[z]) for z in Zone]  # type: ignore[attr-defined]
        for zone in CHOSEN:
            if areas:
                self.fields[f"in_{zone.value}"] = forms.MultipleChoiceField(
                    label=_("In this zone: %(zone)s") % {"zone": ZONES[zone]}, choices=list(areas),
                    required=False, widget=forms.SelectMultiple(attrs={"size": min(6, len(areas))}),
                )  # fmt: skip

    def draft(self, path: str, series: UUID | None) -> Draft:
        """Return what was filled in; ask only a sound form."""
        data = self.cleaned_data
        source, _colon, operation = data["source"].partition(":")
        wishes = Wishes(
            starts_at=data["starts_at"], samplers_on_hand=data["samplers_on_hand"],
            pool_other=data["pool_other"], share_late=data["late_percent"] / 100,
            home_teams=data["home_teams"], **{key: data[key] for key in NUMBERS},
        )  # fmt: skip
        zones = {area: zone for zone in reversed(CHOSEN) for area in data.get(f"in_{zone.value}", ())}
        return Draft(
            path, Source(source), wishes, UUID(operation) if operation else None, zones, Zone(data["rest"]),
            data["title"], series,
        )  # fmt: skip


def initial(offers: Sequence[Offer], kept: Kept | None, now: datetime) -> Mapping[str, Any]:
    """Return what the form shows first: the version that is changed, or the rules' own values."""
    wishes = kept.wishes if kept else Wishes(half_hour(now + timedelta(hours=3)).replace(minute=0))
    made = {
        "title": kept.title if kept else "", "source": _key(_usual(offers)) if offers else "",
        "starts_at": half_hour(wishes.starts_at), "samplers_on_hand": wishes.samplers_on_hand,
        "pool_other": wishes.pool_other, "late_percent": round(wishes.share_late * 100),
        "home_teams": wishes.home_teams, "rest": Zone.OTHER.value,
        **{key: getattr(wishes, key) for key in NUMBERS},
    }  # fmt: skip
    if kept:
        made["source"] = kept.source.value + (f":{kept.operation}" if kept.operation else "")
        made["rest"] = kept.zones.get("", Zone.OTHER).value
        for zone in CHOSEN:
            made[f"in_{zone.value}"] = [path for path, of in kept.zones.items() if path and of is zone]
    return made


def _usual(offers: Sequence[Offer]) -> Offer:
    """The corrected frame of the last round; else the register, unless it holds far fewer than live there."""
    by = {o.source: o for o in reversed(offers)}
    heads = by.get(Source.LIVING) or by.get(Source.REGISTERED)
    register = by.get(Source.REGISTER)
    if register is not None and (heads is None or register.persons >= FULL * heads.persons):
        heads = register
    return by.get(Source.FRAME) or heads or offers[0]


def filled(query: QueryDict) -> QueryDict | None:
    """Return what an address fills in, if it fills in anything of the form."""
    return query if "source" in query else None


def _key(offer: Offer) -> str:
    return offer.source.value + (f":{offer.operation}" if offer.operation else "")


def _offer(offer: Offer) -> str:
    words = _("%(count)s: %(n)s persons")
    said = words % {"count": SOURCES[offer.source], "n": number(offer.persons)}
    if offer.opened_at is None:
        return said
    at = offer.opened_at.astimezone(clock.DISTRICT_ZONE)
    return _("%(count)s (%(at)s)") % {"count": said, "at": f"{at:%m-%d %H:%M}"}
