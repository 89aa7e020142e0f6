"""A model of Zoom and of the event record, in arithmetic: what performing a plan makes of what was observed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zoom_ops.events import Publication
from zoom_ops.planning import (
    Action,
    AddPanelists,
    Bound,
    CancelWebinar,
    CreateWebinar,
    Observed,
    ObservedSeat,
    PublishRecording,
    RemovePanelist,
    UpdateWebinar,
    WithdrawRecording,
)
from zoom_ops.planning.actions import Fields
from zoom_ops.planning.differ import read_back

CREATED_ID = 89999999999
ZOOMS_OWN = "Zoom's own"  # what stands in a field that Zoom drops when a webinar is created


def perform(actions: Iterable[Action], observed: Observed, *, drops: Collection[str] = ()) -> Observed:
    """Perform actions; changes of the fields in `drops` are accepted by Zoom, and silently dropped."""
    for action in actions:
        observed = _perform(action, observed, drops)
    return observed


def _perform(action: Action, observed: Observed, drops: Collection[str]) -> Observed:
    match action:
        case CreateWebinar():
            told = {name: ZOOMS_OWN if name in drops else value for name, value in action.fields}
            return replace(observed, bound=_created(action, told))
        case UpdateWebinar():
            assert observed.bound is not None
            return replace(observed, bound=_updated(action, observed.bound, drops))
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


def _created(action: CreateWebinar, told: dict[str, Any]) -> Bound:
    known, refused = read_back(action.fields, _fields(told))
    return Bound(
        webinar_id=CREATED_ID, host=action.host, state="bound", origin="created", known=known, asked=action.fields,
        refused=refused,
    )  # fmt: skip


def _updated(action: UpdateWebinar, bound: Bound, drops: Collection[str]) -> Bound:
    wanted = {change.field: change.new for change in action.fields}
    told = {**dict(bound.known), **{name: value for name, value in wanted.items() if name not in drops}}
    told |= {name: ZOOMS_OWN for name in wanted if name in drops and name not in told}
    asked = {**dict(bound.asked), **wanted}
    known, _ = read_back(_fields(asked), _fields(told))
    _, dropped = read_back(_fields(wanted), _fields(told))
    kept = {name: value for name, value in bound.refused if name not in wanted}
    return replace(bound, known=known, asked=_fields(asked), refused=_fields({**kept, **dict(dropped)}))


def _publish(action: PublishRecording, observed: Observed) -> Observed:
    before = [p for p in observed.publications if p.recording_uuid == action.recording_uuid]
    seen = [r for r in observed.recordings if r.uuid == action.recording_uuid]
    entry = Publication(
        recording_uuid=action.recording_uuid,
        part=action.part,
        title=action.title,
        url=action.url,
        visibility=action.visibility,
        state="published",
        start=seen[0].start if seen else before[0].start,
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
