"""Passengers and guests of isolation sites, from the bus to the door at home, played over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from bulou.protocols.actions import load_library
from bulou.rehearsal import play
from bulou.rehearsal.play import Options
from tests.rehearsal.scenes import smaller


@pytest.mark.slow
def test_passengers_are_received_and_guests_of_ready_sites_are_brought_home(
    transactional_db: None, live_server: LiveServer, tmp_path: Path
) -> None:
    load_library(None)
    acts = [{"act": "sites", "day": 1, "guests": 3}, {"act": "passengers", "day": 2}]
    changes: dict[str, dict[str, Any]] = {
        "isolation": {"hotels": 2},
        "airport": {"passengers": 5},
        "play": {"acts": acts},
        "expect.closing_figures": {"days": 7, "passengers_transferred": 5},
        "expect.isolation": {"sites": 2, "sites_ready": 2, "staff": 2},
        "expect.passengers": {"manifest": 5, "registered": 5, "received": 5},
        "promise": {"guests_brought_home": 6},
    }
    xiaodian = smaller(tmp_path, "xiaodian-2022", changes)
    said: list[str] = []
    outcome = play.run(xiaodian, Options(devices=3, days=7), base_url=live_server.url, echo=said.append)
    assert (outcome.ok, outcome.faults) == (True, ()), "\n".join(said)
    uncovered = {row.figure for row in outcome.rows if not row.covered}
    assert {"closing_figures.staff_hours_at_least", "closing_figures.testing_rounds"} <= uncovered
    assert "guests_brought_home" not in uncovered
