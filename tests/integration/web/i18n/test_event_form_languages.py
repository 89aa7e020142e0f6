"""The event form in the language of its reader, with every text of its own; the rest of the console in English."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from gettext import NullTranslations

import pytest
from bs4 import BeautifulSoup, Comment, Tag
from markupsafe import Markup
from requests import Response

from tests.builders import AMARA, AN_OPERATOR, EVENT_ID, a_note, an_attachment, an_event
from tests.integration.served import WITHOUT_TLS, quick_services_of, sign_in
from tests.integration.service import MakeService, Service
from tests.integration.web.console.forms import Form, open_form, press
from tests.languages.messages import TRANSLATED
from tests.web_site import Visitor, visited
from zoom_ops.events import Event, ReviewNote
from zoom_ops.operations.events.editing import patch_event
from zoom_ops.web.app import create_app
from zoom_ops.web.console.event_form.doubts import key_of
from zoom_ops.web.i18n.language import Language

EDIT = f"/-/events/{EVENT_ID}/edit"
SPOKEN = ("/-/events/new", f"/-/events/new?copy={EVENT_ID}", EDIT, "/-/events/paste", "/-/events/none/edit")
ZONE_NOTE = ReviewNote(field="timezone", reason="Which zone?", choices=("Europe/Zurich", "America/New_York"))
DAY_NOTE = ReviewNote(
    field="start", line=3, text="3/4", reason="Which?", choices=("2040-01-31T08:30", "2040-02-01T08:30")
)
CLOCKS = {"start__date": "2040-03-25", "start__time": "02:30", "timezone": "Europe/Zurich", "duration": "90m"}
READABLE = ("placeholder", "aria-label", "title", "alt", *(f"data-{name}" for name in (
    "twice", "skipped", "zone", "over-night", "day-hours", "search", "move", "open", "help",
)))  # fmt: skip


class Marks(NullTranslations):
    """A catalog that marks every message."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


class Marked(Language):
    """A language that marks all its texts."""

    def tell(self, sentence: str) -> Markup:
        return Markup("⟦%s⟧") % sentence

    def write_day(self, day: object) -> str:
        return "⟦day⟧"


MARKED = Marked(code="xx", name="Marked", locale_name="en_GB", browser_locale="en-GB", catalog=Marks())


@pytest.fixture
def service(make_service: MakeService) -> Service:
    service = make_service(settings=WITHOUT_TLS)
    service.add(like())
    return service


@pytest.fixture
def reader(service: Service) -> Iterator[Visitor]:
    """An operator to whom the pages are in the language that marks its texts."""
    services = replace(quick_services_of(service.app), languages={"xx": MARKED})
    with visited(create_app(services)) as visitor:
        yield sign_in(service, visitor, "operator")


@pytest.mark.parametrize("code", ["en", *TRANSLATED])
def test_form_is_in_the_language_of_its_reader_and_the_rest_is_english(operator: Visitor, code: str) -> None:
    direction = "rtl" if code == "ar" else "ltr"
    for path in SPOKEN:
        page = operator.get(path, headers={"Accept-Language": code})
        assert f'<html lang="{code}" dir="{direction}"' in page.text, path
        assert page.headers["Content-Language"] == code

    for path in ("/-/", f"/-/events/{EVENT_ID}", "/-/review"):
        page = operator.get(path, headers={"Accept-Language": code})
        assert '<html lang="en" dir="ltr"' in page.text, path
        assert "hreflang" not in page.text


def test_language_is_chosen_on_a_page_and_kept_where_a_choice_would_lose_what_is_typed(operator: Visitor) -> None:
    shown = operator.get(f"/-/events/new?copy={EVENT_ID}&lang=ru")
    links = BeautifulSoup(shown.text, "html.parser").select("footer .languages a")

    sent = open_form(shown).send(operator, "check")

    assert [str(link["href"]) for link in links][1] == f"?copy={EVENT_ID}&lang=fr"
    assert '<html lang="ru"' in sent.text
    assert "hreflang" not in sent.text


