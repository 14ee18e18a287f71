"""The words of residents' pages, plainer than those of the desk."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from bulou.lines.restrictions.terms import Evidence, Measure, Outcome, Standing

MEASURES = MappingProxyType(
    {
        Measure.ADVICE: _("Please follow the advice you were given."),
        Measure.MONITORING: _("Please watch your health. You may go out."),
        Measure.HOME: _("Please stay at home."),
        Measure.HOTEL: _("Please stay at the place you were brought to."),
    }
)
EVIDENCES = MappingProxyType(
    {
        Evidence.RESULT: _("a test of yours was positive"),
        Evidence.EXPOSURE: _("you were near somebody who is ill"),
        Evidence.TRAVEL: _("you came from a place where many are ill"),
        Evidence.SYMPTOM: _("you feel ill"),
    }
)
ANSWERS = MappingProxyType({Outcome.UPHELD: _("It stays as it is."), Outcome.OVERTURNED: _("It is over.")})
OVER = frozenset({Standing.ENDED, Standing.LIFTED, Standing.REFUSED, Standing.LAPSED})
HOLDS = frozenset({Standing.IN_FORCE})
