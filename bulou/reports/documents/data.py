"""The report as data: for the API, whose readers are programs."""

from typing import Any

import msgspec

from bulou.reports.rules import figures
from bulou.reports.terms import (
    DailyReport,
    Difference,
    Estimated,
    Figure,
    Line,
    Paper,
    RoundLine,
    RoundReport,
)

_encoder = msgspec.json.Encoder(order="sorted")


def render(
    report: DailyReport, *, archived: Paper | None = None, differences: tuple[Difference, ...] = ()
) -> bytes:
    """The report as one JSON object; `figures` is flat, and every figure names the query behind it."""
    return _encoder.encode(
        {
            "area": report.path,
            "place": report.place,
            "date": report.on,
            "as_of": report.as_of,
            "made_at": report.made_at,
            "archive": _archive(archived) if archived else None,
            "figures": [_figure(figure) for of, figure in figures(report) if not of],
            "rounds": [_round(line) for line in report.rounds],
            "disinfection_classes": [
                {"class": line.key, "figures": [_figure(f) for f in line.figures]}
                for line in report.disinfection_classes
            ],
            "closure_classes": [
                {"class": line.key, "figures": [_figure(f) for f in line.figures]}
                for line in report.closure_classes
            ],
            "findings": report.findings,
            "differences": differences,
        }
    )


def render_round(
    report: RoundReport, *, archived: Paper | None = None, differences: tuple[Difference, ...] = ()
) -> bytes:
    """The report of a round as one JSON object; every figure names the query behind it."""
    values = {figure.key.removeprefix("round."): figure.value for figure in report.account}
    return _encoder.encode(
        {
            "area": report.path,
            "place": report.place,
            "operation": report.operation,
            "protocol": report.protocol,
            "titles": dict(report.titles),
            "state": report.state,
            "opens_at": report.opens_at,
            "due_at": report.due_at,
            "closed_at": report.closed_at,
            "close_reason": report.close_reason,
            "as_of": report.as_of,
            "made_at": report.made_at,
            "archive": _archive(archived) if archived else None,
            **{key: values.get(key) for key in ("expected", "done", "excused", "moved", "open")},
            "account": [_figure(figure) for figure in report.account],
            "frame": [_figure(figure) for figure in report.frame],
            "areas": _lines(report.parts),
            "hours": _lines(report.hours),
            "tubes": [_figure(figure) for figure in report.tubes],
            "tubes_balance": report.tubes_balance,
            "lost": _lines(report.lost),
            "pools": [_figure(figure) for figure in report.pools],
            "steps": _lines(report.steps),
            "slowest_sites": _lines(report.sites),
            "chase": [_figure(figure) for figure in report.chase],
            "chase_begins_at": report.chase_begins_at,
            "half_by": report.half_by,
            "all_by": report.all_by,
            "unknown": [_estimated(one) for one in report.unknown],
            "stop_rule": {
                "advice": report.advice,
                "clean_rounds": report.clean_rounds,
                "not_before": report.not_before,
                "days_with_several_rounds": report.crowded,
            },
            "differences": differences,
        }
    )


def _lines(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [{"key": one.key, "name": one.name, "figures": [_figure(f) for f in one.figures]} for one in lines]


def _estimated(one: Estimated) -> dict[str, Any]:
    return {"lists": one.of, "doubts": one.doubts, "figures": [_figure(figure) for figure in one.figures]}


def _figure(figure: Figure) -> dict[str, Any]:
    return {"key": figure.key, "value": figure.value, "unit": figure.unit, "query": figure.link.text}


def _round(line: RoundLine) -> dict[str, Any]:
    values = {figure.key.removeprefix("round."): figure.value for figure in line.figures}
    return {
        "operation": line.operation,
        "protocol": line.protocol,
        "titles": dict(line.titles),
        "state": line.state,
        "opens_at": line.opens_at,
        "due_at": line.due_at,
        "close_reason": line.close_reason,
        **{key: values.get(key) for key in ("expected", "done", "excused", "moved", "open", "alerts")},
        "open_by": {k.removeprefix("open_"): n for k, n in values.items() if k.startswith("open_")},
        "figures": [_figure(figure) for figure in line.figures],
        "areas": [
            {"area": part.key, "name": part.name, "figures": [_figure(f) for f in part.figures]}
            for part in line.parts
        ],
    }


def _archive(archived: Paper) -> dict[str, Any]:
    return {
        "id": archived.id,
        "state": archived.state,
        "number": archived.number,
        "sha256": archived.sha256,
        "signature": archived.signature,
        "key": archived.key,
        "signed_role": archived.signed_role,
        "signed_at": archived.signed_at,
    }
