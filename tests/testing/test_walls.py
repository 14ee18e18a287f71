"""The walls of a tube: one set of cases for the server's rule and the phone's."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from bulou.lines.testing.rules import payloads, walls
from bulou.lines.testing.rules.walls import Book, Held
from tests.make.lines import entry

HERE = Path(__file__).parent
CASES = json.loads((HERE / "walls.json").read_text(encoding="utf-8"))["cases"]
NODE = shutil.which("node")
ROUND = uuid4()


@dataclass
class Known:
    """What intake knows when it checks."""

    payload: Mapping[str, Any]
    book: Book


def sampled(book: Book, step: dict[str, Any]) -> list[str]:
    person = uuid5(ROUND, step["person"])
    if step.get("household"):
        book.households[ROUND, person] = step["household"]
    payload: dict[str, Any] = {
        key: step[key] for key in ("tube", "rule", "size", "of_tube", "position") if key in step
    }
    made = entry(
        "testing.sample", subject=person, operation=ROUND, outcome=step.get("outcome", "sampled"),
        payload=payload,
    )  # fmt: skip
    return list(walls.check(made, Known(payload, book)))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_walls_of_a_tube(case: dict[str, Any]) -> None:
    book = Book()
    fill = case.get("fill", {"n": 0})
    for n in range(fill["n"]):
        assert sampled(book, {"person": f"f{n}", **{k: v for k, v in fill.items() if k != "n"}}) == []
    told = []
    for step in case["steps"]:
        if "seal" in step:
            book.tubes.setdefault(_tube(step["seal"]), Held()).sealed = True
        else:
            told.append(sampled(book, step))
    assert told == case["problems"]


@pytest.mark.parametrize("first", ["10", "0", "6"])
def test_in_any_order_only_whom_the_station_counted_beyond_the_size_is_too_many(first: str) -> None:
    book, order = Book(), sorted(range(11), key=lambda n: (str(n) != first, str(n)))
    step = {"tube": "T1", "rule": "ten", "size": 10}
    told = {n: sampled(book, {**step, "person": f"p{n}", "position": n + 1}) for n in order}
    assert {n for n, problems in told.items() if problems} == {10}
    assert told[10] == ["testing.tube_full"]


def test_a_place_that_is_told_twice_makes_no_room() -> None:
    book, step = Book(), {"tube": "T1", "rule": "ten", "size": 10}
    for n in range(10):
        assert sampled(book, {**step, "person": f"p{n}", "position": n + 1}) == []
    assert sampled(book, {**step, "person": "x", "position": 4}) == ["testing.tube_full"]


@pytest.mark.skipif(NODE is None, reason="node is not installed: the phone's rule was not run")
def test_the_same_cases_hold_on_the_phone() -> None:
    done = subprocess.run(
        [str(NODE), "--test", str(HERE / "walls.mjs")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"pass {len(CASES)}" in done.stdout


def _tube(code: str) -> UUID:
    return payloads.tube_id(ROUND, code)
