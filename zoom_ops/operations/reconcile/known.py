"""What our own database knows of an event when a run begins: one read, handed on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Row

from ...engine.effects import load_intent
from ...engine.runs import Subject
from ...events import Event
from ...planning import NOTICES, LeftWebinar, ObservedSeat, RefusedSeat
from ...planning import Bound as BoundWebinar
from ...store.alerts import list_raised
from ...store.backups.restoration import Restoration, find_restoration, is_older
from ...store.events import load_event, load_revision
from ...store.hosts.facts import find_right
from ...store.notifications import load_new
from ...store.webinars import Bound, find_binding, find_booking

if TYPE_CHECKING:  # lists of the command line import this module, and need no client of Zoom
    from ..context import Context

READ_AGAIN_AFTER = timedelta(days=1)  # what is known of a webinar for longer is read again at Zoom…
READ_AGAIN_BEFORE = timedelta(days=7)  # …if the webinar takes place within this time
Given = ParamSpec("Given")
Loaded = TypeVar("Loaded")

_KINDS = (
    "webinar.updated",
    "webinar.deleted",
    "webinar.permanently_deleted",
    "webinar.recovered",
    "webinar.converted_to_meeting",
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """An event with its webinar, before Zoom is asked anything."""

    event: Event
    revision: int  # of the event record
    bound: Bound | None
    booked: tuple[str, datetime, datetime] | None  # host, from, until
    notifications: tuple[Row[Any], ...]  # of the webinar, not looked into yet
    noticed: tuple[Row[Any], ...]  # the alerts that are notices, also dismissed ones
    records: bool | None  # whether the host of its webinar may record to the cloud; None: unknown
    is_open: bool  # an earlier change outside has no end yet
    restoration: Restoration | None  # the database was restored from a backup

    @property
    def is_older(self) -> bool:
        """Whether what is known of the webinar is from before the database was restored."""
        if self.restoration is None or self.bound is None:
            return False
        return bool(is_older(self.restoration, self.bound))


class Shared:
    """What our own database knows of accounts and bindings, loaded once for a look at many events."""

    def __init__(self, while_asking: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        """`while_asking`: makes the context in which Zoom is asked, which may take a minute."""
        self._while_asking = while_asking
        self._loaded: dict[tuple[str, Any], Any] = {}
        self.read: set[tuple[str, str]] = set()  # the hosts, by account, whose list was asked for: once in a look

    def once(self, account: str, load: Callable[Given, Loaded], *given: Given.args, **named: Given.kwargs) -> Loaded:
        """Load something of an account, or return it as it was loaded before."""
        key = account, load
        if key not in self._loaded:
            self._loaded[key] = load(*given, **named)
        loaded: Loaded = self._loaded[key]
        return loaded

    def each(
        self,
        of: Iterable[str],
        load: Callable[..., Loaded],
        load_many: Callable[[Collection[str]], Mapping[str, Loaded]],
    ) -> dict[str, Loaded]:
        """Return what `load` returns of each of these; load together what is not kept.

        Those that `load_many` leaves out are left out: they are unknown, or have to be loaded one by one.
        """
        names, kept = tuple(of), self._loaded
        if missing := [name for name in names if (name, load) not in kept]:
            kept |= {(name, load): loaded for name, loaded in load_many(missing).items()}
        return {name: kept[name, load] for name in names if (name, load) in kept}

    def keep(self, of: str, load: Callable[..., Any], loaded: Any) -> None:
        """Keep what `load` would return, for it was loaded together with that of others."""
        self._loaded[of, load] = loaded

    def forget(self) -> None:
        """Forget all that was loaded."""
        self._loaded.clear()

    def asking(self) -> AbstractContextManager[object]:
        """Return the context in which Zoom is asked. All that was loaded is forgotten: Zoom knows better."""
        self.forget()
        return self._while_asking()


def load_known(connection: Connection, event_id: str) -> Known:
    """Load what is known of an event; raise NotFoundError."""
    bound = find_binding(connection, event_id)
    return Known(
        event=load_event(connection, event_id),
        revision=load_revision(connection, event_id),
        bound=bound,
        booked=find_booking(connection, event_id),
        notifications=tuple(load_new(connection, event_id, _KINDS)),
        noticed=list_raised(connection, tuple(NOTICES), [event_id]),
        records=find_right(connection, bound.account, bound.host) if bound else None,
        is_open=load_intent(connection, Subject(kind="event", id=event_id)) is not None,
        restoration=find_restoration(connection),
    )


def account_of(context: Context, event: Event, bound: Bound | None) -> str | None:
    """Return the account of an event: that of its webinar, else that which it would get."""
    return bound.account if bound and bound.state == "bound" else context.account_of(event)


def bound_of(row: Bound, **more: Any) -> BoundWebinar:
    """Build the planner's value of a binding from what the binding says. `more`: fields of which it says nothing."""
    return BoundWebinar(
        webinar_id=row.webinar_id,
        host=row.host,
        state=row.state,
        origin=row.origin,
        known=row.known,
        asked=row.asked,
        refused=row.refused,
        move_to=row.move_to,
        left=LeftWebinar(webinar_id=row.left_webinar_id, host=row.left_host or "") if row.left_webinar_id else None,
        refused_seats=tuple(RefusedSeat(email=email, **refusal) for email, refusal in row.refused_seats or ()),
        **{"recording_refused_at": row.recording_refused_at, **more},
    )


def seat_of(row: Row[Any]) -> ObservedSeat:
    """Build the planner's value of a seat."""
    return ObservedSeat(email=row.email, name=row.name, ours=row.ours, resend=bool(row.resend))
