"""When operators hear of recordings that Zoom deletes, and when a published one is looked at again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import EVENT_ID, HOST, UUID, a_recording, a_recording_seen, an_event, an_observed
from zoom_ops.planning import (
    CONFIRM_AFTER,
    LOOK_AGAIN,
    expiring_until,
    is_expired,
    is_expiry_news,
    is_gone,
    merge_auto_delete,
    next_look,
)
from zoom_ops.planning.recordings.expiry import expiry_notices

DAY_OF_DELETION = date(2040, 5, 30)
MIDNIGHT = datetime(2040, 5, 30, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("ahead", "beginning"),
    [
        (14 * DAY + SECOND, None),
        (14 * DAY, "Zoom deletes the recording of event"),
        (3 * DAY + SECOND, "Zoom deletes the recording of event"),
        (3 * DAY, "Only a few days are left: Zoom deletes"),
        (-DAY, "Only a few days are left: Zoom deletes"),
    ],
)
def test_notice_begins_at_14_days_and_changes_its_words_at_3(ahead: timedelta, beginning: str | None) -> None:
    seen = a_recording_seen(expires=DAY_OF_DELETION)
    observed = an_observed(host=HOST, recordings=(seen, a_recording_seen(uuid="kept")))

    notices = list(expiry_notices(an_event(), observed, {UUID, "kept"}, MIDNIGHT - ahead))

    assert [notice.sentence.startswith(beginning or "") for notice in notices] == ([True] if beginning else [])
    assert all(part in notice.sentence for notice in notices for part in (EVENT_ID, HOST, "2040-05-30"))


def test_notice_concerns_only_what_is_shown_or_waits_to_be() -> None:
    observed = an_observed(
        recordings=(
            a_recording_seen(expires=DAY_OF_DELETION),
            a_recording_seen(uuid="x", state="gone", expires=DAY_OF_DELETION),
        )
    )

    assert list(expiry_notices(an_event(), observed, {"other", "x"}, MIDNIGHT)) == []


def test_news_is_what_began_since_it_was_told() -> None:
    now = MIDNIGHT - 2 * DAY

    assert [is_expiry_news(DAY_OF_DELETION, told, now) for told in (None, now - 5 * DAY, now)] == [True, True, False]
    assert not is_expiry_news(DAY_OF_DELETION, None, MIDNIGHT - 15 * DAY)
    assert expiring_until(MIDNIGHT - 14 * DAY) == DAY_OF_DELETION


def test_next_look_is_in_a_week_or_after_the_announced_deletion() -> None:
    looks = [
        next_look(MIDNIGHT + ahead, DAY_OF_DELETION) - MIDNIGHT for ahead in (-20 * DAY, -3 * DAY, 2 * DAY, 30 * DAY)
    ]

    assert looks == [-20 * DAY + LOOK_AGAIN, DAY, 3 * DAY, 30 * DAY + LOOK_AGAIN]
    assert next_look(MIDNIGHT, None) == MIDNIGHT + LOOK_AGAIN
    assert [is_expired(DAY_OF_DELETION, MIDNIGHT + n * DAY) for n in (0, 1)] == [False, True]


def test_recording_is_gone_only_after_a_second_look() -> None:
    assert not is_gone(None, MIDNIGHT)
    assert not is_gone(MIDNIGHT, MIDNIGHT + CONFIRM_AFTER - SECOND)
    assert is_gone(MIDNIGHT, MIDNIGHT + CONFIRM_AFTER)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ((None, None), (True, DAY_OF_DELETION)),
        ((True, None), (True, DAY_OF_DELETION)),
        ((False, None), (False, None)),
        ((False, DAY_OF_DELETION), (False, None)),
        ((True, date(2040, 6, 1)), (True, date(2040, 6, 1))),
        ((None, date(2040, 6, 1)), (True, date(2040, 6, 1))),
    ],
)
def test_day_of_deletion_changes_only_where_zoom_says_so(
    told: tuple[bool | None, date | None], known: tuple[bool | None, date | None]
) -> None:
    held = a_recording(auto_delete=True, auto_delete_date=DAY_OF_DELETION)

    assert merge_auto_delete(held, a_recording(auto_delete=told[0], auto_delete_date=told[1])) == known
