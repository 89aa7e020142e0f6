"""The event form without script: nothing typed is lost, and nothing is stored before it is confirmed."""

import pytest

from tests.builders import AGENDA, AMARA, AN_OPERATOR, EVENT_ID, JONAS, a_note, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.integration.web.console.forms import Form, open_form, press
from tests.web_site import Visitor
from zoom_ops.events import ReviewNote
from zoom_ops.operations.events.editing import patch_event
from zoom_ops.store.audit import iter_audit
from zoom_ops.store.events import find_event, load_event, load_revision, save_event
from zoom_ops.web.console.event_form.doubts import key_of

TYPED = {
    "name": "Low water", "start__date": "2040-03-08", "start__time": "14:30", "duration": "90m",
    "timezone": "Europe/Zurich",
    "performers__0__name": "Amara Diallo", "performers__0__email": "amara.diallo@example.org",
}  # fmt: skip

MORNING = {
    "name": "Low water", "start__date": "2040-01-31", "start__time": "13:45", "end__date": "2040-01-31",
    "end__time": "15:00", "timezone": "Europe/Zurich",
}  # fmt: skip


@pytest.fixture
def service(make_service: MakeService) -> Service:
    return make_service(settings=WITHOUT_TLS)


def edit(operator: Visitor, event_id: str = EVENT_ID) -> Form:
    return open_form(operator.get(f"/-/events/{event_id}/edit"))


def test_new_event_is_checked_shown_and_only_then_saved(service: Service, operator: Visitor) -> None:
    form = open_form(operator.get("/-/events/new"))

    preview = press(form, operator, "check", **TYPED)

    with service.app.context.database.read() as connection:
        assert find_event(connection, "low-water") is None
    assert any(line.startswith("Creates a webinar") for line in preview.told()), preview.told()
    assert "Low water" in str(preview.page.select_one("iframe")["srcdoc"])  # type: ignore[index]
    assert "Thu, 8 Mar 2040, 13:30–15:00" in preview.page.get_text()

    saved = preview.send(operator, "save")
    assert (saved.status_code, saved.headers["Location"]) == (303, "/-/events/low-water")
    with service.app.context.database.read() as connection:
        event = load_event(connection, "low-water")
    assert (event.name, event.performers[0].email, event.timezone) == (
        "Low water", "amara.diallo@example.org", "Europe/Zurich",
    )  # fmt: skip


def test_stored_text_that_is_too_long_is_named_kept_and_saved_once_it_is_shorter(
    service: Service, operator: Visitor
) -> None:
    """As events may hold it that were stored before texts had a maximum."""
    whole, room = "To be shortened <&." + " \u6f6e tide" * 30_000, "There is room for 100,000 characters"
    with service.app.database.begin() as connection:
        save_event(connection, an_event(description=whole), service.clock.now())

    opened = operator.get(f"/-/events/{EVENT_ID}/edit")
    refused = open_form(opened).send(operator, "check", venue="Pier 3")
    again = open_form(refused).send(operator, "check")
    preview = press(open_form(again), operator, "check", description=whole[:1_000])
    saved = preview.send(operator, "save")

    assert (room in opened.text, refused.status_code, again.status_code) == (True, 413, 413)
    for page in (refused, again):
        form = open_form(page)
        assert "About this event" in page.text
        assert room in page.text
        assert (form.fields["description"], form.fields["venue"]) == (whole, "Pier 3")
    assert saved.status_code == 303
    with service.app.database.read() as connection:
        event = load_event(connection, EVENT_ID)
    assert (event.description, event.venue) == (whole[:1_000].strip(), "Pier 3")


@pytest.mark.parametrize(("name", "is_named"), [("description", True), ("base", False), ("unknown", False)])
def test_text_that_is_too_long_to_be_shown_is_cut_if_it_is_a_field(
    operator: Visitor, name: str, is_named: bool
) -> None:
    sent = {"do": (None, "check"), "venue": (None, "Pier 3"), name: (None, "tide" * 600_000)}

    refused = operator.post("/-/events/new", files=sent)

    assert refused.status_code == 413
    assert ("and this has 2,400,000" in refused.text, "only the beginning" in refused.text) == (is_named, is_named)
    if is_named:
        assert {key: len(text) for key, text in open_form(refused).fields.items()} == {
            "description": 200_000,
            "venue": 6,
        }


