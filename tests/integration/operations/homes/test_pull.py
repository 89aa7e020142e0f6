"""A pull takes in what people wrote in a home; what operators made of it here survives every later one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import AN_OPERATOR, a_publication, an_event
from tests.homes_double import HomeInMemory
from tests.integration.city import HARBOUR, SAID, TOWN, City, follow
from zoom_ops.engine.runs import Subject
from zoom_ops.errors import NotFoundError
from zoom_ops.homes import HomeDownError, PacedError, Raw, Record, UnauthorizedError
from zoom_ops.operations.events.publishing import delete_event
from zoom_ops.operations.homes.asked import ask_for
from zoom_ops.operations.homes.pull import preview_pull
from zoom_ops.operations.homes.vanished import MOST_ASKED_FOR
from zoom_ops.operations.reconcile.link_decisions import list_drifted
from zoom_ops.operations.timeline import ring_links
from zoom_ops.store.audit import iter_audit
from zoom_ops.store.homes.figures import count_records
from zoom_ops.store.homes.records import find_pull, load_home_records
from zoom_ops.store.recordings import save_publication

MakeCity = Callable[..., City]


def test_record_becomes_an_event_by_the_home(city: City) -> None:
    city.write()

    pulled = city.pull()

    event = city.event()
    assert [(each.what, each.event_id) for each in pulled.outcomes] == [("new", HARBOUR)]
    assert (event.name, event.visibility, [person.name for person in event.performers]) == (
        "Open harbour", "unlisted", ["Amara Diallo", "Yusuf Demir"],
    )  # fmt: skip
    with city.context.database.read() as connection:
        (line,) = iter_audit(connection)
        (record,) = load_home_records(connection, HARBOUR)
    assert (line.who, line.how, line.what) == ("home city", "home", "event_imported")
    assert (record.url, record.state) == ("https://home.example.org/12", "taken")
    assert "create_webinars" in [run.job for run in city.service.runs(subject=Subject(kind="event", id=HARBOUR))]


def test_unchanged_record_is_not_read_again(city: City) -> None:
    city.write()
    city.pull()
    city.home.parsed = 0

    assert city.pull().outcomes == ()
    assert city.home.parsed == 0


def test_change_in_the_home_changes_the_event(city: City) -> None:
    city.write()
    city.pull()
    city.write(start="2040-02-11T18:00:00+01:00", end="2040-02-11T19:30:00+01:00")

    (outcome,) = city.pull().outcomes

    assert (outcome.what, sorted(change.field for change in outcome.changes)) == ("changed", ["end", "start"])
    assert city.event().start.isoformat() == "2040-02-11T18:00:00+01:00"


def test_cancellation_in_the_home_cancels_the_event(city: City) -> None:
    city.write()
    city.pull()
    city.write(status="cancelled")
    city.pull()

    assert city.event().status == "cancelled"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Open harbour day"),
        ("description", "Ships, sheds and cranes."),
        ("profile", "lecture"),
        ("account", "main"),
        ("consent", "do_not_record"),
        ("venue", "Pier 3"),
        ("status", "postponed"),
    ],
)
def test_what_operators_changed_survives_another_change_of_the_home(
    make_city: MakeCity, field: str, value: str
) -> None:
    city = make_city(profiles={"lecture": "[settings]\napproval_type = 2\n"})
    city.write()
    city.pull()
    city.edit(**{field: value})
    city.write(series="Harbour days")

    city.pull()

    event = city.event()
    assert (getattr(event, field), event.series) == (value, "Harbour days")


def test_addresses_of_speakers_survive(city: City) -> None:
    city.write()
    city.pull()
    people = city.event().to_json()["performers"]
    city.edit(performers=[{**people[0], "email": "amara.diallo@example.org"}, people[1]])
    city.write(
        performers=[{"name": "Amara Diallo", "role": "Dean"}, {"name": "Yusuf Demir"}, {"name": "Mei-Ling Chen"}]
    )

    city.pull()

    assert [(person.name, person.role, person.email) for person in city.event().performers] == [
        ("Amara Diallo", "Dean", "amara.diallo@example.org"),
        ("Yusuf Demir", None, None),
        ("Mei-Ling Chen", None, None),
    ]


def test_link_that_was_added_here_survives(city: City) -> None:
    city.write()
    city.pull()
    link = {"title": "Slides", "url": "https://example.org/slides.pdf", "visibility": "members"}
    city.edit(attachments=[*city.event().to_json()["attachments"], link])
    city.write(attachments=[])

    city.pull()

    assert [(entry.title, entry.visibility) for entry in city.event().attachments] == [("Slides", "members")]


def test_approval_survives(city: City) -> None:
    note = {"field": "start", "text": "6 pm", "reason": "6 pm or 6 am?"}
    city.write(needs_review=[note])
    city.pull()
    assert (city.event().visibility, len(city.event().needs_review)) == ("draft", 1)
    city.service.approve(event_id=HARBOUR)
    city.write(description="Another text.")

    city.pull()

    event = city.event()
    assert (event.visibility, event.needs_review, event.description) == ("unlisted", (), "Another text.")


def test_draft_that_the_home_changes_is_published_once_its_doubt_is_approved(city: City) -> None:
    city.write(needs_review=[{"field": "start", "text": "6 pm", "reason": "6 pm or 6 am?"}])
    city.pull()
    city.write(description="Another text.")
    city.pull()
    assert (city.event().visibility, city.event().description) == ("draft", "Another text.")

    city.service.approve(event_id=HARBOUR)

    assert city.event().visibility == "unlisted"


def test_draft_whose_doubt_the_home_settles_is_published(city: City) -> None:
    city.write(needs_review=[{"field": "start", "text": "6 pm", "reason": "6 pm or 6 am?"}])
    city.pull()
    city.write(needs_review=[])
    city.pull()

    assert city.event().visibility == "unlisted"


@pytest.mark.parametrize("visibility", ["draft", "listed"])
def test_visibility_that_an_operator_chose_survives(city: City, visibility: str) -> None:
    city.write()
    city.pull()
    city.edit(visibility=visibility)
    city.write(description="Another text.")
    city.pull()

    assert (city.event().visibility, city.event().description) == (visibility, "Another text.")


def test_operator_who_forbids_the_recording_is_obeyed_whatever_the_home_allows_later(city: City) -> None:
    city.write()
    city.pull()
    city.edit(consent="do_not_record")
    city.write(consent="ask")
    city.pull()

    assert city.event().consent == "do_not_record"


def test_home_that_allows_what_it_forbade_itself_is_obeyed(city: City) -> None:
    city.write(consent="do_not_record")
    city.pull()
    city.write(consent="record")
    city.pull()

    assert city.event().consent == "record"


def test_record_that_is_public_again_and_protected_again_widens_nothing(make_city: MakeCity) -> None:
    city = make_city('protected = "take"\nlisting = "listed"\n')
    city.write()
    gates = []
    for is_hidden in (True, False, True, False):
        city.home.hidden = {"12"} if is_hidden else set()
        city.pull()
        gates.append((city.event().recording_gate, city.event().visibility))

    assert set(gates) == {(((),), "unlisted")}


def test_two_homes_with_one_event_keep_what_operators_made_of_it(city: City) -> None:
    folder = city.service.app.settings.config_dir / "homes"
    (folder / "town.toml").write_text(TOWN)
    follow(city)
    town = city.context.homes["town"]
    assert isinstance(town, HomeInMemory)
    city.home.origins["12"] = town.origins["7"] = "ical:12@home.example.org"
    city.write(consent="ask")
    city.pull()
    city.edit(name="Open harbour day", description="Ships, sheds and cranes.", consent="do_not_record")
    town.said["7"] = {**SAID, "venue": "Pier 3", "consent": "record"}

    (outcome,) = city.pull("town").outcomes

    event = city.event()
    assert (outcome.event_id, event.name, event.description) == (
        HARBOUR,
        "Open harbour day",
        "Ships, sheds and cranes.",
    )
    assert (event.venue, event.consent) == ("Pier 3", "do_not_record")
    assert [each.outcomes for each in (city.pull("town"), city.pull())] == [(), ()]


def test_home_that_asks_not_to_record_is_obeyed(city: City) -> None:
    city.write(consent="do_not_record")
    city.pull()

    assert city.event().consent == "do_not_record"


def test_namesake_is_another_event_and_asks_nobody(city: City) -> None:
    city.service.add(an_event(id=HARBOUR, name="Open harbour", series=None))
    city.write()

    (outcome,) = city.pull().outcomes

    assert (outcome.what, outcome.event_id) == ("new", "open-harbour-2040-02-10")
    assert city.event().description == "How ports adapt to a rising sea."


def test_event_of_the_same_origin_is_the_same_event(city: City) -> None:
    city.service.read(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:12@home.example.org\nSUMMARY:Harbour\n"
        "DTSTART:20400210T170000Z\nDTEND:20400210T183000Z\nDTSTAMP:20400101T000000Z\nEND:VEVENT\nEND:VCALENDAR\n",
        "events.ics",
    )
    city.write()
    city.home.origins["12"] = "ical:12@home.example.org"

    (outcome,) = city.pull().outcomes

    assert (outcome.what, outcome.event_id) == ("changed", "harbour")
    assert city.event("harbour").name == "Open harbour"


def test_rules_choose_account_and_profile_and_leave_out(make_city: MakeCity) -> None:
    rules = """unruled = "skip"
