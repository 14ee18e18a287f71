"""The end-of-round report laid out in one language, with the means of the daily report."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from bulou.kernel import clock
from bulou.reports.documents import labels, round_words
from bulou.reports.documents.layout import (
    TITLE_LANGUAGE,
    Bar,
    Document,
    Section,
    Table,
    bar_of,
    by_table,
    clock_time,
    figures_table,
    long_date,
    number_of,
    numbering,
    signature_of,
    word_of,
)
from bulou.reports.terms import ArchivedRound, Estimated, Line, RoundReport, State

Part = str | Bar | Table


def lay_out(report: RoundReport, *, language: str, archived: ArchivedRound | None = None) -> Document:
    """The report of a round in words of one language (zh-hans, zh-hant, en). Names no person."""
    with override(language):
        signed = archived if archived and archived.state is State.SIGNED else None
        day = long_date(clock.local_date(report.opens_at))
        spoken = TITLE_LANGUAGE.get(language, language)
        title = dict(report.titles).get(spoken, report.protocol)
        return Document(
            language=spoken,
            title=_("End-of-round report: %(round)s") % {"round": title},
            issuer=_("%(place)s command office for epidemic prevention and control")
            % {"place": report.place},
            number=number_of(signed),
            day=day,
            facts=(
                (_("Area"), _("%(name)s (%(code)s)") % {"name": report.place, "code": report.path}),
                (_("Round"), _span(report)),
                (_("As of"), clock_time(report.as_of)),
                (_("Made"), clock_time(report.made_at)),
            ),
            sections=_sections(report, title, spoken),
            signature=signature_of(signed),
            is_draft=signed is None,
            draft_note=_("Draft, not signed"),
            footer=f"{report.place} · {day}",
            made_at=report.made_at,
        )


def _span(report: RoundReport) -> str:
    until = clock_time(report.closed_at) if report.closed_at else word_of(labels.STATES, "open")
    return _("%(since)s to %(until)s") % {"since": clock_time(report.opens_at), "until": until}


def _sections(report: RoundReport, title: str, language: str) -> tuple[Section, ...]:
    made: list[tuple[str, tuple[Part, ...]]] = [
        (_("Who was expected, and who came"), _people(report, title)),
        (_("Tubes"), _tubes(report)),
        (_("Positive pools and second samples"), (figures_table(report.pools),)),
        (_("How long each step took"), _steps(report)),
        (_("Who was missing, and when they were found"), _chase(report)),
        (_("People in no register"), _unknown(report)),
        (_("What the stop rule advises"), _advice(report)),
    ]
    number = numbering(language)
    return tuple(Section(number(n), name, parts) for n, (name, parts) in enumerate(made, start=1))


def _people(report: RoundReport, title: str) -> tuple[Part, ...]:
    parts: list[Part] = [
        bar_of(title, report.account),
        _("%(state)s, opened %(opened)s, due %(due)s.")
        % {
            "state": word_of(labels.STATES, report.state),
            "opened": clock_time(report.opens_at),
            "due": clock_time(report.due_at),
        },
    ]
    if report.close_reason:
        parts.append(_("Reason for closing: %(reason)s") % {"reason": report.close_reason})
    parts += [figures_table(report.account), figures_table(report.frame, _("Where the list comes from"))]
    if report.parts:
        parts.append(by_table(report.parts, _("By area"), _("Area")))
    if report.hours:
        parts.append(by_table(report.hours, _("By the hour"), _("Hour")))
    return tuple(parts)


def _tubes(report: RoundReport) -> tuple[Part, ...]:
    value = {figure.key: figure.value or 0 for figure in report.tubes}
    told = (
        _("%(filled)s tubes filled = %(resulted)s with a result + %(lost)s lost + %(way)s under way.")
        if report.tubes_balance
        else _("The tubes do not add up: %(filled)s filled, %(resulted)s with a result, %(lost)s lost,"
               " %(way)s under way.")
    )  # fmt: skip
    way = sum(value[f"testing.tubes_{key}"] for key in ("at_site", "with_courier", "at_laboratory"))
    words = {
        "filled": f"{value['testing.tubes_filled']:,}", "resulted": f"{value['testing.tubes_resulted']:,}",
        "lost": f"{value['testing.tubes_lost']:,}", "way": f"{way:,}",
    }  # fmt: skip
    parts: list[Part] = [told % words, figures_table(report.tubes)]
    if report.lost:
        parts.append(by_table(report.lost, _("Lost or spoiled, by reason"), _("Reason")))
    return tuple(parts)


def _steps(report: RoundReport) -> tuple[Part, ...]:
    if not report.steps:
        return (_("No step has both of its times."),)
    named = [Line(one.key, word_of(round_words.STEPS, one.key), one.figures) for one in report.steps]
    parts: list[Part] = [by_table(named, _("From one scan to the next"), _("Step"))]
    if report.sites:
        parts.append(by_table(report.sites, _("The slowest sites: waiting for the courier"), _("Site")))
    return tuple(parts)


def _chase(report: RoundReport) -> tuple[Part, ...]:
    told = _("The chase began at %(at)s; half by %(half)s, all by %(all)s (P-62).") % {
        "at": clock_time(report.chase_begins_at),
        "half": clock_time(report.half_by),
        "all": clock_time(report.all_by),
    }
    return told, figures_table(report.chase)


def _unknown(report: RoundReport) -> tuple[Part, ...]:
    if not report.unknown:
        return (_("One of the two lists is empty here: nothing can be estimated."),)
    parts: list[Part] = []
    for one in report.unknown:
        parts += _estimate(one)
    return (*parts, *(str(words) for words in round_words.ASSUMPTIONS))


def _estimate(one: Estimated) -> list[Part]:
    doubts = (word_of(round_words.DOUBTS, doubt) for doubt in one.doubts)
    return [figures_table(one.figures, word_of(round_words.LISTS, one.of)), *doubts]


def _advice(report: RoundReport) -> tuple[Part, ...]:
    day = long_date(report.not_before) if report.not_before else ""
    parts: list[Part] = [
        word_of(round_words.ADVICE, report.advice) % {"clean": report.clean_rounds, "day": day},
        _("Rule: three rounds in a row without a positive sample, three days, one more, then stop (P-55)."
          " Every positive sample counts here, also of people who were in isolation already."
          " People decide."),
    ]  # fmt: skip
    if report.crowded:
        days = ", ".join(long_date(day) for day in report.crowded)
        parts.append(_("More than one round began on: %(days)s. The rule allows one a day.") % {"days": days})
    return tuple(parts)
