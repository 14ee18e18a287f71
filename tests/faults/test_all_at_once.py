"""Twelve phones on a network with every fault, one record in a hundred unreadable, two kills in between."""

import threading
from random import Random

import pytest

from tests.cli import running
from tests.faults.phone import Phone
from tests.faults.proxy import Fault, Proxy
from tests.faults.town import Seen, Town, poison, visits

pytestmark = pytest.mark.slow

SHARES = {
    Fault.DROP: 0.05, Fault.CUT: 0.05, Fault.CUT_REPLY: 0.05, Fault.LOST_REPLY: 0.05, Fault.TWICE: 0.05,
    Fault.LATE: 0.05,
}  # fmt: skip
POISON = 0.01
ROUNDS = 3


def wait_for(phones: list[Phone], settled: int, town: Town) -> None:
    running.wait(lambda: sum(len(p.settled) for p in phones) >= settled, town.serving.said, 120)


def test_twelve_phones_lose_double_and_keep_back_nothing_while_the_server_is_killed(town: Town) -> None:
    random = Random(11)
    operations = [town.opened() for _ in range(ROUNDS)]
    share = len(town.doors) // len(town.phones)
    told, phones = [], []
    with Proxy(town.serving.port, SHARES, seed=3) as network:
        for n, token in enumerate(town.phones):
            mine = [v for o in operations for v in visits(o, town.doors[n * share : (n + 1) * share])]
            bad = [poison(operations[0], town.doors[0]) for _ in mine if random.random() < POISON]
            told += mine
            phones.append(Phone(network.port, token, [*(dict(v) for v in mine), *bad], seed=n))
        poisoned = sum(len(phone.waiting) for phone in phones) - len(told)
        threads = [threading.Thread(target=phone.work, kwargs={"most_tries": 5_000}) for phone in phones]
        for thread in threads:
            thread.start()
        wait_for(phones, len(told) // 4, town)
        town.kill_postgres()
        wait_for(phones, len(told) // 2, town)
        town.kill_web()
        for thread in threads:
            thread.join(180)
            assert not thread.is_alive(), town.serving.said()
        network.calm_down()
        assert set(network.done) == set(Fault), network.done
    assert sum(phone.failures for phone in phones) > 0
    assert sum(len(phone.needs_help) for phone in phones) == poisoned > 0
    stuck = sum(len(phone.waiting) for phone in phones)
    for operation in operations:
        mine = [record for record in told if record["operation"] == str(operation)]
        assert town.seen(operation, mine, stuck) == Seen(lost=0, doubled=0, stuck=0)
        account = town.account(operation)
        assert (account["expected"], account["done"], account["open"]) == (
            len(town.doors),
            len(town.doors),
            0,
        )
    assert town.place.json("verify")["holds"] is True
    assert town.place.json("replay", "--check")["holds"] is True
