"""Release from isolation: what stands against it, what the records of the site say, the form, the note."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.doors.desk import care_words, frame, protocol_words
from bulou.doors.desk import isolation_words as words
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.care_rows import places, short
from bulou.doors.desk.isolation_forms import StepForm
from bulou.doors.desk.papers import answer
from bulou.grid import queries as grid
from bulou.intake import queries as intake
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.isolation import documents
from bulou.lines.isolation.queries import release, stays
from bulou.lines.isolation.rules.crossing import Evidence, Sign
from bulou.lines.isolation.terms import AGAINST_SIGNS, STAY_SUBJECT, Kind, Release, SignKind, Stay
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Predicate
from bulou.watches.queries import watches
from bulou.watches.terms import RELEASED, Timeline
from bulou.watches.terms import Kind as WatchKind

BREACHES = frozenset({SignKind.OWN_BREACH, SignKind.SITE_BREACH})


@dataclass(frozen=True, slots=True)
class SignRow:
    """One thing that the records say, with the page that shows it."""

    word: str
    href: str
    at: datetime
    last_at: datetime
    against: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """What the records say about infection from guest to guest, as the page of a stay shows it."""

    since: datetime
    n_floor: int
    n_site: int
    n_moves: int
    rows: tuple[SignRow, ...]
    against: bool
    free_from: datetime | None


class ReleaseForm(StepForm):
    """Release, or letting go because nothing holds the person any more."""

    key, title, act = "release", gettext_lazy("Release"), gettext_lazy("Release the person")
    verb = Verb.WATCH_END
    serial = forms.CharField(label=gettext_lazy("Number of the note"), max_length=40)
    excluded = forms.BooleanField(
        label=gettext_lazy("Things and room were sampled; cross-infection is excluded"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why let go before the days are over?"), max_length=200, required=False
    )

    @staticmethod
    def of(data: QueryDict | None, found: Stay, made: Timeline, *, against: bool) -> "ReleaseForm":
        """Return the form; where the records speak against it, it asks for the reason of the officer."""
        form = ReleaseForm(data, auto_id="id_release_%s")
        form.fields["outcome"] = forms.ChoiceField(
            choices=list(words.RELEASES.items()), initial=Release.RELEASED.value, label=_("In which way?")
        )
        asked = {field.key for field in watches.compiled_of(made).form.fields}
        if against and AGAINST_SIGNS in asked:
            form.fields["against"] = forms.CharField(
                label=_("Why release although the records speak against it?"), max_length=200, required=False,
                help_text=_("You decide this by name; the reason stays with the release."),
            )  # fmt: skip
        if not found.site:
            del form.fields["excluded"]
        form.order_fields(["outcome", "serial", "excluded", "against", "reason"])
        return form

    def records(self, found: Stay, made: Timeline | None) -> list[list[OfficeRecord]]:
        """Return the end of the watch, then the release, each presupposing the one before."""
        data = self.cleaned_data
        freed = data["outcome"] == Release.FREED
        told: dict[str, Any] = {} if freed else {"release_note_serial": data["serial"]}
        if found.site and not freed:
            told["cross_infection_excluded"] = data["excluded"]
            if data.get("against"):
                told[AGAINST_SIGNS] = data["against"]
        steps = []
        if made is not None and made.watch.is_open:
            steps.append([self.made(
                WatchKind.ENDED, found.watch, "watch", found.path, data["outcome"], payload=told,
                protocol=made.watch.protocol,
            )])  # fmt: skip
        payload = {"serial": data["serial"], "reason": data["reason"]}
        steps.append(
            [self.made(Kind.RELEASED, found.id, STAY_SUBJECT, found.path, data["outcome"], payload=payload)]
        )
        return steps


def inside(found: Stay) -> bool:
    """Return whether somebody is in isolation and not released."""
    return found.arrived_at is not None and found.released_at is None and found.left_at is None


def evidence(found: Stay, at: datetime) -> Evidence | None:
    """Return what the records of the site say; None at home and for whoever is not inside."""
    if not found.site or not inside(found):
        return None
    with transaction(whole(found.district)):
        return intake.crossings(found.district, found, at)


def shown(told: Evidence) -> Crossing:
    """Return the evidence in words."""
    rows = tuple(_sign(one) for one in told.signs)
    return Crossing(
        told.since, told.n_floor, told.n_site, told.n_moves, rows, bool(told.against), told.free_from
    )


def _sign(one: Sign) -> SignRow:
    page = "desk:case" if one.kind in BREACHES else "desk:stay"
    what = protocol_words.choice("isolation-breach@1", "breach", one.what) if one.what else ""
    word = f"{words.SIGNS[one.kind.value]}{f' ({what})' if what else ''}"
    return SignRow(word, reverse(page, args=(one.about,)), one.at, one.last_at, one.against)


def unmet(
    found: Stay, made: Timeline | None, author: UUID, at: datetime, *, told: Evidence | None
) -> tuple[str, ...]:
    """Return everything that stands against release now, in words; empty: it may be."""
    if not inside(found):
        return ()
    if made is None:
        return (str(words.UNMET["watch"]),)
    open_cases = cases.open_about(found.district, [found.watch]).get(found.watch, 0)
    named = list(watches.unmet(made, at=at, author=author, cases=open_cases) if made.watch.is_open else ())
    if told is not None and told.against:
        named.append(Predicate.NO_CROSS_INFECTION)
    against = [str(care_words.CONDITIONS[one.value]) for one in named]
    if release.blocking(found.district, found.id):
        against.append(str(words.UNMET["request"]))
    return tuple(against)


def decided(made: Timeline | None) -> str:
    """Return who released against what the records said, and why; empty where nobody did."""
    ends = [step for step in made.steps if step.kind is WatchKind.ENDED and step.counted] if made else []
    if not ends or ends[0].outcome != RELEASED or not ends[0].against:
        return ""
    last = ends[0]
    who = access.display_names({last.author}).get(last.author, last.team)
    return _("%(why)s (%(who)s)") % {"why": last.against, "who": who}


@require_GET
def note(request: DeskRequest, stay_id: UUID) -> HttpResponse:
    """Show the note of release, to be printed or as PDF; the name is written in by hand."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    found = stays.stay(scope, stay_id)
    if found.released_at is None:
        raise ProblemError("isolation.not_released", status=409)
    made = _note(scope, found)
    if request.GET.get("format") == "pdf":
        return answer(documents.release_note(made), f"release-{short(found.id)}")
    back = reverse("desk:stay", args=(found.id,))
    return frame.page(request, "desk/isolation/release.html", {"note": made, "back": back}, title=made.title)


