"""What simulated people answer on their phones: what the forms ask, nothing else."""

from random import Random
from typing import Any

from bulou.rehearsal import households

VACANT_SOURCES = ("neighbour", "property_manager", "owner", "meters")
NEEDS = ("food", "medicine", "alone_old", "infant", "pregnancy", "disability")


def visit(outcome: str, random: Random, serial: str) -> dict[str, Any]:
    """The answers of one knock at a door."""
    if outcome == households.ABSENT:
        return {"met": "nobody", "notice_serial": serial}
    if outcome == households.REFUSED:
        return {"met": "adult"}
    if outcome == households.VACANT:
        return {"met": "nobody", "vacant_source": random.choice(VACANT_SOURCES)}
    answers: dict[str, Any] = {
        "met": "adult",
        "n_persons": random.randint(1, 5),
        "returned": "no",
        "contact_with_case": "no",
        "symptoms": [],
        "leaflet_given": True,
    }
    if outcome == households.ALERT:
        answers |= {"symptoms": ["fever"], "temperature_c": 37.6}
    elif random.random() < 0.05:
        answers["needs"] = [random.choice(NEEDS)]
    return answers


def disinfection(area_m2: int, random: Random) -> dict[str, Any]:
    """The answers of a crew at one place."""
    return {
        "agent": "chlorine",
        "method": random.choice(("wipe", "spray_surface")),
        "concentration_mg_l": 500,
        "contact_minutes": 30,
        "litres": max(1, area_m2 // 10),
        "area_m2": area_m2,
        "outdoor": False,
    }


def closure(outcome: str) -> dict[str, Any]:
    """The answers of whoever looks whether a place is closed."""
    if outcome == "closed":
        return {"state_found": "closed", "notice_seen": True, "emergency_way": "yes"}
    if outcome == "found_open":
        return {"state_found": "open", "n_people_inside": 2}
    return {}
