"""The events of an Indico as a home of event records."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from ...clock import Clock
from ...errors import AmbiguousError, NotFoundError
from ..errors import CannotHideError, DriftedError, HomeDownError, StrangeAnswerError, UnprotectedError
from ..packed import pack, unpack
from ..port import Capabilities, Changed, Entry, Finding, MakesWebinars, Raw, Record, Shown, join_copies
from .check import iter_findings
from .client import Indico, Material
from .entries import Mark, build_description, build_first_address, build_shown, select_own
from .forms import NO_FOLDER, Form
from .members import Members
from .reading import build_raw, read_record
from .rooms import find_room, find_rooms, shorten
from .settings import Settings


class IndicoRecords:
    """The events of some categories of an Indico. Links are materials of an event; see EventRecords."""

    kind = "indico"

    def __init__(self, name: str, settings: Settings, client: Indico, clock: Clock) -> None:
        self.name = name
        self._settings, self._client, self._clock = settings, client, clock
        self._members = Members(client, settings)
        self.capabilities = Capabilities(
            identifies="key_in_description",
            updates="replace",
            lock="none",
            audiences=("public", "members") if settings.members else ("public",),
            members_see=f"{' and '.join(settings.members)} and the managers of the event" if settings.members else "",
            title_leaks=not settings.hide_titles,
            feed="poll",
            makes_webinars=_makes_webinars(settings),
        )

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List all events that ended at most `past_days` ago, or did not end: Indico does not tell what changed."""
        del cursor
        own = self._settings
        with self._client.http.listing(packs=True):
            listed = self._client.iter_events(own.categories, past_days=own.past_days, size=own.page_size)
            events = [pack(event) for event in listed]
            shorts = [shorten(unpack(event)) for event in events] if own.zoom_plugin else ()
            rooms = find_rooms(self._client, own, self._clock, shorts) if shorts else {}
        built = (build_raw(event, rooms.get(str(event.get("id")))) for event in map(unpack, events))
        records = tuple(raw.packed() for raw in built)
        return Changed(records=records, all_ids=frozenset(raw.id for raw in records))

    def get(self, record_id: str) -> Raw:
        """Get an event; raise NotFoundError, also where the token may not read it."""
        event = self._client.fetch_event(record_id)
        own = self._settings
        return build_raw(event, find_room(self._client, own, self._clock, event) if own.zoom_plugin else None)

    def parse(self, raw: Raw) -> Record:
        """Read an event. Raise BadInputError where it is none. No request is made."""
        return read_record(raw.unpacked(), self._settings)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our links in an event, one for each key; raise NotFoundError."""
        own = select_own(self._client.fetch_materials(record_id)[0])
        shown = join_copies(self._show(record_id, mark, material) for mark, material in own)
        return tuple(sorted(shown, key=lambda entry: int(entry.external_id)))

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write a link, and return it as read back."""
        if entry.visibility not in self.capabilities.audiences:
            raise CannotHideError(f"{self.name} has no members in its file: a link for members is not written.")
        own = self._own(record_id, entry.key)
        if own and own[0][0].is_whole:
            shown = self._show(record_id, *own[0])
            if not shown.shows(entry) and not shown.is_copy_of(before):
                raise DriftedError(f"{self.name}: somebody changed our link in event {record_id}.")
            if shown.shows(entry) and len(own) == 1:
                return shown
            is_done = shown.shows(entry)
        elif before is not None and not own:
            raise DriftedError(f"{self.name}: somebody removed our link from event {record_id}.")
        else:
            is_done = False
        acl = self._members.find_acl() if entry.visibility == "members" else None
        folder = self._members.ensure_folder(record_id, acl) if acl else NO_FOLDER
        if not own:
            own = self._add(record_id, entry, acl, folder)
        with _written():
            (_, kept), *others = own
            if not is_done:
                self._edit(record_id, kept, entry, acl, folder)
            for _, material in others:
                self._delete(record_id, material)
            return self._confirm(record_id, entry, acl)

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove all links of a key. Idempotent."""
        try:
            own = self._own(record_id, key)
        except NotFoundError:
            return
        for _, material in own:
            self._delete(record_id, material)

    def check(self) -> Iterator[Finding]:
        """Try what the home needs. A link that only managers see is added to the newest event, and deleted at once."""
        return iter_findings(self._client, self._settings, self._members, self._clock)

    def _own(self, record_id: str, key: str) -> tuple[tuple[Mark, Material], ...]:
        return select_own(self._client.fetch_materials(record_id)[0], key)

    def _show(self, record_id: str, mark: Mark, material: Material) -> Shown:
        """Return what a link shows. Its form says whether it is protected by itself."""
        form = self._client.fetch_form(record_id, material) if material.is_protected else None
        return build_shown(mark, material, form)

    def _add(self, record_id: str, entry: Entry, acl: str | None, folder: str) -> tuple[tuple[Mark, Material], ...]:
        """Add a link, protected in this very request if it is for members, and find it by the mark in its address."""
        form = self._client.fetch_new_form(record_id, with_groups=acl is not None)
        fields = {"title": entry.title, "link_url": build_first_address(entry), "folder": folder}
        self._client.add_link(record_id, form.filled(fields | _protection(acl)))
        with _written():
            own = self._own(record_id, entry.key)
            if not own:
                raise StrangeAnswerError(f"{self.name} took a link and does not list it.")
            self._check_hidden(record_id, own, acl)
            return own

    def _edit(self, record_id: str, material: Material, entry: Entry, acl: str | None, folder: str) -> None:
        """Give a link its whole state. It stays in the folder into which people put it."""
        form = self._client.fetch_form(record_id, material, with_groups=acl is not None)
        fields = {"title": entry.title, "link_url": entry.url, "description": build_description(entry.key)}
        if folder != NO_FOLDER or material.folder == self._settings.members_folder:
            fields["folder"] = folder
        self._client.edit_link(record_id, material, form.filled(fields | _protection(acl)))

    def _confirm(self, record_id: str, entry: Entry, acl: str | None) -> Shown:
        """Return a link as it is read back."""
        own = self._own(record_id, entry.key)
        if not own:
            raise StrangeAnswerError(f"{self.name} took a link and does not list it.")
        form = self._check_hidden(record_id, own, acl)
        return build_shown(*own[0], form) if form else self._show(record_id, *own[0])

    def _check_hidden(self, record_id: str, own: tuple[tuple[Mark, Material], ...], acl: str | None) -> Form | None:
        """Remove a link for members that Indico did not protect as it was asked to: no form may make one public."""
        if acl is None:
            return None
        _, material = own[0]
        form = self._client.fetch_form(record_id, material, with_groups=True)
        if not material.is_protected or not form.is_protected:
            for _, each in own:
                self._delete(record_id, each)
            raise UnprotectedError(f"{self.name} did not protect a link for members, so it was removed again.")
        return form

    def _delete(self, record_id: str, material: Material) -> None:
        try:
            self._client.delete_link(record_id, material)
        except NotFoundError:
            return


def _makes_webinars(settings: Settings) -> MakesWebinars | None:
    if not settings.zoom_plugin:
        return None
    return MakesWebinars(hours=settings.zoom_plugin_hours, otherwise=settings.zoom_plugin_late)


def _protection(acl: str | None) -> dict[str, str]:
    """Return the fields that protect a link for those of a list; none for a public one."""
    return {} if acl is None else {"protected": "y", "acl": acl}


@contextmanager
def _written() -> Iterator[None]:
    """Say that something was written where the home goes down after it."""
    try:
        yield
    except (HomeDownError, StrangeAnswerError) as error:
        raise AmbiguousError(f"{error} Whether the link was written is looked up.") from error
