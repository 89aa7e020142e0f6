"""The bodies of requests: read up to a limit, in bounded time and memory."""

from .incoming import BoundedBodies
from .reading import BODY_LIMIT, FORM_LIMIT, Form, media_type_of, read_body, read_form, read_long_form, read_up_to

__all__ = [
    "BODY_LIMIT",
    "FORM_LIMIT",
    "BoundedBodies",
    "Form",
    "media_type_of",
    "read_body",
    "read_form",
    "read_long_form",
    "read_up_to",
]
