"""Passengers, isolation sites and a testing round: figures of people in care, played over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from bulou.protocols.actions import load_library
from bulou.rehearsal import play
from bulou.rehearsal.play import Options
from tests.rehearsal.scenes import smaller


@pytest.mark.slow
def test_passengers_are_received_sites_have_heads_and_nobody_misses_the_test(
    transactional_db: None, live_server: LiveServer, tmp_path: Path
) -> None:
    load_library(None)
    acts = [
        {"act": "sites", "day": 1},
        {"act": "testing", "day": 1, "name": "testing_round_1", "people": 60},
        {"act": "passengers", "day": 2},
    ]
    changes: dict[str, dict[str, Any]] = {
        "isolation": {"hotels": 3},
        "airport": {"passengers": 5},
        "play": {"acts": acts},
        "expect.closing_figures": {
            "days": 2, "passengers_transferred": 5, "testing_rounds": 1, "residents_covered": 60,
        },
        "expect.isolation": {"sites": 3, "sites_ready": 3, "staff": 3},
        "expect.passengers": {"manifest": 5, "registered": 5, "received": 5},
    }  # fmt: skip
    xiaodian = smaller(tmp_path, "xiaodian-2022", changes)
    said: list[str] = []
    outcome = play.run(xiaodian, Options(devices=3, days=2), base_url=live_server.url, echo=said.append)
    assert (outcome.ok, outcome.faults) == (True, ()), "\n".join(said)
    uncovered = [row.figure for row in outcome.rows if not row.covered]
    assert uncovered == ["closing_figures.staff_hours_at_least"]
