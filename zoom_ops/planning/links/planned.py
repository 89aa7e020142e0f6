"""The links in the records of other systems in an event's plan: which are written, which are taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...events import Event, Publication
from ...link_keys import with_key
from ...messages import Message, effects
from ...messages import plans as say
from ..plans import Blocker
from .actions import PublishLink, ShownLink, WithdrawLink

NOT_HIDDEN = "link_not_hidden"


@dataclass(frozen=True, kw_only=True)
class ObservedLink:
    """What is known of a recording's link in a record of a home."""

    key: str  # the recording's uuid
    written: ShownLink | None = None  # as the home showed it after our latest write; None: it was taken back, or never
    seen: ShownLink | None = None  # as the home showed it when it was last looked at
    left_alone: bool = False  # an operator leaves it as people changed it


@dataclass(frozen=True, kw_only=True)
class ObservedRecord:
    """The record of an event in a home, with our links in it as far as we know them."""

    home: str
    record: str  # the home's own id
    place: str  # the home in words, such as "Indico (home events)"
    writes: bool = True  # else the home is only read
    can_hide: bool = False  # it can show a link to members alone
    members_see: str = ""  # who sees a link for members there
    title_leaks: bool = False
    keys: tuple[tuple[str, str], ...] = ()  # by recording, those that links for members have here; each is hidden
    links: tuple[ObservedLink, ...] = ()


def plan_links(
    event: Event, account: str | None, publications: tuple[Publication, ...], records: tuple[ObservedRecord, ...]
) -> Iterator[PublishLink | WithdrawLink | Blocker]:
    """Yield the links to write and to take back, record by record, from what is published on our own page.

    What people made of a link stays as it is, and an operator is asked. Only a link that visitors must not see any more
    is changed or taken back all the same.
    """
    published = {known.recording_uuid: known for known in publications if known.state == "published"}
    for record in records:
        if record.writes:
            yield from _plan_record(event, account or "", published, record, {p.recording_uuid for p in publications})


def shows_link(seen: ShownLink | None, wanted: Publication) -> bool:
    """Return whether a home shows what is published on our own page, once."""
    return seen is not None and (seen.key, seen.title, seen.url, seen.visibility, seen.copies) == (
        wanted.recording_uuid,
        wanted.title,
        wanted.url,
        wanted.visibility,
        1,
    )


def say_changed(blockers: Sequence[Blocker], event_id: str) -> Message:
    """Say what people changed in each home, and once how to decide: the decision is about all links of the event."""
    changed = tuple(blocker.finding or blocker.message for blocker in blockers)
    return say.LINKS_TO_DECIDE(changed=changed, event=event_id)


def wanted_in(record: ObservedRecord, publication: Publication) -> Publication:
    """Return what a record is to show of a publication: its link for members has a key where the home uses keys."""
    key = dict(record.keys).get(publication.recording_uuid) if publication.visibility == "members" else None
    return publication.model_copy(update={"url": with_key(publication.url, key)}) if key else publication


def withdrawal_of(action: PublishLink) -> WithdrawLink:
    """Plan to take back a link that visitors see, and that the home did not hide as the action asked."""
    shared = set(WithdrawLink.model_fields) - {"kind", "reason", "title"}
    title = action.before.title if action.before else action.title
    return WithdrawLink(**action.model_dump(include=shared), title=title, reason=effects.NOT_FOR_VISITORS())


def _plan_record(
    event: Event, account: str, published: dict[str, Publication], record: ObservedRecord, ours: set[str]
) -> Iterator[PublishLink | WithdrawLink | Blocker]:
    links = {link.key: link for link in record.links}
    for key, wanted in ((key, wanted_in(record, each)) for key, each in published.items()):
        link = links.get(key, ObservedLink(key=key))
        if wanted.visibility == "members" and not record.can_hide:
            yield _cannot_hide(record, wanted)
            if link.seen:
                yield _withdraw(event, account, record, link.seen, effects.NOT_FOR_VISITORS())
        elif entry := _plan_wanted(event, account, record, wanted, link):
            yield entry
    for link in record.links:
        if link.seen and link.key not in published and (link.written or link.key in ours):
            yield _withdraw(event, account, record, link.seen, effects.NOT_PUBLISHED())


def _plan_wanted(
    event: Event, account: str, record: ObservedRecord, wanted: Publication, link: ObservedLink
) -> PublishLink | Blocker | None:
    """Plan a link that the record is to show; None where it does, or where an operator leaves it alone."""
    if shows_link(link.seen, wanted):
        return None
    action = PublishLink(
        **_place_of(event, account, record, wanted.recording_uuid),
        part=wanted.part,
        title=wanted.title,
        url=wanted.url,
        visibility=wanted.visibility,
        members_see=record.members_see,
        title_leaks=record.title_leaks,
        before=link.seen,
        reason=effects.PUBLISHED() if link.seen is None else effects.PUBLISHED_OTHERWISE(),
    )
    if action.narrows or _is_untouched(link, wanted):
        return action
    return None if link.left_alone else _drift(event, record, wanted, link)


def _is_untouched(link: ObservedLink, wanted: Publication) -> bool:
    """Return whether nobody changed a link. Copies are ours, of a write that came late, if they say what we write."""
    if link.seen is None or link.seen.copies == 1:
        return link.seen == link.written
    ours = [(each.title, each.url) for each in (link.written, wanted) if each]
    return (link.seen.title, link.seen.url) in ours


def _withdraw(event: Event, account: str, record: ObservedRecord, seen: ShownLink, reason: Message) -> WithdrawLink:
    return WithdrawLink(**_place_of(event, account, record, seen.key), title=seen.title, reason=reason)


def _place_of(event: Event, account: str, record: ObservedRecord, key: str) -> dict[str, Any]:
    """Return the fields of an action that say of which link it is, and where that stands."""
    return {
        "event": event.id,
        "account": account,
        "home": record.home,
        "record": record.record,
        "place": record.place,
        "recording_uuid": key,
    }


def _drift(event: Event, record: ObservedRecord, wanted: Publication, link: ObservedLink) -> Blocker:
    finding = (say.LINK_CHANGED if link.seen else say.LINK_REMOVED)(title=wanted.title, place=record.place)
    return Blocker(
        about="link",
        message=say.LINKS_TO_DECIDE(changed=finding, event=event.id),
        finding=finding,
        refused=True,
        recording=wanted.recording_uuid,
    )


def _cannot_hide(record: ObservedRecord, wanted: Publication) -> Blocker:
    message = say.NOT_HIDDEN(place=record.place, title=wanted.title)
    return Blocker(about="link", message=message, over=True, notice=NOT_HIDDEN, recording=wanted.recording_uuid)
