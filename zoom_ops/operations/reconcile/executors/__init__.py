"""How each action is carried out."""

from .base import Deed
from .panelists import record_seats
from .registry import change_of, deed_of
from .webinars import record_told, told_fields

__all__ = ["Deed", "change_of", "deed_of", "record_seats", "record_told", "told_fields"]
