"""Words of a testing day's plan: figures with their rules, warnings, counts, zones, doubts."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from bulou.lines.testing.queries.plans import Source
from bulou.lines.testing.rules.batches import Advice
from bulou.lines.testing.rules.home import Reason
from bulou.lines.testing.rules.planning import Rule, Zone
from bulou.lines.testing.rules.unknown import Doubt

PLAN_KINDS: Mapping[str, object] = MappingProxyType(
    {
        "testing.batch_called": _("Batch called"),
        "testing.batch_arrived": _("People of a batch came"),
        "testing.queue_counted": _("Queue counted"),
    }
)

SOURCES: Mapping[Source, object] = MappingProxyType(
    {
        Source.FRAME: _("People of the last round, corrected"),
        Source.REGISTER: _("People on the register"),
        Source.LIVING: _("Living there, by head count"),
        Source.REGISTERED: _("Registered there, by head count"),
    }
)

ZONES: Mapping[Zone, object] = MappingProxyType(
    {
        Zone.ISOLATION_SITE: _("Isolation site"),
        Zone.SEALED: _("Sealed zone"),
        Zone.CONTROLLED: _("Controlled zone"),
        Zone.PRECAUTION: _("Precaution zone"),
        Zone.OTHER: _("No zone"),
    }
)

REASONS: Mapping[Reason, object] = MappingProxyType(
    {
        Reason.INFANT: _("Infant"),
        Reason.OVER_75: _("Over 75, or old and alone"),
        Reason.DISABLED: _("Disabled"),
        Reason.BEDRIDDEN: _("Bedridden"),
        Reason.NEAR_TERM: _("Near birth"),
        Reason.PREGNANT: _("Pregnant"),
        Reason.DIALYSIS: _("Dialysis"),
        Reason.ISOLATED: _("Isolated at home"),
    }
)

ADVICE: Mapping[Advice, object] = MappingProxyType(
    {
        Advice.CALL: _("Call it now"),
        Advice.WAIT: _("Wait"),
        Advice.STOPPED: _("No table works: call nobody"),
        Advice.OVER: _("All are called"),
    }
)

# Where a rule stands; what is our own says so.
RULES: Mapping[Rule, object] = MappingProxyType(
    {
        Rule.COUNTED: _("counted"),
        Rule.P_50: _("Guide of 22 March 2022: a round within 24 hours (P-50)"),
        Rule.P_51: _("Guide of 22 March 2022, sizing of sampling (P-51)"),
        Rule.P_52: _("County plan: sites ready within 2 hours (P-52)"),
        Rule.P_53: _("Layout of a site (P-53)"),
        Rule.P_57: _("Pool size by zone (P-57)"),
        Rule.S_83: _("Roles of a site (S#83)"),
        Rule.S_84: _("Sampling at home (S#84)"),
        Rule.S_88: _("Time in a suit (S#88)"),
        Rule.OURS: _("our assumption"),
    }
)

_LAID_OUT = _("as laid out by compound, rounded up at each site")
FIGURES: Mapping[str, tuple[object, object]] = MappingProxyType(
    {
        "persons": (_("Persons"), ""),
        "at_home": (
            _("of them sampled at home"),
            _("doors with an infant, old, disabled or isolated people"),
        ),
        "at_sites": (_("of them at the sites"), ""),
        "samplers": (_("Samplers by the rule"), _("%(persons)s persons, %(per)s for each sampler")),
        "sites": (_("Sites by the rule"), _("%(persons)s persons, %(per)s for each site")),
        "tables": (_("Tables by the rule"), _("%(persons)s persons, %(per)s for each table")),
        "sites_laid_out": (_("Sites as laid out"), _("by compound; zones and communities apart")),
        "tables_laid_out": (_("Tables as laid out"), _LAID_OUT),
        "samplers_laid_out": (_("Samplers as laid out"), _LAID_OUT),
        "slots": (_("Half hours at the longest site"), _("%(per_hour)s swabs an hour for each sampler")),
        "hours": (_("Hours at the longest site"), ""),
        "finishes_at": (_("The last site ends"), ""),
        "due_at": (_("The round is due"), ""),
        "ready_before": (_("Sites begin to be set up at the latest"), ""),
        "leads": (_("Heads of sites"), _("one for each site")),
        "guides": (_("Guides and temperature at the entrance"), _("one for each site")),
        "registrars": (_("Registration"), _("one for each table")),
        "order_keepers": (_("Keeping the queue apart"), _("one for each table, two at least")),
        "helpers": (_("Supplies and disinfection"), _("one for each site")),
        "couriers": (_("Couriers to the laboratory"), _("one for %(per)s sites")),
        "relief_samplers": (
            _("Samplers to take turns"),
            _("a second crew where the day is longer than %(minutes)s minutes in a suit"),
        ),
        "tubes_isolation_site": (_("Tubes, isolation sites"), _("%(pool)s in a tube")),
        "tubes_sealed": (_("Tubes, sealed zone"), _("%(pool)s in a tube")),
        "tubes_controlled": (_("Tubes, controlled zone"), _("%(pool)s in a tube")),
        "tubes_precaution": (_("Tubes, precaution zone"), _("%(pool)s in a tube")),
        "tubes_other": (_("Tubes, no zone"), _("%(pool)s in a tube")),
        "tubes_home": (_("Tubes for homes"), _("one for each person")),
        "tubes": (_("Tubes to order"), _("%(bare)s and %(reserve)s %% more")),
        "swabs": (_("Swabs to order"), _("%(bare)s and %(reserve)s %% more")),
        "suits": (
            _("Protective suits"),
            _("one for each post at a table, a new one after %(minutes)s minutes"),
        ),
        "home_teams": (_("Teams for homes"), _("%(minutes)s minutes for each home, %(a_day)s in a day")),
    }
)

WARNINGS: Mapping[str, object] = MappingProxyType(
    {
        "nobody": _("By this count nobody lives here."),
        "over_due": _("The round takes %(hours)s hours; it is due after 24."),
        "no_time_to_set_up": _("Less than %(hours)s hours are left to set the sites up."),
        "fewer_samplers_than_sites": _(
            "There are fewer samplers than sites: %(short)s more are needed. Each site is counted with one."
        ),
        "large_sites": _("Sites with more than %(most)s persons: %(sites)s."),
        "long_sites": _("Sites that work longer than %(hours)s hours: %(sites)s."),
        "fast_hands": _("Nobody takes %(per_hour)s swabs an hour for a whole day; the rule counts with 60."),
        "long_wait": _(
            "Site %(site)s: five in a hundred wait %(minutes)s minutes or more; the limit is %(limit)s."
        ),
        "crowd": _("Site %(site)s: up to %(persons)s persons at once; the waiting space holds %(space)s."),
    }
)

DOUBTS: Mapping[Doubt, object] = MappingProxyType(
    {
        Doubt.NOBODY_TWICE: _("Nobody was seen twice: this number says nothing yet."),
        Doubt.FEW_TWICE: _("Fewer than seven were seen twice: the number may be far too low."),
        Doubt.WHOLE_LIST: _("One list lies wholly in the other: they may not be independent."),
    }
)
