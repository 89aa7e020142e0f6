"""What the standard library does to a text in quadratic time, in linear time: for texts that anybody may send."""

from .json import HEAVIEST, LONGEST_NUMBER, TooHeavyError, load_json, weigh_json
from .unicode import LONGEST_RUN, normalize, sorts_slowly
from .urls import LONGEST_HOST, join_url, split_url

__all__ = [
    "HEAVIEST",
    "LONGEST_HOST",
    "LONGEST_NUMBER",
    "LONGEST_RUN",
    "TooHeavyError",
    "join_url",
    "load_json",
    "normalize",
    "sorts_slowly",
    "split_url",
    "weigh_json",
]
