"""What an endpoint asks of its request: the doors behind it, who is reading, and in which language."""

from fastapi import Request

from ..access import VISITOR, Reader
from .doors import Doors
from .language import Language
from .negotiation import choose_language


def doors_of(request: Request) -> Doors:
    """Get the doors that the application was made with."""
    doors: Doors = request.app.state.doors
    return doors


def reader_of(request: Request) -> Reader:  # noqa: ARG001 - there is no sign-in yet that it could tell
    """Tell who is reading: until there is sign-in, everybody on the web is a visitor."""
    return VISITOR


def language_of(request: Request) -> Language:
    """Tell the language to answer in."""
    return choose_language(request, doors_of(request).languages)
