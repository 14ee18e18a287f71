"""What happens at a simulated door: seeded, so that the same rehearsal meets the same people again."""

from dataclasses import dataclass
from random import Random

DONE = "done"
ALERT = "done_with_alert"
ABSENT = "absent_notice_left"
REFUSED = "refused"
VACANT = "vacant_confirmed"


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of doors, and of knocks that nobody answers; assumed, no report gives them."""

    absent: float = 0.15
    refuses_first: float = 0.02
    vacant: float = 0.04
    alert: float = 0.002
    patience: int = 4
    """From this knock on somebody opens: neighbours have told them, or the officer came along."""


def opens(seed: int, door: str, knock: int, habits: Habits) -> str:
    """The outcome of the n-th knock at a door, as the screening protocol calls it."""
    life = Random(f"{seed}:{door}")
    vacant, refuses, alert = (
        life.random() < share for share in (habits.vacant, habits.refuses_first, habits.alert)
    )
    absent = [life.random() < habits.absent for _ in range(habits.patience)]
    if vacant:
        return VACANT
    if knock <= len(absent) and absent[knock - 1] and knock < habits.patience:
        return ABSENT
    if refuses and knock < habits.patience:
        return REFUSED
    return ALERT if alert else DONE
