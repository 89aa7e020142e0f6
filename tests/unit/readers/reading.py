"""Steps that the tests of the readers share."""

import json
from pathlib import Path
from typing import Any

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.readers import Announced, read_events

RECORDED = Path(__file__).parent / "recorded"


def read_json(document: Any, file: str = "export.json") -> tuple[Announced, ...]:
    """Read a document as the file that it would be."""
    return read_events(json.dumps(document, indent=1).encode(), file)


def read_recorded(file: str) -> tuple[Announced, ...]:
    """Read an export that a real system gave. Addresses and people were replaced afterwards."""
    return read_events((RECORDED / file).read_bytes(), file)


def notes_of(announced: Announced) -> dict[str, tuple[str, ...]]:
    """Return the fields with a note, each with the values that it may have."""
    return {note.field: note.choices for note in announced.event.needs_review}


def refusal_of(document: Any, file: str = "export.json") -> str:
    """Return the sentences with which a file is refused, the first one first."""
    content = document if isinstance(document, bytes) else json.dumps(document, indent=1).encode()
    with pytest.raises(BadInputError) as refused:
        read_events(content, file)
    return "\n".join((str(refused.value), *getattr(refused.value, "__notes__", ())))
