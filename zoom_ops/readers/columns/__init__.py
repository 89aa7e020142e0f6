"""The headers of tables and the words in their cells, in many languages: which column says what."""

from .header import ROWS_LOOKED_AT, Column, Header, are_headers, find_header, map_columns, seems_table
from .words import HEADERS, LANGUAGES, find_value, fold_header, fold_words, list_values

__all__ = [
    "HEADERS",
    "LANGUAGES",
    "ROWS_LOOKED_AT",
    "Column",
    "Header",
    "are_headers",
    "find_header",
    "find_value",
    "fold_header",
    "fold_words",
    "list_values",
    "map_columns",
    "seems_table",
]
