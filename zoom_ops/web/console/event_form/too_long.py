"""A form with a field that is too long to be shown beside the others: nothing of it is lost."""

from collections.abc import Mapping

from fastapi import Request, Response

from ...dependencies import language_of
from ...errors import BodyTooLargeError
from ..frame import show
from .fields import Values
from .reading import find_too_long
from .wording import label_of


def show_too_long(request: Request, values: Values, lengths: Mapping[str, int]) -> Response:
    """Show the fields that are too long, each with how much there is room for. All others travel with them.

    `lengths`: of those that are cut, as they were sent. Raise BodyTooLargeError if none of them is a field of the form.
    """
    language, mistakes = language_of(request), dict(find_too_long(values, lengths))
    if not mistakes:  # it is no field of the form
        raise BodyTooLargeError
    long = [(key, label_of(key, language), sentence, values[key]) for key, sentence in mistakes.items()]
    is_cut = any(len(values.get(key, "")) < length for key, length in lengths.items())
    others = {name: text for name, text in values.items() if name not in mistakes and name != "do"}
    return show(request, "event_form/too_long.html", {"long": long, "others": others, "is_cut": is_cut}, status=413)
