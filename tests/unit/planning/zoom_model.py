"""A pure model of Zoom and of the event record: it computes what a plan changes in an observation."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zoom_ops.events import Publication
from zoom_ops.planning import (
    AUTO_RECORDING,
    Action,
    AddPanelists,
    AdoptWebinar,
    Bound,
    CancelWebinar,
    CreateWebinar,
    DeleteOldWebinar,
    LeftWebinar,
    Observed,
    ObservedSeat,
    PublishRecording,
    RemovePanelist,
    UpdateWebinar,
    WithdrawRecording,
)
from zoom_ops.planning.base import Fields
from zoom_ops.planning.differ import read_back

CREATED_ID = 89999999999


def zooms_own(field: str) -> str:
    """Return the value of a field that Zoom drops when a webinar is created."""
    return "2039-01-01T00:00:00Z" if field == "start" else "Zoom's own"


def perform(
    actions: Iterable[Action], observed: Observed, *, drops: Collection[str] = (), now: datetime | None = None
) -> Observed:
    """Perform actions. Zoom accepts changes of the fields in `drops` and silently drops them, at the time `now`."""
    for action in actions:
        observed = _perform(action, observed, drops)
        if observed.bound and AUTO_RECORDING in {change.field for change in action.changes()}:
            refused_at = now if AUTO_RECORDING in dict(observed.bound.refused) else None
            observed = replace(observed, bound=replace(observed.bound, recording_refused_at=refused_at))
    return observed


def _perform(action: Action, observed: Observed, drops: Collection[str]) -> Observed:
    match action:
        case CreateWebinar():
            reported = {name: zooms_own(name) if name in drops else value for name, value in action.fields}
            return replace(observed, bound=_created(action, reported))
        case AdoptWebinar():
            return replace(observed, bound=_adopted(action), seats=())
        case UpdateWebinar():
            assert observed.bound is not None
            return replace(observed, bound=_updated(action, observed.bound, drops))
        case DeleteOldWebinar():
            assert observed.bound is not None
            return replace(observed, bound=replace(observed.bound, left=None))
        case CancelWebinar():
            assert observed.bound is not None
            return replace(observed, bound=replace(observed.bound, state="cancelled"), seats=())
        case AddPanelists():
            seated = tuple(ObservedSeat(email=seat.email, name=seat.name) for seat in action.seats)
            return replace(observed, seats=observed.seats + seated)
        case RemovePanelist():
            return replace(observed, seats=tuple(seat for seat in observed.seats if seat.email != action.email))
        case PublishRecording():
            return _publish(action, observed)
        case WithdrawRecording():
            return _withdraw(action, observed)


def _adopted(action: AdoptWebinar) -> Bound:
    known = (("settings.hd_video", True), ("start", "2039-01-01T00:00:00Z"), ("topic", "Made there"))
    host = "manager@example.org"
    return Bound(webinar_id=action.webinar_id, host=host, state="bound", origin="home", known=known)


def _created(action: CreateWebinar, reported: dict[str, Any]) -> Bound:
    known, refused = read_back(action.fields, _fields(reported))
    return Bound(
        webinar_id=CREATED_ID, host=action.host, state="bound", origin="created", known=known, asked=action.fields,
        refused=refused,
        left=LeftWebinar(webinar_id=old.webinar_id, host=old.host) if (old := action.replaces) else None,
    )  # fmt: skip


def _updated(action: UpdateWebinar, bound: Bound, drops: Collection[str]) -> Bound:
    desired = {change.field: change.new for change in action.fields}
    reported = {**dict(bound.known), **{name: value for name, value in desired.items() if name not in drops}}
    reported |= {name: zooms_own(name) for name in desired if name in drops and name not in reported}
    asked = {**dict(bound.asked), **desired}
    known, _ = read_back(_fields(asked), _fields(reported))
    _, dropped = read_back(_fields(desired), _fields(reported))
    kept = {name: value for name, value in bound.refused if name not in desired}
    return replace(bound, known=known, asked=_fields(asked), refused=_fields({**kept, **dict(dropped)}))


def _publish(action: PublishRecording, observed: Observed) -> Observed:
    before = [p for p in observed.publications if p.recording_uuid == action.recording_uuid]
    recordings = [r for r in observed.recordings if r.uuid == action.recording_uuid]
    entry = Publication(
        recording_uuid=action.recording_uuid,
        part=action.part,
        title=action.title,
        url=action.url,
        visibility=action.visibility,
        state="published",
        start=recordings[0].start if recordings else before[0].start,
        published_at=datetime(2040, 6, 1, tzinfo=UTC),
    )
    others = tuple(p for p in observed.publications if p.recording_uuid != action.recording_uuid)
    return replace(observed, publications=(*others, entry))


def _withdraw(action: WithdrawRecording, observed: Observed) -> Observed:
    return replace(
        observed,
        publications=tuple(
            p.model_copy(update={"state": "withdrawn"}) if p.recording_uuid == action.recording_uuid else p
            for p in observed.publications
        ),
    )


def _fields(fields: dict[str, Any]) -> Fields:
    return tuple(sorted(fields.items()))
