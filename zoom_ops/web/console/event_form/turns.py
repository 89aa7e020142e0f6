"""One request with a form: what it is about, what stands in it, and the form shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request, Response

from ....operations.context import Context
from ....operations.services import Operations
from ...dependencies import language_of
from ..frame import show
from .conflicts import Clash
from .fields import SETTINGS, Values, offered, people_for
from .page import FormPage
from .reading import Read
from .standing import Subject
from .wording import label_of, list_moments


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One request with a form."""

    request: Request
    operations: Operations
    subject: Subject
    values: Values
    refused: Mapping[str, str] = field(default_factory=dict)  # pictures that came with it and are not taken: sentences

    @property
    def context(self) -> Context:
        """What operations work with."""
        return self.operations.context


def show_form(
    turn: Turn,
    errors: Mapping[str, str] | None = None,
    *,
    read: Read | None = None,
    said: tuple[str, ...] = (),
    focus: str = "",
    status: int = 200,
    clashes: tuple[Clash, ...] = (),
) -> Response:
    """Show a form with everything in it, and its errors beside the fields."""
    language = language_of(turn.request)
    page = FormPage(
        language=language,
        subject=turn.subject,
        values=turn.values,
        errors=dict(errors or {}),
        choices=dict(read.choices) if read else {},
        moments=list_moments(turn.values, language),
        profiles=tuple(sorted(turn.context.profiles)),
        accounts=tuple(sorted(turn.context.gateways)),
        picture_hosts=turn.context.picture_hosts.names,
        said=said,
        focus=focus,
        settings=offered(SETTINGS, turn.subject.reader),
        performers=people_for(turn.subject.reader),
    )
    return show(
        turn.request, "event_form/form.html", {"page": page, "clashes": clashes, "label_of": label_of}, status=status
    )
