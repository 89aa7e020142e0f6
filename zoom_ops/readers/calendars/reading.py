"""An entry of a calendar as it is read: as the file has it, and as the library decodes it."""

from dataclasses import dataclass
from typing import Any

from icalendar.cal import Component as Decoded

from .scan import Component, Property


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An entry in both forms, and what its calendar says about all of its entries."""

    component: Component
    decoded: Decoded
    ours: bool
    cancelled: bool  # the whole calendar says so (METHOD:CANCEL)

    def text(self, name: str) -> str:
        """Return the value of a property, without its escapes; empty if there is none."""
        value = self.decoded.get(name)
        value = value[0] if isinstance(value, list) and value else value
        return str(value) if value is not None else ""

    def values(self, name: str) -> list[tuple[Property, Any]]:
        """List the properties of a name with their decoded values."""
        given = self.decoded.get(name, [])
        return list(zip(self.component.all(name), given if isinstance(given, list) else [given], strict=False))
