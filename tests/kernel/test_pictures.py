"""A photo is drawn anew from its pixels; nothing else that a file may carry gets through."""

import pytest

from bulou.kernel.pictures.clean import clean
from bulou.kernel.pictures.limits import Limits, PictureError, Refusal
from tests.make import photos


def test_position_camera_and_comment_are_gone_and_the_photo_stands_upright() -> None:
    sent = photos.with_position(800, 600)
    assert photos.SECRET.encode() in sent
    kept = clean(sent)
    assert (kept.width, kept.height) == (600, 800)
    assert photos.SECRET.encode() not in kept.content
    assert b"Exif" not in kept.content
    assert dict(photos.opened(kept.content).getexif()) == {}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_of_photo_are_taken_and_become_a_jpeg(kind: str) -> None:
    kept = clean(photos.photo(2400, 1200, kind=kind))
    assert photos.opened(kept.content).format == "JPEG"
    assert (kept.width, kept.height) == (1600, 800)


def test_what_hides_behind_the_pixels_does_not_get_through() -> None:
    sent = photos.photo() + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in clean(sent).content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Refusal.EMPTY),
        (b"GIF89a" + bytes(100), Refusal.NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.NOT_A_PICTURE),
        (photos.photo(64, 64, kind="TIFF"), Refusal.NOT_A_PICTURE),
        (photos.photo()[:900], Refusal.DAMAGED),
        (photos.flood(), Refusal.TOO_MANY_PIXELS),
        (photos.photo() + bytes(4 * 1024 * 1024), Refusal.TOO_LARGE),
    ],
    ids=["empty", "gif", "svg", "tiff", "cut off", "flood", "too large"],
)
def test_what_is_no_plain_photo_is_refused(content: bytes, why: Refusal) -> None:
    with pytest.raises(PictureError) as refused:
        clean(content)
    assert refused.value.why is why


def test_a_photo_that_eats_memory_ends_its_own_process_only() -> None:
    tight = Limits(pixels=200_000_000, memory_bytes=160 * 1024 * 1024)
    with pytest.raises(PictureError) as refused:
        clean(photos.flood(), tight)
    assert refused.value.why in {Refusal.TOO_COMPLEX, Refusal.DAMAGED}
