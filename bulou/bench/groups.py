"""The groups of benchmarks by name."""

from collections.abc import Callable, Mapping

from bulou.bench import board, field, imports, intake, memory, start, testing, town, tracing
from bulou.bench.place import Place, serving
from bulou.bench.terms import Figure

PHONES = 64


def _intake(where: Place, scale: float) -> list[Figure]:
    here = town.build(phones=PHONES)
    rows = max(120_000, int(200_000 * scale))
    singles = max(6_000, int(20_000 * scale))
    town.doors((rows + singles) // 3_000 + 2)
    with serving(where):
        first = town.round_over(here.officer)
        figures = intake.batches(where, here, first, rows=rows)
        second = town.round_over(here.officer)
        return figures + intake.singles(where, here, second, rows=singles)


GROUPS: Mapping[str, Callable[[Place, float], list[Figure]]] = {
    "intake": _intake,
    "imports": imports.measure,
    "board": board.measure,
    "memory": memory.measure,
    "start": start.measure,
    "field": field.measure,
    "tracing": tracing.measure,
    "testing": testing.measure,
}
