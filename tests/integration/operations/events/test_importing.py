"""Import: a file's events become records, once each. A second import updates. A bad file stores nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    ACCOUNT,
    AMARA,
    AN_OPERATOR,
    END,
    EVENT_ID,
    JONAS,
    START,
    YUSUF,
    a_note,
    a_performer,
    an_attachment,
    an_event,
)
from tests.integration.service import CONFIG, MakeService, Service
from zoom_ops.errors import BadInputError, NotFoundError, ParkedError
from zoom_ops.operations.events.address_book import list_people
from zoom_ops.operations.events.importing import import_events
from zoom_ops.readers import read_events

DAY = timedelta(days=1)
TALK = """
series: Harbour Talks
name: Tides of Tomorrow
start: 2040-01-31T13:30:00+00:00
end: 2040-01-31T14:45:00+00:00
timezone: America/New_York
"""
DATED_ID = f"{EVENT_ID}-2040-02-07"


def test_imported_event_is_created_then_unchanged(service: Service) -> None:
    (first,) = service.read(TALK)
    service.settle()

    (second,) = service.read(TALK)

    assert (first.id, first.action) == (EVENT_ID, "created")
    assert (second.id, second.action, second.changes) == (EVENT_ID, "unchanged", ())
    assert [run.state for run in service.runs()] == ["done", "done"]


def test_second_import_shows_what_changed(service: Service) -> None:
    service.read(TALK)

    (again,) = service.read(TALK.replace("14:45", "15:00") + "venue: Harbour Hall\n")

    changes = {change.field: (change.old, change.new) for change in again.changes}
    assert again.action == "updated"
    assert changes == {
        "end": ("2040-01-31T09:45:00-05:00", "2040-01-31T10:00:00-05:00"),
        "venue": (None, "Harbour Hall"),
    }


def test_bad_event_stores_nothing_of_its_file(service: Service) -> None:
    good = json.loads(an_event(id="good", account=ACCOUNT).model_dump_json())
    bad = json.loads(an_event(id="bad", account="nobody").model_dump_json())

    with pytest.raises(NotFoundError, match="There is no account 'nobody'"):
        service.read(json.dumps([good, bad]), "events.json")

    with pytest.raises(NotFoundError):
        service.event("good")
    assert service.runs() == ()


def test_unknown_profile_is_bad_input_that_names_the_nearest(service: Service) -> None:
    with pytest.raises(BadInputError, match=r"There is no profile 'defualt'. Did you mean default?"):
        service.read(TALK + "profile: defualt\n")


def test_groups_are_refused_where_everybody_sees_it_unless_the_record_has_them(service: Service) -> None:
    known = an_event(attachments=(an_attachment(title="Minutes", groups=("Board",)),))
    with pytest.raises(BadInputError, match="“Minutes” names groups, and everybody sees it: say visibility: members"):
        service.add(known)
    service.write(known)

    (outcome,) = service.add(known.model_copy(update={"venue": "Pier 3"}))

    assert (outcome.action, [change.field for change in outcome.changes]) == ("updated", ["venue"])


def test_same_name_on_another_day_is_asked_about(service: Service) -> None:
    service.read(TALK)

    with pytest.raises(ParkedError) as parked:
        service.read(TALK.replace("2040-01-31", "2040-02-07"))

    assert "is known with another date (2040-01-31)" in str(parked.value)
    assert f"Same event as {EVENT_ID}? Say --id {EVENT_ID}, or --new." in str(parked.value)
    assert service.event().start_utc == START


def test_same_name_on_another_day_is_the_same_event_by_its_id(service: Service) -> None:
    service.read(TALK)

    (moved,) = service.read(TALK.replace("2040-01-31", "2040-02-07"), how={"as_id": EVENT_ID})

    assert (moved.id, moved.action) == (EVENT_ID, "updated")
    assert service.event().start_utc == START + 7 * DAY


def test_same_name_on_another_day_is_a_new_event_if_said_so(service: Service) -> None:
    service.read(TALK)
    next_week = TALK.replace("2040-01-31", "2040-02-07")

    (other,) = service.read(next_week, how={"new": True})
    (again,) = service.read(next_week)

    assert (other.id, other.action) == (DATED_ID, "created")
    assert (again.id, again.action) == (DATED_ID, "unchanged")


def test_same_name_on_the_same_day_is_a_new_event_if_said_so(service: Service) -> None:
    service.read(TALK)
    evening = TALK.replace("T13:30", "T20:30").replace("T14:45", "T21:45")

    (other,) = service.read(evening, how={"new": True})

    assert other.action == "created"
    assert other.id != EVENT_ID
    assert service.event().start_utc == START


def test_third_event_of_the_day_needs_a_name(service: Service) -> None:
    service.read(TALK)
    noon, evening = (TALK.replace("T13:30", f"T{hour}:30").replace("T14:45", f"T{hour}:45") for hour in (17, 20))
    (second,) = service.read(noon, how={"new": True})
    (again,) = service.read(noon)

    with pytest.raises(ParkedError, match="Say --id NAME --new"):
        service.read(evening, how={"new": True})
    (third,) = service.read(evening, how={"new": True, "as_id": "tides-in-the-evening"})

    assert (again.id, again.action) == (second.id, "unchanged")
    assert (third.id, third.action) == ("tides-in-the-evening", "created")


def test_long_name_on_another_day_does_not_lose_its_date(service: Service) -> None:
    long = TALK.replace("Tides of Tomorrow", "Tides " * 30)
    (first,) = service.read(long)

    (second,) = service.read(long.replace("2040-01-31", "2040-02-07"), how={"new": True})

    assert first.id != second.id
    assert second.id.endswith("-2040-02-07")
    assert len(second.id) <= 100


def test_file_that_gives_the_id_moves_the_event(service: Service) -> None:
    service.read(f"id: {EVENT_ID}\n{TALK}")

    (moved,) = service.read(f"id: {EVENT_ID}\n{TALK.replace('2040-01-31', '2040-02-07')}")

    assert moved.action == "updated"


def test_unknown_id_names_the_nearest(service: Service) -> None:
    service.read(TALK)

    with pytest.raises(NotFoundError, match=f"Did you mean {EVENT_ID}"):
        service.read(TALK, how={"as_id": "harbour-talks-tides"})


def test_id_that_is_none_is_refused(service: Service) -> None:
    with pytest.raises(BadInputError, match="Harbour Talks"):
        service.read(TALK, how={"as_id": "Harbour Talks", "new": True})


def test_id_for_a_file_of_several_events_is_refused(service: Service) -> None:
    several = json.dumps([json.loads(an_event(id=name).model_dump_json()) for name in ("one", "two")])

    with pytest.raises(BadInputError, match=r"An id names one event, and the file holds 2."):
        service.read(several, "events.json", how={"as_id": EVENT_ID})


def test_status_that_a_file_does_not_speak_of_is_kept(service: Service) -> None:
    service.read(TALK)
    service.cancel()

    (again,) = service.read(TALK)
    (revived,) = service.read(TALK + "status: scheduled\n")

    assert again.action == "unchanged"
    assert [change.field for change in revived.changes] == ["status"]


def test_profile_that_was_chosen_is_kept(make_service: MakeService) -> None:
    service = make_service(profiles={"panel": (CONFIG / "profiles" / "panel.toml").read_text("utf-8")})
    service.read(TALK, profile="panel")

    (again,) = service.read(TALK)

    assert again.action == "unchanged"
    assert service.event().profile == "panel"


def test_address_that_the_book_gave_is_kept_when_the_file_is_imported_again(service: Service) -> None:
    service.add(an_event(performers=(AMARA, YUSUF)))
    service.introduce(("Mr Yusuf DEMIR", "yusuf.demir@example.org"))

    (again,) = service.add(an_event(performers=(AMARA, YUSUF)))

    assert again.action == "unchanged"
    assert service.event().without_address() == ()


def test_address_book_that_is_there_already_is_used_on_import(service: Service) -> None:
    service.introduce(("Yusuf Demir", "yusuf.demir@example.org"))

    service.add(an_event(performers=(YUSUF,)))

    assert [person.email for person in service.event().performers] == ["yusuf.demir@example.org"]


def test_address_book_tells_what_became_of_each_line(service: Service) -> None:
    first = service.introduce(("Yusuf Demir", "yusuf.demir@example.org"), ("Amara Diallo", AMARA.email or ""))

    second = service.introduce(("Yusuf A. Demir", "yusuf.demir@example.org"), ("Amara Diallo", AMARA.email or ""))

    assert [contact.action for contact in first.contacts] == ["created", "created"]
    assert [contact.action for contact in second.contacts] == ["updated", "unchanged"]
    assert [contact.name for contact in list_people(service.context.database)] == ["Amara Diallo", "Yusuf A. Demir"]


def test_speaker_whose_namesake_has_another_address_is_left_to_review(service: Service) -> None:
    service.add(an_event(performers=(a_performer(name="Kim Park", email=None, organization=None),)))

    service.introduce(("Kim Park", "kim@harbour.example.org"), ("Kim Park", "kim@sound.example.org"))

    event = service.event()
    assert event.performers[0].email is None
    assert [note.field for note in event.needs_review] == ["performers"]


def test_people_without_an_address_are_listed(service: Service) -> None:
    service.add(an_event(performers=(AMARA, YUSUF, JONAS)))

    assert [person.name for person in service.event().without_address()] == ["Yusuf Demir"]


def test_approval_survives_the_next_import(service: Service) -> None:
    doubtful = an_event(needs_review=(a_note(field="start", text="13h30", reason="Which zone?"),))
    service.add(doubtful)
    approved = service.approve()

    (again,) = service.add(doubtful)

    assert approved == ("start",)
    assert again.action == "unchanged"
    assert service.event().needs_review == ()


def test_doubt_about_another_text_is_raised_anew(service: Service) -> None:
    service.add(an_event(needs_review=(a_note(field="start", text="13h30", reason="Which zone?"),)))
    service.approve()

    service.add(an_event(needs_review=(a_note(field="start", text="15h30", reason="Which zone?"),)))

    assert [note.text for note in service.event().needs_review] == ["15h30"]


def test_doubtful_import_leaves_the_published_time_and_its_approval_approves_that(service: Service) -> None:
    service.add(an_event())
    doubtful = an_event(start=START + DAY, end=END + DAY, needs_review=(a_note(field="start", text="1/2", reason="?"),))

    (held,) = service.add(doubtful)
    service.approve()
    (again,) = service.add(doubtful)

    assert (held.event.start, [note.field for note in held.event.blocking_notes()]) == (START, ["start", "end"])
    assert (again.action, service.event().start, service.event().needs_review) == ("unchanged", START, ())


def test_only_the_named_fields_are_approved(service: Service) -> None:
    notes = (a_note(field="start", text="13h30"), a_note(field="performers"))
    service.add(an_event(needs_review=notes))

    approved = service.approve("start")

    assert approved == ("start",)
    assert [note.field for note in service.event().needs_review] == ["performers"]


def test_nothing_to_approve_changes_nothing(service: Service) -> None:
    service.add()
    service.settle()

    assert service.approve() == ()
    assert "approved" not in service.happened()


@pytest.mark.parametrize("field", ["webinar", "recordings", "alerts", "plan"])
def test_what_we_add_ourselves_is_ignored(service: Service, field: str) -> None:
    service.add()
    service.settle()
    shown: dict[str, Any] = json.loads(service.shown_as_json())
    shown[field] = [{"id": 1}] if field != "webinar" else {"id": 1}

    (again,) = service.read(json.dumps(shown), "event.json")

    assert again.action == "unchanged"


def test_link_of_our_own_recording_is_no_doubt_inside_a_network(service: Service) -> None:
    own = an_attachment(kind="recording", state="published", url=f"http://harbour/events/{EVENT_ID}/recording")
    service.write(an_event(attachments=(own,)))
    inside = replace(service.context, base_url="http://harbour")
    shown = json.dumps(service.event(EVENT_ID).to_json()).encode()

    (imported,) = import_events(inside, read_events(shown, "shown.json"), AN_OPERATOR)

    assert (imported.action, imported.event.needs_review) == ("unchanged", ())