[[rules]]
label = "Private"
skip = true
[[rules]]
label = "lectures"
profile = "lecture"
account = "main"
"""
    city = make_city(rules, profiles={"lecture": "[settings]\napproval_type = 2\n"})
    for record, label in (("1", "Lectures"), ("2", "private"), ("3", "Other")):
        city.write(record, name=f"Event {record}")
        city.home.labels[record] = (label,)

    pulled = city.pull()

    assert [(each.record, each.what, each.reason) for each in pulled.outcomes] == [
        ("1", "new", ""),
        ("2", "left_out", "The rule for the label Private leaves it out."),
        ("3", "left_out", "No rule fits its labels, and the home's file says: unruled = skip."),
    ]
    assert (city.event("event-1").profile, city.event("event-1").account) == ("lecture", "main")


def test_past_events_are_left_out_and_not_read_again(city: City) -> None:
    city.write(start="2039-02-10T18:00:00+01:00", end="2039-02-10T19:30:00+01:00")

    (outcome,) = city.pull().outcomes

    assert (outcome.what, outcome.reason) == ("left_out", "It had ended before it was first read.")
    assert city.pull().outcomes == ()


def test_protected_record_is_left_out(city: City) -> None:
    city.write()
    city.home.hidden.add("12")

    assert [each.what for each in city.pull().outcomes] == ["left_out"]


def test_protected_record_that_is_taken_has_its_recording_for_members(make_city: MakeCity) -> None:
    city = make_city('protected = "take"\nlisting = "listed"\n')
    city.write()
    city.home.hidden.add("12")
    city.pull()

    event = city.event()
    assert (event.visibility, event.recording_gate) == ("unlisted", ((),))


def test_record_that_is_protected_later_keeps_its_event_and_hides_the_recording(city: City) -> None:
    city.write()
    city.pull()
    city.home.hidden.add("12")
    city.pull()

    assert city.event().recording_gate == ((),)


def test_wrong_record_stops_no_other_and_keeps_its_event(city: City) -> None:
    city.write()
    city.write("13", name="Night of the lighthouses")
    city.pull()
    city.write(name="")
    city.write("13", description="With lamps.")
    city.write("14", name="Fish market", profile="nobody-has-it")

    pulled = city.pull()

    assert sorted((each.record, each.what) for each in pulled.outcomes) == [
        ("12", "wrong"), ("13", "changed"), ("14", "new"),
    ]  # fmt: skip
    assert [each.reason.partition(":")[0] for each in pulled.outcomes if each.what == "wrong"] == ["name"]
    assert city.event().name == "Open harbour"
    city.write(name="Open harbour again")
    city.pull()
    assert city.event().name == "Open harbour again"


def test_record_beyond_a_maximum_stops_no_other_and_keeps_its_event(city: City) -> None:
    city.write()
    city.pull()
    city.write(performers=[{"name": f"Person {number}"} for number in range(100_000)])
    city.write("13", name="Night of the lighthouses")

    pulled = city.pull()

    outcomes = [(each.record, each.what, each.reason) for each in pulled.outcomes]
    assert sorted(outcomes) == [
        ("12", "wrong", "performers: expected at most 500 entries, found 100,000"), ("13", "new", ""),
    ]  # fmt: skip
    assert len(city.event().performers) == 2


def test_record_that_no_import_takes_stops_no_other(make_city: MakeCity) -> None:
    city = make_city('[[rules]]\nlabel = "*"\nprofile = "nobody-has-it"\n')
    city.write()
    city.write("13", name="Night of the lighthouses")

    pulled = city.pull()

    assert [each.what for each in preview_pull(city.context, "city").outcomes] == []
    assert [each.what for each in pulled.outcomes] == ["wrong", "wrong"]
    assert "nobody-has-it" in pulled.outcomes[0].reason


def test_event_that_was_deleted_here_is_taken_again_only_if_somebody_asks(city: City) -> None:
    city.write()
    city.pull()
    delete_event(city.context, HARBOUR, AN_OPERATOR)
    city.write(description="Changed meanwhile.")
    assert city.pull().outcomes == ()
    assert city.known().state == "deleted"

    with city.context.database.begin() as connection:
        ask_for(city.context, connection, "city", "12", AN_OPERATOR)

    assert [(each.what, each.event_id) for each in city.pull().outcomes] == [("new", HARBOUR)]
    assert city.event().description == "Changed meanwhile."


def test_unknown_record_cannot_be_asked_for(city: City) -> None:
    with pytest.raises(NotFoundError), city.context.database.begin() as connection:
        ask_for(city.context, connection, "city", "99", AN_OPERATOR)


def test_vanished_record_cancels_nothing_and_asks_an_operator(city: City) -> None:
    city.write()
    city.pull()
    said = city.home.said.pop("12")

    city.pull()

    assert (city.event().status, city.alerts()) == ("scheduled", [("home_record_gone", HARBOUR)])
    city.home.said["12"] = said
    city.pull()
    assert (city.known().gone_at, city.alerts()) == (None, [])


def test_alert_of_a_vanished_record_ends_with_the_event(city: City) -> None:
    city.write()
    city.pull()
    del city.home.said["12"]
    city.pull()
    city.service.cancel(HARBOUR)

    city.pull()

    assert city.alerts() == []


def test_record_that_is_only_not_listed_any_more_is_not_gone(city: City) -> None:
    city.write()
    city.pull()
    city.home.unlisted.add("12")
    city.write(description="It moved to another category.")

    city.pull()

    assert (city.known().gone_at, city.alerts()) == (None, [])
    assert city.event().description == "It moved to another category."


def test_event_that_is_over_is_not_asked_for(city: City) -> None:
    city.write()
    city.pull()
    city.service.later(city.event().end_utc - city.service.clock.now() + timedelta(days=31))
    del city.home.said["12"]

    city.pull()

    assert (city.home.gets, city.known().gone_at, city.alerts()) == (0, None, [])


def test_home_that_lost_everything_is_one_alert_and_is_asked_in_small_parts(city: City) -> None:
    for number in range(45):
        city.write(str(number), name=f"Lecture {number}")
    city.pull()
    said, city.home.said = city.home.said, {}

    city.pull()
    first = city.home.gets
    city.home.lists_all = False  # what was missed once is asked for, though the next answers do not tell
    city.pull()
    city.pull()

    assert (first, city.home.gets) == (MOST_ASKED_FOR, 45)
    assert {event.status for event in map(city.event, [f"lecture-{n}" for n in range(45)])} == {"scheduled"}
    assert city.alerts() == [("home_records_gone", "city")]
    city.home.said = said
    city.pull()
    assert city.alerts() == []


def test_home_that_breaks_off_while_it_is_asked_for_records_is_asked_again(city: City) -> None:
    city.write()
    city.write("13", name="Fish market")
    city.pull()
    city.home.said = {}
    city.home.errors = [("get", HomeDownError("city does not answer: too late."))]

    city.pull()
    assert city.alerts() == []
    city.pull()

    assert len(city.alerts()) == 2


def test_deleted_event_whose_record_was_wrong_is_not_taken_again(city: City) -> None:
    city.write()
    city.pull()
    city.write(name="")
    city.pull()
    delete_event(city.context, HARBOUR, AN_OPERATOR)
    city.write(name="Open harbour")

    assert city.pull().outcomes == ()
    assert city.known().state == "deleted"


def test_event_that_is_deleted_during_a_pull_stays_deleted(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.write()
    city.pull()
    city.write(description="Another text.")
    parse = city.home.parse

    def delete_and_parse(raw: Raw) -> Record:
        delete_event(city.context, HARBOUR, AN_OPERATOR)
        return parse(raw)

    monkeypatch.setattr(city.home, "parse", delete_and_parse)

    assert [(each.what, each.event_id) for each in city.pull().outcomes] == [("left_out", None)]
    assert city.known().state == "deleted"


def test_wrong_record_is_read_again_if_somebody_asks(city: City) -> None:
    city.write()
    city.pull()
    city.write(name="")
    city.pull()
    city.write(name="Open harbour again")
    city.home.unlisted.add("12")
    city.home.lists_all = False
    assert city.pull().outcomes == ()

    with city.context.database.begin() as connection:
        ask_for(city.context, connection, "city", "12", AN_OPERATOR)

    assert [(each.what, each.event_id) for each in city.pull().outcomes] == [("changed", HARBOUR)]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", f"https://example.org/{'x' * 3000}", "x"])
def test_address_that_is_no_page_is_not_linked(city: City, url: str) -> None:
    city.home.urls["12"] = url
    city.write()
    city.pull()

    with city.context.database.read() as connection:
        (record,) = load_home_records(connection, HARBOUR)
    assert record.url == ""


def test_answer_that_breaks_its_reading_is_a_failure_of_the_home(city: City) -> None:
    city.home.failure = KeyError("id")
    city.service.tick("pull_homes")
    city.service.work()

    run = city.service.run("pull_homes", "city", kind="home")
    assert run["state"] == "waiting"
    assert run["error"] == "The answer of city cannot be read (KeyError); the log has the details."


def test_home_that_is_down_waits_longer_each_time_and_is_told_after_a_quarter_of_an_hour(city: City) -> None:
    city.home.failure = HomeDownError("city does not answer: connection refused.")
    city.service.tick("pull_homes")
    city.service.work()
    assert city.alerts() == []
    run = city.service.run("pull_homes", "city", kind="home")
    assert (run["state"], run["error"]) == ("waiting", "city does not answer: connection refused.")

    city.service.later(timedelta(minutes=16))
    city.service.work()

    assert city.alerts() == [("home_down", "city")]
    city.home.failure = None
    city.service.later(timedelta(minutes=16))
    city.service.work()
    with city.context.database.read() as connection:
        pulled = find_pull(connection, "city")
    assert (city.alerts(), pulled.failing_since, pulled.failure) == ([], None, None)


def test_home_that_is_asked_as_often_as_its_file_allows_has_not_failed(city: City) -> None:
    waits = "The home city waits for its turn: it is asked as often as its requests_a_minute allows."
    city.home.failure = PacedError(waits, until=city.service.clock.now() + timedelta(seconds=20))
    city.service.tick("pull_homes")
    city.service.work()
    run = city.service.run("pull_homes", "city", kind="home")
    with city.context.database.read() as connection:
        pulled = find_pull(connection, "city")
    city.home.failure = None
    city.service.later(timedelta(seconds=20))
    city.service.work()

    assert (run["state"], run["error"]) == ("waiting", waits)
    assert (pulled.failing_since, pulled.failure, city.alerts()) == (None, None, [])
    assert city.service.run("pull_homes", "city", kind="home")["state"] == "done"


def test_wrong_credentials_are_told_at_once(city: City) -> None:
    city.home.failure = UnauthorizedError("city does not accept the credentials (HTTP 401).")
    city.service.tick("pull_homes")
    city.service.work()

    assert city.alerts() == [("home_down", "city")]


def test_preview_says_what_a_pull_would_do_and_stores_nothing(city: City) -> None:
    city.write()
    city.write("13", name="Fish market", start="2039-02-10T18:00:00+01:00", end="2039-02-10T19:30:00+01:00")
    foreseen = preview_pull(city.context, "city")

    with city.context.database.read() as connection:
        assert count_records(connection) == {}
    assert [(each.record, each.what) for each in foreseen.outcomes] == [("12", "new"), ("13", "left_out")]
    assert [(each.record, each.what) for each in city.pull().outcomes] == [("12", "new"), ("13", "left_out")]


def test_changed_rules_let_what_was_left_out_be_read_anew(city: City) -> None:
    city.write()
    city.home.hidden.add("12")
    city.pull()
    settings = city.context.home_settings["city"]
    city.context.home_settings.replace({"city": settings.model_copy(update={"protected": "take"})})

    assert [each.what for each in city.pull().outcomes] == ["new"]


def test_change_of_a_record_has_its_links_looked_at(city: City) -> None:
    city.write()
    city.write("13", name="Open shed")
    city.pull()
    with city.context.database.begin() as connection:
        save_publication(connection, HARBOUR, a_publication())
    before = [run for run in city.service.runs() if run.job == "publish_links"]

    city.home.hidden.add("12")  # as somebody may have opened it to everybody
    city.write("13", name="Open sheds")
    city.pull()

    assert before == []
    assert [run.subject.id for run in city.service.runs() if run.job == "publish_links"] == [f"city/{HARBOUR}"]


def publish_there(city: City) -> str:
    """Let an event of the home have a recording, whose link stands in its record; return the link's key."""
    city.write()
    city.home.records["12"] = {}
    city.pull()
    known = a_publication(published_at=city.service.clock.now())
    with city.context.database.begin() as connection:
        save_publication(connection, HARBOUR, known)
        ring_links(city.context, connection, HARBOUR)
    city.service.settle()
    assert list(city.home.records["12"]) == [known.recording_uuid]
    city.service.clock.advance(timedelta(minutes=5))
    return known.recording_uuid


