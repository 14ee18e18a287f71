"""A disk that is full in the middle of uploads: what was not taken stays on the phone and arrives later."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from bulou.postgres import server
from tests.cli import running
from tests.cli.running import Place, Serving
from tests.faults.phone import Forgetful, Phone
from tests.faults.town import Seen, Town, built, visits
from tests.make import api

pytestmark = pytest.mark.slow

MEGABYTES = 400


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Place]:
    """An installation on a disk of its own that holds 400 MB."""
    place = running.empty()
    words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0711", "tmpfs", str(place.data)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        running.remove(place)
        pytest.skip("a small disk can only be made by who may mount one")
    try:
        running.fill(place)
        yield place
    finally:
        server.stop(place.layout)
        subprocess.run(["umount", "--lazy", str(place.data)], check=True)
        running.remove(place)


@pytest.fixture(scope="module")
def town(small_disk: Place) -> Iterator[Town]:
    """A served community on the small disk."""
    serving = Serving(small_disk)
    try:
        serving.wait_until_open()
        yield built(small_disk, serving, doors=48, phones=2)
    finally:
        serving.stop()


def opened(town: Town) -> UUID:
    """A round; how full the disk is, is looked at every five seconds, so it may still be told as full."""
    answers: list[httpx.Response] = []

    def answered() -> bool:
        answers.append(town.officer.post("/operations", api.opening()))
        return answers[-1].status_code != 503

    running.wait(answered, town.serving.said)
    assert answers[-1].status_code == 201, answers[-1].text
    return UUID(answers[-1].json()["id"])


def full(place: Place) -> Path:
    """Fill the disk to its last block; remove the file to make room."""
    ballast = place.data / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 2**20)
                file.flush()
        except OSError:
            return ballast


@pytest.mark.parametrize(("kind", "keeps"), [(Phone, True), (Forgetful, False)])
def test_what_a_full_disk_did_not_take_arrives_when_there_is_room(
    town: Town, kind: type[Phone], keeps: bool
) -> None:
    operation = opened(town)
    told = visits(operation, town.doors)
    phone = kind(town.serving.port, town.phones[0], [dict(record) for record in told])
    ballast = full(town.place)
    sender = threading.Thread(target=phone.work, kwargs={"most_tries": 20_000})
    sender.start()
    try:
        running.wait(lambda: phone.failures > 20 or not sender.is_alive(), town.serving.said)
    finally:
        ballast.unlink()
    sender.join(120)
    assert not sender.is_alive(), town.serving.said()
    assert phone.failures > 0
    running.wait(lambda: town.officer.get(f"/operations/{operation}/account").is_success, town.serving.said)
    found = town.seen(operation, told, len(phone.waiting))
    assert (found == Seen(lost=0, doubled=0, stuck=0)) is keeps, found
    assert town.serving.process.poll() is None, town.serving.said()
