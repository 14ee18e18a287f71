"""Codes of passes and sealed details: what a forger, a finder and a late reader get."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bulou.lines.checkpoints.rules import passes, sealing
from bulou.lines.checkpoints.terms import Claims, Details

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()
CLAIMS = Claims(
    serial=passes.serial_text(b"\x01\x02\x03\x04\x05\x06"), area_tag=passes.area_tag("220303.001.005.c1"),
    valid_from=date(2026, 2, 1), valid_until=date(2026, 2, 14), number=1, exits=1, days=2, check="02",
)  # fmt: skip
ON = date(2026, 2, 3)


def test_a_code_says_what_was_signed_in_letters_and_digits_only() -> None:
    code = passes.encode(CLAIMS, KEY)
    assert len(code) == 139
    assert code.isascii()
    assert code.isalnum()
    assert code == code.upper()
    assert passes.decode(code, PUBLIC) == CLAIMS
    assert passes.decode(f"  {code.lower()}\n", PUBLIC) == CLAIMS, "a scanner may type small letters"


@pytest.mark.parametrize("place", [3, 4, 20, 36, 60, 137])
def test_a_changed_code_opens_nothing(place: int) -> None:
    code = passes.encode(CLAIMS, KEY)
    other = "B" if code[place] != "B" else "C"
    assert passes.decode(code[:place] + other + code[place + 1 :], PUBLIC) is None


@pytest.mark.parametrize("code", ["", "BL1", "BL1A", "hello", "BL1" + "A" * 136, "BL1" + "1" * 136])
def test_what_is_no_code_opens_nothing(code: str) -> None:
    assert passes.decode(code, PUBLIC) is None


def test_the_code_of_another_district_opens_nothing() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    assert passes.decode(passes.encode(CLAIMS, stranger), PUBLIC) is None


def test_a_code_tells_nothing_of_the_door_but_two_letters() -> None:
    assert passes.check_of("1单元302") == "02"
    assert passes.check_of("室") == ""
    assert passes.decode(passes.encode(replace(CLAIMS, check=""), KEY), PUBLIC) == replace(CLAIMS, check="")


def test_details_are_read_with_the_key_of_their_day_only() -> None:
    private, passage = sealing.new_private(), uuid4()
    told = Details(plate="吉C·12345", names="王小明", phone="13800000000")
    sealed = sealing.seal(told, public=sealing.public_bytes(private), on=ON, passage=passage)
    assert sealed.isascii()
    assert sealing.unseal(sealed, private=private, on=ON, passage=passage) == told
    assert sealing.unseal(sealed, private=sealing.new_private(), on=ON, passage=passage) is None
    assert sealing.unseal(sealed, private=private, on=date(2026, 2, 4), passage=passage) is None
    assert sealing.unseal(sealed, private=private, on=ON, passage=uuid4()) is None
    assert sealing.unseal("A" * 200, private=private, on=ON, passage=passage) is None
    assert sealing.unseal("", private=private, on=ON, passage=passage) is None


def test_a_plate_is_the_same_however_it_is_written_and_another_at_another_post() -> None:
    key, here, there = b"k" * 32, UUID(int=1), UUID(int=2)
    tag = sealing.plate_tag(key, here, "吉C·12345")
    assert tag == sealing.plate_tag(key, here, " 吉c 12345")
    assert tag == sealing.plate_tag(key, here, "吉Ｃ１２３４５")
    assert tag != sealing.plate_tag(key, there, "吉C·12345"), "no trail from post to post"
    assert tag != sealing.plate_tag(b"x" * 32, here, "吉C·12345"), "no trail from day to day"
