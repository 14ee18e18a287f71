"""A shift in the field: kept, sent, once; whatever the network does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import Phone, lost_replies, phone
from tests.make.field import Field


@pytest.fixture
def mine(field_chromium: Browser, served: str, field: Field) -> Iterator[Phone]:
    """Qian's phone, enrolled, with the list."""
    with phone(field_chromium, served) as found:
        found.enrol(field.code(field.qian))
        yield found


def test_a_whole_shift_without_a_network_and_back(mine: Phone, field: Field) -> None:
    mine.worker_ready()
    mine.context.set_offline(True)
    mine.open()  # a cold start
    mine.unlock()
    assert len(mine.call("sync.tasks")) == len(field.doors)
    for door in field.doors:
        mine.visit(field, door)
    assert mine.states() == ["waiting"] * len(field.doors)
    assert mine.summary()["online"] is False
    assert field.records() == []
    mine.context.set_offline(False)
    mine.wait("All sent")
    assert mine.states() == ["kept"] * len(field.doors)
    records = field.records()
    assert [one.device_seq for one in records] == list(range(1, len(field.doors) + 1))
    assert {one.subject for one in records} == set(field.doors)


def test_a_reply_that_is_lost_after_the_commit_doubles_nothing(mine: Phone, field: Field) -> None:
    mine.context.set_offline(True)
    for door in field.doors[:3]:
        mine.visit(field, door)
    lost = lost_replies(mine, 2)
    mine.context.set_offline(False)
    mine.send()
    mine.wait("waiting")
    assert lost == [200]
    mine.send()
    mine.send()
    assert mine.states() == ["kept"] * 3
    assert lost == [200, 200]
    assert len(field.records()) == 3