def test_sentences_of_other_parts_are_marked_as_english_where_they_are_not_translated(operator: Visitor) -> None:
    page = BeautifulSoup(operator.get(f"{EDIT}?lang=ar").text, "html.parser")

    (told,) = {str(each) for each in page.select("legend [lang=en]") if "place" in each.get_text()}
    assert told == '<span dir="ltr" lang="en">Is it a place?</span>'


def new_with_errors(_: Service, reader: Visitor) -> Response:
    return open_form(reader.get("/-/events/new")).send(
        reader, "check", **CLOCKS, performers__0__email="none", id="a--b"
    )


def add_everything(_: Service, reader: Visitor) -> Response:
    form = open_form(reader.get("/-/events/new"))
    for rows in ("performers", "organizers", "attachments"):
        form = press(form, reader, f"add-{rows}")
    return form.send(reader, "add-display_times", **{"start__date": "2040-03-08", "start__time": "23:30"}, **LATER)


LATER = {"duration": "90m", "timezone": "Europe/Zurich"}


def preview_of_an_edit(_: Service, reader: Visitor) -> Response:
    typed = {
        "attachments__0__title_shown": "yes",
        "attachments__0__visibility": "members",
        "performers__0__kind": "chair",
    }
    return edit(reader).send(reader, "check", status="postponed", **typed, **{key_of(DAY_NOTE): "right"})


def preview_of_a_new_event(_: Service, reader: Visitor) -> Response:
    typed = {"name": "High water", "start__date": "2040-03-08", "start__time": "23:30", "visibility": "unlisted"}
    return open_form(reader.get("/-/events/new")).send(reader, "check", **typed, **LATER)


def preview_that_changed(service: Service, reader: Visitor) -> Response:
    return press(edit(reader), reader, "check").send(reader, "save", seen="other")


def clash(service: Service, reader: Visitor) -> Response:
    form = edit(reader)
    patch_event(service.app.context, EVENT_ID, {"venue": "Pier 3", "consent": "ask"}, AN_OPERATOR, None)
    return form.send(reader, "check", venue="Pier 4")


def clash_of_a_form_with_errors(service: Service, reader: Visitor) -> Response:
    form = edit(reader)
    patch_event(service.app.context, EVENT_ID, {"venue": "Pier 3"}, AN_OPERATOR, None)
    return form.send(reader, "check", venue="Pier 4", start__time="half past")


def clash_settled(service: Service, reader: Visitor) -> Response:
    form = edit(reader)
    patch_event(service.app.context, EVENT_ID, {"venue": "Pier 3"}, AN_OPERATOR, None)
    return press(form, reader, "check", venue="Pier 4").send(reader, "theirs")


def file_of_several(_: Service, reader: Visitor) -> Response:
    return upload(reader, like(venue="Pier 3"), like(id="low-water", name="Low water", needs_review=(DAY_NOTE,)))


def text_of_several(_: Service, reader: Visitor) -> Response:
    documents = [like(id=f"low-water-{number}", name="Low water").to_json() for number in range(2)]
    return reader.post("/-/events/paste", data={"text": json.dumps(documents)})


def file_of_one(_: Service, reader: Visitor) -> Response:
    return upload(reader, like(id="low-water", name="Low water", needs_review=(DAY_NOTE,)))


def file_with_mistakes(_: Service, reader: Visitor) -> Response:
    text = "- id: low-water\n  name: Low water\n  start: never\n"
    return reader.post("/-/events/paste", data={"text": text})


def undo(_: Service, reader: Visitor) -> Response:
    press(edit(reader), reader, "check", name="High water", venue="Pier 3").send(reader, "save")
    return reader.get(f"/-/events/{EVENT_ID}/undo")


