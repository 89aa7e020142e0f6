"""What every step of a rehearsal works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...zoom import Gateway
from ..context import Context
from ..reconcile.executors import reported_fields
from .stage import Course, Order


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The account, the order, and the course that notes what is learnt."""

    context: Context
    gateway: Gateway
    order: Order
    course: Course

    def patch(self, webinar_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change fields of a webinar and return its fields as they are then. Counts against the host's day."""
        with self.gateway.slot("update_webinar", host=self.order.host, operator=True):
            self.gateway.update_webinar(webinar_id, self.order.host, changes)
        return dict(reported_fields(self.gateway.get_webinar(webinar_id)))
