"""Tokens that nobody gave, or that were taken back: no record of theirs is kept, and nobody else notices."""

import json
from uuid import UUID

import pytest

from bulou.kernel import clock
from tests.faults.town import Town, visits

pytestmark = pytest.mark.slow


def forged(real: str, revoked: str) -> list[str]:
    """Tokens that are nearly real, once were, or were made up."""
    other = "A" if real[-1] != "A" else "B"
    return [
        real[:-1] + other,
        real[:-1],
        real + "A",
        real.swapcase(),
        revoked,
        "A" * len(real),
        "' OR true --",
    ]


def batch(operation: UUID, town: Town) -> bytes:
    told = visits(operation, town.doors[:4])
    return json.dumps({"sent_at": clock.now().isoformat(), "records": told}).encode()


def test_a_forged_token_hands_nothing_in(town: Town) -> None:
    operation = town.opened()
    for token in forged(town.phones[0], town.revoked):
        assert town.post(token, batch(operation, town)).status_code == 401, token
    kept, _tries = town.counted(operation)
    assert sum(kept.values()) == town.account(operation)["done"] == 0


def test_the_control_the_same_batch_with_the_real_token_is_kept(town: Town) -> None:
    operation = town.opened()
    answer = town.post(town.phones[0], batch(operation, town))
    assert {result["standing"] for result in answer.json()["results"]} == {"kept"}
    assert town.account(operation)["done"] == 4
