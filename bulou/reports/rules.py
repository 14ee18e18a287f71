"""Pure rules of reports: which figures there are, what changed since, what stands in a number's place."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bulou.kernel.clock import day_bounds
from bulou.reports.terms import DailyReport, Difference, Figure, Line, RoundReport

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(DailyReport)
_round_decoder = msgspec.json.Decoder(RoundReport)
Report = DailyReport | RoundReport

# Site types to the words of the orders: 村口道路、集贸市场、农村集市、摊点群、场所.
CLOSURE_GROUPS: Mapping[str, str] = {
    "village_road": "village_road",
    "village_entrance": "village_road",
    "market": "market",
    "rural_fair": "rural_fair",
    "stall_group": "stall_group",
    "venue": "venue",
    "entertainment_venue": "venue",
    "lodging_venue": "venue",
    "esports_hotel": "venue",
    "catering": "venue",
    "mall": "venue",
    "park": "park",
    "garden": "park",
    "square": "park",
    "wetland_park": "park",
    "scenic_spot": "park",
}
CLOSURES = ("village_road", "market", "rural_fair", "stall_group", "venue", "park", "other")


def closure_group(site_type: str) -> str:
    """Under which word of the orders a type of site is counted."""
    return CLOSURE_GROUPS.get(site_type, "other")


def pack(report: Report) -> bytes:
    """The report as canonical JSON: the bytes that are hashed, signed and archived."""
    return _encoder.encode(report)


def unpack(content: bytes) -> DailyReport:
    """The report that `pack` packed.

    Raises:
        msgspec.DecodeError: these are other bytes; the archive is damaged.
    """
    return _decoder.decode(content)


def unpack_round(content: bytes) -> RoundReport:
    """The report of a round that `pack` packed.

    Raises:
        msgspec.DecodeError: these are other bytes; the archive is damaged.
    """
    return _round_decoder.decode(content)


def digest(content: bytes) -> str:
    """SHA-256 of the archived bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def figures(report: Report) -> Iterator[tuple[str, Figure]]:
    """Every figure of the report with what it belongs to (a round, a part, a class; empty for the area)."""
    if isinstance(report, RoundReport):
        yield from _of_round(report)
        return
    told = (report.area, report.disinfection, report.closures, report.supervision, report.people)
    for plain in (*told, report.quality):
        yield from (("", figure) for figure in plain)
    for line in report.rounds:
        yield from ((str(line.operation), figure) for figure in line.figures)
        yield from _of_lines(line.parts, f"{line.operation} ")
    yield from _of_lines(report.disinfection_classes, "disinfection ")
    yield from _of_lines(report.closure_classes, "closures ")


def _of_round(report: RoundReport) -> Iterator[tuple[str, Figure]]:
    for plain in (report.account, report.frame, report.tubes, report.pools, report.chase):
        yield from (("", figure) for figure in plain)
    for before, lines in (
        ("", report.parts), ("hour ", report.hours), ("lost ", report.lost), ("step ", report.steps),
        ("site ", report.sites),
    ):  # fmt: skip
        yield from _of_lines(lines, before)
    for one in report.unknown:
        yield from ((f"unknown {one.of}", figure) for figure in one.figures)


def _of_lines(lines: Sequence[Line], before: str) -> Iterator[tuple[str, Figure]]:
    for line in lines:
        yield from ((f"{before}{line.key}", figure) for figure in line.figures)


def differences(then: Report, now: Report) -> tuple[Difference, ...]:
    """Figures that differ between an archived report and one made now, in the order of the report."""
    old = {(figure.key, of): figure.value for of, figure in figures(then)}
    new = {(figure.key, of): figure.value for of, figure in figures(now)}
    keys = [*old, *(key for key in new if key not in old)]
    return tuple(
        Difference(key=key, of=of, then=old.get((key, of)), now=new.get((key, of)))
        for key, of in keys
        if old.get((key, of)) != new.get((key, of))
    )


def balances(line: Sequence[Figure]) -> bool:
    """Whether expected = done + excused + moved + open holds for these figures of a round."""
    value = {figure.key.rpartition(".")[2]: figure.value or 0 for figure in line}
    return value["expected"] == value["done"] + value["excused"] + value["moved"] + value["open"]


def is_over(on: date, at: datetime) -> bool:
    """Whether the day has ended in the district."""
    return day_bounds(on)[1] <= at


def has_begun(on: date, at: datetime) -> bool:
    """Whether the day has begun in the district."""
    return day_bounds(on)[0] <= at


def lies_in(path: str, area: str) -> bool:
    """Whether a path is the area itself or lies below it."""
    return path == area or path.startswith(f"{area}.")


def signed_words(sha256: str, *, path: str, on: date, number: int, signed_at: datetime | None) -> bytes:
    """What a signature covers: the content's hash, and the number and time that were given with it."""
    at = signed_at.astimezone(UTC).isoformat(timespec="microseconds") if signed_at else ""
    return "\n".join((sha256, path, on.isoformat(), str(number), at)).encode()


def signature_holds(message: bytes, *, signature: str, key: str) -> bool:
    """Whether the signature (hex) over the message was made with the key (public, hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