def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(operator: Visitor) -> None:
    typed = TYPED | {
        "start__time": "half past",
        "performers__0__email": "no address",
        "description": "<b>Tides</b>\nand more",
    }
    form = press(open_form(operator.get("/-/events/new")), operator, "check", **typed)

    assert form.errors() == {
        "start-time": "“half past” is no time: expected one such as 14:30.",
        "performers-0-email": "This is no e-mail address: expected one such as ada@example.org.",
    }
    assert {key: form.fields[key.replace("__", "-")] for key in typed} == typed
    assert [link["href"] for link in form.page.select("#errors a")] == ["#start-time", "#performers-0-email"]
    for key in form.errors():
        field = form.page.select_one(f"#{key}")
        assert field is not None
        assert field["aria-invalid"] == "true"
        assert f"{key}-error" in str(field["aria-describedby"])


def test_example_of_a_time_can_be_typed_as_it_stands(operator: Visitor) -> None:
    form = press(open_form(operator.get("/-/events/new")), operator, "check", **TYPED, previous_start="soon")

    shown = form.page.select("#errors li, #previous_start-error, #previous_start-hint")
    assert len(shown) == 3
    assert all("2027-04-03T14:30:00+02:00" in element.text for element in shown)


def test_rows_are_added_moved_and_taken_out_without_script(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))

    form = press(edit(operator), operator, "up-performers-1", venue="Pier 3")
    form = press(form, operator, "add-performers")
    assert form.page.select_one("[autofocus]")["id"] == "performers-2-name"  # type: ignore[index]
    form = press(form, operator, "remove-performers-1", performers__2__name="Mei")
    press(form, operator, "check").send(operator, "save")

    with service.app.context.database.read() as connection:
        event = load_event(connection, EVENT_ID)
    assert ([person.name for person in event.performers], event.venue) == ([JONAS.name, "Mei"], "Pier 3")


def test_edit_shows_old_and_new_and_is_audited_with_both(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))

    preview = press(edit(operator), operator, "check", name="High water", performers__0__email="")
    rows = [row.get_text("|", strip=True) for row in preview.page.select("table.diff tbody tr")]
    assert rows[0] == "Title|Tides of Tomorrow|High water"
    assert "amara.diallo@example.org" in rows[1].split("|")[1]
    preview.send(operator, "save")

    with service.app.context.database.read() as connection:
        assert load_event(connection, EVENT_ID).performers[0].email is None
        line = list(iter_audit(connection))[-1]
    assert (line.what, line.detail["fields"]) == ("event_updated", ["name", "performers"])
    assert line.detail["changes"][0] == "name: Tides of Tomorrow → High water"
    assert "a…@example.org" in line.detail["changes"][1]
    assert "amara.diallo@" not in str(line.detail)


def test_doubt_is_answered_in_the_form(service: Service, operator: Visitor) -> None:
    doubt = ReviewNote(
        field="start", line=3, text="3/4", reason="Day or month?", choices=("2040-01-31T08:30", "2040-02-01T08:30")
    )
    other = a_note(field="venue", reason="Is it a place?")
    in_doubt = an_event(needs_review=(doubt, other))
    service.add(in_doubt)
    assert f"/-/events/{EVENT_ID}/edit#notes" in operator.get("/-/review").text
    form = edit(operator)
    assert "Wednesday 1 February 2040" in form.page.select_one(f"#{key_of(doubt)}").get_text()  # type: ignore[union-attr]

    still = press(form, operator, "check")
    assert "Start: Day or month?" in still.told()
    press(form, operator, "check", **{key_of(doubt): "1", key_of(other): "right"}).send(operator, "save")

    with service.app.context.database.read() as connection:
        event = load_event(connection, EVENT_ID)
        actions = [line.what for line in iter_audit(connection)]
    assert (event.needs_review, f"{event.start_utc:%m-%d %H:%M}", f"{event.end_utc:%m-%d %H:%M}") == (
        (), "02-01 13:30", "02-01 14:45",
    )  # fmt: skip
    assert actions[-2:] == ["event_updated", "event_approved"]
    assert service.add(in_doubt)[0].action == "unchanged"


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ({"start__date": "2040-02-01"}, "2040-02-01 15:00"),
        ({"start__time": "23:30"}, "2040-02-01 00:45"),
        ({"start__time": "9:00", "end__time": "12:00"}, "2040-01-31 12:00"),
        ({"venue": "Pier 3"}, "2040-01-31 15:00"),
    ],
)
def test_end_moves_with_the_start_unless_it_is_typed_too(operator: Visitor, typed: dict[str, str], end: str) -> None:
    form = press(open_form(operator.get("/-/events/new")), operator, "add-performers", **MORNING)

    form = press(form, operator, "add-performers", **typed)

    assert f"{form.fields['end-date']} {form.fields['end-time']}" == end
    again = press(press(form, operator, "check"), operator, "change")
    assert f"{again.fields['end-date']} {again.fields['end-time']}" == end


