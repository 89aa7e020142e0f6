"""Confirmation pages: an action waits until the operator has seen its consequences outside."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from fastapi import Request, Response

from ...operations.views.events import names_of
from ...operations.views.impact import Impact
from ...planning import FieldChange
from ...store.db.connect import Database
from ..edge.bodies import Form
from ..proof import PROOF, PROOF_CODE
from .frame import name_in_path, show

_SEEN = "seen"  # the field with the digest of the consequences that a confirmation page has shown
_AT_MOST = 30  # consequences on a confirmation page


@dataclass(frozen=True, kw_only=True)
class Question:
    """The texts of a confirmation page."""

    title: str
    button: str
    back: str  # the path of the link that does nothing
    more: str = ""  # a further consequence
    danger: bool = False
    heading: str = ""  # above the consequences, where they are not outside
    changes: tuple[FieldChange, ...] = ()  # of the record, in words
    revision: int | None = None  # of the record that was looked at: where it has another by now, the page asks again


def ask_first(request: Request, form: Form, consequences: Sequence[str], question: Question) -> Response | None:
    """Render the confirmation page, or return None if the action may go on.

    It may go on if it has no consequences and changes nothing of a record, or if the operator has confirmed exactly
    these. The page sends the form again with a digest of them. If they have changed by then, the operator is asked
    again. A GET only asks.
    """
    # A GET passes under the check of the request's origin, so it must not confirm.
    confirmed = not (consequences or question.changes) or form.get(_SEEN) == _digest(consequences, question)
    return None if confirmed and request.method == "POST" else ask(request, form, consequences, question)


def ask(request: Request, form: Form, consequences: Sequence[str], question: Question) -> Response:
    """Render the confirmation page of a form, with the consequences outside."""
    values = {
        "consequences": consequences[:_AT_MOST],
        "left": max(0, len(consequences) - _AT_MOST),
        "action": request.url.path,
        "fields": {name: form[name] for name in form if name not in (PROOF, PROOF_CODE)}
        | {_SEEN: _digest(consequences, question)},
    }
    named = {"names": name_in_path(request), "changes": question.changes}
    return show(request, "confirm.html", asdict(question) | values | named)


def name_effects(database: Database, impact: Impact) -> tuple[str, ...]:
    """Say what is done outside, with the names of the events."""
    return impact.tell(names_of(database, impact.events))


def _digest(consequences: Sequence[str], question: Question) -> str:
    looked_at = (*consequences, *map(repr, question.changes), str(question.revision))
    return sha256("\n".join(looked_at).encode()).hexdigest()[:16]
