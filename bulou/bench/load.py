"""A small HTTP load generator: keep-alive connections, bodies made beforehand, every answer read."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context


@dataclass(frozen=True, slots=True)
class Run:
    """What a load run saw; times of one connection after the other, each in the order in which it asked."""

    seconds: float
    latencies_ms: tuple[float, ...]
    not_ok: int
    busy_seconds: float = 0.0
    busy_answers: int = 0

    @property
    def a_second(self) -> float:
        """Answers a second while every connection still had something to send.

        They do not come to their end at the same time: after the first there are fewer than are meant.
        """
        return self.busy_answers / self.busy_seconds if self.busy_seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency in milliseconds below which this share of the answers came."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def request(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(port: int, queues: Sequence[Sequence[bytes]], *, every: float = 0.0) -> Run:
    """Sends each queue over a connection of its own, one request after the other, all connections at once.

    With `every`, a connection begins a request that many seconds after the one before, as people do; when an
    answer takes longer, the next one follows at once.
    """
    return asyncio.run(_drive(port, queues, every))


def together(runs: Sequence[Run]) -> Run:
    """Several runs, one after the other, as one."""
    return Run(
        sum(run.seconds for run in runs),
        tuple(chain.from_iterable(run.latencies_ms for run in runs)),
        sum(run.not_ok for run in runs),
        sum(run.busy_seconds for run in runs),
        sum(run.busy_answers for run in runs),
    )


@contextmanager
def driven(port: int, queues: Sequence[Sequence[bytes]], *, every: float = 0.0) -> Iterator[None]:
    """Drive the queues beside the block, in a process of its own, so that measuring waits for no sending.

    Raises:
        RuntimeError: they came to their end before the block did, so part of it was measured in quiet.
    """
    process = get_context("spawn").Process(target=drive, args=(port, queues), kwargs={"every": every})
    process.start()
    try:
        time.sleep(2.0)  # until the process has read its requests and opened its connections
        yield
        if not process.is_alive():
            raise RuntimeError("there were too few requests for as long as was measured")
    finally:
        process.kill()
        process.join()


async def _drive(port: int, queues: Sequence[Sequence[bytes]], every: float) -> Run:
    latencies: list[list[float]] = [[] for _ in queues]
    ends: list[list[float]] = [[] for _ in queues]
    bad = [0]
    began = time.perf_counter()
    starts = (every * n / len(queues) for n in range(len(queues)))
    await asyncio.gather(
        *(
            _one(port, queue, (start, every), own, ended, bad)
            for start, queue, own, ended in zip(starts, queues, latencies, ends, strict=True)
        )
    )
    seconds = time.perf_counter() - began
    until = min((own[-1] for own in ends if own), default=began)
    busy = sum(end <= until for own in ends for end in own)
    return Run(seconds, tuple(chain.from_iterable(latencies)), bad[0], until - began, busy)


async def _one(
    port: int,
    queue: Sequence[bytes],
    pace: tuple[float, float],
    latencies: list[float],
    ends: list[float],
    bad: list[int],
) -> None:
    start, every = pace
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = time.perf_counter() + start
    for message in queue:
        if every:
            await asyncio.sleep(max(0.0, turn - time.perf_counter()))
            turn = max(turn + every, time.perf_counter())
        began = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if length:
            await reader.readexactly(length)
        ends.append(time.perf_counter())
        latencies.append((ends[-1] - began) * 1000)
        if not head.startswith(b"HTTP/1.1 2"):
            bad[0] += 1
    writer.close()
