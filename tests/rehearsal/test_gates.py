"""Checkpoints and patrols of a response, played over HTTP by phones that seal what they know."""

import pytest
from pytest_django.live_server_helper import LiveServer

from bulou.protocols.actions import load_library
from bulou.rehearsal import play
from bulou.rehearsal.play import Options

COVERED = {
    "escorts_without_receiver", "checkpoints.posts", "checkpoints.hours", "checkpoints.held_open",
    "checkpoints.shifts_that_disagree", "patrols.from", "patrols.to", "patrols.hours_without",
}  # fmt: skip


@pytest.mark.slow
def test_checkpoints_and_patrols_are_covered_and_equal(
    transactional_db: None, live_server: LiveServer
) -> None:
    load_library(None)
    said: list[str] = []
    small = Options(scale=0.0005, devices=3, days=2)
    outcome = play.run("tiedong-2020", small, base_url=live_server.url, echo=said.append)
    told = {row.figure: row for row in outcome.rows if row.figure in COVERED}
    assert told.keys() == COVERED
    assert all(row.covered and row.equal for row in told.values()), "\n".join(said)
    assert outcome.faults == ()
