"""Words of checkpoints and passes as officers read them."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DIRECTIONS = MappingProxyType(
    {"in": pgettext_lazy("direction", "in"), "out": pgettext_lazy("direction", "out")}
)

PASSAGES = MappingProxyType(
    {
        "admitted": _("let through"),
        "turned_back": _("turned back"),
        "handed_over": _("handed over"),
        "held": _("held"),
        "referred": _("referred"),
        "emergency": _("emergency"),
        "entered": _("came in"),
        "left": pgettext_lazy("visitor", "left"),
    }
)

ACCEPTANCES = MappingProxyType({"accepted": _("accepted"), "refused": pgettext_lazy("hand-over", "refused")})

SHIFT_STEPS = MappingProxyType(
    {"opened": pgettext_lazy("shift", "opened"), "closed": pgettext_lazy("shift", "closed")}
)

PATROLS = MappingProxyType({"clear": _("nothing found"), "found": _("trouble found")})

PASS_STATES = MappingProxyType(
    {
        "valid": _("valid"),
        "not_yet": _("not valid yet"),
        "expired": _("expired"),
        "revoked": _("revoked"),
    }
)
