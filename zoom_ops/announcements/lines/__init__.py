"""The lines of an announcement, without the markup of mail, Markdown and HTML."""

from .lines import Line, is_prose, read_lines

__all__ = ["Line", "is_prose", "read_lines"]
