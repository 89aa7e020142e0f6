"""The steps of a rehearsal that seat and unseat people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import ZoomOpsError
from ...webinars import Panelist
from ...zoom import as_rows
from .bench import Bench


@dataclass(frozen=True, kw_only=True)
class PeopleSteps:
    """Seats the person whom Zoom may mail, and the host without a mail."""

    bench: Bench
    webinar_id: int

    def seat(self) -> None:
        """Add the person who may be mailed."""
        self.bench.gateway.add_panelists(self.webinar_id, [Panelist(email=self.bench.order.mail, name="Rehearsal")])
        rows = self._panelist_rows()
        ours = [row for row in rows if str(row.get("email", "")).lower() == self.bench.order.mail]
        self.bench.course.learn(
            panelist_email="shown" if ours else "withheld" if rows else "not listed",
            panelist_fields=sorted(ours[0]) if ours else sorted(rows[0]) if rows else [],
        )

    def seat_again(self) -> None:
        """Add the same address a second time, with another name."""
        before = self._panelist_rows()
        try:
            self.bench.gateway.add_panelists(
                self.webinar_id, [Panelist(email=self.bench.order.mail, name="Rehearsal again")]
            )
        except ZoomOpsError:
            self.bench.course.learn_refusal(seated_twice="refused")
            raise
        after = self._panelist_rows()
        kept = [row.get("id") for row in before] == [row.get("id") for row in after]
        self.bench.course.learn(
            seated_twice="one seat" if len(after) == len(before) else f"{len(after)} seats",
            seat_kept=kept,
            renamed=any(row.get("name") == "Rehearsal again" for row in after),
        )

    def seat_host(self) -> None:
        """Add the host, with invitations switched off; raise ZoomOpsError where Zoom keeps them on."""
        quiet = self.bench.patch(self.webinar_id, {"settings.panelists_invitation_email_notification": False})
        if quiet.get("settings.panelists_invitation_email_notification") is not False:
            raise ZoomOpsError("Zoom keeps invitations on: the host would be mailed, so the host was not added.")
        before = len(self._panelist_rows())
        try:
            self.bench.gateway.add_panelists(self.webinar_id, [Panelist(email=self.bench.order.host, name="Host")])
        except ZoomOpsError:
            self.bench.course.learn_refusal(host_as_panelist="refused")
            raise
        seated = len(self._panelist_rows()) > before
        self.bench.course.learn(host_as_panelist="seated" if seated else "accepted, and not listed")
        self.bench.gateway.remove_panelist(self.webinar_id, self.bench.order.host)

    def unseat(self) -> None:
        """Remove the person, and once more when nobody is seated."""
        self.bench.gateway.remove_panelist(self.webinar_id, self.bench.order.mail)
        try:
            self.bench.gateway.remove_panelist(self.webinar_id, self.bench.order.mail)
        except ZoomOpsError:
            self.bench.course.learn_refusal(removed_twice="")
            raise
        self.bench.course.learn(removed_twice=self.bench.course.last_code())

    def _panelist_rows(self) -> Sequence[Mapping[str, Any]]:
        """Return the rows as Zoom sends them, also those without an address."""
        self.bench.gateway.get_panelists(self.webinar_id)
        return as_rows(self.bench.course.last_answer().get("panelists"))
