"""The people of an entry: who holds the event, who speaks, who is only invited."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...announcements import name_key, told_of
from ...errors import BadInputError
from ...events import Organizer, Performer, clean_line
from ...markup import without_markup
from .. import text
from ..addresses import email_of
from ..naming import someone_named
from .findings import Findings
from .reading import Reading
from .scan import Property

_HEAD = "Title: Event\n\n1 January 2030, 10:00-11:00 UTC\n\n"  # of an announcement; only its people are taken
_HEADINGS = {  # headings of lists of speakers, in the languages of the pages
    *("speaker", "speakers", "panelists", "panellists", "moderator", "moderators", "chair", "presenter", "presenters"),
    *("intervenant", "intervenants", "orateurs", "modérateur", "modératrice", "conférenciers"),
    *("ponente", "ponentes", "oradores", "moderador", "moderadora", "panelistas", "palestrantes"),
    *("referent", "referentin", "referenten", "referierende", "moderation", "vortragende", "relatori", "relatore"),
    *("докладчик", "докладчики", "спикеры", "модератор", "主讲人", "演讲者", "主持人", "المتحدثون", "المتحدث"),
}


def read_organizers(reading: Reading, findings: Findings) -> Iterator[Organizer]:
    source, name = reading.component.first("ORGANIZER"), _common_name(reading.decoded.get("ORGANIZER"))
    if source is None or not name or (_is_address(name) and not reading.ours):
        return
    findings.source("organizers", source)
    if not reading.ours:
        findings.note(
            "organizers", source, "a calendar names as organizer who wrote the entry; it may be no organisation"
        )
    elif ", " in name:
        findings.note("organizers", source, "the commas may separate organizers or belong to one name")
    for part in name.split(", ") if reading.ours else (name,):
        yield Organizer(name=part)


def read_performers(reading: Reading, findings: Findings) -> Iterator[Performer]:
    """Yield the speakers that the description lists, and the chair, which RFC 5545 defines.

    Who else is invited may only listen: a note says how many they are.
    """
    described = _described(reading, findings)
    yield from described
    names = {name_key(person.name) for person in described}
    attendees = reading.values("ATTENDEE")
    chairs = [each for each in attendees if _is_chair(each[1], str(reading.decoded.get("ORGANIZER", "")).lower())]
    for number, (source, attendee) in enumerate(chairs, len(described)):
        name = _common_name(attendee)
        findings.note("performers", source, f"{name} is the chair in the calendar (ROLE=CHAIR)")
        if name_key(name) not in names:
            findings.source(f"performers.{number}.name", source)
            yield Performer(kind="chair", name=name, email=email_of(str(attendee)))
    others = len(attendees) - len(chairs)
    if others and not reading.ours:
        reason = f"the calendar invites {others} and does not say who speaks; add the speakers"
        # its first line, without the name and the address of whom it invites
        findings.note("performers", Property(name="ATTENDEE", line=attendees[0][0].line, text="ATTENDEE"), reason)
    if not described and not chairs and not reading.ours:
        _note_named(reading, findings)


def _note_named(reading: Reading, findings: Findings) -> None:
    """Note a person whom the title or the description names, and who is listed nowhere."""
    for name, title, text_of in (
        ("SUMMARY", reading.text("SUMMARY"), ""),
        ("DESCRIPTION", "", reading.text("DESCRIPTION")),
    ):
        source = reading.component.first(name)
        if source is not None and (named := someone_named(clean_line(title), text_of)):
            findings.note("performers", source, told_of(named))


def _is_chair(attendee: Any, organizer: str) -> bool:
    kind, role = (str(attendee.params.get(name, "")).upper() for name in ("CUTYPE", "ROLE"))
    name = _common_name(attendee)
    is_person = kind in ("", "INDIVIDUAL") and name and not _is_address(name)
    return bool(is_person and role == "CHAIR" and str(attendee).lower() != organizer)


def _described(reading: Reading, findings: Findings) -> tuple[Performer, ...]:
    """Read the speakers under their heading in a description, as those of an announcement."""
    source, description = reading.component.first("DESCRIPTION"), reading.text("DESCRIPTION")
    if source is None or reading.ours:
        return ()
    written = without_markup(description)
    if not any(line.partition(":")[0].strip(" *#_").casefold() in _HEADINGS for line in written.split("\n")):
        return ()
    try:
        (announced,) = text.read(f"{_HEAD}{written}".encode("utf-8", "replace"), findings.file)
    except BadInputError:
        reason = "the description names speakers, and they cannot be read; add them"
        findings.note("performers", source, reason)
        return ()
    for note in announced.event.needs_review:
        if note.field == "performers":
            findings.note("performers", replace(source, text=note.text or source.text), note.reason)
    for each in announced.sources:
        if each.field.startswith("performers"):
            findings.source(each.field, replace(source, text=each.text))
    return announced.event.performers


def _common_name(address: Any) -> str:
    """Return the name of an ORGANIZER or ATTENDEE."""
    return clean_line(str(getattr(address, "params", {}).get("CN", "")))


def _is_address(name: str) -> bool:
    """Tell an address in the place of a name."""
    return email_of(name) is not None
