"""The pure parts of the screens under node: where units stand, the account, search, QR pictures."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import segno

from bulou.protocols.queries import documents
from bulou.protocols.rules.compiling import for_phone

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")
ROUND = "household-screening-round@1"
WITHOUT = {"payload": {}, "protocol": ROUND, "operation": "r"}


def asked(*questions: tuple[str, dict[str, Any]]) -> list[Any]:
    """Return the answers of the browser's code."""
    script = Path(__file__).with_name("screens.mjs")
    done = subprocess.run(
        [str(NODE), str(script)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Any] = json.loads(done.stdout)
    return found


def protocols() -> list[Any]:
    return [[ROUND, for_phone(dict(documents())["screening/household-screening-round.v1.yaml"])]]


def task(n: int, **more: Any) -> dict[str, Any]:
    return {
        "operation": "r", "subject": f"d{n}", "subject_type": "dwelling", "protocol": ROUND,
        "label": f"1 {n}",
        "area": "a", "path": "a", "building": "1", "floor": n // 100, "door": str(n), "sort": f"{n:06}",
        "why": "untried", "attempts": 0, "due_at": "", "alert": False,
    } | more  # fmt: skip


def own(n: int, door: int, outcome: str, state: str = "waiting", **more: Any) -> dict[str, Any]:
    record = {
        "id": f"r{n}",
        "subject": {"type": "dwelling", "id": f"d{door}"},
        "outcome": outcome,
        **WITHOUT,
        **more,
    }
    return {"id": f"r{n}", "record": record, "state": state}


def stands(tasks: list[Any], told: list[Any]) -> dict[str, str]:
    (found,) = asked(("units", {"tasks": tasks, "own": told, "protocols": protocols()}))
    return {one["subject"]: one["state"] for one in found}


def test_the_account_of_my_list_balances_whatever_is_told() -> None:
    tasks = [task(101), task(102), task(103, why="refused"), task(201, settled={"family": "excused"})]
    told = [
        own(1, 101, "done"),
        own(2, 102, "absent_notice_left"),
        own(3, 103, "vacant_confirmed"),
        own(4, 0, "done", subject={"type": "dwelling", "new": {"id": "n1", "area": "a", "label": "9"}}),
    ]
    given = {"tasks": tasks, "own": told, "protocols": protocols()}
    (sum_,) = asked(("account", given))
    assert {k: sum_[k] for k in ("expected", "done", "excused", "moved", "open")} == {
        "expected": 5, "done": 2, "excused": 2, "moved": 0, "open": 1,
    }  # fmt: skip
    assert sum_["balanced"]
    assert sum_["by"]["absent"] == 1


def test_what_was_taken_back_or_corrected_no_longer_counts() -> None:
    tasks = [task(101), task(102), task(103)]
    told = [
        own(1, 101, "done"),
        own(2, 101, "done", withdraws="r1"),
        own(3, 102, "done"),
        own(4, 102, "refused", corrects="r3"),
        own(5, 103, "done"),
        own(6, 103, "done_with_alert", corrects="r5"),
        own(7, 103, "done_with_alert", withdraws="r6"),
    ]
    assert stands(tasks, told) == {"d101": "untried", "d102": "refused", "d103": "untried"}


def test_a_settled_door_stays_settled_after_a_visit_that_met_nobody() -> None:
    told = [own(1, 101, "done"), own(2, 101, "absent_notice_left")]
    assert stands([task(101)], told) == {"d101": "done"}


def test_a_found_door_that_was_taken_back_leaves_the_list() -> None:
    new = {"type": "dwelling", "new": {"id": "n1", "area": "a", "label": "9"}}
    told = [
        own(1, 0, "done", subject=new),
        own(2, 0, "done", subject={"type": "dwelling", "id": "n1"}, withdraws="r1"),
    ]
    assert stands([], told) == {}


@pytest.mark.parametrize("state", ["doubtful", "needs_help", "conflict"])
def test_a_record_that_waits_for_a_person_settles_nothing(state: str) -> None:
    (found,) = asked(
        ("units", {"tasks": [task(101)], "own": [own(1, 101, "done", state)], "protocols": protocols()})
    )
    assert found == [{"subject": "d101", "state": "untried", "waits": state}]


def test_the_list_goes_by_building_and_floor() -> None:
    tasks = [
        task(201, building="10", subject="y"),
        task(102),
        task(101),
        task(201),
        task(101, subject="x", building="2"),
    ]
    (found,) = asked(("buildings", {"tasks": tasks}))
    assert found == [
        ["1", [[1, ["101", "102"]], [2, ["201"]]]],
        ["2", [[1, ["101"]]]],
        ["10", [[2, ["201"]]]],
    ]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("201", True),
        ("3-201", True),
        ("1", False),
        ("01", False),
        ("ping an", True),
        ("PAXQ", True),
        ("３", True),
        ("xy", False),
    ],
)
def test_a_door_is_found_by_number_and_by_letters(question: str, *, found: bool) -> None:
    hay = "3号楼 201 平安小区 pinganxiaoqu paxq"
    assert asked(("matches", {"hay": hay, "question": question})) == [found]


@pytest.mark.parametrize("size", [17, 106, 230, 271, 929, 1273])
def test_a_qr_picture_is_the_one_that_the_standard_wants(size: int) -> None:
    text = ("BULOU1/aB9-_" * 120)[:size]
    (drawn,) = asked(("qr", {"text": text}))
    masks = (
        segno.make(text, error="l", mode="byte", boost_error=False, micro=False, mask=n) for n in range(8)
    )
    assert drawn in [["".join(map(str, row)) for row in one.matrix] for one in masks]


@pytest.mark.parametrize(
    ("why", "due", "told", "again"),
    [
        ("absent", "2026-11-22T20:00:00+08:00", [], True),
        ("absent", "2026-11-25T20:00:00+08:00", [], False),
        ("refused", "2026-11-22T20:00:00+08:00", [], False),
        ("untried", "", [own(1, 101, "absent_notice_left", observed_at="2026-11-22T10:00:00+08:00")], False),
        ("untried", "", [own(1, 101, "absent_notice_left", observed_at="2026-11-21T10:00:00+08:00")], True),
    ],
)
def test_a_door_comes_back_when_its_revisit_is_due(
    why: str, due: str, told: list[Any], *, again: bool
) -> None:
    given = {"tasks": [task(101, why=why, due_at=due)], "own": told, "protocols": protocols()}
    assert asked(("again", {**given, "now": "2026-11-22T12:00:00+08:00"})) == [[again]]
