"""Zoom, in typed verbs: the only door to its API."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from ..clock import Clock
from ..store.connect import Database
from ..store.secrets import SecretBox
from ..webinars import Host, Instance, ListedWebinar, Panelist, Recording, Webinar, WebinarDraft
from .accounts import Waits, ZoomAccount
from .checkup import Report
from .client import Call


class Gateway:
    """What this service asks of one Zoom account."""

    account: ZoomAccount

    @contextmanager
    def slot(self, verb: str, *, host: str = "", operator: bool = False) -> Iterator[None]:
        """Take, before an intent, all that the next `verb` of this thread needs to be sent at once."""
        raise NotImplementedError

    def get_host(self, email: str) -> Host:
        """Get what Zoom says of a host; asked once a day."""
        raise NotImplementedError

    def create_webinar(self, host: str, draft: WebinarDraft) -> Webinar:
        """Create a webinar."""
        raise NotImplementedError

    def update_webinar(self, webinar_id: int, host: str, changes: Mapping[str, object]) -> None:
        """Change these fields of a webinar: topic, agenda, start, duration, timezone, passcode, `settings.<dotted>`."""
        raise NotImplementedError

    def get_webinar(self, webinar_id: int) -> Webinar:
        """Get a webinar with its settings; raises WebinarGoneError."""
        raise NotImplementedError

    def iter_webinars(self, host: str) -> Iterator[ListedWebinar]:
        """Iterate over every webinar in a host's list."""
        raise NotImplementedError

    def delete_webinar(self, webinar_id: int, *, tell_people: bool) -> None:
        """Delete a webinar; one that is gone already is done."""
        raise NotImplementedError

    def end_webinar(self, webinar_id: int) -> None:
        """End a webinar that is live."""
        raise NotImplementedError

    def get_panelists(self, webinar_id: int) -> tuple[Panelist, ...]:
        """Get the panelists of a webinar, with their links."""
        raise NotImplementedError

    def add_panelists(self, webinar_id: int, panelists: Sequence[Panelist]) -> None:
        """Seat panelists, at most 30."""
        raise NotImplementedError

    def remove_panelist(self, webinar_id: int, email_or_id: str) -> None:
        """Remove a panelist; one who is not seated is done."""
        raise NotImplementedError

    def get_instances(self, webinar_id: int) -> tuple[Instance, ...]:
        """Get every held run of a webinar."""
        raise NotImplementedError

    def get_recording(self, uuid: str) -> Recording:
        """Get the recording of one instance; raises NoRecordingError, which means unknown, never gone."""
        raise NotImplementedError

    def iter_recordings(self, host: str, first: date, last: date) -> Iterator[Recording]:
        """Iterate over a host's webinar recordings that began on these days (UTC)."""
        raise NotImplementedError

    def get_recording_settings(self, uuid: str) -> Mapping[str, Any]:
        """Get how the recording of one instance is shared, in Zoom's words."""
        raise NotImplementedError

    def update_recording_settings(self, uuid: str, changes: Mapping[str, Any]) -> None:
        """Change how the recording of one instance is shared, in Zoom's words."""
        raise NotImplementedError

    def check(self) -> Report:
        """Check the credentials, the scopes and every host."""
        raise NotImplementedError


def open_gateway(
    account: ZoomAccount,
    *,
    database: Database,
    box: SecretBox,
    clock: Clock,
    waits: Waits,
    on_call: Callable[[Call], None],
) -> Gateway:
    """Open the door to one Zoom account."""
    raise NotImplementedError
