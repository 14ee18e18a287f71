"""Seals: whoever changes, removes or slips in a record is found out; nothing settled stays unsealed."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from bulou.kernel.scope import transaction, whole
from bulou.ledger import actions, queries, rules
from bulou.ledger.terms import Entry
from tests.make import ledger as make

pytestmark = pytest.mark.usefixtures("transactional")
ALL = whole(make.DISTRICT)


def seal_what_is_settled() -> int:
    with transaction(ALL):
        return actions.seal(make.DISTRICT)


def seal() -> int:
    """Seals all there is: a transaction of the server's own would hold up what came after it began."""
    make.settle()
    return seal_what_is_settled()


def faults() -> list[str]:
    with transaction(ALL):
        return [f"{f.number}: {f.what}" for f in queries.check_seals(make.DISTRICT)]


def three_seals() -> list[Entry]:
    """Nine records under three seals, and one that is not sealed yet."""
    entries = []
    for _ in range(3):
        some = [make.entry() for _ in range(3)]
        make.keep(*some)
        assert seal() == 3
        entries += some
    make.keep(make.entry())
    return entries


def test_every_seal_holds_when_nobody_touched_anything() -> None:
    three_seals()
    assert faults() == []
    assert seal() == 1
    assert seal() == 0
    assert faults() == []


TAMPERING = {
    "payload": ('UPDATE ledger_record SET payload = \'{"met":"nobody"}\' WHERE id = %s', "was changed"),
    "outcome": ("UPDATE ledger_record SET outcome = 'refused' WHERE id = %s", "was changed"),
    "standing": (
        "UPDATE ledger_record SET standing = 'doubtful', problems = '{a.b}' WHERE id = %s",
        "was changed",
    ),
    "receipt": (
        "UPDATE ledger_record SET received_at = now() - interval '1 day' WHERE id = %s",
        "was changed",
    ),
    "effective": (
        "UPDATE ledger_record SET effective_at = now() - interval '1 day' WHERE id = %s",
        "was changed",
    ),
    "path": ("UPDATE ledger_record SET path = '220303.002' WHERE id = %s", "was changed"),
    "author": ("UPDATE ledger_record SET author = gen_random_uuid() WHERE id = %s", "was changed"),
    "digest": ("UPDATE ledger_record SET digest = 'x' WHERE id = %s", "differs from its digest"),
    "deleted": ("DELETE FROM ledger_record WHERE id = %s", "3 records were sealed, 2 are there"),
    "moved": (
        "UPDATE ledger_record SET arrival = (SELECT max(arrival) FROM ledger_record) + 5 WHERE id = %s",
        "3 records were sealed, 2 are there",
    ),
}


@pytest.mark.parametrize("way", TAMPERING)
def test_a_record_that_was_tampered_with_is_found_under_its_seal(
    way: str, superuser: psycopg.Connection
) -> None:
    statement, found = TAMPERING[way]
    fifth = three_seals()[4]
    with make.tampering(superuser) as hands:
        assert hands.execute(statement, [fifth.id]).rowcount == 1
    assert any(fault.startswith("2: ") and found in fault for fault in faults())
    assert not any(fault.startswith(("1: ", "3: ")) for fault in faults())


def test_a_tampered_record_with_a_fresh_digest_is_found_all_the_same(superuser: psycopg.Connection) -> None:
    fifth = three_seals()[4]
    forged = make.entry(id=fifth.id, subject=fifth.subject, outcome="refused", observed_at=fifth.observed_at)
    with make.tampering(superuser) as hands:
        hands.execute(
            "UPDATE ledger_record SET outcome = 'refused', digest = %s WHERE id = %s",
            [rules.digest(forged), fifth.id],
        )
    assert faults() == ["2: a record under this seal was changed"]


def test_a_record_that_was_slipped_in_is_found(superuser: psycopg.Connection) -> None:
    fifth = three_seals()[4]
    with make.tampering(superuser) as hands:
        hands.execute("CREATE TEMP TABLE forged AS SELECT * FROM ledger_record WHERE id = %s", [fifth.id])
        hands.execute("ALTER TABLE forged DROP COLUMN target")  # PostgreSQL computes it
        hands.execute("UPDATE forged SET id = gen_random_uuid()")
        hands.execute("INSERT INTO ledger_record SELECT * FROM forged")
    assert any("3 records were sealed, 4 are there" in fault for fault in faults())


