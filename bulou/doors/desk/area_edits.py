"""Changing the territory: add, rename, split, merge, end an area; head counts; who answers for it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import frame, labels
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.forms import Day, DeskForm, Reason, select
from bulou.grid import queries as grid
from bulou.grid.actions import areas, registers
from bulou.grid.actions.area_steps import Change, NewArea
from bulou.grid.actions.areas import Part
from bulou.grid.terms import LADDER, Area, AreaKind, Level, PopulationKind
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.tasks import actions as tasks
from bulou.tasks.terms import DutyRole

KINDS: dict[Level, tuple[AreaKind, ...]] = {
    Level.STREET: (AreaKind.STREET, AreaKind.TOWN, AreaKind.TOWNSHIP, AreaKind.ZONE, AreaKind.FARM),
    Level.COMMUNITY: (AreaKind.COMMUNITY, AreaKind.VILLAGE),
    Level.COMPOUND: (
        AreaKind.COMPOUND_MANAGED,
        AreaKind.COMPOUND_UNMANAGED,
        AreaKind.COMPOUND_OLD,
        AreaKind.NATURAL_VILLAGE,
    ),
    Level.BUILDING: (AreaKind.BUILDING,),
    Level.UNIT: (AreaKind.UNIT,),
}


class ChangeForm(DeskForm):
    """From which day a change holds, and why; every change of the territory asks both."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = Day(
            label=_("From which day?"),
            help_text=_("Asked about a day before, the register still answers as it was."),
            initial=clock.local_date(clock.now()),
        )
        self.fields["reason"] = Reason(
            label=_("Why?"), help_text=_("The decision or paper, with its number.")
        )

    def change(self) -> Change:
        """Return the day and the reason."""
        return Change(self.cleaned_data["on"], self.cleaned_data["reason"])


class NameForm(ChangeForm):
    """A name and a kind."""

    field_order = ("name", "kind", "on", "reason")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)

    def __init__(self, *args: Any, level: Level, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, labels.of(labels.AREA_KINDS, kind)) for kind in KINDS.get(level, ())]
        self.fields["kind"] = select(kinds, label=_("Kind"), empty=_("as the name says"), required=False)
        self.order_fields(["name", "kind", "on", "reason"])

    def kind(self) -> AreaKind | None:
        """Return the chosen kind, if one was chosen."""
        return AreaKind(self.cleaned_data["kind"]) if self.cleaned_data["kind"] else None


