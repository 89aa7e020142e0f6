"""The configuration files: read whole, watched, compared with what running processes have."""

from .belongings import describe_moving
from .differences import Difference, compare
from .exposed import find_exposed, list_secret_holders
from .items import Items, items_of
from .reading import Configuration, Reading, read_configuration
from .showing import describe_files, describe_processes
from .stamp import Stamp, Watch, take_stamp

__all__ = [
    "Configuration",
    "Difference",
    "Items",
    "Reading",
    "Stamp",
    "Watch",
    "compare",
    "describe_files",
    "describe_moving",
    "describe_processes",
    "find_exposed",
    "items_of",
    "list_secret_holders",
    "read_configuration",
    "take_stamp",
]
