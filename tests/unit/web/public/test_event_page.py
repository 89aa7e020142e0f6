"""An event's page as values: its content for each reader in each state."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from tests.builders import (
    AGENDA,
    AMARA,
    BASE_URL,
    END,
    EVENT_ID,
    JONAS,
    MEI,
    NOW,
    RECORDING_EXPECTED,
    SLIDES,
    START,
    TOMAS,
    YUSUF,
    a_profile,
    a_publication,
    an_attachment,
    an_event,
)
from zoom_ops.access import OPERATOR, VISITOR, LiveStatus, Reader, Shown, show_event
from zoom_ops.events import Attachment, Event, Publication
from zoom_ops.operations.views.lists import Page
from zoom_ops.operations.views.lists.cards import make_card
from zoom_ops.operations.views.live_status import make_live_status
from zoom_ops.operations.views.standing import JOIN_OPENS, LONGEST_OVERRUN
from zoom_ops.store.event_queries import ProgrammeFilter
from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.i18n.language import ENGLISH
from zoom_ops.web.public import lines
from zoom_ops.web.public.attachments import Entry
from zoom_ops.web.public.event_page import Banner, version_of, view_event
from zoom_ops.web.public.people import group_performers, list_interpretation
from zoom_ops.web.public.primary_action import Action, Button
from zoom_ops.web.public.programme_page import list_programme, next_change
from zoom_ops.web.rendering import make_initials

LONG_AFTER = END + timedelta(days=1)
PAGE = f"/events/{EVENT_ID}"
CALENDAR = Button(address=f"{PAGE}.ics", label="Add to calendar", icon="calendar")
RECORDED = LiveStatus(recording_due=LONG_AFTER)
LOCKED = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "title_shown": True})


def _recording(**facts: Any) -> Entry:
    return Entry(title="Recording", kind="recording", named_by_us=True, **facts)


def as_visitor(event: Event, *publications: Publication) -> Shown:
    return show_event(event, publications, VISITOR)


def test_performers_stand_in_groups_in_the_order_of_the_page() -> None:
    groups = group_performers((YUSUF, TOMAS, JONAS, AMARA, MEI), ENGLISH)

    assert [(group.heading, group.people) for group in groups] == [
        ("Moderator", (AMARA,)),
        ("Opening remarks", (YUSUF,)),
        ("Speakers", (JONAS, MEI)),
        ("Interpretation", (TOMAS,)),
    ]


@pytest.mark.parametrize(
    ("changes", "banner"),
    [
        ({}, None),
        ({"status": "cancelled"}, Banner(kind="cancelled", title="Cancelled", text="This event has been cancelled.")),
        (
            {"status": "rescheduled", "previous_start": START - timedelta(days=7)},
            Banner(
                kind="rescheduled",
                title="Rescheduled",
                text="This event was first announced for Tuesday 24 January 2040, 08:30 EST.",
            ),
        ),
    ],
)
def test_banner_says_what_a_reader_must_not_miss(changes: dict[str, object], banner: Banner | None) -> None:
    page = view_event(as_visitor(an_event(**changes)), BASE_URL, NOW, ENGLISH)

    assert page.banner == banner


@pytest.mark.parametrize(
    ("now", "action"),
    [
        (NOW, Action(kind="calendar", buttons=(CALENDAR,))),
        (LONG_AFTER, Action(kind="ended", text="This event has ended.")),
    ],
)
def test_action_follows_the_time(now: datetime, action: Action) -> None:
    page = view_event(as_visitor(an_event()), BASE_URL, now, ENGLISH)

    assert page.action == action


@pytest.mark.parametrize(
    ("entrance", "now", "button", "text"),
    [
        ("registration", NOW, "Register", "You will be sent your own link to join."),
        ("join", NOW, "Add to calendar", "The way to join appears here 15 min before the start."),
        ("join", START, "Join now", "It opens in Zoom."),
        ("invitation", START, None, "Join with the link that you were sent."),
        ("none", START, None, ""),
    ],
)
def test_action_leads_into_the_webinar_by_our_own_address(
    entrance: Any, now: datetime, button: str | None, text: str
) -> None:
    page = view_event(show_event(an_event(), (), VISITOR, LiveStatus(entrance=entrance)), BASE_URL, now, ENGLISH)

    assert [offered.label for offered in page.action.buttons] == ([button] if button else [])
    assert {offered.address for offered in page.action.buttons} <= {f"{PAGE}/join", f"{PAGE}.ics"}
    assert page.action.text == text


def test_calendars_are_offered_until_the_event_is_over() -> None:
    pages = [
        view_event(show_event(an_event(), (), VISITOR, LiveStatus(entrance=entrance)), BASE_URL, now, ENGLISH)
        for entrance, now in (("registration", NOW), ("join", NOW), ("join", START), ("join", END))
    ]

    assert [len(page.calendars) for page in pages] == [3, 3, 3, 0]


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"status": "postponed"}, {"visibility": "draft"}])
def test_event_that_will_not_be_or_is_a_draft_goes_into_no_calendar(changes: dict[str, object]) -> None:
    page = view_event(show_event(an_event(**changes), (), OPERATOR), BASE_URL, NOW, ENGLISH)

    assert page.calendars == ()


def test_recording_is_expected_by_a_time_in_words() -> None:
    live_status = LiveStatus(recording_due=datetime(2040, 2, 1, 17, 15, tzinfo=UTC))

    page = view_event(show_event(an_event(), (), VISITOR, live_status), BASE_URL, END, ENGLISH)

    assert page.action.text == (
        'Recording expected by <time datetime="2040-02-01T17:15:00+00:00" data-moment="{day}, {hours}">'
        "Wednesday 1 February 2040, 12:15 EST</time>"
    )


@pytest.mark.parametrize(
    ("live_status", "now", "words"),
    [
        (LiveStatus(), START, "Happening now"),
        (LiveStatus(live=True), START, "Live now"),
        (LiveStatus(live=True), END, "Live now"),
        (LiveStatus(over=True), START, None),
        (LiveStatus(), NOW, None),
    ],
)
def test_page_says_that_the_event_takes_place(live_status: LiveStatus, now: datetime, words: str | None) -> None:
    assert view_event(show_event(an_event(), (), VISITOR, live_status), BASE_URL, now, ENGLISH).now == words


def test_cancelled_event_has_no_action_and_nothing_to_come() -> None:
    page = view_event(as_visitor(an_event(status="cancelled")), BASE_URL, START, ENGLISH)

    assert page.action == Action(kind="none")
    assert page.now is None
    assert [entry.title for entry in page.entries] == ["Agenda"]


def test_published_recording_takes_the_place_of_the_expectation() -> None:
    page = view_event(as_visitor(an_event(), a_publication()), BASE_URL, LONG_AFTER, ENGLISH)

    facts = ("1 h 15 min", "31 January 2040")
    watch = Button(address=f"{PAGE}/recording", label="Watch recording", icon="play", facts=facts)
    assert page.action == Action(kind="watch", buttons=(watch,))
    assert page.news == "The recording is available."
    assert page.entries[-1] == _recording(address=f"{PAGE}/recording", facts=facts)


def test_parts_of_a_recording_are_told_apart() -> None:
    second = a_publication(recording_uuid="second", part=2, title="Recording, part 2", duration=12)
    shown = as_visitor(an_event(), second, a_publication(title="Recording, part 1"))

    page = view_event(shown, BASE_URL, LONG_AFTER, ENGLISH)

    assert [(button.label, button.title) for button in page.action.buttons] == [
        ("Watch part 1", "Recording, part 1"),
        ("Watch part 2", "Recording, part 2"),
    ]
    assert [button.facts[0] for button in page.action.buttons] == ["1 h 15 min", "12 min"]
    assert page.action.text == "All parts together: 1 h 27 min"


def test_parts_have_no_sum_where_a_length_is_unknown() -> None:
    unknown = a_publication(recording_uuid="second", part=2, title="Recording, part 2", duration=0)

    page = view_event(as_visitor(an_event(), unknown, a_publication()), BASE_URL, LONG_AFTER, ENGLISH)

    assert page.action.text == ""


def test_titles_that_we_give_are_in_the_language_of_the_page() -> None:
    own = RECORDING_EXPECTED.model_copy(update={"title": "The whole morning"})
    parts = [a_publication(recording_uuid=f"{n}", part=n, title=f"Recording, part {n}") for n in (1, 2)]
    french = load_languages()["fr"]

    page = view_event(as_visitor(an_event(), *parts), BASE_URL, LONG_AFTER, french)
    other = view_event(show_event(an_event(attachments=(own,)), (), VISITOR, RECORDED), BASE_URL, NOW, french)

    assert [button.title for button in page.action.buttons] == ["Enregistrement, partie 1", "Enregistrement, partie 2"]
    assert [(entry.title, entry.named_by_us) for entry in page.entries] == [
        ("Agenda", False), ("Enregistrement, partie 1", True), ("Enregistrement, partie 2", True),
    ]  # fmt: skip
    assert [(entry.title, entry.named_by_us) for entry in other.entries] == [("The whole morning", False)]


@pytest.mark.parametrize("entry", [RECORDING_EXPECTED, LOCKED])
def test_recording_that_will_not_be_made_is_not_announced(entry: Attachment) -> None:
    event = an_event(consent="do_not_record", attachments=(AGENDA, entry))
    live_status = make_live_status(event, (), None, a_profile(), timedelta(days=1))

    pages = [
        view_event(show_event(event, (), VISITOR, live_status), BASE_URL, now, ENGLISH) for now in (NOW, LONG_AFTER)
    ]

    assert [[entry.title for entry in page.entries] for page in pages] == [["Agenda"], ["Agenda"]]


def test_recording_for_members_is_a_way_to_sign_in() -> None:
    shown = as_visitor(an_event(attachments=(LOCKED,)), a_publication())

    page = view_event(shown, BASE_URL, LONG_AFTER, ENGLISH)

    address = f"/sign-in?next={PAGE}/recording"
    assert page.action.buttons == (Button(address=address, label="Sign in to watch", icon="lock"),)
    assert page.entries == (_recording(facts=("For members",), locked=True),)
    assert page.sign_in == f"/sign-in?next={PAGE}%23links"


def test_visitor_is_told_in_time_that_members_join() -> None:
    entrance = LiveStatus(entrance="join", visibility="members")
    readers = (VISITOR, Reader(role="member"))

    actions = [
        view_event(show_event(an_event(), (), reader, entrance), BASE_URL, NOW, ENGLISH).action for reader in readers
    ]

    assert [(action.text, action.sign_in) for action in actions] == [
        ("This event is for members.", f"/sign-in?next={PAGE}"),
        ("The way to join appears here 15 min before the start.", None),
    ]


@pytest.mark.parametrize("reader", [VISITOR, Reader(role="member")])
def test_nobody_is_led_to_sign_in_for_what_is_hidden_or_for_others(reader: Reader) -> None:
    hidden = LOCKED.model_copy(update={"title_shown": False, "groups": ("Pilots",)})
    for_others = LOCKED.model_copy(update={"title_shown": reader != VISITOR, "groups": ("Pilots",)})
    shown = show_event(an_event(attachments=(AGENDA, hidden, for_others)), (a_publication(),), reader)

    page = view_event(shown, BASE_URL, LONG_AFTER, ENGLISH)

    assert page.sign_in is None


def test_member_is_told_what_is_for_members_only() -> None:
    event, recording = an_event(attachments=(AGENDA, SLIDES, LOCKED)), a_publication(visibility="members")
    shown = show_event(event, (recording,), Reader(role="member"))

    page = view_event(shown, BASE_URL, LONG_AFTER, ENGLISH)

    assert page.action.text == "The recording is for members."
    assert [(entry.title, "For members" in entry.facts) for entry in page.entries] == [
        ("Agenda", False),
        ("Slides", True),
        ("Recording", True),
    ]


def test_recording_for_other_members_is_none_to_sign_in_for() -> None:
    gated = LOCKED.model_copy(update={"groups": ("Pilots",)})
    shown = show_event(an_event(attachments=(gated,)), (a_publication(),), Reader(role="member"))

    page = view_event(shown, BASE_URL, LONG_AFTER, ENGLISH)

    assert page.action == Action(kind="locked", text="The recording is for other members.")
    assert page.entries == (_recording(facts=("For other members",), locked=True),)


def test_entries_link_only_what_is_there_and_on_the_web() -> None:
    attachments = (
        AGENDA.model_copy(update={"kind": "file", "size": 184_000, "dated": date(2040, 1, 12)}),
        SLIDES,  # for members
        an_attachment(title="Transcript", kind="transcript", url="https://example.org/t", state="withdrawn"),
        RECORDING_EXPECTED,
        AGENDA.model_copy(update={"title": "Trap", "url": "javascript:alert(1)"}),
        AGENDA.model_copy(update={"title": "Broken", "url": "https://[example"}),
        SLIDES.model_copy(update={"title": "Handouts", "title_shown": True}),
    )

    shown = show_event(an_event(attachments=attachments), (), VISITOR, RECORDED)
    page = view_event(shown, BASE_URL, NOW, ENGLISH)

    assert page.entries == (
        Entry(
            title="Agenda",
            kind="file",
            address="https://example.org/agenda.pdf",
            facts=("File", "example.org", "184 kB", "12 January 2040"),
        ),
        Entry(title="Transcript", kind="transcript", facts=("No longer available",)),
        _recording(facts=("Expected after the event",)),
        Entry(title="Trap", kind="link", facts=("Link",)),
        Entry(title="Broken", kind="link", facts=("Link",)),
        Entry(title="Handouts", kind="slides", facts=("Slides", "For members"), locked=True),
    )


@pytest.mark.parametrize(
    ("role", "written_in", "languages"),
    [
        ("English-Spanish", "en", ("English", "Spanish")),
        ("French interpreter", "en", ("French",)),
        ("Interprète français–arabe", "fr", ("French", "Arabic")),
        ("English booth", "tlh", ("English",)),
        (None, "en", ()),
        ("Interpreter", "en", ()),
    ],
)
def test_interpretation_is_into_the_languages_that_roles_name(
    role: str | None, written_in: str, languages: tuple[str, ...]
) -> None:
    event = an_event(performers=(TOMAS.model_copy(update={"role": role}), JONAS.model_copy(update={"role": "German"})))

    assert list_interpretation(event.model_copy(update={"language": written_in}), ENGLISH) == languages


def test_version_changes_only_with_what_the_reader_may_see() -> None:
    version = version_of(as_visitor(an_event()))

    assert (
        version_of(as_visitor(an_event(account="other", attachments=(AGENDA, RECORDING_EXPECTED, SLIDES)))) == version
    )
    assert version_of(as_visitor(an_event(), a_publication(visibility="members"))) != ""
    assert version_of(as_visitor(an_event(), a_publication())) != version


def test_page_turns_when_the_event_begins_and_when_it_ends() -> None:
    turns = [view_event(as_visitor(an_event()), BASE_URL, now, ENGLISH).updates_at for now in (NOW, START)]

    assert turns == [START - JOIN_OPENS, END]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Amara Diallo", "AD"), ("Jean Paul Adam", "JA"), ("Mei", "M"), ("Liberato C. Bautista", "LB"), ("42", "")],
)
def test_initials_are_of_first_and_last_name(name: str, initials: str) -> None:
    assert make_initials(name) == initials


A_SECOND = timedelta(seconds=1)
TURNS = (START - JOIN_OPENS, START, END, END + LONGEST_OVERRUN, LONG_AFTER)
MOMENTS = tuple(sorted({NOW, *(turn - A_SECOND for turn in TURNS), *TURNS, LONG_AFTER + timedelta(days=900)}))
REPORTED = (LiveStatus(), LiveStatus(entrance="join"), LiveStatus(live=True, entrance="join"), LiveStatus(over=True))


@pytest.mark.parametrize("status", ["scheduled", "cancelled"])
@pytest.mark.parametrize("published", [(), (a_publication(),)])
def test_nothing_changes_before_it_is_said_to(
    status: str, published: tuple[Publication, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_latest_lines", lambda *_: [])  # none is kept until it is said to change
    for entries, reported, due in product(((), (RECORDING_EXPECTED,), (LOCKED,)), REPORTED, (None, LONG_AFTER)):
        event = an_event(status=status, attachments=entries)
        shown = show_event(event, published, VISITOR, replace(reported, recording_due=due))
        visible = [each.visibility for each in published if each.state == "published"]
        card = replace(make_card(event.to_json(), visible, VISITOR), live_status=shown.live_status)
        page, nothing = (Page(events=events, total=len(events), offset=0, limit=20) for events in ((card,), ()))
        for now, later in pairwise(MOMENTS):
            before, after = (
                (
                    replace(view_event(shown, BASE_URL, moment, ENGLISH), updates_at=None),
                    list_programme(page, nothing, moment, ENGLISH, "/", ProgrammeFilter()),
                )
                for moment in (now, later)
            )
            updates = (view_event(shown, BASE_URL, now, ENGLISH).updates_at, next_change((page,), None, now, ENGLISH))
            for until, one, other in zip(updates, before, after, strict=True):
                assert (until is not None and until <= later) or one == other
