"""What a phone at a gate must know to work a day without a network; no name, no plate, no full address."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bulou.grid import queries as grid
from bulou.grid.terms import Level
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.rules import sealing
from bulou.lines.checkpoints.terms import Direction, Outcome

MOST_PASSES = 5_000
MOST_RECENT = 1_000
RECENT = timedelta(hours=24)
LONGEST_RULE = timedelta(days=10)


def posts(scope: Scope) -> list[dict[str, str]]:
    """The posts of the holder's areas."""
    found = [site for path in scope.paths for site in gates.posts(scope, path)]
    return [{"id": str(s.site_id), "name": s.name, "type": s.type.value, "path": s.path} for s in found]


def areas(scope: Scope, on: date) -> list[tuple[str, str]]:
    """Compounds of the holder's areas with their names: a pass belongs to one of them."""
    below = [a for path in scope.paths for a in grid.areas_below(scope, path, Level.COMPOUND, on)]
    return [(area.path, area.short_name) for area in below]


def receivers(district: Scope, on: date) -> list[tuple[str, str]]:
    """Communities of the district: who may be named as receiver of a hand-over."""
    found = [a for p in district.paths for a in grid.areas_below(district, p, Level.COMMUNITY, on)]
    return [(area.path, area.short_name) for area in found]


def passes(scope: Scope, on: date) -> tuple[list[list[str]], list[str]]:
    """Passes that hold in the holder's areas (serial, until, check, area), and revoked serials. 2 queries."""
    rows = models.Pass.objects.filter(gates.within(scope, None), valid_until__gte=on)
    held = rows.filter(revoked_at=None).order_by("path", "id")[:MOST_PASSES]
    issued = [
        [
            p.serial, p.valid_until.isoformat(), p.check_letters, p.area, p.valid_from.isoformat(),
            str(p.exits), str(p.days),
        ]
        for p in held
    ]  # fmt: skip
    revoked = rows.exclude(revoked_at=None).values_list("serial", flat=True).order_by("serial")
    return issued, list(revoked)


def uses(scope: Scope, serials: Sequence[str], tag_keys: Mapping[date, bytes]) -> dict[str, list[str]]:
    """When each pass last let somebody out, newest first, as far as the rule of a pass can reach back.

    1 query; the tags of all passes for all days that a rule may look at are computed here.
    """
    tags = {
        sealing.pass_tag(key, serial): serial for on, key in tag_keys.items() for serial in serials
    }  # a tag holds for one day only
    rows = models.Passage.objects.filter(
        district__in=scope.districts, pass_tag__in=list(tags), direction=Direction.OUT,
        outcome=Outcome.ADMITTED,
    ).order_by("-at")  # fmt: skip
    told: dict[str, list[str]] = {}
    for tag, at in rows.values_list("pass_tag", "at"):
        told.setdefault(tags[tag], []).append(at.isoformat())
    return {serial: at[:9] for serial, at in told.items()}


def recent(scope: Scope, now: datetime) -> list[tuple[str, str, str, str]]:
    """Tags of the plates that passed the holder's posts in the last day, newest first. 1 query."""
    rows = models.Passage.objects.filter(gates.within(scope, None), at__gte=now - RECENT).exclude(
        plate_tag=""
    )
    latest = rows.order_by("-at").values_list("plate_tag", "at", "direction", "outcome")[:MOST_RECENT]
    return [(tag, at.isoformat(), direction, outcome) for tag, at, direction, outcome in latest]
