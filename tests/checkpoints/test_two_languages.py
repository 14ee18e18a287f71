"""Phone and server read the same pass, make the same tags, and open what the other has sealed."""

import base64
import json
import shutil
import subprocess
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bulou.lines.checkpoints.rules import passes, sealing
from bulou.lines.checkpoints.terms import Claims, Details

NODE = shutil.which("node")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()
AREA, ON, POST = "220303.001.005.c1", date(2026, 2, 3), UUID(int=7)
CLAIMS = Claims(
    serial=passes.serial_text(b"\x01\x02\x03\xfe\xff\x00"), area_tag=passes.area_tag(AREA),
    valid_from=date(2026, 2, 1), valid_until=date(2026, 2, 14), number=3, exits=1, days=2, check="02",
)  # fmt: skip
OTHERS = (
    replace(CLAIMS, check="", exits=0, days=9, number=9),
    replace(CLAIMS, valid_until=date(2040, 12, 31)),
)
CODES = [passes.encode(one, KEY) for one in (CLAIMS, *OTHERS)]
PLATES = ["吉C·12345", " 吉c 12345", "吉Ｃ１２３４５", "", "粵Z1234港", "e 5-7"]
TAGS, PRIVATE = b"k" * 32, sealing.new_private()
TOLD = Details(plate="吉C12345", names="王小明", note="带一只猫")


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def judged(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "today": "2026-02-03", "out": True, "uses": [], "path": AREA} | more


@pytest.fixture(scope="module")
def phone() -> dict[str, Any]:
    """What the phone says to all of it, asked once."""
    if NODE is None:
        pytest.skip("node is not installed")
    good = CODES[0]
    asked = {
        "codes": [*CODES, CODES[0].lower(), CODES[0][:-1], "BL1" + "A" * 136, "hello"],
        "public_key": text(PUBLIC), "tags": text(TAGS), "post": str(POST), "plates": PLATES,
        "taken": {
            "public_key": text(PUBLIC), "key_id": passes.key_id(PUBLIC), "revoked": [], "issued": [],
            "areas": [[AREA, "x"]],
        },
        "judged": [
            judged(good), judged(good, path=f"{AREA}.b1"), judged(good, path="220303.001.005"),
            judged(good, path="220303.001.006"), judged(good, today="2026-02-15"),
            judged(good, today="2026-01-31"), judged(good, uses=["2026-02-02T16:30:00Z"]),
            judged(good, uses=["2026-02-01T15:30:00Z"]),
            judged(good, uses=["2026-02-02T16:30:00Z"], out=False),
            judged(CODES[1], uses=["2026-02-03T01:00:00Z"] * 3), judged(good[:-2] + "AA"),
        ],
        "details": {key: value for key, value in asdict(TOLD).items() if value},
        "on": ON.isoformat(), "point": text(sealing.public_bytes(PRIVATE)), "passage": str(POST),
    }  # fmt: skip
    done = subprocess.run(
        [NODE, str(Path(__file__).parent / "answer.mjs")], input=json.dumps(asked), capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_both_read_the_same_from_a_code(phone: dict[str, Any]) -> None:
    told = phone["codes"]
    for claims, found in zip((CLAIMS, *OTHERS, CLAIMS), told[:4], strict=True):
        assert found["signed"] is True
        assert (found["serial"], found["check"], found["number"]) == (
            claims.serial,
            claims.check,
            claims.number,
        )
        assert (found["from"], found["until"]) == (str(claims.valid_from), str(claims.valid_until))
        assert (found["exits"], found["days"]) == (claims.exits, claims.days)
        assert found["area"] == claims.area_tag.hex()
    assert told[4] is None or told[4]["signed"] is False
    assert told[5] is None or told[5]["signed"] is False
    assert told[6] is None


def test_the_verdict_at_the_gate(phone: dict[str, Any]) -> None:
    assert phone["verdicts"] == [
        ["green", "valid"], ["green", "valid"], ["green", "valid"], ["red", "other_area"],
        ["red", "expired"], ["red", "not_yet"], ["amber", "used_up"],
        ["green", "valid"],  # the night before last, by the clock of the district
        ["green", "valid"], ["green", "valid"], ["red", "forged"],
    ]  # fmt: skip


def test_both_make_the_same_tags(phone: dict[str, Any]) -> None:
    expected = [[sealing.normal_plate(p), sealing.plate_tag(TAGS, POST, p)] for p in PLATES]
    assert phone["plates"] == expected
    assert phone["pass"] == sealing.pass_tag(TAGS, "ABCDEFGHIJ")


def test_the_server_opens_what_the_phone_sealed(phone: dict[str, Any]) -> None:
    assert sealing.unseal(phone["sealed"], private=PRIVATE, on=ON, passage=POST) == TOLD
