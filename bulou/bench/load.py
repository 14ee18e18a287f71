"""A small HTTP load generator: keep-alive connections, bodies made beforehand, every answer read."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """What a load run saw."""

    seconds: float
    latencies_ms: tuple[float, ...]
    not_ok: int

    def percentile(self, share: float) -> float:
        """The latency in milliseconds below which this share of the answers came."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def request(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(port: int, queues: Sequence[Sequence[bytes]]) -> Run:
    """Sends each queue over a connection of its own, one request after the other, all connections at once."""
    return asyncio.run(_drive(port, queues))


async def _drive(port: int, queues: Sequence[Sequence[bytes]]) -> Run:
    latencies: list[float] = []
    bad = [0]
    began = time.perf_counter()
    await asyncio.gather(*(_one(port, queue, latencies, bad) for queue in queues))
    return Run(time.perf_counter() - began, tuple(latencies), bad[0])


async def _one(port: int, queue: Sequence[bytes], latencies: list[float], bad: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for message in queue:
        began = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if length:
            await reader.readexactly(length)
        latencies.append((time.perf_counter() - began) * 1000)
        if not head.startswith(b"HTTP/1.1 2"):
            bad[0] += 1
    writer.close()
