"""Each fault of a network by itself: nothing lost, nothing doubled, nothing stuck; and the test would notice.

The negative control of each is a phone, or a network, without the one rule that guards against it.
"""

import pytest

from tests.faults.phone import Forgetful, Phone, Renumbering, Stubborn
from tests.faults.proxy import Fault, Proxy
from tests.faults.town import Seen, Town, poison, visits

pytestmark = pytest.mark.slow

OFTEN = 0.5
DOORS = 24


def handed_in(
    town: Town, fault: Fault, kind: type[Phone] = Phone, *, fresh_ids: bool = False, seed: int = 7
) -> Seen:
    """One phone hands in two records for each of some doors; every second time the fault happens."""
    operation = town.opened()
    told = visits(operation, town.doors[:DOORS])
    with Proxy(town.serving.port, {fault: OFTEN}, seed=seed, fresh_ids=fresh_ids) as network:
        phone = kind(network.port, town.phones[0], [dict(record) for record in told], seed=seed)
        phone.work()
        network.calm_down()
        assert network.done[fault] > 0, "nothing went wrong, so nothing was tried"
    assert phone.needs_help == []
    return town.seen(operation, told, len(phone.waiting))


@pytest.mark.parametrize("fault", list(Fault))
def test_a_phone_on_a_bad_network_loses_doubles_and_keeps_back_nothing(town: Town, fault: Fault) -> None:
    assert handed_in(town, fault) == Seen(lost=0, doubled=0, stuck=0)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.CUT])
def test_the_control_a_phone_that_forgets_what_it_sends_loses(town: Town, fault: Fault) -> None:
    assert handed_in(town, fault, Forgetful).lost > 0


@pytest.mark.parametrize("fault", [Fault.LOST_REPLY, Fault.CUT_REPLY])
def test_the_control_a_phone_with_new_ids_for_each_try_doubles(town: Town, fault: Fault) -> None:
    assert handed_in(town, fault, Renumbering).doubled > 0


@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.LATE])
def test_the_control_what_arrives_again_under_new_ids_is_doubled(town: Town, fault: Fault) -> None:
    assert handed_in(town, fault, fresh_ids=True).doubled > 0


@pytest.mark.parametrize(("kind", "stuck"), [(Phone, 0), (Stubborn, 49)])
def test_a_record_that_nobody_can_read_stops_no_other(town: Town, kind: type[Phone], stuck: int) -> None:
    operation = town.opened()
    told = visits(operation, town.doors[:DOORS])
    bad = poison(operation, town.doors[0])
    phone = kind(town.serving.port, town.phones[0], [bad, *told], seed=2)
    phone.waiting.sort(key=lambda record: record is not bad)  # it stands first
    phone.work(most_tries=40)
    found = town.seen(operation, told, len(phone.waiting))
    assert (found.stuck, found.doubled) == (stuck, 0)
    if kind is Phone:
        assert (phone.needs_help, found.lost) == ([bad["id"]], 0)
    else:
        assert found.lost > 0  # the control: whoever waits for the bad one hands in nothing after it
