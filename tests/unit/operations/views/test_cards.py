"""A card holds what `show_event` shows of the whole event, for every reader."""

from itertools import combinations_with_replacement, product

import pytest

from tests.builders import AGENDA, RECORDING_EXPECTED, a_publication, an_event
from zoom_ops.access import AUTHOR, OPERATOR, VISITOR, Reader, show_event
from zoom_ops.events import Attachment, Listing, Status, Visibility
from zoom_ops.operations.views.lists.cards import make_card

READERS = (VISITOR, Reader(role="member"), Reader(role="member", groups=("Board",)), AUTHOR, OPERATOR)
ENTRIES = tuple(
    RECORDING_EXPECTED.model_copy(update=changes)
    for changes in (
        {},
        {"state": "published", "url": "https://events.example.org/1"},
        {"state": "withdrawn", "visibility": "members", "title_shown": True},
        {"state": "available", "visibility": "members", "title_shown": True, "title": "Part 2"},
        {"visibility": "members", "groups": ("Board",), "title_shown": True},
        {"visibility": "members"},
    )
)
PUBLISHED: tuple[tuple[Visibility, ...], ...] = ((), ("public",), ("members",), ("members", "public"))


@pytest.mark.parametrize("visibility", ["listed", "unlisted", "draft"])
@pytest.mark.parametrize("status", ["scheduled", "cancelled"])
def test_card_says_of_recordings_what_the_whole_event_says(visibility: Listing, status: Status) -> None:
    for entries, published, reader in product(_some_entries(), PUBLISHED, READERS):
        event = an_event(visibility=visibility, status=status, attachments=(AGENDA, *entries))
        publications = [
            a_publication(recording_uuid=f"{part}", part=part, title=f"Part {part}", visibility=each)
            for part, each in enumerate(published)
        ]
        withdrawn = a_publication(recording_uuid="gone", part=9, state="withdrawn")

        shown = show_event(event, (*publications, withdrawn), reader)
        recorded = make_card(event.to_json(), published, reader).recorded

        assert recorded == (bool(shown.recordings), shown.recording_locked, shown.recording_expected)


def _some_entries() -> tuple[tuple[Attachment, ...], ...]:
    return (), *((each,) for each in ENTRIES), *combinations_with_replacement(ENTRIES, 2)


def test_card_has_the_fields_of_the_event_that_is_read_whole() -> None:
    event = an_event(series="Tides", status="rescheduled")

    card = make_card(event.to_json(), (), VISITOR)

    names = ("id", "name", "series", "language", "start", "end", "timezone", "visibility", "status")
    assert [getattr(card, name) for name in names] == [getattr(event, name) for name in names]
    assert card.organizers == tuple(each.acronym or each.name for each in event.organizers)


def test_card_of_an_older_record_has_the_same_defaults_and_is_as_clean() -> None:
    whole = an_event(organizers=()).to_json()
    older = {name: whole[name] for name in ("id", "name", "start", "end", "timezone")}
    older["name"] = f"{whole['name']} \u202e"

    card = make_card(older, (), VISITOR)

    assert (card.name, card.visibility, card.status, card.language) == (whole["name"], "listed", "scheduled", "en")
