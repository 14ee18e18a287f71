"""Testing days at small scale: calls, a site that closes, a dead phone, pools, homes, every tube."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from bulou.protocols.actions import load_library
from bulou.rehearsal import play
from bulou.rehearsal.play import Options
from tests.rehearsal.scenes import smaller


@pytest.mark.slow
def test_a_positive_pool_leads_to_hospital_and_no_tube_is_left_over(
    transactional_db: None, live_server: LiveServer, tmp_path: Path
) -> None:
    load_library(None)
    first, last = "testing_round_1", "testing_round_4"
    acts: list[dict[str, Any]] = [
        {"act": "testing", "day": 1, "name": first, "people": 49, "start": "08:30", "missed": 3,
         "pools": [{"result": "positive", "ill": 1}]},
        {"act": "testing", "day": 2, "name": last, "people": 49, "start": "04:00", "missed": 5,
         "after": first},
    ]  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "play": {"acts": acts, "compounds": 20},
        "testing": {"home_sampling": ["infant", "elderly"]},
        "expect.testing_round_4": {"expected": 49, "missed_at_first": 5},
        "promise": {"testing_rounds_closed": 2, "clean_rounds_in_a_row": 1},
    }
    suizhou = smaller(tmp_path, "suizhou-2022", changes)
    said: list[str] = []
    outcome = play.run(suizhou, Options(devices=2, days=3), base_url=live_server.url, echo=said.append)
    assert (outcome.ok, outcome.faults) == (True, ()), "\n".join(said)
    covered = {row.figure for row in outcome.rows if row.covered}
    assert {"tubes_unaccounted", "pool_cases_open", "testing_round_4.missed_at_first"} <= covered
    for words in ("closes at 09:00", "a phone dies", "sampled at home", "1 ill", "hands in", "moved, nobody"):
        assert any(words in line for line in said), words
