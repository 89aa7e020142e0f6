"""Lists of events as one reader may see them, kept while they stay the same."""

from .cards import Card
from .kept import Kept, KeptLists
from .lists import Lists, Page, ProgrammeLists, Window, asked_by

__all__ = ["Card", "Kept", "KeptLists", "Lists", "Page", "ProgrammeLists", "Window", "asked_by"]
