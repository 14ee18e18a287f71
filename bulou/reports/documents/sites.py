"""What each type of site is called in documents."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bulou.grid.terms import SiteType

SITE_TYPES: Mapping[str, Promise] = MappingProxyType(
    {
        SiteType.CONSTRUCTION_SITE: _("Construction site"),
        SiteType.PROJECT_UNIT: _("Project unit"),
        SiteType.ENTERPRISE: _("Enterprise"),
        SiteType.OFFICE: _("Office"),
        SiteType.WAREHOUSE: _("Warehouse"),
        SiteType.SCHOOL: _("School"),
        SiteType.TRAINING_BASE: _("Training base"),
        SiteType.SHOP: _("Shop"),
        SiteType.MALL: _("Mall"),
        SiteType.MARKET: _("Market"),
        SiteType.RURAL_FAIR: _("Rural fair"),
        SiteType.STALL_GROUP: _("Group of stalls"),
        SiteType.ENTERTAINMENT_VENUE: _("Entertainment venue"),
        SiteType.LODGING_VENUE: _("Lodging"),
        SiteType.ESPORTS_HOTEL: _("E-sports hotel"),
        SiteType.CATERING: _("Catering"),
        SiteType.VENUE: _("Other venue"),
        SiteType.SCENIC_SPOT: _("Scenic spot"),
        SiteType.PARK: _("Park"),
        SiteType.GARDEN: _("Garden"),
        SiteType.SQUARE: _("Square"),
        SiteType.WETLAND_PARK: _("Wetland park"),
        SiteType.MAIN_ROAD: _("Main road"),
        SiteType.SECONDARY_ROAD: _("Secondary road"),
        SiteType.VILLAGE_ROAD: _("Village road"),
        SiteType.BRIDGE: _("Bridge"),
        SiteType.CROSSROADS: _("Crossroads"),
        SiteType.CHECKPOINT: _("Checkpoint"),
        SiteType.HIGHWAY_GATE: _("Highway gate"),
        SiteType.TOLL_STATION: _("Toll station"),
        SiteType.RAILWAY_STATION: _("Railway station"),
        SiteType.HIGH_SPEED_STATION: _("High-speed station"),
        SiteType.BUS_STATION: _("Bus station"),
        SiteType.AIRPORT: _("Airport"),
        SiteType.VILLAGE_ENTRANCE: _("Village entrance"),
        SiteType.DISSUASION_STATION: _("Dissuasion station"),
        SiteType.COMPOUND_GATE: _("Compound gate"),
        SiteType.COMPOUND_GROUNDS: _("Compound grounds"),
        SiteType.ISOLATION_SITE: _("Isolation site"),
        SiteType.TEST_SITE: _("Test site"),
        SiteType.FEVER_CLINIC: _("Fever clinic"),
        SiteType.HOSPITAL: _("Hospital"),
        SiteType.TOWNSHIP_HOSPITAL: _("Township hospital"),
        SiteType.VILLAGE_CLINIC: _("Village clinic"),
        SiteType.PHARMACY: _("Pharmacy"),
        SiteType.PUBLIC_TOILET: _("Public toilet"),
        SiteType.BIN: _("Bin"),
        SiteType.COMPACTOR: _("Compactor"),
        SiteType.TRANSFER_STATION: _("Transfer station"),
        SiteType.RUBBISH_POINT: _("Rubbish point"),
        SiteType.SCRAP_YARD: _("Scrap yard"),
        SiteType.POULTRY_POINT: _("Poultry point"),
        SiteType.SLAUGHTER_POINT: _("Slaughter point"),
    }
)
