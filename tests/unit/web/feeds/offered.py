"""The publisher and the events that the tests of the feeds share."""

from typing import Any

from tests.builders import BASE_URL, EVENT_ID, INSTALLATION, NOW, an_event
from zoom_ops.access import VISITOR, Reader, Shown, show_event
from zoom_ops.events import Publication
from zoom_ops.operations.views.feeds import Dated
from zoom_ops.web.feeds.publisher import Publisher
from zoom_ops.web.i18n.language import ENGLISH

PUBLISHER = Publisher(name="Harbour Institute", base_url=BASE_URL, installation=INSTALLATION, language=ENGLISH)
PAGE = f"{BASE_URL}/events/{EVENT_ID}"


def a_shown(*publications: Publication, reader: Reader = VISITOR, **changes: Any) -> Shown:
    """Build an event as a reader sees it, with some recordings."""
    return show_event(an_event(**changes), publications, reader)


def a_dated(*publications: Publication, sequence: int = 3, **changes: Any) -> Dated:
    """Build an event whose calendar entry was changed `sequence` times, the last time now."""
    return Dated(shown=a_shown(*publications, **changes), sequence=sequence, changed_at=NOW)
