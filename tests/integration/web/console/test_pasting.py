"""Paste or drop: what is read fills the form, and nothing is stored before it is confirmed."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from tests.builders import ACCOUNT, EVENT_ID, an_event
from tests.integration.served import WITHOUT_TLS, quick_services_of, sign_in
from tests.integration.service import MakeService, Service
from tests.integration.web.console.forms import open_form, press
from tests.web_site import Visitor, visited
from zoom_ops.events import ReviewNote
from zoom_ops.store.events import find_event, load_event
from zoom_ops.web.app import create_app
from zoom_ops.web.console.event_form.doubts import key_of
from zoom_ops.web.reading_slots import ReadingSlots
from zoom_ops.zoom.endpoints import LIST_WEBINARS
from zoom_ops.zoom.session import Exchange

TEXT = """Low water
8 March 2040, 14:30-16:00 (Europe/Zurich)

Speakers
- Dr Amara Diallo, Harbour Institute
"""
DOUBTFUL = an_event(id="low-water", name="Low water").to_json() | {
    "needs_review": [{"field": "name", "line": 2, "text": "Welcome", "reason": "Which line is the title?",
                      "choices": ["Low water", "Welcome"]}],
}  # fmt: skip

TOO_MANY = json.dumps([{"name": f"{n}", "start": "2040-01-31T14:30Z", "duration": 60, "tz": "UTC"} for n in range(501)])
NAME_DOUBT = key_of(ReviewNote.model_validate(DOUBTFUL["needs_review"][0]))


@pytest.fixture
def service(make_service: MakeService) -> Service:
    return make_service(settings=WITHOUT_TLS)


def upload(operator: Visitor, file: str, *documents: object) -> object:
    content = json.dumps(list(documents)).encode()
    return operator.post("/-/events/paste", files={"file": (file, content)}, data={"text": "", "do": "read"})


def test_number_of_no_event_of_the_file_is_refused(service: Service, operator: Visitor) -> None:
    documents = [{**DOUBTFUL, "id": None, "name": name} for name in ("Low water", "High water")]
    listed = open_form(upload(operator, "two.json", *documents))  # type: ignore[arg-type]
    form = press(listed, operator, "event-1")

    assert listed.send(operator, "event-0000009").status_code == 200
    assert form.send(operator, "check", original__event="0000009").status_code == 400


def test_form_with_a_file_takes_a_slot_and_another_form_needs_none(service: Service, operator: Visitor) -> None:
    form = open_form(operator.post("/-/events/paste", data={"text": TEXT}))
    services = replace(
        quick_services_of(service.app), reading=ReadingSlots(at_once=0, patience_s=0, typed_patience_s=0)
    )
    with visited(create_app(services)) as visitor:
        visitor = sign_in(service, visitor, "author")
        typed = {name: text for name, text in form.fields.items() if not name.startswith("original")}
        answers = [visitor.post("/-/events/new", data={**fields, "do": "check"}) for fields in (form.fields, typed)]

    assert [answer.status_code for answer in answers] == [503, 200]


def test_plan_waits_for_the_one_that_is_made(service: Service) -> None:
    services = replace(quick_services_of(service.app), planning=ReadingSlots(at_once=0, patience_s=0))
    with visited(create_app(services)) as visitor:
        visitor = sign_in(service, visitor, "operator")
        answers = [visitor.get("/-/plan"), visitor.post("/-/plan", data={"digest": "0"}), visitor.get("/api/v1/plan")]
        others = [visitor.get("/-/events"), visitor.get("/api/v1/events")]

    assert [answer.status_code for answer in answers + others] == [503, 503, 503, 200, 200]


def test_plan_that_waits_for_zoom_lets_others_be_made(service: Service) -> None:
    service.write(an_event())
    asked, statuses = list[str](), list[int]()

    def look_too(exchange: Exchange) -> None:
        if exchange.endpoint == LIST_WEBINARS and not asked:
            asked.append(exchange.path)
            statuses.append(visitor.get("/-/plan").status_code)

    services = replace(quick_services_of(service.app), planning=ReadingSlots(patience_s=0))
    with visited(create_app(services)) as visitor, service.context.gateway(ACCOUNT).heard_by(look_too):
        visitor = sign_in(service, visitor, "operator")
        statuses.append(visitor.get("/-/plan").status_code)

    assert (len(asked), statuses) == (1, [200, 200])


def test_text_fills_the_form_and_becomes_an_event(service: Service, operator: Visitor) -> None:
    form = open_form(operator.post("/-/events/paste", data={"text": TEXT}))

    assert [form.fields[name] for name in ("name", "start-date", "start-time", "timezone", "performers-0-name")] == [
        "Low water", "2040-03-08", "14:30", "Europe/Zurich", "Amara Diallo",
    ]  # fmt: skip
    with service.app.context.database.read() as connection:
        assert find_event(connection, "low-water") is None

    press(press(form, operator, "add-performers"), operator, "check").send(operator, "save")

    with service.app.context.database.read() as connection:
        assert load_event(connection, "low-water").performers[0].organization == "Harbour Institute"


def test_doubt_of_a_file_is_a_choice_that_fills_its_field(service: Service, operator: Visitor) -> None:
    form = open_form(upload(operator, "one.json", DOUBTFUL))  # type: ignore[arg-type]
    answered = press(form, operator, "check", **{form.page.select_one(".doubt")["id"]: "1"})

    assert "“Welcome”" in answered.page.select_one("h1").get_text()  # type: ignore[union-attr]
    saved = answered.send(operator, "save")
    assert saved.headers.get("Location") == "/-/events/low-water", open_form(saved).told()
    with service.app.context.database.read() as connection:
        event = load_event(connection, "low-water")
    assert (event.name, event.needs_review) == ("Welcome", ())


def test_doubt_of_a_file_is_answered_by_what_is_typed(service: Service, operator: Visitor) -> None:
    """Without script and without a mark, also over a choice; a row that is added meanwhile changes nothing."""
    form = open_form(upload(operator, "one.json", DOUBTFUL))  # type: ignore[arg-type]

    longer = press(form, operator, "add-performers", name="High water", **{NAME_DOUBT: "1"})
    press(longer, operator, "check", **{"performers-0-name": "Amara Diallo"}).send(operator, "save")

    with service.app.context.database.read() as connection:
        event = load_event(connection, "low-water")
    assert (event.name, event.needs_review) == ("High water", ())


def test_known_event_is_changed_and_not_made_again(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    form = open_form(upload(operator, "one.json", an_event(venue="Pier 3").to_json()))  # type: ignore[arg-type]

    assert form.action == f"/-/events/{EVENT_ID}/edit"
    preview = press(form, operator, "check")
    assert [row.get_text("|", strip=True) for row in preview.page.select("table.diff tbody tr")] == ["Place|Pier 3"]


def test_list_of_a_table_says_once_how_its_columns_were_read(operator: Visitor) -> None:
    table = "Title,Date,Time,Zone,Speaker,Room size\n" + "\n".join(
        f"{name},2040-03-08,14:30-16:00,Europe/Zurich,Amara Diallo,40" for name in ("Low water", "High water")
    )

    page = open_form(operator.post("/-/events/paste", data={"text": table})).page

    columns = [each.get_text(" ", strip=True) for each in page.select("details.columns li")]
    assert columns[:2] == ["Title – Title", "Date – Start"]
    assert {"Speaker – Speakers and others, full name", "Room size – left out"} <= set(columns)
    assert page.get_text().count("columns that were left out") == 1
    row = page.select_one("tbody tr").get_text(" ", strip=True)  # type: ignore[union-attr]
    assert "row 2" in row
    assert "Thu, 8 Mar 2040, 14:30" in row


def test_several_events_are_listed_and_imported_together(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    documents = (an_event(venue="Pier 3").to_json(), DOUBTFUL)

    listed = open_form(upload(operator, "two.json", *documents))  # type: ignore[arg-type]
    assert [state.get_text() for state in listed.page.select("td .state")] == ["changed", "new", "draft"]
    assert press(listed, operator, "event-1").fields["name"] == "Low water"

    answer = listed.send(operator, "import")
    assert answer.status_code == 303
    assert "Imported: 1 created, 1 updated. 1 with doubts: see Review." in operator.get("/-/events").text
    with service.app.context.database.read() as connection:
        assert load_event(connection, EVENT_ID).venue == "Pier 3"


def test_list_comes_back_after_one_of_its_events_is_saved(service: Service, operator: Visitor) -> None:
    """What was typed into the event stays: the file that is imported afterwards does not take it back."""
    service.add(an_event())
    other = an_event(id="tide-tables", name="Tide tables").to_json()
    documents = (an_event(venue="Pier 3").to_json(), DOUBTFUL, other)
    listed = open_form(upload(operator, "three.json", *documents))  # type: ignore[arg-type]

    again = listed
    for number, typed in ((0, {"venue": "Pier 4"}), (1, {"name": "High water", NAME_DOUBT: "right"})):
        opened = press(again, operator, f"event-{number}")
        saved = press(opened, operator, "check", **typed).send(operator, "save")
        assert saved.status_code == 307
        again = open_form(operator.post(saved.headers["Location"], data=dict(parse_qsl(str(saved.request.body)))))

    states = ["as it was", "as it was", "new"]
    assert [state.get_text() for state in again.page.select("td .state")] == states
    assert "High water: The event is created." in again.page.get_text()
    assert press(again, operator, "event-1").fields["name"] == "High water"
    assert again.send(operator, "import").status_code == 303
    with service.app.context.database.read() as connection:
        names = {event_id: load_event(connection, event_id).name for event_id in ("low-water", "tide-tables")}
        venue = load_event(connection, EVENT_ID).venue
    assert (names, venue) == ({"low-water": "High water", "tide-tables": "Tide tables"}, "Pier 4")


def test_list_is_shown_again_where_something_else_was_written_since(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    listed = open_form(upload(operator, "two.json", an_event(venue="Pier 3").to_json(), DOUBTFUL))  # type: ignore[arg-type]
    service.add(an_event(venue="Pier 5"))

    answer = listed.send(operator, "import")

    assert "has changed since you looked" in open_form(answer).page.get_text()
    with service.app.context.database.read() as connection:
        assert load_event(connection, EVENT_ID).venue == "Pier 5"
        assert find_event(connection, "low-water") is None


def test_mistakes_of_a_file_are_listed_and_the_text_stays(service: Service, operator: Visitor) -> None:
    wrong = {**an_event().to_json(), "timezone": "Atlantis", "language": "?"}
    form = open_form(upload(operator, "one.json", wrong))  # type: ignore[arg-type]

    problems = [line.get_text() for line in form.page.select(".errors li")]
    assert len(problems) == 2
    assert any("Atlantis" in problem for problem in problems), problems
    assert json.loads(form.fields["text"]) == [wrong]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "nothing to read"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"x" * 400_001, "larger than 400 kB"),
        (b"\xff\x00", "this is no text"),
        (TOO_MANY.encode(), "at most 500 events at once; split the file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(operator: Visitor, content: bytes, sentence: str) -> None:
    answer = operator.post("/-/events/paste", files={"file": ("a file", content)})

    assert answer.status_code == 400
    assert sentence in answer.text


@pytest.mark.parametrize("packed", ["not base64!", "AAAA", "eJw="])
def test_file_that_was_changed_on_its_way_is_refused(operator: Visitor, packed: str) -> None:
    assert operator.post("/-/events/new", data={"original": packed, "do": "check"}).status_code == 400
