"""A township where everybody of a list is seen, and key persons three times a day."""

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from bulou.protocols.actions import load_library
from bulou.rehearsal import play
from bulou.rehearsal.play import Options
from tests.rehearsal.scenes import smaller


@pytest.mark.slow
def test_everybody_of_the_list_is_accounted_for_and_seen_at_every_due_hour(
    transactional_db: None, live_server: LiveServer, tmp_path: Path
) -> None:
    load_library(None)
    acts = [
        {"act": "residents", "day": 1, "due_days": 3, "name": "screening_shangzhai"},
        {"act": "register", "day": 1, "roles": 3, "hour": 6, "incomers": 20, "key_persons": 4},
    ]
    luquan = smaller(
        tmp_path,
        "luquan-2020",
        {
            "township": {"villagers": 60},
            "expect.screening_shangzhai": {"expected": 60},
            "play": {"compounds": 5, "acts": acts, "population": {"residents": 60}},
        },
    )
    said: list[str] = []
    outcome = play.run(luquan, Options(devices=3, days=2), base_url=live_server.url, echo=said.append)
    assert (outcome.ok, outcome.faults) == (True, ()), "\n".join(said)
    covered = {row.figure for row in outcome.rows if row.covered}
    assert covered == {
        "screening_shangzhai.expected",
        "screening_shangzhai.open",
        "key_person_slots_per_day",
    }
