"""A sampling station: how long the app takes for a person, and how long a person takes at the app.

The app is measured, on a processor made slower. What hands and head need is not: it is the keystroke-level
model (Card, Moran and Newell, 1980) over the keys that the flow really needs. The swab itself is neither.
"""

from typing import Any, Final
from uuid import UUID

from django.db import connections

from bulou.bench import scripts, town
from bulou.bench.place import Place
from bulou.bench.terms import Figure
from bulou.coverage.actions import open_round
from bulou.coverage.terms import Basis, Targets
from bulou.kernel import clock, sqlfiles
from bulou.kernel.scope import transaction, whole
from bulou.lines.screening.rules import cards

COMPOUND: Final = f"{town.DISTRICT}.001.001.x1"
PEOPLE: Final = 12_000
TUBES: Final = 4
IN_TUBE: Final = 10
LIMIT: Final = 8.0

# Seconds by the keystroke-level model: a key of an average typist who is no secretary, aiming, a hand from
# the scanner to the keys, and making one's mind up once.
KEY: Final = 0.28
AIM: Final = 1.10
HAND: Final = 0.40
MIND: Final = 1.35


def population(where: Place, here: town.Town) -> list[UUID]:
    """People of one compound and a testing round over them; returns those who come to the table.

    Assumes: a thread without an event loop, which a browser's driver runs in its own.
    """
    with where.superuser() as bare:
        values = {"d": town.DISTRICT, "path": COMPOUND, "n": PEOPLE}
        bare.execute(sqlfiles.load(town.ROOM, "station"), values)
    with transaction(whole(town.DISTRICT)):
        operation = open_round(
            here.officer, protocol="testing-round", path=COMPOUND, opens_at=clock.now(),
            basis=Basis("benchmark order"), targets=Targets(),
        )  # fmt: skip
    found = [person for person, _path in town.subjects(operation, TUBES * IN_TUBE)]
    connections.close_all()
    return found


def sampling(page: Any, context: Any, everybody: list[UUID], slower: int) -> list[Figure]:
    """Persons one after the other through a scanner that types: by card, and by door with a choice."""
    page.bring_to_front()
    page.evaluate("location.hash = '#/sample'")
    page.locator("ul.rows button").first.click()
    page.wait_for_selector("#count")
    context.set_offline(True)
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.evaluate(scripts.WATCH_COUNT)
    for tube in range(TUBES):
        _scan(page, f"BENCH{tube}")
        for n, person in enumerate(everybody[tube * IN_TUBE : (tube + 1) * IN_TUBE], 1):
            _scan(page, cards.code(person))
            _until(page, f"BENCH{tube}: {n} ")
        _scan(page, f"BENCH{tube}")
        page.locator("#tube:focus").wait_for()
    times = sorted(page.evaluate("globalThis.counted"))
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    context.set_offline(False)
    return _figures([one / 1_000 for one in times])


def _scan(page: Any, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _until(page: Any, text: str) -> None:
    page.locator("#count", has_text=text).wait_for()


def _figures(times: list[float]) -> list[Figure]:
    machine = times[len(times) // 2]
    # a tube is scanned before its people and after them
    tube = 2 * (MIND + AIM + KEY) / IN_TUBE
    card, number, tail = 1, 19, 6  # one pull of the trigger; 18 digits and Enter; four digits, Enter, Enter
    by_card = MIND + AIM + card * KEY + machine + tube
    by_number = MIND + HAND + number * KEY + machine + tube
    by_tail = 2 * MIND + HAND + tail * KEY + machine + tube
    return [
        Figure("field.station_app_p50", machine * 1_000, "ms for a person, 12,000 listed"),
        Figure("field.station_app_p95", times[int(len(times) * 0.95)] * 1_000, "ms", limit=500),
        Figure("field.station_keys_card", card, "key of the scanner"),
        Figure("field.station_keys_number", number, "keys for an ID number"),
        Figure("field.station_by_card", by_card, "s for a person, modelled", limit=LIMIT),
        Figure("field.station_by_number", by_number, "s for a person, modelled", limit=LIMIT),
        Figure("field.station_by_tail", by_tail, "s for a person, modelled, with a choice", limit=LIMIT),
    ]
