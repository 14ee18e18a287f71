"""Devices: who has which phone, when it was last here, what of it is missing; taking one away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.actions import devices as device_actions
from bulou.access.queries import refusals
from bulou.access.terms import DeviceRow, Verb
from bulou.doors.desk import frame, lists
from bulou.doors.desk.accounts import RevokeForm
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for
from bulou.doors.desk.figures import Figure, figure
from bulou.grid import queries as grid
from bulou.intake import queries as intake
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError

QUIET = timedelta(hours=12)
REFUSALS_SHOWN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Row:
    """One device in the list."""

    id: UUID
    name: str
    account: str
    account_href: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    quiet: bool
    missing: int
    missing_href: str
    unsent: int | None
    area: str
    version: str
    revoked_at: datetime | None
    may_revoke: bool


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the devices of one's areas, revoked ones last."""
    scope = scope_for(request, Verb.DEVICE_VIEW)
    found = access.devices(scope)
    only = request.GET.getlist("only")
    missing: dict[UUID, int] = {}
    for district in scope.districts:
        for gap in intake.gaps(district, [d.id for d in found]):
            missing[gap.device] = missing.get(gap.device, 0) + gap.to_seq - gap.from_seq + 1
    at = clock.now()
    names = dict(grid.tree_names(scope, {d.path for d in found}, clock.local_date(at))) if found else {}
    rows = tuple(_row(request, device, missing, at, names) for device in found)
    context = {
        "rows": tuple(row for row in rows if all(_IS[word](row) for word in only if word in _IS)),
        "filters": (lists.flags(request, _("Only"), [("only", key, word) for key, word in _words()]),),
        "clear_href": "?" if only else "",
        "may_enrol": may_anywhere(request, Verb.DEVICE_ENROL),
        "figures": _figures(rows),
        "may_hand_in": may_anywhere(request, Verb.DEVICE_ENROL),
        "refused": refusals.by_hour(at - REFUSALS_SHOWN) if may_anywhere(request, Verb.LEDGER_VERIFY) else (),
    }
    return frame.page(request, "desk/devices/index.html", context, title=_("Devices"))


@require_http_methods(["GET", "POST"])
def revoke(request: DeskRequest, device_id: UUID) -> HttpResponse:
    """Take a device's token away, with a reason; what it sent stays."""
    scope = scope_for(request, Verb.DEVICE_VIEW)
    device = next((d for d in access.devices(scope) if d.id == device_id), None)
    if device is None:
        raise ProblemError("access.not_found", status=404)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.attempt(
            lambda: device_actions.revoke_device(
                request.actor, device_id=device_id, reason=form.cleaned_data["reason"]
            )
        )
        if not form.errors:
            frame.say(request, _("The device is revoked. It can send nothing more within half a minute."))
            return redirect("desk:devices")
    context = {
        "form": form,
        "title": _("Revoke a device"),
        "consequence": _(
            "%(name)s of %(who)s can no longer send or read. What it sent stays; the rest is lost with it."
        )
        % {"name": device.name, "who": device.account_name},
        "act": _("Revoke the device"),
        "back": reverse("desk:devices"),
    }
    return frame.page(
        request, "desk/accounts/reason.html", context, title=_("Revoke a device"), status=form.status
    )


_IS: dict[str, Callable[[Row], bool]] = {
    "quiet": lambda row: row.quiet and row.revoked_at is None,
    "missing": lambda row: row.missing > 0,
    "unsent": lambda row: bool(row.unsent) and row.revoked_at is None,
    "revoked": lambda row: row.revoked_at is not None,
}


def _words() -> tuple[tuple[str, str], ...]:
    return (
        ("quiet", _("silent for twelve hours")),
        ("unsent", _("holding records")),
        ("missing", _("with gaps")),
        ("revoked", _("revoked")),
    )


def _figures(rows: tuple[Row, ...]) -> tuple[Figure, ...]:
    """How many devices there are, and how many need a look; each is the list that it counts."""
    words = {
        "quiet": (_("Silent"), _("Not seen for twelve hours, and not revoked.")),
        "unsent": (_("Holding records"), _("The phone said that it keeps records which are not sent yet.")),
        "missing": (_("With gaps"), _("The phone numbered records which have not arrived.")),
    }
    return tuple(
        figure(sum(map(_IS[key], rows)), key=key, label=word, href=f"?only={key}", definition=definition)
        for key, (word, definition) in words.items()
    )


def _row(
    request: DeskRequest, device: DeviceRow, missing: dict[UUID, int], at: datetime, names: dict[str, str]
) -> Row:
    return Row(
        id=device.id,
        name=device.name,
        account=device.account_name,
        account_href=reverse("desk:account", args=(device.account_id,)),
        enrolled_at=device.enrolled_at,
        last_seen_at=device.last_seen_at,
        quiet=at - (device.last_seen_at or device.enrolled_at) > QUIET,
        missing=missing.get(device.id, 0),
        missing_href=f"{reverse('desk:gaps')}?device={device.id}",
        unsent=device.unsent,
        area=names.get(device.path, device.path),
        version=device.app_version,
        revoked_at=device.revoked_at,
        may_revoke=device.revoked_at is None and may(request, Verb.DEVICE_REVOKE, device.path),
    )