@pytest.mark.parametrize("changes", [{"title": "Watch it"}, {"url": "https://example.org/another"}, {}])
def test_link_that_people_changed_is_looked_at_with_the_next_pull(city: City, changes: dict[str, str]) -> None:
    key = publish_there(city)
    city.pull()
    looks = city.home.looks

    city.home.edit("12", key, **changes)
    city.pull()
    city.service.settle()
    found = list_drifted(city.context)
    looked = city.home.looks
    city.service.clock.advance(timedelta(minutes=5))
    city.pull()
    city.service.settle()

    assert [each.event for each in found] == [HARBOUR]
    assert (looked - looks, city.home.looks - looked) == (1, 0)


def test_unchanged_link_is_not_looked_at_by_a_pull(city: City) -> None:
    publish_there(city)
    city.home.shows_links = False
    city.pull()
    city.home.shows_links = True
    looks = city.home.looks

    city.pull()
    city.service.settle()

    assert city.home.looks == looks


def test_link_of_long_ago_is_watched_no_more(city: City) -> None:
    key = publish_there(city)
    city.service.clock.advance(timedelta(days=31))
    city.home.edit("12", key)
    looks = city.home.looks

    city.pull()
    city.service.settle()

    assert city.home.looks == looks


@pytest.mark.parametrize(
    ("how", "refused", "alerts"),
    [("cancelled", 12, []), ("gone", 0, [("home_records_gone", "city")]), ("unlisted", 0, [])],
)
def test_home_that_suddenly_ends_everything_cancels_no_webinar(
    city: City, how: str, refused: int, alerts: list[tuple[str, str]]
) -> None:
    for number in range(12):
        day = f"2040-02-{number + 10}"
        city.write(f"{number}", name=f"Talk {number}", start=f"{day}T18:00:00+01:00", end=f"{day}T19:30:00+01:00")
    city.pull()
    city.service.settle()
    made = len(city.service.zoom.webinars())

    if how == "cancelled":
        for number in range(12):
            city.write(f"{number}", status="cancelled")
    elif how == "gone":
        city.home.said.clear()
    else:
        city.home.unlisted.update(map(str, range(12)))
    city.pull()
    city.service.settle()

    parked = city.service.runs(states=("parked",))
    assert (made, len(city.service.zoom.webinars()), len(parked)) == (12, 12, refused)
    assert all("of the account's 12 upcoming webinars would be cancelled" in str(run.error) for run in parked)
    assert city.alerts() == alerts
