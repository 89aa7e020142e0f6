"""Pictures that people send: read with suspicion, and written anew as small JPEGs without what a camera adds."""

import io
import re
import struct
from collections.abc import Iterator

from PIL import ExifTags, Image, ImageCms, ImageOps, JpegImagePlugin

from . import MOST_BYTES, SMALL, KeptPicture, Kind, NoPictureError

MOST_MEGAPIXELS = 25  # width times height: the memory that a picture takes while it is read
_FORMATS = ("JPEG", "PNG", "WEBP")
_LARGEST = {"picture": (1200, 1200), "portrait": (192, 192)}  # pixels
_WEIGHTS = {"picture": 52_000, "portrait": 6_000}  # bytes that a picture has at most: its page has 80 kB in all
_QUALITIES = (85, 78, 70, 62, 55)
_PARTS = (1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)  # of the size, tried one after the other
_LONGEST_PROFILE = 1_000_000  # bytes of a colour profile
_FACE = (0.5, 0.3)  # where the middle of a portrait lies, if it is no square
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, OverflowError, EOFError, struct.error)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_SCAN = b"\xff\xda"  # begins one, and does not stand among packed pixels
_MOST_SCANNED = 2_000_000_000  # scans of a JPEG times its pixels: some seconds; usual are ten scans
_FEW_PIXELS = 10_000_000  # so many are counted at least, as a scan takes time by itself
_TURNS = {  # the orientation of Exif: what brings the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(content: bytes, kind: Kind) -> KeptPicture:
    """Read a picture that somebody sent: a JPEG, PNG or WebP file; of a moving one, the first image.

    The size is checked before anything is unpacked. Nothing of the file is kept but its pixels: no place, no camera, no
    name. Raise NoPictureError with the reason.
    """
    if len(content) > MOST_BYTES:
        raise NoPictureError("The picture has more than 10 MB: make it smaller.")
    try:
        return _keep(_open(content), kind)
    except _TOO_LARGE:
        raise NoPictureError(f"The picture has more than {MOST_MEGAPIXELS} megapixels: make it smaller.") from None
    except _BROKEN as error:
        raise NoPictureError("The picture is damaged or cut off: it cannot be read to its end.") from error


def _open(content: bytes) -> Image.Image:
    """Read the head of a file, and refuse what is no picture or too large."""
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except _TOO_LARGE:
        raise
    except _BROKEN:
        raise NoPictureError(_why_none(content)) from None
    if image.width * image.height > MOST_MEGAPIXELS * 1_000_000:
        size = f"{image.width:,} × {image.height:,}"
        raise NoPictureError(f"The picture has {size} pixels, more than {MOST_MEGAPIXELS} megapixels: make it smaller.")
    scanned = content.count(_SCAN) * max(_FEW_PIXELS, image.width * image.height)
    if isinstance(image, JpegImagePlugin.JpegImageFile) and scanned > _MOST_SCANNED:
        raise NoPictureError("The picture is packed in too many layers: save it again as JPEG or PNG.")
    return image


def _why_none(content: bytes) -> str:
    if re.search(rb"<svg[\s>]", content[:4_096], re.IGNORECASE):
        return "An SVG file can hold a script, so none is taken: save it as PNG."
    if not content:
        return "The file is empty."
    return "This is no picture that can be read: send a JPEG, PNG or WebP file."


def _keep(image: Image.Image, kind: Kind) -> KeptPicture:
    size = _LARGEST[kind]
    image.draft(None, (2 * size[0], 2 * size[1]))  # a large JPEG is unpacked in a smaller size at once
    image.load()
    image = _upright(image)
    most = _WEIGHTS[kind]
    if kind == "portrait":
        square = _flatten(ImageOps.fit(_eight_bits(image), size, centering=_FACE))
        square, content = _write(square, most)
        return KeptPicture(width=square.width, height=square.height, content=content, small=content)
    large = _eight_bits(image)
    large.thumbnail(size)
    large, content = _write(_flatten(large), most)
    (width, height), small = large.size, content
    if max(large.size) > SMALL:
        large.thumbnail((SMALL, SMALL))
        _, small = _write(large, most)
    return KeptPicture(width=width, height=height, content=content, small=small)


def _upright(image: Image.Image) -> Image.Image:
    """Turn a picture as its camera says. Only that is read: much else in Exif is often written wrongly."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (*_BROKEN, AttributeError, ArithmeticError):
        return image
    return image if turn is None else image.transpose(turn)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture in a mode that can be made smaller: eight bits a channel, no palette."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey
        return image.point(lambda grey: grey * (1 / 256)).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _flatten(image: Image.Image) -> Image.Image:
    """Return a picture in sRGB, and white where it was transparent."""
    straight = _to_srgb(image)
    if not straight.has_transparency_data:
        return straight.convert("RGB")
    paper = Image.new("RGBA", straight.size, "white")
    return Image.alpha_composite(paper, straight.convert("RGBA")).convert("RGB")


def _to_srgb(image: Image.Image) -> Image.Image:
    """Follow the colour profile of a picture; one that cannot be read is left out."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _LONGEST_PROFILE or image.mode == "L":
        return image
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode=target) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _write(image: Image.Image, most: int) -> tuple[Image.Image, bytes]:
    """Write a picture as JPEG of at most so many bytes: as large as fits in fair quality, and then in the best."""
    for tried in _sizes(image):
        if len(_encode(tried, _QUALITIES[-1])) <= most:
            return tried, next(written for quality in _QUALITIES if len(written := _encode(tried, quality)) <= most)
    raise ValueError(most)


def _encode(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    pixels = Image.frombytes("RGB", image.size, image.tobytes())  # only pixels: nothing else is written along
    pixels.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()


def _sizes(image: Image.Image) -> Iterator[Image.Image]:
    """Yield a picture in its size, and smaller and smaller."""
    for part in _PARTS:
        size = (max(1, round(image.width * part)), max(1, round(image.height * part)))
        yield image if part == 1 else image.resize(size)