def test_a_seal_that_was_removed_is_missed(superuser: psycopg.Connection) -> None:
    three_seals()
    with make.tampering(superuser) as hands:
        hands.execute("DELETE FROM ledger_seal WHERE number = 2")
    assert "3: a seal is missing before this one" in faults()


def test_a_seal_that_was_made_again_over_changed_records_breaks_the_chain(
    superuser: psycopg.Connection,
) -> None:
    fifth = three_seals()[4]
    with make.tampering(superuser) as hands:
        hands.execute("UPDATE ledger_record SET outcome = 'refused' WHERE id = %s", [fifth.id])
        with transaction(ALL):
            first, second, _ = _seals()
            leaves = [rules.leaf(row.entry) for row in queries.arrived(make.DISTRICT, second[1], second[2])]
        hands.execute("UPDATE ledger_seal SET hash = %s WHERE number = 2", [rules.seal(first[3], leaves)])
    assert "3: a record under this seal was changed" in faults()


def test_an_unsealed_record_that_was_changed_differs_from_its_own_digest(
    superuser: psycopg.Connection,
) -> None:
    three_seals()
    with make.tampering(superuser) as hands:
        hands.execute(
            "UPDATE ledger_record SET outcome = 'refused'"
            " WHERE arrival = (SELECT max(arrival) FROM ledger_record)"
        )
    assert [fault.split(" ", 1)[0] for fault in faults()] == ["0:"]


def test_no_seal_passes_over_a_record_whose_transaction_still_runs() -> None:
    """The slow one began first, so its arrival number is the smaller; the quick one is through before it."""
    make.keep(make.entry())  # the day-book is open: the first record of a district holds up all others
    assert seal() == 1
    written, go_on = threading.Event(), threading.Event()
    slow, quick = make.entry(), make.entry()

    def write_slowly() -> None:
        try:
            with transaction(ALL):
                actions.append([slow])
                written.set()
                assert go_on.wait(10)
        finally:
            connection.close()

    hand = threading.Thread(target=write_slowly)
    hand.start()
    assert written.wait(10)
    make.keep(quick)
    assert (
        seal_what_is_settled() == 0
    )  # the quick one must wait too, or the slow one would slip in below the seal
    go_on.set()
    hand.join()
    assert seal() == 2
    assert faults() == []
    with transaction(ALL):
        order = [row.entry.id for row in queries.arrived(make.DISTRICT, 0, queries.END)]
    assert order[1:] == [slow.id, quick.id]


def test_a_seal_up_to_the_newest_record_would_have_lost_the_slow_one(superuser: psycopg.Connection) -> None:
    """The control of the test above: with the horizon of a naive sealer the check finds the late record."""
    early, late = make.entry(), make.entry()
    make.keep(early)
    make.keep(late)
    with transaction(ALL):
        (first, second) = list(queries.arrived(make.DISTRICT, 0, queries.END))
    naive = rules.seal(b"", [rules.leaf(second.entry)])
    superuser.execute(
        "INSERT INTO ledger_seal (district, number, from_arrival, to_arrival, n, hash, made_at)"
        " VALUES (%s, 1, 0, %s, 1, %s, now())",
        [make.DISTRICT, second.arrival + 1, naive],
    )
    assert first.entry == early
    assert faults() == ["1: 1 records were sealed, 2 are there"]


def test_only_one_sealer_works_at_a_time() -> None:
    make.keep(make.entry())
    make.settle()
    results: list[int] = []

    def other(run: Callable[[], int]) -> None:
        try:
            results.append(run())
        finally:
            connection.close()

    with transaction(ALL):
        assert actions.seal(make.DISTRICT) == 1
        hand = threading.Thread(target=other, args=(seal_what_is_settled,))
        hand.start()
        hand.join()
    assert results == [0]
    assert faults() == []


def _seals() -> list[tuple[int, int, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, from_arrival, to_arrival, hash FROM ledger_seal ORDER BY number")
        return [(r[0], r[1], r[2], bytes(r[3])) for r in cursor.fetchall()]
