"""The events of a file that one request imports: few enough for one transaction, for which all others wait."""

from typing import Any

from ..errors import BadInputError
from ..readers import Announced, limited, read_events

MOST_EVENTS = 500  # they take about a second
MOST_CHARACTERS = 2_000_000  # of these events as JSON


def read_request(content: bytes, file: str, **reading: Any) -> tuple[Announced, ...]:
    """Read the events of a file, as `read_events` does. Raise BadInputError also for too many or too long ones."""
    with limited(most_events=MOST_EVENTS):  # those that are too many are not even read
        announced = read_events(content, file, **reading)
    characters = sum(len(each.event.model_dump_json()) for each in announced)
    if characters > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}"
        raise BadInputError(f"expected events of at most {most} characters, found {characters:,}; split the file")
    return announced
