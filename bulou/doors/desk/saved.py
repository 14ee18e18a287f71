"""Saved views: a page with its filters under a name and an address of its own."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.actions import views as acts
from bulou.access.queries import views
from bulou.access.terms import Verb, ViewRow
from bulou.doors.desk import frame
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.forms import DeskForm
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError

DROPPED = frozenset({"cursor", "v"})


@dataclass(frozen=True, slots=True)
class Row:
    """One view in the list."""

    id: UUID
    name: str
    href: str
    area: str
    whose: str
    shared: bool
    mine: bool


class ViewForm(DeskForm):
    """A name, and whether others find it."""

    address = forms.CharField(widget=forms.HiddenInput, max_length=1500)
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=80)
    shared = forms.BooleanField(
        label=gettext_lazy("Others find it too"),
        help_text=gettext_lazy("Everybody who sees this area; each of them sees only what is theirs."),
        required=False,
    )


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List one's own views and the shared ones of one's areas."""
    found = views.views(request.actor)
    return frame.page(request, "desk/views/index.html", {"rows": rows(request, found)}, title=_("Views"))


@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Keep the page from which one comes."""
    scope_for(request, Verb.GRID_VIEW)
    form = ViewForm(request.POST or None, initial={"address": request.GET.get("address", "")})
    if request.method == "POST":
        made = form.attempt(lambda: _save(request, form))
        if made is not None:
            frame.say(request, _("The view is kept. Its address can be shared."))
            return redirect("desk:views")
    return frame.page(
        request, "desk/views/new.html", {"form": form}, title=_("Keep this view"), status=form.status
    )


@require_GET
def go(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Open a view: the address of a view stays the same when it is passed on."""
    return redirect(views.view(request.actor, view_id).address)


@require_POST
def remove(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Remove one's own view; it can be put back for ten seconds."""
    kept = acts.remove_view(request.actor, view_id=view_id)
    request.session["view_removed"] = [kept.name, kept.address, kept.path, kept.shared]
    said = _("The view “%(name)s” is removed.") % {"name": kept.name}
    frame.say(request, said, undo_url=reverse("desk:view_restore"), undo=str(kept.id))
    return redirect("desk:views")


@require_POST
def restore(request: DeskRequest) -> HttpResponse:
    """Put back the view that was removed last."""
    kept = request.session.pop("view_removed", None)
    if kept is None:
        raise ProblemError("access.not_found", status=404)
    name, address, path, shared = kept
    acts.save_view(request.actor, name=name, address=address, path=path, shared=bool(shared))
    frame.say(request, _("The view is back."))
    return redirect("desk:views")


def rows(request: DeskRequest, found: tuple[ViewRow, ...]) -> tuple[Row, ...]:
    """Return views as lists show them. 1 query."""
    scope = access.scope_of(request.actor, Verb.GRID_VIEW)
    paths = {view.path for view in found}
    names = grid.tree_names(scope, paths, clock.local_date(clock.now())) if paths else {}
    mine = request.actor.account_id
    return tuple(
        Row(
            id=view.id,
            name=view.name,
            href=reverse("desk:view", args=(view.id,)),
            area=names.get(view.path, view.path),
            whose="" if view.account_id == mine else view.account_name,
            shared=view.shared,
            mine=view.account_id == mine,
        )
        for view in found
    )


def _save(request: DeskRequest, form: ViewForm) -> UUID:
    """Keep the address with its area written into it, so that it shows the same place to everybody."""
    asked = urlsplit(form.cleaned_data["address"])
    address = asked.path
    if asked.netloc or asked.scheme or not _is_page(address):
        raise ProblemError("access.view_not_allowed", status=422)
    query = [(key, value) for key, value in parse_qsl(asked.query) if key not in DROPPED]
    path = dict(query).get("area", request.area)
    if "area" not in dict(query):
        query.append(("area", path))
    return acts.save_view(
        request.actor,
        name=form.cleaned_data["name"],
        address=f"{address}?{urlencode(query)}",
        path=path,
        shared=form.cleaned_data["shared"],
    )


def _is_page(address: str) -> bool:
    """Tell whether an address is one of the desk's own pages."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    try:
        return resolve(address).app_name == "desk"
    except Resolver404:
        return False
