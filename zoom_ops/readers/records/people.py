"""The people and organisations of a record."""

from dataclasses import dataclass

from ...events import PerformerKind
from ...phrases.names import cut_titles, looks_like_person, name_key, names_a_body, split_honorific
from ..addresses import email_of
from ..read import PictureAt
from .draft import Draft
from .nodes import Node
from .texts import plain

MOST = 500  # people of one event
_SEVERAL = (",", ";", " & ", " / ", " and ", " et ", " und ", " y ")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A performer as a file names them. `is_person` is None where the file does not say whether it is a person."""

    node: Node
    name: str
    kind: PerformerKind = "speaker"
    honorific: str = ""
    role: str = ""
    organization: str = ""
    email: str = ""
    image: str = ""
    is_person: bool | None = True


def add_person(draft: Draft, written: Person) -> None:
    """Add a performer. A name that may be no person's, or that of several, is left out or noted."""
    people, node = draft.fields.setdefault("performers", []), written.node
    title, named = split_honorific(plain(written.name))
    name, behind = cut_titles(named)
    if len(people) >= MOST:
        draft.doubt("performers", draft.record, f"only the first {MOST} people are taken")
        return
    several = any(sign in name for sign in _SEVERAL)
    unsure = written.is_person is None and (several or not looks_like_person(name))
    unlikely = written.is_person is False or unsure
    if not name or unlikely:
        shown = (
            f"{name[:100]!r} stands among the performers, and seems not to be one person" if name else "one has no name"
        )
        draft.doubt("performers", node, f"{shown}; nobody was added")
        return
    if written.is_person is None:
        draft.doubt("performers", node, f"{name[:100]!r} is taken as a person; the file does not say so")
    elif several or names_a_body(name):
        draft.doubt("performers", node, f"{name[:100]!r} may be no person, several people, or a name and a role")
    same = draft.people.get(name_key(name))
    person = {
        "kind": written.kind,
        "honorific": plain(written.honorific) or title,
        "name": name,
        "role": plain(written.role) or behind or None,
        "organization": plain(written.organization) or None,
        "email": email_of(written.email),
    }
    if same:
        same.update({key: value for key, value in person.items() if value and not same[key]})
        return
    draft.people[name_key(name)] = person
    people.append(person)
    if written.image:
        draft.pictures.append(PictureAt(url=written.image, person=len(people) - 1, is_asked=False))
    draft.say(f"performers.{len(people) - 1}.name", node, name)


def add_organizer(draft: Draft, node: Node, written: str, acronym: str = "") -> None:
    """Add an organisation that holds the event."""
    organizers = draft.fields.setdefault("organizers", [])
    name = plain(written)
    if name and len(organizers) < MOST and all(name != organizer["name"] for organizer in organizers):
        organizers.append({"name": name, "acronym": plain(acronym) or None})
        draft.say(f"organizers.{len(organizers) - 1}.name", node, name)
