"""A web server that is killed in the middle of uploads: phones go on, nothing is lost or counted twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from threading import Event, Thread

import pytest

from bulou.doors.cli import web
from bulou.intake.actions import proving
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.rehearsal.phone import Deed, Enrolled, Phone, Weather
from tests.make import access, rounds
from tests.make.api import served

KILLS = 3
BATCHES = 40
A_BATCH = 15


class Server:
    """A web server of its own process group on one port, which can be killed and started again."""

    def __init__(self) -> None:
        self.port = web.free_port()
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = [sys.executable, "-m", "granian", "bulou.config.wsgi:application", "--interface", "wsgi"]
        words += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1", "--log-level", "error"]
        self.process = subprocess.Popen(words, start_new_session=True)
        assert web.wait_until_open("127.0.0.1", self.port, meanwhile=lambda: self.process.poll() is None)

    def kill(self) -> None:
        """As a power cut would: no handler runs, no reply is finished."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def a_server() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.kill()


@pytest.mark.slow
def test_killing_the_server_in_the_middle_of_uploads_loses_nothing(transactional_db: None) -> None:
    with a_server() as server:
        base_url = f"http://127.0.0.1:{server.port}"
        town = served(base_url)
        operation = town.opened()
        phone = Phone(
            base_url,
            enrolled=Enrolled(town.qian.device, town.qian.token, ""),
            random=Random(5),
            clock_error=timedelta(days=3),
        )
        phone.weather = Weather(reply_lost=0.2)
        half_way, failed = Event(), []

        def work() -> None:
            try:
                for number in range(BATCHES):
                    for door in range(A_BATCH):
                        subject = town.doors[(number + door) % len(town.doors)]
                        phone.note(
                            Deed(
                                kind="screening.visit",
                                path=access.COMMUNITY,
                                outcome="done",
                                payload=rounds.DONE,
                                at=clock.now(),
                                subject_type="dwelling",
                                subject=subject,
                                operation=operation,
                                protocol=rounds.SCREENING,
                            )
                        )
                    phone.upload()
                    half_way.set()
            except Exception as error:  # noqa: BLE001 - told by the test itself
                failed.append(error)
                half_way.set()

        worker = Thread(target=work)
        worker.start()
        for _ in range(KILLS):
            half_way.clear()
            half_way.wait(60)
            server.kill()
            server.start()
        worker.join(300)
        phone.client.close()

    assert not failed
    assert phone.outbox.waiting == phone.outbox.needs_help == []
    with transaction(whole(access.DISTRICT)):
        kept = [entry for entry in ledger.records_of(access.DISTRICT, operation=operation) if entry.device]
    assert sorted(str(entry.id) for entry in kept) == sorted(record["id"] for record in phone.outbox.arrived)
    assert len(kept) == BATCHES * A_BATCH
    assert proving.verify().faults == ()
    assert proving.replay_check().faults == ()
