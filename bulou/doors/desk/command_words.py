"""Words of zones and orders as officers read them."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulou.command.terms import Level, ZoneMeasure, ZoneStanding

ZONE_LEVELS = MappingProxyType(
    {
        Level.NORMAL: _("Normal"),
        Level.PRECAUTION: _("Precaution area"),
        Level.CONTROLLED: _("Controlled area"),
        Level.SEALED: _("Sealed area"),
    }
)
ZONE_MEASURES = MappingProxyType(
    {
        ZoneMeasure.STAY_HOME: _("Everybody stays at home."),
        ZoneMeasure.SERVICE_AT_DOOR: _("What is needed is brought to the door."),
        ZoneMeasure.STAY_INSIDE: _("Everybody stays inside the area."),
        ZoneMeasure.ONE_SHOPS: _("One person of each household shops every two or three days."),
        ZoneMeasure.NO_GATHERING: _("No gatherings."),
        ZoneMeasure.WEAR_MASK: _("Masks are worn where people meet."),
        ZoneMeasure.TESTS: _("Everybody is tested on the days that are announced."),
        ZoneMeasure.GATES_GUARDED: _("The gates are guarded. Ambulances pass at any time."),
    }
)
ZONE_STANDINGS = MappingProxyType(
    {
        ZoneStanding.PROPOSED: _("waits for a second unit"),
        ZoneStanding.REFUSED: pgettext_lazy("restriction", "refused"),
        ZoneStanding.LAPSED: _("not approved in time"),
        ZoneStanding.COMING: _("begins later"),
        ZoneStanding.IN_FORCE: _("in force"),
        ZoneStanding.ENDED: _("over by the clock"),
        ZoneStanding.LIFTED: _("ended before its time"),
        ZoneStanding.REPLACED: _("replaced by a new decision"),
    }
)
COMMAND_KINDS = MappingProxyType(
    {
        "zone.set": _("Level of an area decided"),
        "zone.seconded": _("Level confirmed by a second unit"),
        "zone.refused": _("Level refused by a second unit"),
        "zone.ended": _("Zone ended"),
        "order.issued": _("Order issued"),
        "order.read": _("Order read"),
        "order.acknowledged": _("Order taken on"),
        "order.reported": _("Task of an order reported"),
        "order.superseded": _("Order replaced"),
    }
)
