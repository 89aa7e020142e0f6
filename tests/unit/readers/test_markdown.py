"""Markdown with front matter: the keys of YAML, and the text below as description."""

from datetime import UTC, datetime

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.readers import Announced, read_events

KEYS = "name: How waves travel\nstart: 2027-04-03T14:00\nend: 2027-04-03T15:30\ntimezone: Europe/Zurich\n"


def read(front: str, body: str = "From the lighthouse\nto the satellite.\n") -> Announced:
    """Read a Markdown file with one event."""
    (announced,) = read_events(f"---\n{front}---\n\n{body}".encode(), "event.md")
    return announced


def test_front_matter_gives_the_fields_and_the_text_the_description() -> None:
    announced = read(KEYS)

    event = announced.event
    assert (event.name, event.start, event.timezone) == (
        "How waves travel",
        datetime(2027, 4, 3, 12, tzinfo=UTC),
        "Europe/Zurich",
    )
    assert (event.description, event.needs_review) == ("From the lighthouse\nto the satellite.", ())
    (source,) = [source for source in announced.sources if source.field == "description"]
    assert (source.place, source.text) == ("line 8", "From the lighthouse")


def test_description_of_the_front_matter_stays_before_the_text() -> None:
    assert read(f"{KEYS}description: On carriers.\n").event.description.startswith("On carriers.\n\nFrom the")


def test_keys_of_the_page_are_no_mistake_and_others_are_told_with_their_line() -> None:
    page = "layout: event\ntags:\n  - physics\n- radio\nweight: 3\n"

    assert read(page + KEYS).event.name == "How waves travel"
    with pytest.raises(BadInputError, match=r"event.md:7: colour: "):
        read(f"{page}colour: blue\n{KEYS}")


def outcome(front: str) -> str:
    """Say what becomes of an event: refused, held because of its start, or taken."""
    try:
        event = read(front).event
    except BadInputError:
        return "refused"
    return "held" if "start" in [note.field for note in event.blocking_notes()] else "taken"


def test_date_of_a_page_does_not_become_that_of_the_event_in_silence() -> None:
    assert outcome(KEYS) == "taken"
    assert outcome(KEYS.replace("start:", "date:")) in ("refused", "held")


def test_front_matter_with_several_events_is_refused() -> None:
    entry = "- " + KEYS.strip().replace("\n", "\n  ")

    with pytest.raises(BadInputError, match="expected one event in the front matter, found 2"):
        read(f"events:\n{entry}\n{entry}\n")


@pytest.mark.parametrize(
    ("page", "visibility"),
    [("draft: true\n", "draft"), ("published: false  # soon\n", "draft"), ("draft: false\npublished: true\n", None)],
)
def test_draft_of_a_site_is_a_draft(page: str, visibility: str | None) -> None:
    event = read(KEYS + page).event

    assert (event.visibility if "visibility" in event.model_fields_set else None) == visibility
