"""The address book."""

from .base import Answer, Page


class Person(Answer):
    """A person of the address book."""

    name: str
    organization: str | None
    email: str


class PersonPage(Page):
    """A page of the address book."""

    people: tuple[Person, ...]


class PersonAdded(Person):
    """A person who was added to the address book, or changed in it."""

    action: str


class PeopleAdded(Answer):
    """The people who were added, and the events that got addresses."""

    people: tuple[PersonAdded, ...]
    events: tuple[str, ...]


class PersonRemoved(Answer):
    """The outcome of a removal."""

    email: str
    removed: bool
    effects: tuple[str, ...]
