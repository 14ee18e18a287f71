"""`bulou serve` opens, ends cleanly, and gets up again whatever is killed."""

import os
import signal
from collections.abc import Iterator

import pytest

from bulou.doors.cli import web
from bulou.postgres import server
from bulou.postgres.server import State
from tests.cli import running
from tests.cli.running import Place, Serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """An installation that is ready."""
    made = running.from_kept()
    yield made
    running.remove(made)


@pytest.fixture
def serving(place: Place) -> Iterator[Serving]:
    """A server that is open."""
    started = Serving(place)
    try:
        started.wait_until_open()
        yield started
    finally:
        started.stop()


def test_it_opens_tells_the_first_code_and_ends_with_everything_it_started(
    place: Place, serving: Serving
) -> None:
    running.wait(lambda: "One-time code" in serving.said(), serving.said)
    assert f"http://127.0.0.1:{serving.port}/" in serving.said()
    running.wait(lambda: len(serving.children()) == 2, serving.said)
    children = serving.children()
    assert serving.stop() == 0
    assert not any(running.alive(child) for child in children)
    assert server.status(place.layout) is State.STOPPED


def test_a_killed_web_server_is_started_again(serving: Serving) -> None:
    first, *_rest = serving.children()
    os.kill(first, signal.SIGKILL)
    running.wait(lambda: "started again" in serving.said(), serving.said)
    serving.wait_until_open()


def test_a_port_that_is_taken_is_told(place: Place, serving: Serving) -> None:
    done = place.run("serve", "--port", str(serving.port))
    assert done.returncode == 1
    assert str(serving.port) in done.stderr


def test_after_everything_was_killed_the_next_start_finds_a_clean_house(place: Place) -> None:
    killed = Serving(place)
    killed.wait_until_open()
    children = killed.children()
    postmaster = int((place.layout.cluster / "postmaster.pid").read_text(encoding="ascii").split()[0])
    for process in (killed.process.pid, postmaster):
        os.kill(process, signal.SIGKILL)
    killed.process.wait()
    running.wait(lambda: not any(running.alive(child) for child in children), killed.said)
    running.wait(lambda: not web.answers("127.0.0.1", killed.port), killed.said)
    again = Serving(place)
    again.wait_until_open()
    assert again.stop() == 0