class SplitForm(ChangeForm):
    """The name of the new area and what goes to it."""

    name = forms.CharField(label=gettext_lazy("Name of the new area"), max_length=80)
    children = forms.MultipleChoiceField(
        label=gettext_lazy("What goes to it?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, below: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = below  # type: ignore[attr-defined]
        self.order_fields(["name", "children", "on", "reason"])


class MergeForm(ChangeForm):
    """Which areas beside this one it takes over."""

    others = forms.MultipleChoiceField(
        label=gettext_lazy("Which areas does it take over?"),
        help_text=gettext_lazy("They end on that day; everything in them goes here."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, beside: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = beside  # type: ignore[attr-defined]
        self.order_fields(["others", "on", "reason"])


class MoveForm(ChangeForm):
    """Under which area it hangs from then on."""

    def __init__(self, *args: Any, above: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = select(above, label=_("Where does it belong from then on?"))
        self.order_fields(["to", "on", "reason"])


class PeopleForm(ChangeForm):
    """A head count, by one way of counting."""

    n = forms.IntegerField(label=gettext_lazy("How many people?"), min_value=0, max_value=50_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            PopulationKind.REGISTERED: _("Registered people"),
            PopulationKind.LIVING: _("People living here"),
        }
        self.fields["kind"] = forms.ChoiceField(
            label=_("Counted how?"), choices=list(words.items()), widget=forms.RadioSelect
        )
        self.order_fields(["kind", "n", "on", "reason"])


class DutyForm(DeskForm):
    """Who answers for an area, in which capacity."""

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, labels.of(labels.DUTY_ROLES, role)) for role in DutyRole]
        self.fields["role"] = forms.ChoiceField(label=_("In which capacity?"), choices=roles)
        self.fields["account"] = select(people, label=_("Who?"))


@require_http_methods(["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """Add an area below the one that is looked at."""
    area = _area(request)
    place = LADDER.index(area.level) + 1 if area.level in LADDER else 0
    if place >= len(LADDER):
        raise ProblemError("access.not_found", status=404)
    level = LADDER[place]
    form = NameForm(request.POST or None, level=level)
    return _page(
        request,
        form,
        lambda: areas.add_area(
            request.actor,
            parent=area.path,
            new=NewArea(form.cleaned_data["name"], level, form.kind()),
            change=form.change(),
        ),
        (_("Add an area below %(name)s") % {"name": area.name}, _("Add the area"), _("The area is added.")),
    )


@require_http_methods(["GET", "POST"])
def rename(request: DeskRequest) -> HttpResponse:
    """Give the area that is looked at another name or kind."""
    area = _area(request)
    form = NameForm(request.POST or None, level=area.level, initial={"name": area.name, "kind": area.kind})
    return _page(
        request,
        form,
        lambda: areas.rename_area(
            request.actor,
            path=area.path,
            name=form.cleaned_data["name"],
            kind=form.kind(),
            change=form.change(),
        ),
        (_("Rename %(name)s") % {"name": area.name}, _("Rename the area"), _("The area is renamed.")),
    )


@require_http_methods(["GET", "POST"])
def split(request: DeskRequest) -> HttpResponse:
    """Split a part off the area that is looked at."""
    area = _area(request)
    scope = scope_for(request, Verb.GRID_EDIT)
    below = grid.children(scope, area.path, clock.local_date(clock.now()))
    form = SplitForm(request.POST or None, below=[(a.path, a.name) for a in below])
    return _page(
        request,
        form,
        lambda: areas.split_area(
            request.actor,
            path=area.path,
            parts=(Part(form.cleaned_data["name"], tuple(form.cleaned_data["children"])),),
            change=form.change(),
        ),
        (_("Split %(name)s") % {"name": area.name}, _("Split the area"), _("The area is split.")),
    )


@require_http_methods(["GET", "POST"])
def merge(request: DeskRequest) -> HttpResponse:
    """Let the area that is looked at take over areas beside it."""
    area = _area(request)
    scope = scope_for(request, Verb.GRID_EDIT)
    above = area.path.rpartition(".")[0]
    beside = grid.children(scope, above, clock.local_date(clock.now())) if above else ()
    form = MergeForm(request.POST or None, beside=[(a.path, a.name) for a in beside if a.path != area.path])
    return _page(
        request,
        form,
        lambda: areas.merge_areas(
            request.actor, into=area.path, others=tuple(form.cleaned_data["others"]), change=form.change()
        ),
        (_("Merge into %(name)s") % {"name": area.name}, _("Merge the areas"), _("The areas are merged.")),
    )


@require_http_methods(["GET", "POST"])
def move(request: DeskRequest) -> HttpResponse:
    """Hang the area that is looked at, with everything in it, under another one."""
    area = _area(request)
    scope = scope_for(request, Verb.GRID_EDIT)
    above = area.path.rpartition(".")[0]
    today = clock.local_date(clock.now())
    parent = grid.area_at(area.district, above, today) if above else None
    if parent is None:
        raise ProblemError("access.not_found", status=404)
    found = grid.areas_below(scope, area.district, parent.level, today) if "." in above else ()
    form = MoveForm(request.POST or None, above=[(a.path, a.name) for a in found if a.path != above])
    return _page(
        request,
        form,
        lambda: areas.move_area(
            request.actor, path=area.path, to=form.cleaned_data["to"], change=form.change()
        ),
        (_("Move %(name)s") % {"name": area.name}, _("Move the area"), _("The area is moved.")),
        back=above,
    )


@require_http_methods(["GET", "POST"])
def end(request: DeskRequest) -> HttpResponse:
    """End the area that is looked at; only one that holds nothing any more."""
    area = _area(request)
    above = area.path.rpartition(".")[0]
    form = ChangeForm(request.POST or None)
    return _page(
        request,
        form,
        lambda: areas.end_area(request.actor, path=area.path, change=form.change()),
        (_("End %(name)s") % {"name": area.name}, _("End the area"), _("The area has ended.")),
        back=above,
    )


@require_http_methods(["GET", "POST"])
def people(request: DeskRequest) -> HttpResponse:
    """Set a head count of the area that is looked at."""
    area = _area(request)
    form = PeopleForm(request.POST or None, initial={"kind": PopulationKind.LIVING})
    return _page(
        request,
        form,
        lambda: registers.set_population(
            request.actor,
            path=area.path,
            kind=PopulationKind(form.cleaned_data["kind"]),
            n=form.cleaned_data["n"],
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        (
            _("People of %(name)s") % {"name": area.name},
            _("Keep the head count"),
            _("The head count is kept."),
        ),
    )


@require_http_methods(["GET", "POST"])
def duty(request: DeskRequest) -> HttpResponse:
    """Name who answers for the area that is looked at, from now on."""
    scope_for(request, Verb.DUTY_ASSIGN)
    area = _area(request, Verb.DUTY_ASSIGN)
    found = access.accounts_that_may(Verb.ROUND_VIEW, area.path)
    form = DutyForm(request.POST or None, people=[(str(p.id), p.display_name) for p in found])
    return _page(
        request,
        form,
        lambda: tasks.set_duty(
            request.actor,
            path=area.path,
            role=DutyRole(form.cleaned_data["role"]),
            account=UUID(form.cleaned_data["account"]),
        ),
        (
            _("Who answers for %(name)s?") % {"name": area.name},
            _("Name the person"),
            _("From now on this person answers for the area."),
        ),
    )


def _area(request: DeskRequest, verb: Verb = Verb.GRID_EDIT) -> Area:
    scope = scope_for(request, verb)
    area = grid.area_at(request.area.split(".")[0], request.area, clock.local_date(clock.now()))
    if area is None:
        raise ProblemError("access.not_found", status=404)
    if not scope.covers(area.path):
        raise ProblemError("access.not_allowed", status=403, verb=verb.value)
    return area


def _page(
    request: DeskRequest,
    form: DeskForm,
    act: Callable[[], object],
    words: tuple[str, str, str],
    back: str = "",
) -> HttpResponse:
    """Show a form of one change; do it when it is sent; go back to the area, or to the one named."""
    title, verb, said = words
    scope = scope_for(request, Verb.GRID_VIEW)
    back = f"{reverse('desk:areas')}?area={back if scope.covers(back) else request.area}"
    if request.method == "POST":
        form.attempt(act)
        if not form.errors:
            frame.say(request, said)
            return redirect(back)
    context = {"form": form, "title": title, "act": verb, "back": back}
    return frame.page(request, "desk/areas/change.html", context, title=title, status=form.status)
