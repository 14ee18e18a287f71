"""Lists: filters as chips in the address, keyset paging, sorting, breadcrumbs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulou.doors.desk.figures import number
from bulou.kernel import reach

PAGE = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """One value of a filter; its address puts it on or takes it off."""

    label: str
    href: str
    on: bool
    count: str | None = None


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """All values of one filter; any number of them may be on."""

    label: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a list goes on."""

    total: int | None
    total_text: str
    next_href: str
    first_href: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the top to here; the last one has no address."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column that sorts; `order` is what aria-sort says."""

    key: str
    label: str
    href: str
    order: str
    numeric: bool = True
    definition: str = ""


def address(query: QueryDict, **changes: str | Sequence[str] | None) -> str:
    """Return the query of an address with some values changed; None takes one away; paging starts again."""
    changed = query.copy()
    changed.pop("cursor", None)
    changed.pop("v", None)
    for key, value in changes.items():
        if value is None or value == "":
            changed.pop(key, None)
        elif isinstance(value, str):
            changed[key] = value
        else:
            changed.setlist(key, list(value))
    return "?" + changed.urlencode()


def chips(
    request: HttpRequest,
    key: str,
    label: object,
    values: Iterable[tuple[str, object]],
    *,
    counts: Mapping[str, int] | None = None,
    single: bool = False,
) -> ChipGroup:
    """Return a filter: each chip adds its value to those that are on, or takes it off."""
    on = request.GET.getlist(key)
    made = []
    for value, word in values:
        if value in on:
            rest: list[str] = [] if single else [v for v in on if v != value]
        else:
            rest = [value] if single else [*on, value]
        count = number(counts[value]) if counts and value in counts else None
        made.append(Chip(str(word), address(request.GET, **{key: rest or None}), value in on, count))
    return ChipGroup(str(label), tuple(made))


def flags(request: HttpRequest, label: object, values: Iterable[tuple[str, str, object]]) -> ChipGroup:
    """Return several filters of one value each as one group of chips."""
    made = [chips(request, key, label, ((value, word),), single=True) for key, value, word in values]
    return ChipGroup(str(label), tuple(chip for group in made for chip in group.chips))


def hideable(
    request: HttpRequest, label: object, columns: Sequence[tuple[str, object]]
) -> tuple[ChipGroup, frozenset[str]]:
    """Return the choice of columns and those that are hidden: they stand in the address as `hide`."""
    known = {key for key, _word in columns}
    hidden = set(request.GET.getlist("hide")) & known
    made = []
    for key, word in columns:
        rest = sorted(hidden - {key} if key in hidden else hidden | {key})
        made.append(Chip(str(word), address(request.GET, hide=rest or None), key not in hidden))
    return ChipGroup(str(label), tuple(made)), frozenset(hidden)


def pager(request: HttpRequest, following: str | None, total: int | None = None) -> Pager:
    """Return the links to the first and the next page; earlier pages are the browser's way back."""
    text = ""
    if total is not None:
        text = ngettext("%(n)s row", "%(n)s rows", total) % {"n": number(total)}
    return Pager(
        total,
        text,
        address(request.GET, cursor=following) if following else "",
        address(request.GET) if request.GET.get("cursor") else "",
    )


def columns(
    request: HttpRequest, spec: Sequence[tuple[str, object, object]], *, default: str
) -> tuple[tuple[Column, ...], str, bool]:
    """Return the heads of the columns, the key that sorts now, and whether the greatest comes first."""
    asked = request.GET.get("sort", default)
    falling, key = asked.startswith("-"), asked.lstrip("-")
    if key not in {k for k, _label, _definition in spec}:
        falling, key = default.startswith("-"), default.lstrip("-")
    heads = []
    for k, label, definition in spec:
        order = "none" if k != key else "descending" if falling else "ascending"
        turned = f"-{k}" if order != "descending" and k != "name" else k
        if k == "name" and order == "ascending":
            turned = "-name"
        heads.append(
            Column(k, str(label), address(request.GET, sort=turned), order, k != "name", str(definition))
        )
    return tuple(heads), key, falling


def crumbs(names: Mapping[str, str], path: str, *, top: str, to: str) -> tuple[Crumb, ...]:
    """Return the way from `top` down to `path`; `to` is an address that ends where the path is put."""
    shown = [p for p in reach.lineage(path) if p == top or p.startswith(f"{top}.")]
    if len(shown) < 2:
        return ()
    return tuple(Crumb(names.get(p, p), "" if p == path else f"{to}{p}") for p in shown)


def join(words: Iterable[object]) -> str:
    """Return words in a row, as the page's language separates them."""
    return _(", ").join(str(word) for word in words)
