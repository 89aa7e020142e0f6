"""Zoom gets plain text within its limits from an event whose every text is an attack."""

import unicodedata

from tests.browser.test_hostile_event import ATTACK, MARKUP, a_hostile_event
from tests.integration.service import Service


def test_zoom_gets_plain_text_of_a_hostile_event(service: Service) -> None:
    five_million_characters = "ebb and flow " * 400_000
    service.add(a_hostile_event(description=MARKUP + "\x00\u202e" + five_million_characters))
    service.settle()

    webinar = service.zoom.webinar()
    texts = [webinar["topic"], webinar["agenda"], *(panelist["name"] for panelist in webinar["panelists"])]
    assert len(webinar["topic"]) <= 200
    assert len(webinar["agenda"]) <= 2000
    assert "Come" in webinar["agenda"]
    after_come = webinar["agenda"].partition("Come")[2]
    assert [word for word in ("<p ", "<iframe", "onload", "@import") if word in after_come] == []
    assert len(webinar["panelists"]) == 1
    assert [hex(ord(letter)) for text in texts for letter in text if is_unseen(letter)] == []
    assert ATTACK[:20] in service.event().name


def is_unseen(letter: str) -> bool:
    """Return whether a character is a control character or changes the direction of the text."""
    is_control = unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n"
    return is_control or letter in "\u202e\u202d\u2066\u2067\u200b"
