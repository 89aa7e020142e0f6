"""What Zoom has newer than a restored backup: it is not put back unless an operator says so."""

from ..events import Event
from ..profiles import Profile
from .actions import UpdateWebinar
from .base import Fields
from .desired import desired_fields
from .observed import Bound
from .sameness import same
from .special import NEWER


def newer_fields(event: Event, profile: Profile, installation: str, reported: Fields, before: Fields = ()) -> Fields:
    """Return what the record would put back over something newer, as facts that stay known of the webinar.

    `before`: the fields as the backup knows them. What Zoom has changed since then is newer, and so is all that differs
    in a webinar that the backup does not know.
    """
    desired, has, had = dict(desired_fields(event, profile, installation)), dict(reported), dict(before)
    return tuple(
        (fact, desired[name])
        for name, fact in NEWER.items()
        if name in has and not same(has[name], desired[name]) and not (name in had and same(had[name], has[name]))
    )


def would_put_back(action: UpdateWebinar, bound: Bound) -> tuple[str, ...]:
    """Return the fields in which an update would put an old value over a newer one.

    Once the event record has another value than it had in the backup, it counts again.
    """
    known = dict(bound.known)
    facts = ((change, NEWER.get(change.field)) for change in action.fields)
    return tuple(change.field for change, fact in facts if fact in known and same(known[fact], change.new))
