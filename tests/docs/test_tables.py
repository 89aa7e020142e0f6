"""docs/importing.md shows the headers of tables as they are, and its tables can be imported."""

from tests.docs.pages import iter_blocks
from tests.docs.write_headers import PAGE, write_headers
from zoom_ops.readers.tables import read


def test_headers_on_the_page_are_those_of_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_headers(), "run: python -m tests.docs.write_headers"


def test_tables_on_the_page_are_read_without_a_note() -> None:
    tables = [table for table in iter_blocks(PAGE.read_text("utf-8"), "csv") if not table.startswith("name,")]

    events = [announced.event for example in tables for announced in read(example.encode(), "events.csv")]
    assert [(event.name, event.status, len(event.performers)) for event in events] == [
        ("How waves travel", "scheduled", 2),
        ("How ships talk", "cancelled", 1),
        ("Wie Wellen reisen", "scheduled", 2),
    ]
    assert [note for event in events for note in event.needs_review] == []
