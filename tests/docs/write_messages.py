"""Write the messages of the catalogue, each with its cause and what to do: `python -m tests.docs.write_messages`."""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module

from tests.root import ROOT
from zoom_ops.messages import KINDS, Step, Value, Words
from zoom_ops.messages.catalogue import SUBJECTS
from zoom_ops.messages.steps import STEPS
from zoom_ops.messages.template import Place

PAGE = ROOT / "docs" / "messages.md"
_HEAD = """# Messages

Every message that asks for something, from the catalogue (`zoom_ops/messages/`). What differs from one time to the next
is *slanted*. JSON has the code of each message, with its values. Search this page for a code, or for words of a
message. `make docs` writes it.
"""


class _Printed(Words):
    """Writes a kind of message with the names of its places."""

    def piece(self, piece: str | Place, values: Mapping[str, Value]) -> str:
        """Write words as they are, and a place by its name."""
        if isinstance(piece, str):
            return piece
        if "." in piece.name:
            return self.step(Step(piece.name))
        if "|" in piece.spec:
            return piece.spec.split("|")[-1].replace("#", f"*{piece.name}*")
        return f"*{piece.name}*"

    def step(self, step: Step) -> str:
        """Write a step as its command, with the names of what it is done to."""
        command = re.sub(r"{(\w+)}", lambda place: place[1].upper(), STEPS[step.verb])
        return f"`zoom-ops {command}`"


def write_messages() -> str:
    """Render the page."""
    return "\n".join((_HEAD, *(part for subject in SUBJECTS for part in _section(subject))))


def _section(subject: str) -> Sequence[str]:
    kinds = [kind for kind in KINDS.values() if kind.code.startswith(f"{subject}.") and (kind.remedy or kind.cause)]
    if not kinds:
        return ()
    about = (import_module(f"zoom_ops.messages.{subject}").__doc__ or "").strip()
    rows = [
        f"| `{kind.code}` | {_cell(kind.sentence)} | {_cell(kind.cause)} | {_cell(kind.remedy)} |" for kind in kinds
    ]
    head = ("| code | message | why | what to do |", "| --- | --- | --- | --- |")
    return (f"## {subject.capitalize()}", "", about, "", *head, *rows, "")


def _cell(text: str) -> str:
    return _Printed().fill(text, {}).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(write_messages(), encoding="utf-8")
