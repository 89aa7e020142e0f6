"""CSV and XLSX → their events: one row an event, or one row a speaker."""

from .read import read
from .template import template_csv, template_xlsx

__all__ = ["read", "template_csv", "template_xlsx"]