def test_address_of_somebody_else_is_named_before_it_is_invited(service: Service, operator: Visitor) -> None:
    service.introduce(("Amara Diallo", "amara.diallo@example.org"), ("Amara Dial", "amara.dial@example.org"))
    form = open_form(operator.get("/-/events/new"))

    mistaken = press(form, operator, "check", **TYPED | {"performers__0__name": "Amara Dial"})
    right = press(form, operator, "check", **TYPED, performers__1__name="Jonas Lindqvist")

    sentence = "amara.diallo@example.org is Amara Diallo in the address book, and Amara Dial here."
    assert sentence in mistaken.page.get_text()
    assert "in the address book" not in right.page.get_text()
    assert "No address, so no seat: Jonas Lindqvist." in right.page.get_text()


def test_draft_says_which_doubt_keeps_it_one(service: Service, operator: Visitor) -> None:
    service.add(an_event(needs_review=(a_note(field="start", reason="Day or month?"),)))

    preview = press(edit(operator), operator, "check", visibility="listed")

    assert [each.get_text(" ", strip=True) for each in preview.page.select("p.wait")] == [
        "It stays a draft while this is in doubt: Start. What you chose, “listed”, holds once that is settled. "
        "Still in doubt"
    ]
    page = operator.get(f"/-/events/{EVENT_ID}").text
    doubt = "<bdi>start</bdi>: <bdi>Day or month?</bdi>"
    assert f"The event needs review before it gets a webinar ({doubt})." in page


def test_groups_are_refused_where_everybody_sees_it(service: Service, operator: Visitor) -> None:
    service.add(an_event(attachments=(AGENDA,)))
    typed = {"attachments__0__visibility": "public", "attachments__0__groups": "board"}

    refused = press(edit(operator), operator, "check", **typed)
    taken = press(refused, operator, "check", attachments__0__visibility="members")

    assert refused.errors() == {
        "attachments-0-groups": "Groups are for members only: let members see it, or leave the groups out."
    }
    assert taken.page.select_one("iframe")


def change_meanwhile(service: Service, **patch: object) -> None:
    patch_event(service.app.context, EVENT_ID, patch, AN_OPERATOR, None)


@pytest.mark.parametrize(
    ("choice", "venue", "name"), [("theirs", "Their pier", "My title"), ("mine", "My pier", "My title")]
)
def test_change_by_somebody_else_is_shown_and_nothing_is_lost(
    service: Service, operator: Visitor, choice: str, venue: str, name: str
) -> None:
    service.add(an_event())
    form = edit(operator)
    change_meanwhile(service, venue="Their pier", description="Their words.", language="fr")

    clash = press(form, operator, "check", venue="My pier", name="My title")
    assert [row.get_text("|", strip=True) for row in clash.page.select(".clashes tbody tr")] == [
        "About this event|How ports adapt to a rising sea.|Their words.|no change",
        "Language|en|fr|no change",
        "Place|nothing|Their pier|My pier",
    ]
    assert (clash.fields["venue"], clash.fields["name"]) == ("My pier", "My title")

    press(press(clash, operator, choice), operator, "check").send(operator, "save")
    with service.app.context.database.read() as connection:
        event = load_event(connection, EVENT_ID)
    assert (event.venue, event.name) == (venue, name)
    assert (event.description, event.language) == ("Their words.", "fr")


def test_answer_stays_with_its_doubt_when_others_answer_theirs(service: Service, operator: Visitor) -> None:
    first, second = a_note(field="name", reason="Which line?"), a_note(field="venue", reason="Is it a place?")
    service.add(an_event(needs_review=(first, second)))
    form = edit(operator)
    service.approve("name")
    change_meanwhile(service, needs_review=[second.model_dump(), first.model_dump() | {"reason": "Really?"}])

    clash = press(form, operator, "check", **{key_of(second): "right"})
    press(press(clash, operator, "theirs"), operator, "check").send(operator, "save")

    with service.app.context.database.read() as connection:
        assert second not in load_event(connection, EVENT_ID).needs_review


