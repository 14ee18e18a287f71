"""Words of the pages about testing days: stages of tubes, results, the pace of the chase."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from bulou.lines.testing.rules.chasing import Pace
from bulou.lines.testing.terms import Kind, Pooling, Result, Stage

TUBE_STAGES = MappingProxyType(
    {
        Stage.FILLING: _("being filled"),
        Stage.SEALED: _("sealed"),
        Stage.TAKEN: _("with the courier"),
        Stage.RECEIVED: _("in the laboratory"),
        Stage.RESULTED: _("with a result"),
        Stage.LOST: _("lost or spoiled"),
    }
)
RESULTS = MappingProxyType(
    {
        Result.NEGATIVE: _("negative"),
        Result.POSITIVE: _("positive, a pool"),
        Result.GREY: _("grey zone"),
        Result.POSITIVE_SINGLE: _("positive"),
        Result.LOST: _("lost or spoiled"),
    }
)
RESULT_MARKS = MappingProxyType(
    {
        Result.NEGATIVE: "good",
        Result.POSITIVE: "bad",
        Result.GREY: "bad",
        Result.POSITIVE_SINGLE: "bad",
        Result.LOST: "part",
    }
)
POOLINGS = MappingProxyType(
    {
        Pooling.SINGLE: _("one person"),
        Pooling.HOUSEHOLD: _("one household"),
        Pooling.TEN: _("ten in one"),
        Pooling.TWENTY: _("twenty in one"),
    }
)
PACES = MappingProxyType(
    {
        Pace.NOT_BEGUN: _("not begun"),
        Pace.ON_TIME: _("on time"),
        Pace.BEHIND: _("too slow"),
        Pace.OVER: _("time is over"),
        Pace.ALL_FOUND: _("nobody is missing"),
    }
)
PACE_MARKS = MappingProxyType(
    {Pace.NOT_BEGUN: "", Pace.ON_TIME: "good", Pace.BEHIND: "bad", Pace.OVER: "bad", Pace.ALL_FOUND: "good"}
)
TESTING_KINDS = MappingProxyType(
    {
        Kind.SAMPLE.value: _("Sample"),
        Kind.SEALED.value: _("Tube sealed"),
        Kind.TAKEN.value: _("Tubes taken by the courier"),
        Kind.RECEIVED.value: _("Tubes received by the laboratory"),
        Kind.RESULT.value: _("Result of a tube"),
        Kind.SWEEP.value: _("Place swept for the missed"),
    }
)
