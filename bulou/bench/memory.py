"""Memory: of the import of a register, and of everything that serves after it, shared pages counted once."""

from typing import Final

from bulou.bench import board, imports, intake, load, processes, town
from bulou.bench.place import Place, serving
from bulou.bench.terms import Figure

PHONES: Final = 16
BATCHES: Final = 4


def measure(where: Place, scale: float) -> list[Figure]:
    """(f) Import beside a running server, look at pages, hand records in; then count.

    Proportional memory (PSS): a page that eight processes share counts once, not eight times, as it would in
    the sums of resident memory (RSS), which are told beside it.
    """
    rows = max(20_000, int(imports.ROWS * scale))
    file = imports.prepared(where, rows)
    here = town.build(phones=PHONES)
    town.doors(max(2, PHONES * BATCHES * intake.BATCH // 3_000 + 1))
    operation = town.round_over(here.officer)
    with serving(where) as pid:
        peak, receipt = imports.by_command(file)
        chosen = town.subjects(operation, PHONES * BATCHES * intake.BATCH)
        made = [intake.record(operation, s, p, n) for n, (s, p) in enumerate(chosen)]
        groups = [made[n : n + intake.BATCH] for n in range(0, len(made), intake.BATCH)]
        sent = load.drive(where.port, intake.queues(where, here, groups, connections=PHONES))
        cookie = board.signed_in(here.officer)
        paths = ("/", f"/rounds/{operation.id}", f"/rounds/{operation.id}/missed", "/areas", "/doors")
        pages = [[board.get(where, path, cookie) for path in paths] * 4] * 8
        seen = load.drive(where.port, pages)
        members = processes.family(pid, where)
        pss, rss = processes.memory(members)
    return [
        Figure("memory.imported", float(receipt["stored"]), "doors"),
        Figure("memory.not_ok", float(sent.not_ok + seen.not_ok), "answers", limit=0),
        Figure("imports.process_memory", peak, "MB", limit=300),
        Figure("serve.processes", float(len(members)), "processes"),
        Figure("serve.resident", rss / 2**20, "MiB, shared pages once for each process"),
        Figure("serve.memory", pss / 2**20, "MiB", limit=1024),
    ]
