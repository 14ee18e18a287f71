"""Words of watches, handovers and cases as officers read them."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SLOT_STATES = MappingProxyType(
    {
        1: pgettext_lazy("slot", "not attempted"),
        2: pgettext_lazy("slot", "not seen"),
        3: pgettext_lazy("slot", "reported, to be confirmed"),
        4: pgettext_lazy("slot", "seen, well"),
        5: pgettext_lazy("slot", "seen, ill"),
    }
)

TIMINGS = MappingProxyType(
    {
        "upcoming": pgettext_lazy("slot", "to come"),
        "due": pgettext_lazy("slot", "due"),
        "late": pgettext_lazy("slot", "late"),
        "missed": pgettext_lazy("slot", "missed"),
    }
)

LEG_STATES = MappingProxyType(
    {
        "requested": pgettext_lazy("leg", "not yet given"),
        "on_the_way": pgettext_lazy("leg", "on the way"),
        "arrived": pgettext_lazy("leg", "arrived, being counted"),
        "one_sided": pgettext_lazy("leg", "said by one side only"),
        "refused": pgettext_lazy("leg", "refused"),
        "difference": pgettext_lazy("leg", "the count differs"),
        "accepted": pgettext_lazy("leg", "accepted"),
        "cancelled": pgettext_lazy("leg", "called off"),
    }
)

CONDITIONS = MappingProxyType(
    {
        "days_over": _("The days are not over yet."),
        "tests_negative": _("The test of the last test day is not negative."),
        "nothing_open_today": _("Nobody has seen the person on the last day or later."),
        "no_open_case": _("A case about this watch is still open."),
        "no_cross_infection": _("The records of the site show signs of cross-infection in the last 7 days."),
        "verified_by_other": _("Somebody must check who is not the worker and did not make the last visit."),
    }
)

RUNGS = MappingProxyType(
    {
        "worker": _("the worker"),
        "team_lead": _("the team lead"),
        "community_lead": _("the community"),
        "street_office": _("the street office"),
        "district_office": _("the district office"),
        "leading_group": _("the leading group"),
        "supervision": _("supervision"),
    }
)

CARE_KINDS = MappingProxyType(
    {
        "watch.started": _("Watch begun"),
        "watch.seen": _("Slot"),
        "watch.tested": _("Test"),
        "watch.confirmed": _("Report looked at"),
        "watch.assigned": _("Given to"),
        "watch.regime_changed": _("Regime changed"),
        "watch.moved": _("Taken over by another area"),
        "watch.ended": _("Watch ended"),
        "watch.card": _("Card printed"),
        "custody.opened": _("Manifest"),
        "custody.gave": _("Handed over"),
        "custody.received": _("Received"),
        "custody.closed": _("Called off"),
        "case.opened": _("Case opened"),
        "case.step": _("Step"),
        "case.closed": _("Last word"),
    }
)