def test_change_between_preview_and_save_is_not_overwritten(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    preview = press(edit(operator), operator, "check", name="My title")
    change_meanwhile(service, venue="Their pier")

    assert preview.send(operator, "save").status_code == 409
    with service.app.context.database.read() as connection:
        assert load_event(connection, EVENT_ID).name == "Tides of Tomorrow"
        assert load_revision(connection, EVENT_ID) == 2


def test_copy_is_a_new_event_and_the_same_id_is_refused(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    form = open_form(operator.get(f"/-/events/new?copy={EVENT_ID}"))

    refused = press(form, operator, "check", **{"start-date": "2040-02-07"})
    assert refused.errors() == {
        "id": f"{EVENT_ID} is the address of “Tides of Tomorrow” already: give this event another, or edit that one."
    }
    saved = press(refused, operator, "check", id="tides-2").send(operator, "save")
    assert saved.headers["Location"] == "/-/events/tides-2"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_preview_is_what_a_visitor_sees_in_the_language_of_the_reader(operator: Visitor, language: str) -> None:
    form = open_form(operator.get(f"/-/events/new?lang={language}"))
    preview = press(form, operator, "check", **TYPED, language="fr")

    frame = str(preview.page.select_one("iframe")["srcdoc"])  # type: ignore[index]
    assert f'<html lang="{language}' in frame
    assert '<h1 lang="fr"' in frame
    assert not any(text in frame for text in ("amara.diallo@example.org", "Sign out", "<script"))


def test_largest_form_is_checked_and_saved(service: Service, operator: Visitor) -> None:
    people = tuple(AMARA.model_copy(update={"name": f"Person {number}"}) for number in range(200))
    entries = tuple(AGENDA.model_copy(update={"title": f"Entry {number}"}) for number in range(100))
    service.add(an_event(performers=people, attachments=entries, description="\u6f6e" * 90_000))

    saved = press(edit(operator), operator, "check", name="High water").send(operator, "save")

    assert saved.status_code == 303
    with service.app.context.database.read() as connection:
        event = load_event(connection, EVENT_ID)
    assert (event.name, event.performers, event.attachments) == ("High water", people, entries)


def test_fields_complete_to_what_earlier_events_say(service: Service, operator: Visitor) -> None:
    service.introduce(("Amara Diallo", "amara@example.org"))
    service.add(an_event(series="Ocean Talks", performers=(AMARA, JONAS)))
    service.add(an_event(id="hidden", visibility="unlisted", series="Ocean Secrets"))

    asked = ("people/names?q=am", "people/names?q=sound+jon", "series/names?q=ocean", "organizations/names?q=sound")
    book, known, series, organizations = (operator.get(f"/-/{path}").json() for path in asked)

    assert [(each["name"], each["email"]) for each in book["people"]] == [("Amara Diallo", "amara@example.org")]
    assert known["people"] == [
        {"name": JONAS.name, "organization": "University of the Sound", "email": "jonas.lindqvist@example.org"}
    ]
    assert sorted(series["names"]) == ["Ocean Secrets", "Ocean Talks"]
    assert organizations["names"] == ["University of the Sound"]
    assert operator.get("/-/series/names?q=o").json()["names"] == []


def test_form_says_once_and_to_admins_how_pictures_come_from_an_address(service: Service) -> None:
    with visit_pages(service) as pages:
        told = [
            sign_in(service, pages.visitor, role).get("/-/events/new").text.count("ZOOM_OPS_PICTURE_HOSTS")
            for role in ("operator", "admin")
        ]

    assert told == [0, 1]


@pytest.mark.parametrize("address", ["new", "Summer School", "a--b", "x" * 101])
def test_address_that_cannot_be_one_is_refused(operator: Visitor, address: str) -> None:
    form = press(open_form(operator.get("/-/events/new")), operator, "check", **TYPED, id=address)

    assert list(form.errors()) == ["id"]


def test_names_of_the_address_book_are_for_operators_and_few(
    service: Service, operator: Visitor, visitor: Visitor
) -> None:
    service.introduce(*((f"Amara {number}", f"amara{number}@example.org") for number in range(12)))

    few = operator.get("/-/people/names?q=amara+1").json()
    assert few["people"][0] == {"name": "Amara 1", "organization": None, "email": "amara1@example.org"}
    assert len(operator.get("/-/people/names?q=amara").json()["people"]) == 10
    assert operator.get("/-/people/names?q=a").json()["people"] == []
    assert visitor.get("/-/people/names?q=amara").status_code != 200


def test_nothing_is_saved_by_one_press_or_for_others(operator: Visitor, visitor: Visitor) -> None:
    form = open_form(operator.get("/-/events/new"))

    assert form.send(operator, "save", **TYPED).status_code == 200  # the preview
    assert operator.get("/-/events/low-water").status_code == 404
    assert operator.post(form.action, data=form.fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    for path in ("/-/events/new", f"/-/events/{EVENT_ID}/edit"):
        assert visitor.get(path).status_code != 200


def test_form_sent_after_the_session_ended_can_be_sent_again(
    service: Service, operator: Visitor, visitor: Visitor
) -> None:
    sent = open_form(operator.get("/-/events/new")).fields | {"name": "Low water", "do": "check"}

    answer = visitor.post("/-/events/new", data=sent)

    assert answer.status_code == 403
    assert 'href="/sign-in?next=/-/" target="_blank"' in answer.text
    assert 'value="Low water"' in operator.post("/-/events/new", data=sent).text
