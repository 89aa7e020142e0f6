"""What the standard library does to a text in quadratic time, in linear time: for texts that anybody may send."""

from .unicode import LONGEST_RUN, normalize, sorts_slowly
from .urls import LONGEST_HOST, join_url, split_url

__all__ = ["LONGEST_HOST", "LONGEST_RUN", "join_url", "normalize", "sorts_slowly", "split_url"]
