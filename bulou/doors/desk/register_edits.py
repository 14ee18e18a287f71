"""One door or one site at a desk: added, changed, ended; each with a reason."""

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
from bulou.grid.actions import changes, registers
from bulou.grid.actions.registers import NewDoor, NewSite
from bulou.grid.terms import DwellingKind, Need, SiteType
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope


class DoorForm(DeskForm):
    """A door's number, floor, kind and the help that is needed behind it."""

    door = forms.CharField(
        label=gettext_lazy("Room or door number"), help_text=gettext_lazy("For example 302"), max_length=60
    )
    floor = forms.IntegerField(label=gettext_lazy("Floor"), required=False, min_value=-9, max_value=200)
    needs_help = forms.MultipleChoiceField(
        label=gettext_lazy("Needs help"),
        help_text=gettext_lazy("Only what the door needs, no names."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = Reason(label=gettext_lazy("Why?"))

    def __init__(self, *args: Any, dated: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[(k.value, labels.DWELLING_KINDS[k]) for k in DwellingKind]
        )
        self.fields["needs_help"].choices = [(n.value, labels.NEEDS[n]) for n in Need]  # type: ignore[attr-defined]
        if dated:
            self.fields["on"] = _since()
        self.order_fields(["door", "floor", "kind", "needs_help", "on", "reason"])

    def told(self) -> NewDoor:
        """Return the door as it was typed."""
        data = self.cleaned_data
        needs = tuple(Need(n) for n in data["needs_help"])
        return NewDoor(data["door"], data["floor"], DwellingKind(data["kind"]), needs)


class SiteForm(DeskForm):
    """A site's name, type and size."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    area_m2 = forms.FloatField(
        label=gettext_lazy("Size in square metres"), required=False, min_value=0, max_value=100_000_000
    )
    reason = Reason(label=gettext_lazy("Why?"))

    def __init__(self, *args: Any, dated: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = sorted(((t.value, str(labels.SITE_TYPES[t])) for t in SiteType), key=lambda t: t[1])
        self.fields["type"] = select(types, label=_("Type"))
        if dated:
            self.fields["on"] = _since()
        self.order_fields(["name", "type", "area_m2", "on", "reason"])

    def told(self) -> NewSite:
        """Return the site as it was typed."""
        data = self.cleaned_data
        size = {} if data["area_m2"] is None else {"area_m2": data["area_m2"]}
        return NewSite(SiteType(data["type"]), data["name"], size)


class EndForm(DeskForm):
    """From which day it is no longer there, and why."""

    reason = Reason(
        label=gettext_lazy("Why?"), help_text=gettext_lazy("Torn down, joined with another, never was.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = _since()
        self.order_fields(["on", "reason"])


@require_http_methods(["GET", "POST"])
def add_door(request: DeskRequest) -> HttpResponse:
    """Add a door to the area that is looked at."""
    scope, path = _here(request)
    form = DoorForm(request.POST or None, dated=True, initial={"kind": DwellingKind.HOME})
    return _page(
        request,
        form,
        lambda: registers.add_dwelling(
            request.actor,
            path=path,
            new=form.told(),
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        (
            _("Add a door in %(area)s") % {"area": _name(scope, path)},
            _("Add the door"),
            _("The door is added."),
        ),
        f"{reverse('desk:dwellings')}?area={path}",
    )


@require_http_methods(["GET", "POST"])
def add_site(request: DeskRequest) -> HttpResponse:
    """Add a site to the area that is looked at."""
    scope, path = _here(request)
    form = SiteForm(request.POST or None, dated=True)
    return _page(
        request,
        form,
        lambda: registers.add_site(
            request.actor,
            path=path,
            new=form.told(),
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        (
            _("Add a site in %(area)s") % {"area": _name(scope, path)},
            _("Add the site"),
            _("The site is added."),
        ),
        f"{reverse('desk:sites')}?area={path}",
    )


@require_http_methods(["GET", "POST"])
def change_door(request: DeskRequest, subject_id: UUID) -> HttpResponse:
    """Change a door."""
    found = grid.dwelling(_scope(request), subject_id)
    now = {"door": found.door, "floor": found.floor, "kind": found.kind, "needs_help": list(found.needs_help)}
    form = DoorForm(request.POST or None, initial=now)
    return _page(
        request,
        form,
        lambda: changes.change_dwelling(
            request.actor,
            dwelling_id=subject_id,
            path=found.path,
            to=form.told(),
            reason=form.cleaned_data["reason"],
        ),
        (
            _("Change %(name)s") % {"name": f"{found.building} {found.door}".strip()},
            _("Change the door"),
            _("The door is changed."),
        ),
        reverse("desk:subject", args=("dwelling", subject_id)),
    )


@require_http_methods(["GET", "POST"])
def change_site(request: DeskRequest, subject_id: UUID) -> HttpResponse:
    """Change a site."""
    found = grid.site(_scope(request), subject_id)
    now = {"name": found.name, "type": found.type, "area_m2": found.attributes.get("area_m2")}
    form = SiteForm(request.POST or None, initial=now)
    return _page(
        request,
        form,
        lambda: changes.change_site(
            request.actor,
            site_id=subject_id,
            path=found.path,
            to=form.told(),
            reason=form.cleaned_data["reason"],
        ),
        (_("Change %(name)s") % {"name": found.name}, _("Change the site"), _("The site is changed.")),
        reverse("desk:subject", args=("site", subject_id)),
    )


@require_http_methods(["GET", "POST"])
def end_door(request: DeskRequest, subject_id: UUID) -> HttpResponse:
    """End a door: it leaves the register, and stays in the rounds that were opened with it."""
    found = grid.dwelling(_scope(request), subject_id)
    form = EndForm(request.POST or None)
    return _page(
        request,
        form,
        lambda: registers.close_dwelling(
            request.actor,
            dwelling_id=subject_id,
            path=found.path,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        (
            _("End %(name)s") % {"name": f"{found.building} {found.door}".strip()},
            _("End the door"),
            _("The door has left the register."),
        ),
        reverse("desk:subject", args=("dwelling", subject_id)),
        _("Rounds that are open keep it until it is taken out there, with a reason."),
    )


@require_http_methods(["GET", "POST"])
def end_site(request: DeskRequest, subject_id: UUID) -> HttpResponse:
    """End a site."""
    found = grid.site(_scope(request), subject_id)
    form = EndForm(request.POST or None)
    return _page(
        request,
        form,
        lambda: registers.close_site(
            request.actor,
            site_id=subject_id,
            path=found.path,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        (_("End %(name)s") % {"name": found.name}, _("End the site"), _("The site has left the register.")),
        reverse("desk:subject", args=("site", subject_id)),
        _("Rounds that are open keep it until it is taken out there, with a reason."),
    )


def acts(request: DeskRequest, kind: str, subject_id: UUID, path: str) -> tuple[tuple[str, str], ...]:
    """Return what one may change about a subject, as word and address."""
    what = {"dwelling": "door", "household": "door", "site": "site", "object": "site"}.get(kind)
    if what is None or not access.may(request.actor, Verb.GRID_EDIT, path):
        return ()
    change, end = (
        reverse(f"desk:change_{what}", args=(subject_id,)),
        reverse(f"desk:end_{what}", args=(subject_id,)),
    )
    return ((_("Change"), change), (_("End"), end))


def _since() -> Day:
    return Day(label=_("From which day?"), initial=clock.local_date(clock.now()))


def _scope(request: DeskRequest) -> Scope:
    """What one may change, of what one may see."""
    scope_for(request, Verb.UNIT_VIEW)
    return scope_for(request, Verb.GRID_EDIT)


def _here(request: DeskRequest) -> tuple[Scope, str]:
    scope = scope_for(request, Verb.GRID_EDIT)
    if not scope.covers(request.area):
        raise ProblemError("access.not_allowed", status=403, verb=Verb.GRID_EDIT.value)
    return scope, request.area


def _name(scope: Scope, path: str) -> str:
    return grid.tree_names(scope, (path,), clock.local_date(clock.now())).get(path, path)


def _page(
    request: DeskRequest,
    form: DeskForm,
    act: Callable[[], object],
    words: tuple[str, str, str],
    back: str,
    consequence: str = "",
) -> HttpResponse:
    """Show a form of one change; do it when it is sent; go back to where it is seen."""
    title, verb, said = words
    if request.method == "POST":
        form.attempt(act)
        if not form.errors:
            frame.say(request, said)
            return redirect(back)
    context = {"form": form, "title": title, "act": verb, "back": back, "consequence": consequence}
    return frame.page(request, "desk/areas/change.html", context, title=title, status=form.status)
