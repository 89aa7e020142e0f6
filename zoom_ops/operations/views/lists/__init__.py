"""Lists of events as one reader may see them, kept while they stay the same."""

from .kept import Kept, KeptLists
from .lists import Lists, Page, ProgrammeLists, Window

__all__ = ["Kept", "KeptLists", "Lists", "Page", "ProgrammeLists", "Window"]
