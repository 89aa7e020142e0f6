"""docs/messages.md is printed from the catalogue."""

from tests.docs.write_messages import PAGE, write_messages
from zoom_ops.messages import KINDS


def test_page_holds_every_message_that_asks_for_something() -> None:
    page = PAGE.read_text("utf-8")

    assert page == write_messages(), "run: make docs"
    assert [code for code, kind in KINDS.items() if kind.remedy and f"`{code}`" not in page and code != "said"] == []
