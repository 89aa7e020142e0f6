"""Pictures that files name by their addresses: fetched once from the named hosts, and else a note."""

import json
from typing import Any

import pytest

from tests.builders import AN_OPERATOR, EVENT_ID, an_event
from tests.integration.picture_host import Host
from tests.integration.service import MakeService, Service
from tests.integration.web.api.program import serve
from tests.loopback import Asked
from zoom_ops.events import Event
from zoom_ops.operations.events.editing import patch_event
from zoom_ops.operations.events.previewing import preview_events
from zoom_ops.readers import read_events
from zoom_ops.store.events import load_event

SILENT = "The picture was not fetched: its host did not answer (there is no connection (connection refused))."
PAGE = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Event", "name": "Low water",
 "startDate": "2040-03-08T14:30:00+01:00", "endDate": "2040-03-08T16:00:00+01:00",
 "image": {"@type": "ImageObject", "contentUrl": "%(at)s/quay.png", "caption": "A quay"},
 "performer": {"@type": "Person", "name": "Mei-Ling Chen", "image": "%(at)s/mei.png"}}</script>"""


@pytest.fixture
def service(make_service: MakeService, host: Host) -> Service:
    return make_service(settings={"ZOOM_OPS_PICTURE_HOSTS": host.name})


def a_document(**changes: Any) -> str:
    """Write the event of the cast as JSON, without an id."""
    document = an_event().to_json()
    return json.dumps({name: value for name, value in document.items() if name != "image"} | changes)


def load(service: Service, event_id: str = EVENT_ID) -> Event:
    """Load an event."""
    with service.app.database.read() as connection:
        return load_event(connection, event_id)


def test_picture_and_portraits_are_fetched_once(service: Service, host: Host) -> None:
    mei = {"name": "Mei-Ling Chen", "photo": f"{host.url}/mei.png"}
    document = a_document(image={"url": f"{host.url}/quay.png", "alt": "A quay"}, performers=[mei])

    announced = read_events(document.encode(), "event.json")
    shown = preview_events(service.app.context, announced, AN_OPERATOR)
    for number in (1, 2):
        service.read(document, "event.json")
        assert host.asked == ["/mei.png", "/quay.png"], number

    event = load(service)
    assert event.image is not None
    assert (event.image.width, event.image.height, event.image.alt) == (90, 60, "A quay")
    assert event.performers[0].image is not None
    assert event.needs_review == ()
    assert [each.event.pictures for each in shown] == [event.pictures]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/gone.png", "its host answered HTTP 404"),
        ("/moved.png", "its host answered HTTP 302"),
        ("/page.png", "This is no picture that can be read: send a JPEG, PNG or WebP file"),
        ("/huge.png", "The picture has more than 10 MB: make it smaller"),
    ],
)
def test_picture_that_cannot_be_had_is_a_note_and_holds_nothing(
    service: Service, host: Host, path: str, reason: str
) -> None:
    service.read(a_document(image=f"{host.url}{path}"), "event.json")

    event = load(service)
    assert event.image is None
    assert [(note.field, note.reason) for note in event.needs_review] == [
        ("image", f"The picture was not fetched: {reason}.")
    ]
    assert event.visibility == "listed"


def test_other_hosts_are_not_asked_and_one_that_is_silent_only_once(make_service: MakeService, host: Host) -> None:
    service = make_service(settings={"ZOOM_OPS_PICTURE_HOSTS": '["127.0.0.1:9", "www.example.org"]'})
    people = [
        {"name": "Mei-Ling Chen", "image": "http://127.0.0.1:9/mei.png"},
        {"name": "Ada Lovelace", "image": "http://127.0.0.1:9/ada.png"},
        {"name": "Jonas Lindqvist", "image": "https://me:secret@www.example.org/jonas.png"},
    ]

    service.read(a_document(image=f"{host.url}/quay.png", performers=people), "event.json")

    assert host.asked == []
    assert {note.field: note.reason for note in load(service).needs_review} == {
        "image": f"The picture was not fetched: {host.name} is not in PICTURE_HOSTS.",
        "performers.0.image": SILENT,
        "performers.1.image": SILENT,
        "performers.2.image": "The picture was not fetched: its address cannot be read, or holds a name or password.",
    }


def test_picture_of_a_web_page_is_taken_with_its_caption(service: Service, host: Host) -> None:
    (imported,) = service.read(PAGE % {"at": host.url}, "page.html")
    event = load(service, imported.id)
    assert event.image is not None
    assert event.image.alt == "A quay"
    assert len(event.pictures) == 2

    (again,) = service.read((PAGE % {"at": host.url}).replace('"image"', '"logo"'), "page.html")

    assert load(service, again.id).pictures == event.pictures


def test_picture_of_a_web_page_is_no_doubt_where_no_host_is_named(make_service: MakeService, host: Host) -> None:
    service = make_service()

    (imported,) = service.read(PAGE % {"at": host.url}, "page.html")

    event = load(service, imported.id)
    assert event.pictures == ()
    assert [note.field for note in event.needs_review if "image" in note.field] == []


def test_patch_fetches_a_picture_and_changes_its_text(service: Service, host: Host) -> None:
    service.add(an_event())

    patch_event(service.app.context, EVENT_ID, {"image": f"{host.url}/quay.png"}, AN_OPERATOR, None)
    fetched = load(service)
    assert [note.reason for note in fetched.needs_review] == [
        "This picture has no text for those who do not see it: say what it shows."
    ]
    patch_event(service.app.context, EVENT_ID, {"image": {"alt": "A quay"}}, AN_OPERATOR, None)

    event = load(service)
    assert event.image is not None
    assert (event.image.alt, event.pictures) == ("A quay", fetched.pictures)
    patch_event(service.app.context, EVENT_ID, {"image": None}, AN_OPERATOR, None)
    assert load(service).image is None


class WritingHost(Host):
    """A host that writes to the database before it answers, as others do meanwhile."""

    service: Service
    written = 0

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        with self.service.app.database.begin(patience_s=1):
            self.written += 1
        return super().hear(asked)


@pytest.mark.parametrize("path", ["/events", "/imports"])
def test_no_transaction_waits_for_a_picture_of_a_request_with_a_key(make_service: MakeService, path: str) -> None:
    with WritingHost() as host:
        service = host.service = make_service(settings={"ZOOM_OPS_PICTURE_HOSTS": host.name})
        document = json.loads(a_document(image={"url": f"{host.url}/quay.png", "alt": "A quay"}))
        with serve(service) as api:
            api.program().ask("POST", path, json=document, headers={"Idempotency-Key": "k1"})

        assert host.written == 1
        assert len(load(service).pictures) == 1
