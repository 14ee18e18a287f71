"""Several hands at once, each with a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What the acts gave, in order, all started at the same moment; the first error is raised."""
    results: list[object] = [None] * len(acts)
    errors: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait(20)
            results[place] = act()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            errors.append(error)
        finally:
            connection.close()

    hands = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)
    if errors:
        raise errors[0]
    return results
