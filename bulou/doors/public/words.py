"""The words of residents' pages, plainer than those of the desk."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from bulou.cases.terms import PROBLEMS as CASES
from bulou.kernel.problems import Problem
from bulou.lines.restrictions.terms import PROBLEMS as RESTRICTIONS
from bulou.lines.restrictions.terms import Evidence, Measure, Outcome, Standing
from bulou.protocols.terms import PROBLEMS as PROTOCOLS
from bulou.watches.terms import PROBLEMS as WATCHES

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

_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
_PROBLEMS = {**RESTRICTIONS, **WATCHES, **CASES, **PROTOCOLS}


def tag() -> str:
    """Return the language of the page as HTML and protocols write it."""
    language = get_language() or "zh-hans"
    return _TAGS.get(language, language)


def pick(texts: Mapping[str, str]) -> str:
    """Return the text in the language of the page; Simplified Chinese where that is missing."""
    return texts.get(tag(), "") or texts.get("zh-Hans", "")


def status(found: Problem) -> int:
    """Return the status of a page that shows a problem."""
    return _PROBLEMS[found.code].status


def problem(found: Problem, labels: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return what is wrong, in words; a field is called what the form calls it."""
    entry = _PROBLEMS.get(found.code)
    if entry is None:
        return now("That did not work. Please ask somebody of your community.")
    params = dict(found.params)
    field = str(params.get("field", ""))
    label = (labels or {}).get(field)
    return now(entry.message) % {**params, "field": pick(label) if label else field}
