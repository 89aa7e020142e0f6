"""Pictures that people send: what is refused and why, and what is left of one that is taken."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from zoom_ops.pictures import MOST_BYTES, Kind, NoPictureError
from zoom_ops.pictures.reencode import read_picture

RED = (220, 20, 30)


def write(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """Write a picture in a format."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """Draw the picture that takes the most bytes."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 120) for _ in range(3)])


def colour_of(content: bytes) -> tuple[int, ...]:
    """Return the colour in the middle of a picture."""
    image = Image.open(io.BytesIO(content))
    colour = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(colour, tuple)
    return colour


def is_like(colour: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """Compare colours, as JPEG changes them a little."""
    return all(abs(one - other) < 8 for one, other in zip(colour, expected, strict=True))


def head_of_png(width: int, height: int) -> bytes:
    """Write the head of a PNG that says its size, and none of its pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (head, b"IDAT" + zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"A picture of the harbour.", "no picture that can be read: send a JPEG, PNG or WebP file"),
        (b"<!doctype html><img src=x onerror=alert(1)>", "no picture that can be read"),
        (b'<?xml version="1.0"?><svg xmlns="x"><script>alert(1)</script></svg>', "An SVG file can hold a script"),
        (write(Image.new("P", (4, 4)), "GIF"), "no picture that can be read"),
        (write(Image.new("RGB", (4, 4)), "TIFF"), "no picture that can be read"),
        (write(Image.effect_noise((90, 90), 50), "JPEG")[:2_000], "damaged or cut off"),
        (head_of_png(10_000, 5_000), "10,000 × 5,000 pixels, more than 25 megapixels"),
        (head_of_png(60_000, 60_000), "more than 25 megapixels"),
        (head_of_png(300, 200), "damaged or cut off"),
        (b"\xff\xd8" + bytes(MOST_BYTES), "more than 10 MB"),
        (write(Image.new("RGB", (9, 9)), "JPEG") + b"\xff\xda" * 300, "too many layers"),
        (write(Image.new("L", (5_000, 5_000)), "JPEG") + b"\xff\xda" * 90, "too many layers"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NoPictureError, match=reason):
        read_picture(content, "picture")


def test_what_a_camera_adds_is_left_out_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CameraMaker"  # turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 12.0, 0.0)})
    sent = (
        write(Image.new("RGB", (400, 200), RED), "JPEG", exif=exif, comment=b"MyComment") + b"<script>alert(1)</script>"
    )

    kept = read_picture(sent, "picture")

    assert (kept.width, kept.height) == (200, 400)
    shown = Image.open(io.BytesIO(kept.content))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (200, 400), {})
    assert b"CameraMaker" in sent
    assert not any(trace in kept.content for trace in (b"CameraMaker", b"Exif", b"MyComment", b"<script"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_camera_that_writes_nonsense_does_not_spoil_the_picture(form: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x0132] = 6, "2026:01:01 00:00:00"  # turned by a quarter; a date
    date, fraction = struct.pack(">HHI", 0x0132, 2, 20), struct.pack(">HHI", 0x0132, 5, 1)
    wrong = exif.tobytes().replace(date, fraction)
    assert wrong != exif.tobytes()
    sent = write(Image.new("RGB", (40, 20), RED), form, exif=wrong)

    kept = read_picture(sent, "picture")

    assert (kept.width, kept.height) == (20, 40)


def test_large_picture_is_kept_in_two_sizes_of_few_bytes() -> None:
    harbour = Image.radial_gradient("L").resize((1_500, 1_000)).convert("RGB")

    kept = read_picture(write(harbour, "JPEG"), "picture")

    assert (kept.width, kept.height) == (1_200, 800)
    assert Image.open(io.BytesIO(kept.small)).size == (640, 427)
    assert len(kept.small) < len(kept.content) <= 52_000


@pytest.mark.parametrize(("kind", "most"), [("picture", 52_000), ("portrait", 6_000)])
def test_noise_is_kept_smaller_and_its_size_is_told(kind: Kind, most: int) -> None:
    kept = read_picture(write(noise(1_600, 1_200), "JPEG"), kind)

    assert (kept.width, kept.height) == Image.open(io.BytesIO(kept.content)).size
    assert len(kept.content) <= most
    assert len(kept.small) <= most


@pytest.mark.parametrize(
    ("image", "form", "options", "expected"),
    [
        (Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", {}, (254, 0, 0)),
        (Image.frombytes("I;16", (40, 40), struct.pack("<H", 0x8000) * 1_600), "PNG", {}, (128, 128, 128)),
        (Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG", {}, (255, 255, 255)),
        (Image.new("LA", (40, 40), (0, 0)), "WEBP", {"lossless": True}, (255, 255, 255)),
        (Image.new("1", (40, 40), 1), "PNG", {}, (255, 255, 255)),
        (Image.new("RGB", (40, 40), RED).quantize(4), "PNG", {}, RED),
        (
            Image.new("RGB", (40, 40), RED),
            "WEBP",
            {"save_all": True, "append_images": [Image.new("RGB", (40, 40), "blue")], "lossless": True},
            RED,
        ),
    ],
    ids=["CMYK", "16 bits", "transparent", "transparent grey", "one bit", "palette", "moving"],
)
def test_every_kind_of_pixels_is_shown_as_it_is_meant(
    image: Image.Image, form: str, options: dict[str, Any], expected: tuple[int, ...]
) -> None:
    for kind in ("picture", "portrait"):
        kept = read_picture(write(image, form, **options), kind)

        assert is_like(colour_of(kept.content), expected)
        assert is_like(colour_of(kept.small), expected)


def test_portrait_is_a_square_and_the_same_file_is_the_same_picture() -> None:
    sent = write(Image.new("RGB", (300, 500), RED))

    kept = read_picture(sent, "portrait")

    assert (kept.width, kept.height) == Image.open(io.BytesIO(kept.content)).size == (192, 192)
    assert len(kept.content) <= 6_000
    assert read_picture(sent, "portrait").digest == kept.digest