def _note(scope: Scope, found: Stay) -> documents.Note:
    freed = found.release is Release.FREED
    rules = regime(found)
    rows = (
        (_("Name (by hand)"), ""),
        (_("Number of the person"), f"…{short(found.person)}"),
        (
            _("Place of isolation"),
            site_name(scope, found) or places(scope, {found.path}, clock.now())[found.path],
        ),
        (pgettext("time", "From"), day(found.arrived_at)),
        (_("Until"), day(found.released_at)),
        (_("By which rules?"), rules),
    )
    return documents.Note(
        title=_("Note of release from isolation"), serial=_("No. %(serial)s") % {"serial": found.serial},
        first=_("From now on nothing of this isolation holds you any more.")
        if freed
        else _("The days are over, and every condition is met. You are released."),
        rows=rows,
        lines=(
            _("Show this note where somebody asks. Nobody may keep you in for the same reason again."),
            _("If you feel ill, call your community. If somebody stops you, call the number of the site."),
        ),
        signatures=(_("Site or community, stamp"), _("Officer")),
        language=get_language() or "zh-hans", made_at=clock.now(),
    )  # fmt: skip


def day(at: datetime | None) -> str:
    """Return a moment as papers write it."""
    return f"{at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d %H:%M}" if at else ""


def regime(found: Stay) -> str:
    """Return by which rules somebody is in isolation."""
    slug = "hotel-isolation" if found.site else "home-isolation"
    return protocol_words.question(protocols.latest(slug).reference, f"regime.{found.regime}")


def site_name(scope: Scope, found: Stay) -> str:
    """Return the name of the site; empty at home."""
    return grid.site(scope, found.site).name if found.site else ""