def signed_out(service: Service, reader: Visitor) -> Response:
    reader.cookies.clear()
    return reader.post("/-/events/new", data={"do": "check"})


def edit(reader: Visitor) -> Form:
    return open_form(reader.get(EDIT))


def like(**changes: object) -> Event:
    """An event whose texts cannot be mistaken for those of the form."""
    notes = (ZONE_NOTE, DAY_NOTE, a_note(field="venue", reason="Is it a place?"))
    film = an_attachment(title="Film of the evening")
    return an_event(**{"performers": (AMARA,), "attachments": (film,), "needs_review": notes, **changes})


def upload(reader: Visitor, *events: Event) -> Response:
    content = json.dumps([each.to_json() for each in events]).encode()
    return reader.post("/-/events/paste", files={"file": ("two.json", content)})


@pytest.mark.parametrize("path", SPOKEN)
def test_every_text_of_a_page_is_in_the_catalogs(reader: Visitor, path: str) -> None:
    assert leftovers(reader.get(path).text) == []


@pytest.mark.parametrize(
    "show",
    [
        new_with_errors, add_everything, preview_of_an_edit, preview_of_a_new_event, preview_that_changed, clash,
        clash_of_a_form_with_errors, clash_settled, file_of_several, text_of_several, file_of_one, file_with_mistakes,
        undo, signed_out,
    ],
)  # fmt: skip
def test_every_text_of_an_answer_is_in_the_catalogs(
    service: Service, reader: Visitor, show: Callable[[Service, Visitor], Response]
) -> None:
    assert leftovers(show(service, reader).text) == []


DATA = (
    "zoom_ops", "Tides of Tomorrow", "How ports adapt to a rising sea.", "Amara Diallo", "Dr", "Director",
    "Film of the evening", "amara.diallo@example.org", "Agenda", "Low water", "High water", "Pier 3", "Pier 4",
    "Harbour Institute", "(HI)", "Harbour Talks", "America/New_York", "Europe/Zurich", "UTC", "New York time",
    "Geneva time", "operator", "default", "main", "two.json", "low-water-0", "low-water-1", "low-water", EVENT_ID,
    "90m", "3/4", "half past", "none", "a--b", "Zoom", "Google Calendar",
    "Outlook.com", "Microsoft 365", "LinkedIn", "WhatsApp",
)  # fmt: skip


def leftovers(html: str) -> list[str]:
    """List the readable texts of a page that are neither in the catalogs, nor told by another part, nor data."""
    page = BeautifulSoup(html, "html.parser")
    framed = [left for frame in page.select("iframe") for left in leftovers(str(frame["srcdoc"]))]
    for each in page.select("kbd, datalist, script, style, svg, textarea, q, .monogram"):
        each.decompose()
    texts = [_text(page), *(str(tag[name]) for tag in page.find_all(True) for name in READABLE if tag.has_attr(name))]
    return framed + [left for text in texts for left in _unmarked(text)]


def _text(page: Tag) -> str:
    return "".join(str(node) for node in page.find_all(string=True) if not isinstance(node, Comment) and node != "html")


def _unmarked(text: str) -> list[str]:
    while "⟦" in text:
        text, changed = re.subn(r"⟦[^⟦⟧]*⟧", " ", text)
        assert changed, text
    text = re.sub(r"https?://\S+|\b\d{4}-\d\d-\d\dT[\d:.+-]+Z?", " ", text)
    for known in sorted(DATA, key=len, reverse=True):
        text = text.replace(known, " ")
    return [found.strip() for found in re.findall(r"[^\W\d_][\w ,.’'-]*", text)]


def test_text_outside_of_the_catalogs_is_found() -> None:
    html = '<p>⟦Edit⟧ <b>Save ⟦it⟧</b></p><input placeholder="Type here" title="⟦Zone⟧"><iframe srcdoc="<p>When</p>">'

    assert leftovers(html) == ["When", "Save", "Type here"]
