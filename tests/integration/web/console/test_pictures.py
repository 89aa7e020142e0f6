"""Pictures in the event form: sent, shown, changed, taken out, refused."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.builders import AMARA, AN_OPERATOR, BASE_URL, EVENT_ID, JONAS, an_event
from tests.integration.picture_host import Host, a_picture
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service
from tests.integration.web.console.forms import Form, open_form
from tests.web_site import Visitor
from zoom_ops.errors import BadInputError, TemporaryError
from zoom_ops.events import Event, Picture
from zoom_ops.operations.events import pictures
from zoom_ops.store.audit import Actor
from zoom_ops.store.events import load_event
from zoom_ops.web.console.event_form import pictures as form_pictures
from zoom_ops.web.console.event_form.bodies import Posted
from zoom_ops.web.console.event_form.pictures import take_pictures

EDIT, PAGE = f"/-/events/{EVENT_ID}/edit", f"/events/{EVENT_ID}"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def service(make_service: MakeService, host: Host) -> Service:
    return make_service(settings={**WITHOUT_TLS, "ZOOM_OPS_PICTURE_HOSTS": host.name})


def send(form: Form, visitor: Visitor, do: str = "check", typed: dict[str, str] | None = None, **files: bytes) -> Form:
    """Send a form with pictures, as a browser does, and return the form that is shown next."""
    named = {name.replace("__", "-"): ("c:\\photos\\me.svg", content) for name, content in files.items()}
    fields = {name: text for name, text in form.fields.items() if not name.endswith("-file")}
    parts = {name: (None, text) for name, text in {**fields, **(typed or {}), "do": do}.items()}
    return open_form(visitor.post(form.action, files={**parts, **named}))


def load(service: Service) -> Event:
    """Load the event of the cast."""
    with service.app.database.read() as connection:
        return load_event(connection, EVENT_ID)


def add_pictures(service: Service, operator: Visitor) -> Event:
    """Give the event a picture, and its first person a portrait."""
    service.add(an_event(performers=(AMARA, JONAS)))
    form = open_form(operator.get(EDIT))
    files = {"image__file": a_picture(), "performers__0__image__file": a_picture()}
    preview = send(form, operator, typed={"image_alt": "A quay at low water"}, **files)
    assert preview.send(operator, "save").status_code == 303
    return load(service)


def test_picture_that_is_sent_is_shown_on_the_page_and_nothing_goes_to_zoom(
    service: Service, operator: Visitor, visitor: Visitor
) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    before = service.zoom.carried_out()

    form = open_form(operator.get(EDIT))
    preview = send(form, operator, typed={"image_alt": "A quay at low water"}, image__file=a_picture())
    assert "Nothing: no webinar changes, and nobody is mailed." in preview.page.get_text()
    assert "data:image/jpeg;base64,/9j/" in preview.page.select_one("iframe")["srcdoc"]  # type: ignore[index]
    assert preview.send(operator, "save").status_code == 303

    image = load(service).image
    assert image is not None
    assert (image.width, image.height, image.alt) == (90, 60, "A quay at low water")
    shown = BeautifulSoup(visitor.get(PAGE).text, "html.parser").select_one("img.picture")
    assert shown is not None
    assert (shown["alt"], shown["width"], shown["height"], shown["loading"]) == (
        "A quay at low water",
        "90",
        "60",
        "lazy",
    )
    answer = visitor.get(str(shown["src"]))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=86400, s-maxage=1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(answer.content)).size == (90, 60)
    service.settle()
    assert service.zoom.carried_out() == before


def test_speaker_has_a_portrait_and_links_to_the_event_its_picture(
    service: Service, operator: Visitor, visitor: Visitor
) -> None:
    event = add_pictures(service, operator)

    page = BeautifulSoup(visitor.get(PAGE).text, "html.parser")
    people = page.select("ul.people li")
    (portrait,) = people[0].select("img.portrait")
    assert portrait["alt"] == ""  # the name stands beside it
    assert Image.open(io.BytesIO(visitor.get(str(portrait["src"])).content)).size == (192, 192)
    assert [each.get_text() for each in people[1].select(".monogram")] == ["JL"]
    assert event.image is not None
    head = {str(each.get("property")): str(each["content"]) for each in page.select("meta[content]")}
    address = f"{BASE_URL}{PAGE}/pictures/{event.image.digest}.jpg"
    assert (head["og:image"], head["og:image:type"], head["og:image:alt"]) == (address, "image/jpeg", event.image.alt)
    assert visitor.get(f"/oembed?url={BASE_URL}{PAGE}").json()["thumbnail_url"] == address
    data = page.select_one('script[type="application/ld+json"]')
    assert data is not None
    assert f'"image":"{address}"' in data.get_text()


def test_pictures_that_are_refused_lose_nothing_of_the_form(service: Service, operator: Visitor) -> None:
    before = add_pictures(service, operator)
    assert before.image is not None

    form = open_form(operator.get(EDIT))
    files = {
        "image__file": SVG,
        "performers__0__image__file": b"Not a picture",
        "performers__1__image__file": bytes(10_000_001),
    }
    again = send(form, operator, typed={"name": "High water"}, **files)

    assert again.errors() == {
        "image-file": "An SVG file can hold a script, so none is taken: save it as PNG.",
        "performers-0-image-file": "This is no picture that can be read: send a JPEG, PNG or WebP file.",
        "performers-1-image-file": "The picture has more than 10 MB: make it smaller.",
    }
    assert (again.fields["name"], again.fields["image"]) == ("High water", before.image.digest)
    assert load(service) == before


def test_text_of_a_picture_is_asked_for_unless_it_is_decoration(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    form = send(open_form(operator.get(EDIT)), operator, image__file=a_picture())
    assert form.errors() == {"image_alt": "Say what the picture shows, or that it is decoration only."}
    preview = send(form, operator, typed={"image_decorative": "yes"})
    assert preview.send(operator, "save").status_code == 303

    image = load(service).image
    assert image is not None
    assert image.alt == ""
    assert open_form(operator.get(EDIT)).fields["image_decorative"] == "yes"


def test_picture_is_taken_out_and_comes_back_with_undo(service: Service, operator: Visitor, visitor: Visitor) -> None:
    before = add_pictures(service, operator)
    assert before.image is not None

    taken_out = {"image-remove": "yes", "performers-0-image-remove": "yes"}
    preview = send(open_form(operator.get(EDIT)), operator, typed=taken_out)
    rows = [row.get_text("|", strip=True) for row in preview.page.select("table.diff tbody tr")]
    assert f"Picture|A quay at low water ({before.image.digest[:6]})|nothing" in rows
    preview.send(operator, "save")

    assert load(service).pictures == ()
    assert visitor.get(f"{PAGE}/pictures/{before.image.digest}.jpg").status_code == 404
    open_form(operator.get(f"/-/events/{EVENT_ID}/undo")).send(operator, "")
    assert load(service).pictures == before.pictures
    assert visitor.get(f"{PAGE}/pictures/{before.image.digest}.jpg").status_code == 200


def test_picture_that_replaces_one_keeps_what_was_typed_and_an_empty_file_is_refused(
    service: Service, operator: Visitor
) -> None:
    add_pictures(service, operator)
    typed = {"image-remove": "yes", "image_alt": "A quay at high water"}

    files = {"image__file": a_picture("navy"), "performers__0__image__file": b""}
    again = send(open_form(operator.get(EDIT)), operator, typed=typed, **files)

    assert again.errors() == {"performers-0-image-file": "The file is empty."}
    assert again.fields["image_alt"] == "A quay at high water"


def test_so_many_pictures_are_taken_at_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_pictures, "_MOST_SENT", 2)
    sent = {f"performers-{number}-image-file": a_picture() for number in range(3)}

    values, refused = take_pictures(service.app.context, Posted(values={}, pictures=sent), AN_OPERATOR)

    assert len(values) == 2
    assert list(refused) == ["performers-2-image-file"]


def test_form_whose_parts_have_long_heads_is_refused(operator: Visitor) -> None:
    head = 'Content-Disposition: form-data; name="name"' + '; a="x"' * 1_000
    body = f"--b\r\n{head}\r\n\r\nHigh water\r\n--b--\r\n"

    answer = operator.post("/-/events/new", data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert "That request cannot be read" in answer.text


def test_copy_has_the_pictures(service: Service, operator: Visitor) -> None:
    before = add_pictures(service, operator)
    assert before.image is not None

    form = open_form(operator.get(f"/-/events/new?copy={EVENT_ID}"))

    assert form.fields["image"] == before.image.digest
    assert form.fields["image_alt"] == "A quay at low water"
    assert form.fields["performers-0-image"] == before.pictures[1]


def test_import_that_says_no_picture_keeps_them_and_null_takes_them_out(service: Service, operator: Visitor) -> None:
    before = add_pictures(service, operator)
    document = before.to_json()
    without = {name: value for name, value in document.items() if name != "image"}
    without["performers"] = [{k: v for k, v in each.items() if k != "image"} for each in document["performers"]]

    service.change(description="Ports adapt.")
    for sent, expected in ((without, before.pictures), ({**without, "image": None}, before.pictures[1:])):
        service.read(json.dumps(sent), "event.json")
        assert load(service).pictures == expected


def test_picture_that_is_not_kept_is_left_out_with_a_note(service: Service) -> None:
    image = Picture(digest="0" * 32, alt="A quay")

    service.add(an_event(image=image))

    event = load(service)
    assert event.image is None
    assert [(note.field, note.reason) for note in event.needs_review] == [
        ("image", "This picture is not kept here: send it again.")
    ]
    assert event.visibility == "listed"


def test_picture_is_fetched_from_the_address_that_is_read_or_typed(
    service: Service, operator: Visitor, host: Host
) -> None:
    pasted = an_event().to_json() | {"image": {"url": f"{host.url}/gone.png", "alt": "A quay"}}
    form = open_form(operator.post("/-/events/paste", data={"text": json.dumps(pasted)}))
    assert (form.fields["image-url"], form.fields["image_alt"]) == (f"{host.url}/gone.png", "A quay")

    refused = send(form, operator)
    assert refused.errors() == {"image-url": "The picture was not fetched: its host answered HTTP 404."}
    preview = send(refused, operator, typed={"image-url": f"{host.url}/quay.png"})
    assert preview.send(operator, "save").status_code == 303

    image = load(service).image
    assert image is not None
    assert (image.alt, image.width) == ("A quay", 90)


def test_author_gives_a_draft_its_pictures_and_visitors_do_not_reach_them(service: Service, visitor: Visitor) -> None:
    with visit_pages(service) as served:
        author = sign_in(service, served.visitor, "author")
        service.add(an_event(performers=(AMARA, JONAS), visibility="draft"))
        files = {"image__file": a_picture(), "performers__1__image__file": a_picture("navy")}
        preview = send(open_form(author.get(EDIT)), author, typed={"image_alt": "A quay"}, **files)
        assert preview.send(author, "save").status_code == 303
        again = open_form(author.get(EDIT)).send(author, "check", name="High water")
        assert open_form(again).send(author, "save").status_code == 303

        event = load(service)
        assert (event.name, len(event.pictures), event.performers[1].email) == ("High water", 2, JONAS.email)
        addresses = [f"{PAGE}/pictures/{digest}.jpg" for digest in event.pictures]
        assert [author.get(address).headers["Cache-Control"] for address in addresses] == ["private, no-store"] * 2
        assert [visitor.get(address).status_code for address in addresses] == [404, 404]
        assert visitor.get(f"/-/pictures/{event.pictures[0]}.jpg", allow_redirects=False).status_code == 303


def test_author_sends_a_hundred_pictures_within_a_day(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_MOST_A_DAY", 1)
    author = Actor(name="ama", how="session", publishes=False)

    def send_one(colour: str, by: Actor) -> dict[str, str]:
        posted = Posted(values={}, pictures={"image-file": a_picture(colour)})
        return dict(take_pictures(service.app.context, posted, by)[1])

    first, second, of_another = send_one("teal", author), send_one("navy", author), send_one("peru", AN_OPERATOR)
    service.clock.advance(timedelta(hours=25))
    the_next_day = send_one("navy", author)

    assert (first, of_another, the_next_day) == ({}, {}, {})
    assert second == {"image-file": "You have sent a hundred pictures within a day: send this one tomorrow."}


def test_author_who_sends_two_at_the_same_moment_passes_no_limit(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_MOST_A_DAY", 1)
    author = Actor(name="ama", how="session", publishes=False)
    both = Barrier(2)

    def send_one(colour: str) -> bool:
        sent = a_picture(colour)
        both.wait()
        try:
            pictures.keep_picture(service.app.context, sent, "picture", by=author)
        except BadInputError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        kept = sorted(threads.map(send_one, ("teal", "navy")))

    assert kept == [False, True]


def test_where_the_reader_is_busy_one_press_waits_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = list[str]()

    def be_busy(_content: bytes, kind: str) -> None:
        tries.append(kind)
        raise TemporaryError("Other pictures are being read.")

    monkeypatch.setattr(pictures, "read_apart", be_busy)
    posted = Posted(values={}, pictures={"image-file": b"1", "performers-0-image-file": b"2"})

    refused = take_pictures(service.app.context, posted, AN_OPERATOR)[1]

    assert refused == dict.fromkeys(posted.pictures, "Other pictures are being read.")
    assert tries == ["picture"]
