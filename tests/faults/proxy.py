"""A bad network between phones and server: it loses, cuts, repeats and reorders whole HTTP messages."""

import asyncio
import contextlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from enum import StrEnum
from random import Random
from typing import Any

from bulou.kernel import ids

PATIENCE = 60  # seconds, so that no test hangs


class Fault(StrEnum):
    """What happens to a request, its answer, or both."""

    DROP = "the request never arrives"
    CUT = "half of the request arrives"
    CUT_REPLY = "half of the answer arrives"
    LOST_REPLY = "the answer never arrives"
    TWICE = "the request arrives twice at once"
    LATE = "no answer, and the request arrives later, after others"


Handler = Callable[[bytes, asyncio.StreamWriter], Coroutine[Any, Any, None]]


class Proxy:
    """Listens on a port of its own and passes on what it receives, with faults as often as it was told.

    `fresh_ids` is for negative controls: what arrives a second time bears new ids, as it would if phones gave
    none. The server is right to count such records; the tests are right to notice.
    """

    def __init__(
        self, target: int, shares: Mapping[Fault, float], *, seed: int = 1, fresh_ids: bool = False
    ) -> None:
        self.target = target
        self.done: Counter[Fault] = Counter()
        self._shares = dict(shares)
        self._random = Random(seed)
        self._fresh_ids = fresh_ids
        self._held: list[bytes] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._handlers: dict[Fault, Handler] = {
            Fault.DROP: self._drop, Fault.CUT: self._cut, Fault.CUT_REPLY: self._cut_reply,
            Fault.LOST_REPLY: self._lost_reply, Fault.TWICE: self._twice, Fault.LATE: self._late,
        }  # fmt: skip

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_exception: object) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def calm_down(self) -> None:
        """From now on everything passes; what was held back arrives at last."""
        self._shares.clear()
        self._call(self._release())

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _end(self) -> None:
        self._server.close()  # in its own loop: from outside it races with a connection that ends
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            while True:
                message = await _message(reader)
                fault = self._fault()
                if fault is None:
                    writer.write(await self._forward(message))
                else:
                    self.done[fault] += 1
                    await self._handlers[fault](message, writer)
                await writer.drain()
                if fault is not None and fault is not Fault.TWICE:
                    return
                if len(self._held) > 2:
                    await self._release()

    def _fault(self) -> Fault | None:
        dice = self._random.random()
        for fault, share in self._shares.items():
            if dice < share:
                return fault
            dice -= share
        return None

    async def _drop(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        """Nothing at all."""

    async def _cut(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        _reader, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        to_server.write(message[: len(message) * 3 // 4])
        await to_server.drain()
        to_server.close()

    async def _cut_reply(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        answer = await self._forward(message)
        writer.write(answer[: len(answer) // 2])

    async def _lost_reply(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        await self._forward(message)

    async def _twice(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        first, _second = await asyncio.gather(self._forward(message), self._forward(self._again(message)))
        writer.write(first)

    async def _late(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        self._held.append(self._again(message))

    async def _release(self) -> None:
        held, self._held = self._held[::-1], []
        for message in held:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._forward(message)

    async def _forward(self, message: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        with contextlib.closing(writer):
            writer.write(message)
            return await asyncio.wait_for(_message(reader), PATIENCE)

    def _again(self, message: bytes) -> bytes:
        if not self._fresh_ids:
            return message
        head, _blank, body = message.partition(b"\r\n\r\n")
        told = json.loads(body)
        for record in told["records"]:
            record["id"] = str(ids.uuid7())
        again = json.dumps(told).encode()
        head = re.sub(rb"(?i)content-length: \d+", b"Content-Length: %d" % len(again), head)
        return head + b"\r\n\r\n" + again


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One whole HTTP message with a length.

    Raises:
        asyncio.IncompleteReadError: the other side closed before its end, or there is none any more.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return head + (await reader.readexactly(int(found[1])) if found else b"")
