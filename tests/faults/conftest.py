"""One installation for all faults: it is killed, and goes on."""

from collections.abc import Iterator

import pytest

from tests.cli import running
from tests.cli.running import Serving
from tests.faults.town import Town, built

PHONES = 12
DOORS = 144


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """A community of 144 doors and twelve phones, served."""
    place = running.from_kept()
    serving = Serving(place)
    try:
        serving.wait_until_open()
        yield built(place, serving, doors=DOORS, phones=PHONES)
    finally:
        serving.stop()
        running.remove(place)
