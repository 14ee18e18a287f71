"""The words of the end-of-round report: what each figure is called and how it is counted."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

FIGURES: Words = MappingProxyType(
    {
        "testing.frame_opening": _("Expected at the opening"),
        "testing.frame_found": _("Found in the field and added"),
        "testing.frame_office": _("Added by the office"),
        "testing.frame_removed": _("Removed"),
        "testing.sampled": _("People sampled"),
        "testing.tubes_filled": _("Tubes filled"),
        "testing.tubes_in_tubes": _("People in tubes"),
        "testing.tubes_sealed": _("Tubes sealed"),
        "testing.tubes_couriered": _("Tubes taken by a courier"),
        "testing.tubes_received": _("Tubes received by the laboratory"),
        "testing.tubes_resulted": _("Tubes with a result"),
        "testing.tubes_lost": _("Tubes lost or spoiled"),
        "testing.tubes_at_site": _("Tubes still at the site"),
        "testing.tubes_with_courier": _("Tubes still with the courier"),
        "testing.tubes_at_laboratory": _("Tubes still in the laboratory"),
        "testing.tubes_never_couriered": _("Tubes that came further without a courier's scan"),
        "testing.tubes_other_count": _("Tubes sealed with another number of people"),
        "testing.pools": _("Positive or grey pools"),
        "testing.pools_in_pools": _("People in these pools"),
        "testing.pools_in_pools_again": _("Of them sampled again"),
        "testing.pools_again": _("People sampled again, all"),
        "testing.pools_positive": _("Positive single samples"),
        "testing.step_n": _("Times it was measured"),
        "testing.step_median": _("Median, minutes"),
        "testing.step_ninth": _("Nine in ten within, minutes"),
        "testing.chase_at_begin": _("Missing as the chase began"),
        "testing.chase_wanted": _("To be found by half-time"),
        "testing.chase_by_half": _("Found by half-time"),
        "testing.chase_by_all": _("Found by the end"),
        "testing.chase_later": _("Found later"),
        "testing.chase_open": _("Never found"),
        "testing.unknown_first": _("On the first list"),
        "testing.unknown_second": _("On the second list: sampled"),
        "testing.unknown_both": _("On both lists"),
        "testing.unknown_seen": _("On either list"),
        "testing.unknown_total": _("People there may be"),
        "testing.unknown_unseen": _("On neither list, by the estimate"),
        "testing.unknown_unseen_low": _("On neither list, at least"),
        "testing.unknown_unseen_high": _("On neither list, at most"),
    }
)

DEFINITIONS: Words = MappingProxyType(
    {
        "testing.frame_opening": _("The list as it was frozen when the round opened."),
        "testing.frame_found": _("People nobody had listed, who entered by the record that found them."),
        "testing.frame_office": _("People whom the office added with a reason."),
        "testing.frame_removed": _("People who were taken off the list with a reason."),
        "testing.sampled": _("First sound samples in that hour; second samples are not counted."),
        "testing.tubes_filled": _("Tubes that were begun: at the site + under way + with a result + lost."),
        "testing.tubes_in_tubes": _("People whose swab lies in these tubes, doubtful ones too."),
        "testing.tubes_sealed": _("Tubes that the station closed."),
        "testing.tubes_couriered": _("Tubes that a courier scanned."),
        "testing.tubes_received": _("Tubes that the laboratory scanned."),
        "testing.tubes_resulted": _("The laboratory's last word about the tube."),
        "testing.tubes_lost": _(
            "Lost, broken or of no use, with the reason; everybody in it is sampled again."
        ),
        "testing.tubes_at_site": _("Begun or sealed, taken by nobody."),
        "testing.tubes_with_courier": _("Taken by a courier, not received."),
        "testing.tubes_at_laboratory": _("Received, without a result."),
        "testing.tubes_never_couriered": _("Received or resulted though no courier scanned them."),
        "testing.tubes_other_count": _("The station counted other people than it scanned."),
        "testing.pools": _("Tubes of several people, positive or in the grey zone."),
        "testing.pools_in_pools": _("Different people whose swab lies in such a tube."),
        "testing.pools_in_pools_again": _("Those of them with a second sample of their own."),
        "testing.pools_again": _("Different people with a second sample, for whatever tube."),
        "testing.pools_positive": _("Tubes of one person alone that were positive."),
        "testing.step_n": _("Tubes, or pools, for which both ends of the step are known."),
        "testing.step_median": _("Half of them took no longer."),
        "testing.step_ninth": _("Nine in ten took no longer."),
        "testing.chase_at_begin": _("Found since then, and never found."),
        "testing.chase_wanted": _("Half of the missing within four hours (P-62)."),
        "testing.chase_by_half": _("Sampled in the first four hours of the chase."),
        "testing.chase_by_all": _("Sampled within its eight hours, the first four included."),
        "testing.chase_later": _("Sampled after the chase should have been over."),
        "testing.chase_open": _("Open in the account of this report."),
        "testing.unknown_first": _("People whom the registers, or the round before, knew."),
        "testing.unknown_second": _("People who were sampled in this round."),
        "testing.unknown_both": _("People on the first list who were sampled."),
        "testing.unknown_seen": _("On one of the lists or on both."),
        "testing.unknown_total": _("Chapman's estimate of everybody, listed or not."),
        "testing.unknown_unseen": _("The estimate less those on either list."),
        "testing.unknown_unseen_low": _("Lower end of the interval that holds in 95 of 100 cases."),
        "testing.unknown_unseen_high": _("Upper end of the interval that holds in 95 of 100 cases."),
    }
)

QUERIES: Words = MappingProxyType(
    {
        "testing.board": _("Board of the testing day"),
        "testing.tubes": _("Tubes of the round"),
        "testing.unknown": _("People in no register"),
    }
)

STEPS: Words = MappingProxyType(
    {
        "filled": _("First swab to sealed"),
        "waited": _("Sealed to taken by the courier"),
        "carried": _("Courier to laboratory"),
        "tested": _("Received to result"),
        "whole": _("First swab to result"),
        "pool_again": _("Positive pool: result to first second sample"),
        "pool_again_results": _("Positive pool: result to the last second result"),
        "pool_case_find": _("Positive pool: everybody in the tube found"),
        "pool_case_tell": _("Positive pool: everybody told to stay"),
        "pool_case_notify": _("Positive pool: all sides notified"),
        "pool_case_resample": _("Positive pool: sampled again"),
        "pool_case_result": _("Positive pool: second results"),
        "pool_case_end": _("Positive pool: released or handed over"),
    }
)

LISTS: Words = MappingProxyType(
    {
        "register": _("Those whom the registers knew, and those who were sampled"),
        "round": _("Those sampled in the round before, and those sampled in this one"),
    }
)

DOUBTS: Words = MappingProxyType(
    {
        "nobody_twice": _("Nobody is on both lists: the number says next to nothing."),
        "few_twice": _("Fewer than seven are on both lists: the true number may be far higher."),
        "whole_list": _("One list lies wholly in the other: they were hardly made apart from each other."),
    }
)

ASSUMPTIONS = (
    _("It is an estimate, not a count, by Chapman's formula with the interval of Sadinle (2009)."),
    _("It assumes that nobody moved in or out between the two lists."),
    _("It assumes that everybody has the same chance to be on a list. Who hides from one hides from the other"
      " too; then there are more people than it says."),
    _("It assumes that the second list was not made from the first. A round that works from a register is;"
      " then there are more people than it says."),
    _("It assumes that the same person is recognised on both. One person under two names makes it too high."),
)  # fmt: skip

ADVICE: Words = MappingProxyType(
    {
        "not_known": _(
            "The round is not over, or not every tube has its result: the rule advises nothing yet."
        ),
        "go_on": _("Go on: %(clean)s clean rounds in a row, three are needed."),
        "wait": _("%(clean)s clean rounds in a row: wait, and test once more on %(day)s or later."),
        "one_more": _("%(clean)s clean rounds in a row and three days have passed: one more round."),
        "stop": _("The round after the three days was clean, too: rounds of the whole area may stop."),
    }
)
