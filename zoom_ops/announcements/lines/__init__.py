"""The lines and labels of an announcement."""

from .labels import Label, read_label
from .lines import Line, is_prose, read_lines

__all__ = ["Label", "Line", "is_prose", "read_label", "read_lines"]
