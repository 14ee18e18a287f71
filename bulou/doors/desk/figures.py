"""Figures, bars and accounts, ready to draw: each figure knows its rows, its word and its definition."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bulou.coverage.terms import OPEN_STATES, Account, State
from bulou.doors.desk import labels

LINK = '<a class="{}" href="{}" data-def="{}">{}</a>'
PLAIN = '<span class="{} past" data-def="{}">{}</span>'
BAR = (
    '<div class="bar"><svg height="{}" role="img" aria-label="{}">'
    '<rect class="track" x="0" y="0.5" width="100%" height="{}"></rect>{}</svg></div>'
)
INK = '<rect class="ink-{}" x="{}%" y="1" width="{}%" height="{}"></rect>'
PATTERN = '<rect fill="url(#pat-{})" x="{}%" y="1" width="{}%" height="{}"></rect>'
Address = Callable[[str], str]
"""From the key of a figure (expected, done, ..., or the word of a reason) to the list it counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is a link to exactly the rows it counts."""

    key: str
    label: str
    text: str
    href: str
    definition: str
    hot: bool = False
    zero: bool = False

    @property
    def link(self) -> SafeString:
        """The figure as markup: made here, because a board has 150 and a template takes ten times as long."""
        words = f"fig{' hot' if self.hot else ''}{' zero' if self.zero else ''}"
        if not self.href:  # a figure of the past: the lists say how things stand now
            return format_html(PLAIN, words, self.definition, self.text)
        return format_html(LINK, words, self.href, self.definition, self.text)


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar; both numbers in percent of its width, as SVG reads them."""

    key: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """An account as one bar; the label says the same in words."""

    label: str
    parts: tuple[BarPart, ...]

    @property
    def thin(self) -> SafeString:
        """The bar of a row."""
        return self._drawn(12)

    @property
    def tall(self) -> SafeString:
        """The bar of a page."""
        return self._drawn(20)

    def _drawn(self, height: int) -> SafeString:
        parts = []
        for part in self.parts:
            place = (part.x, part.width, height - 2)
            parts.append(format_html(INK, part.key, *place))
            if part.key != "done":
                parts.append(format_html(PATTERN, part.key, *place))
        return format_html(BAR, height, self.label, height - 1, SafeString("".join(parts)))


@dataclass(frozen=True, slots=True)
class AccountView:
    """Expected = done + excused + moved + open, with the bar and the reasons of what is open."""

    expected: Figure
    parts: tuple[Figure, ...]
    whys: tuple[Figure, ...]
    alerts: Figure
    bar: Bar
    balanced: bool

    @property
    def open(self) -> Figure:
        """The figure of what is still owed."""
        return self.parts[-1]


def number(n: int) -> str:
    """Return a whole number with its thousands apart, the same in every language and in the report."""
    return f"{n:,}"


def figure(n: int, *, key: str, label: object, href: str, definition: object = "") -> Figure:
    """Return one figure; what is open or alarming is hot while it is not zero."""
    hot = bool(n) and key in {"open", "alert", "late"}
    return Figure(key, str(label), number(n), href, str(definition), hot=hot, zero=n == 0)


def account_view(account: Account, to: Address) -> AccountView:
    """Return an account with the address of the rows behind each of its figures."""
    counts = {
        "done": (account.done, labels.DONE),
        "excused": (account.excused, labels.EXCUSED),
        "moved": (account.moved, labels.MOVED),
        "open": (account.open, labels.OPEN),
    }
    parts = tuple(
        figure(n, key=key, label=label, href=to(key), definition=labels.DEFINITIONS[key])
        for key, (n, label) in counts.items()
    )
    return AccountView(
        expected=figure(
            account.expected,
            key="expected",
            label=labels.EXPECTED,
            href=to("expected"),
            definition=labels.DEFINITIONS["expected"],
        ),
        parts=parts,
        whys=_whys(account, to),
        alerts=figure(
            account.alerts,
            key="alert",
            label=labels.ALERTS,
            href=to("alert"),
            definition=labels.DEFINITIONS["alert"],
        ),
        bar=bar({key: n for key, (n, _label) in counts.items()}, account.expected),
        balanced=account.expected == account.done + account.excused + account.moved + account.open,
    )


def bar(counts: dict[str, int], total: int) -> Bar:
    """Return a bar of the parts of a total; a part that is not zero is never thinner than can be seen."""
    words = _("%(done)s done, %(excused)s excused, %(moved)s moved, %(open)s open, of %(total)s")
    label = words % {"total": number(total), **{key: number(n) for key, n in counts.items()}}
    if not total:
        return Bar(label, ())
    shown = {key: max(n / total * 100, 0.8) for key, n in counts.items() if n}
    stretch = 100 / sum(shown.values()) if shown else 1
    parts, x = [], 0.0
    for key, width in shown.items():
        parts.append(BarPart(key, f"{x * stretch:.2f}", f"{width * stretch:.2f}"))
        x += width
    return Bar(label, tuple(parts))


def _whys(account: Account, to: Address) -> tuple[Figure, ...]:
    by = account.open_by
    counts = dict(
        zip(OPEN_STATES, (by.untried, by.absent, by.refused, by.unreachable, by.handed_over), strict=True)
    )
    return tuple(
        figure(
            n,
            key=_word(state),
            label=labels.STATES[state],
            href=to(_word(state)),
            definition=labels.WHY_DEFINITIONS[state],
        )
        for state, n in counts.items()
        if n
    )


def _word(state: State) -> str:
    return state.name.lower()
