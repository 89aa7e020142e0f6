"""CSV and XLSX → their events: one row an event, or one row a speaker."""

from .read import ColumnMapping, read, read_mapping
from .template import template_csv, template_xlsx

__all__ = ["ColumnMapping", "read", "read_mapping", "template_csv", "template_xlsx"]
