"""Files in the formats that people have → events, each with the places of the file that say its fields."""

from typing import TYPE_CHECKING

from ..front import load_later
from .bounds import LONGEST_PROPERTY, LONGEST_S, TakesTooMuchError, bounded, check_size, go_on, is_large, limited
from .read import CALENDAR_PRODUCT, LARGEST_FILE, MOST_EVENTS, MOST_LINES, Announced, PictureAt, Reader, Source

if TYPE_CHECKING:  # loaded when they are asked for: a daemon that is sent no files never reads one
    from .documents import read_json, say_fields
    from .files import format_of, read_events, read_records
    from .recognising import Format, recognise

__all__ = [
    "CALENDAR_PRODUCT",
    "LARGEST_FILE",
    "LONGEST_PROPERTY",
    "LONGEST_S",
    "MOST_EVENTS",
    "MOST_LINES",
    "Announced",
    "Format",
    "PictureAt",
    "Reader",
    "Source",
    "TakesTooMuchError",
    "bounded",
    "check_size",
    "format_of",
    "go_on",
    "is_large",
    "limited",
    "read_events",
    "read_json",
    "read_records",
    "recognise",
    "say_fields",
]
__getattr__ = load_later(__name__, __all__, ("recognising", "documents", "files"))
