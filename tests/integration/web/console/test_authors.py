"""Authors in the console: they write drafts, and see nothing there that is not theirs."""

import base64
import json
import zlib
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from tests.builders import AMARA, AN_OPERATOR, EVENT_ID, JONAS, a_note, an_attachment, an_event
from tests.integration.served import WITHOUT_TLS, visit_pages
from tests.integration.service import MakeService, Service
from tests.integration.web.console.forms import Form, open_form, press
from tests.web_site import ADMIN, PASSWORD, QUICK_PASSWORDS, Visitor
from zoom_ops.access import Reader, hide_private, without_private
from zoom_ops.announcements import Contact, name_key
from zoom_ops.events import Event
from zoom_ops.identity.users import UserChanges, add_user
from zoom_ops.operations.events.address_book import import_people
from zoom_ops.operations.events.editing import patch_event
from zoom_ops.operations.events.importing import import_events
from zoom_ops.operations.events.publishing import publish_event
from zoom_ops.readers import Announced
from zoom_ops.store.address_book import ContactRow, save_contact
from zoom_ops.store.approvals import approved_texts, hash_of
from zoom_ops.store.audit import iter_audit
from zoom_ops.store.events import find_event, load_event, load_record
from zoom_ops.web.console.event_form.doubts import key_of

TYPED = {
    "name": "Low water", "start__date": "2040-03-08", "start__time": "14:30", "duration": "90m",
    "timezone": "Europe/Zurich", "performers__0__name": "Mei",
}  # fmt: skip
CREW = an_attachment(title="Rota of the crew", visibility="members", groups=("crew",))
AUTHOR = Reader(role="member", drafts=True)
HIDDEN = (AMARA.email, JONAS.email, "quiet-profile", "do_not_record", "do not record")


@pytest.fixture
def service(make_service: MakeService) -> Service:
    profiles = {"default": "", "quiet-profile": ""}
    return make_service(settings=WITHOUT_TLS, profiles=profiles)


class Readers:
    """People who sign in at the same pages, each with a browser of their own."""

    def __init__(self, service: Service, address: str) -> None:
        self._service, self._address = service, address
        self.opened: list[Visitor] = []

    def sign_in(self, login: str, role: str = "author") -> Visitor:
        """Add a user, and return the browser in which they are signed in."""
        changes = UserChanges(password=PASSWORD, role=role)
        add_user(self._service.app.database, QUICK_PASSWORDS, ADMIN, login, changes)
        self.opened.append(visitor := Visitor(self._address))
        visitor.post("/sign-in", data={"login": login, "password": PASSWORD})
        return visitor


@pytest.fixture
def readers(service: Service) -> Iterator[Readers]:
    with visit_pages(service) as pages:
        readers = Readers(service, pages.visitor.address)
        yield readers
        for visitor in readers.opened:
            visitor.close()


@pytest.fixture
def author(readers: Readers) -> Visitor:
    return readers.sign_in("ada")


def add_draft(service: Service, **changes: object) -> Event:
    """Add a draft with what an author does not see of it."""
    whole = {"performers": (AMARA, JONAS), "profile": "quiet-profile", "consent": "do_not_record", "account": "main"}
    event = an_event(**{"visibility": "draft", "attachments": (CREW,), **whole, **changes})
    service.add(event)
    return event


def load(service: Service, event_id: str = EVENT_ID) -> Event:
    with service.app.database.read() as connection:
        return load_event(connection, event_id)


def edit(author: Visitor, event_id: str = EVENT_ID) -> Form:
    return open_form(author.get(f"/-/events/{event_id}/edit"))


def unpacked(form: Form) -> str:
    """Return the record that travels with a form."""
    return zlib.decompress(base64.urlsafe_b64decode(form.fields["base"])).decode()


def save(form: Form, author: Visitor, **typed: str) -> None:
    """Check and save a form."""
    answer = press(form, author, "check", **typed).send(author, "save")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/-/drafts")


def test_author_writes_a_draft_whatever_the_form_says(service: Service, author: Visitor) -> None:
    empty = author.get("/-/drafts").text
    form = open_form(author.get("/-/events/new"))

    preview = press(form, author, "check", **TYPED, visibility="listed", profile="quiet-profile", account="nowhere")
    saved = preview.send(author, "save")

    assert "There is no draft." in empty
    assert {"visibility", "profile", "account", "consent"} & form.fields.keys() == set()
    assert "Nothing: no webinar changes, and nobody is mailed. It is a draft" in preview.page.get_text()
    assert (saved.status_code, saved.headers["Location"]) == (303, "/-/drafts")
    event = load(service, "low-water")
    assert (event.visibility, event.profile, event.account) == ("draft", "default", None)
    page = author.get("/-/drafts").text
    assert "The event is a draft now. An operator publishes it." in page
    assert '<span dir="auto">ada</span>' in page
    with service.app.database.read() as connection:
        assert (list(iter_audit(connection))[-1].who, load_record(connection, "low-water").decided.intended) == (  # type: ignore[union-attr]
            "ada", "draft",
        )  # fmt: skip


def test_fields_complete_to_what_an_author_may_see_and_to_no_address(service: Service, author: Visitor) -> None:
    service.introduce(("Amina Book", "amina@example.org"))
    service.add(an_event(series="Ocean Talks", performers=(AMARA,)))
    service.add(an_event(id="hidden", visibility="unlisted", series="Ocean Secrets", performers=(JONAS,)))

    asked = ("people/names?q=am", "people/names?q=jonas", "series/names?q=ocean", "organizations/names?q=harb")
    people, hidden, series, organizations = (author.get(f"/-/{path}").json() for path in asked)

    assert people["people"] == [{"name": "Amara Diallo", "organization": "Harbour Institute", "email": None}]
    assert hidden["people"] == []
    assert (series["names"], organizations["names"]) == (["Ocean Talks"], ["Harbour Institute"])


def test_author_is_led_to_the_drafts_and_the_rest_of_the_console_stays_closed(
    service: Service, author: Visitor
) -> None:
    add_draft(service)
    closed = ("events", f"events/{EVENT_ID}", "plan", "review", "runs", "people", "options/events?event=tid", "audit",
              "stream", "settings", f"events/{EVENT_ID}/cancel")  # fmt: skip

    assert author.get("/-/").headers["Location"] == "/-/drafts"
    signed_in = author.post("/sign-in", data={"login": "ada", "password": PASSWORD})
    assert signed_in.headers["Location"] == "/-/drafts"
    assert '<a href="/-/drafts">Drafts</a>' in author.get("/").text
    assert f'href="/-/events/new?copy={EVENT_ID}"' in author.get(f"/events/{EVENT_ID}").text
    assert [author.get(f"/-/{path}").status_code for path in closed] == [403] * len(closed)
    assert author.post(f"/-/events/{EVENT_ID}/publish", data={}).status_code == 403
    for path, status in (("events", 403), ("nowhere", 404)):  # refusals speak to authors, too
        refused = author.get(f"/-/{path}?lang=ar")
        assert (refused.status_code, '<html lang="ar" dir="rtl"' in refused.text) == (status, True)
    author.get("/-/drafts?lang=en")
    drafts = open_page(author, "/-/drafts")
    links = {str(link["href"]).partition("?")[0] for link in drafts.select("a[href^='/-/']")}
    assert all(author.get(link).status_code in (200, 303) for link in links), links


def open_page(visitor: Visitor, path: str):  # type: ignore[no-untyped-def]
    from bs4 import BeautifulSoup

    return BeautifulSoup(visitor.get(path).text, "html.parser")


@pytest.mark.parametrize("what", ["edit", "undo", "delete", "preview", "clash", "copy"])
def test_nothing_that_an_author_may_not_see_stands_in_the_console(service: Service, author: Visitor, what: str) -> None:
    add_draft(service)
    form = edit(author)
    if what == "undo":
        save(form, author, venue="Pier 3", performers__1__name="Jonas B. Weber")
        answer = author.get(f"/-/events/{EVENT_ID}/undo")
    elif what == "clash":
        patch = {"performers": [JONAS.model_dump()], "consent": "ask"}
        patch_event(service.app.context, EVENT_ID, patch, AN_OPERATOR, None)
        answer = form.send(author, "check", venue="Pier 3")
        assert answer.status_code == 409
    elif what == "preview":
        answer = form.send(author, "check", performers__1__name="Jonas B. Weber")
    else:
        paths = {"edit": "/edit", "delete": "/delete"}
        path = f"/-/events/{EVENT_ID}{paths[what]}" if what in paths else f"/-/events/new?copy={EVENT_ID}"
        answer = author.get(path)

    page = open_form(answer)
    packed = unpacked(page) if "base" in page.fields else ""
    assert [word for word in HIDDEN if str(word) in answer.text + packed] == []
    assert "Rota" in answer.text or what in ("undo", "delete")


def test_addresses_and_settings_stay_where_the_author_cannot_see_them(service: Service, author: Visitor) -> None:
    before = add_draft(service)
    form = press(edit(author), author, "up-performers-1", performers__1__name="Jonas B. Weber")
    save(form, author, venue="Pier 3")

    event = load(service)
    assert [(person.name, person.email) for person in event.performers] == [
        ("Jonas B. Weber", JONAS.email), (AMARA.name, AMARA.email),
    ]  # fmt: skip
    assert (event.profile, event.account, event.consent, event.attachments, event.venue) == (
        before.profile, before.account, before.consent, before.attachments, "Pier 3",
    )  # fmt: skip


def test_address_that_an_author_types_is_taken_and_that_of_a_person_taken_out_goes(
    service: Service, author: Visitor
) -> None:
    add_draft(service)
    form = press(edit(author), author, "remove-performers-0")
    preview = press(form, author, "check", performers__0__email="new@example.org")
    assert "new@example.org" in preview.page.select_one("table.diff").get_text()  # type: ignore[union-attr]
    preview.send(author, "save")

    assert [(person.name, person.email) for person in load(service).performers] == [(JONAS.name, "new@example.org")]
    assert "new@example.org" not in author.get(f"/-/events/{EVENT_ID}/edit").text
    save(edit(author), author, performers__0__email="newer@example.org")
    assert open_form(author.get(f"/-/events/{EVENT_ID}/undo")).told()[0].startswith("What it changed is not shown")


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_addresses_stay_with_their_people_when_two_write(
    service: Service, readers: Readers, author: Visitor, choice: str
) -> None:
    add_draft(service)
    form, other = edit(author), readers.sign_in("bo")
    mei = {"performers__2__name": "Mei", "performers__2__email": "mei@example.org"}
    moved = press(press(edit(other), other, "add-performers", **mei), other, "up-performers-2")
    save(press(moved, other, "up-performers-1"), other)

    clash = press(form, author, "check", venue="Pier 3", performers__0__name="Amara N. Diallo")
    save(press(clash, author, choice), author)

    event = load(service)
    found = {person.name: person.email for person in event.performers}
    mine = {"Amara N. Diallo": AMARA.email, JONAS.name: JONAS.email}
    theirs = {"Mei": "mei@example.org", AMARA.name: AMARA.email, JONAS.name: JONAS.email}
    assert (found, event.venue) == (mine if choice == "mine" else theirs, "Pier 3")


def test_addresses_stay_with_their_people_when_a_file_fills_the_form(service: Service, author: Visitor) -> None:
    """The rows say their numbers in the file, in which people stand in another order than in the record."""
    add_draft(service)
    document = an_event(venue="Pier 3", performers=(JONAS, AMARA)).to_json() | {"visibility": "draft"}
    for person in document["performers"]:
        del person["email"]
    form = open_form(author.post("/-/events/paste", data={"text": json.dumps(document)}))
    patch_event(service.app.context, EVENT_ID, {"performers": [AMARA.model_dump(), JONAS.model_dump(),
                                                               {"name": "Mei"}]}, AN_OPERATOR, None)  # fmt: skip

    clash = press(form, author, "check")
    save(press(clash, author, "theirs"), author)

    event = load(service)
    assert {person.name: person.email for person in event.performers} == {
        AMARA.name: AMARA.email, JONAS.name: JONAS.email, "Mei": None,
    }  # fmt: skip
    assert event.venue == "Pier 3"


def test_published_event_is_for_operators_only(service: Service, author: Visitor) -> None:
    service.add(an_event())
    form, sentence = open_form(author.get("/-/events/new")), f"{EVENT_ID} is published, and you may change drafts only"

    answers = [
        author.get(f"/-/events/{EVENT_ID}/edit"),
        author.get(f"/-/events/{EVENT_ID}/delete"),
        author.post(f"/-/events/{EVENT_ID}/edit", data={**form.fields, "do": "save", "revision": "1"}),
        author.post(f"/-/events/{EVENT_ID}/delete", data={}),
    ]
    pasted = author.post("/-/events/paste", data={"text": json.dumps(an_event(venue="Pier 3").to_json())})
    taken = press(form, author, "check", **TYPED, id=EVENT_ID)

    assert [(answer.status_code, sentence in answer.text) for answer in answers] == [(403, True)] * 4
    assert sentence in pasted.text
    mistakes = [str(link["href"]) for link in taken.page.select("section.errors a")]
    assert (list(taken.errors()), mistakes) == (["id"], ["#id"])
    assert load(service) == an_event()


def test_copy_of_a_published_event_takes_along_what_everybody_sees(service: Service, author: Visitor) -> None:
    add_draft(service, visibility="listed", attachments=(CREW, an_attachment(title="Agenda")))

    answer = author.get(f"/-/events/new?copy={EVENT_ID}")

    assert [word for word in (*HIDDEN, "Rota", "crew") if str(word) in answer.text] == []
    assert open_form(answer).fields["attachments-0-title"] == "Agenda"


def test_form_of_another_event_or_another_state_changes_nothing_unseen(service: Service, author: Visitor) -> None:
    add_draft(service)
    add_draft(service, id="other", name="The other")
    form = edit(author)
    other = edit(author, "other")

    crossed = author.post("/-/events/other/edit", data={**form.fields, "do": "check"})
    stale = author.post("/-/events/other/edit", data={**other.fields, "revision": "7", "do": "check"})
    broken = author.post("/-/events/other/edit", data={**other.fields, "revision": "7", "base": "x", "do": "check"})
    foreign = author.post(form.action, data={**form.fields, "do": "check"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (load(service).name, load(service, "other").name) == ("Tides of Tomorrow", "The other")
    assert [word for word in HIDDEN if str(word) in crossed.text + stale.text] == []
    assert (broken.status_code, foreign.status_code) == (400, 403)


def test_author_answers_doubts_and_it_stays_a_draft(service: Service, author: Visitor) -> None:
    doubt, unseen = a_note(field="name", reason="Which line?"), a_note(field="account", reason="Which account?")
    add_draft(service, needs_review=(doubt, unseen))

    form = edit(author)
    assert "1 doubt" in form.page.get_text()
    assert "1 doubt<" in author.get("/-/drafts").text
    assert "It stays a draft while" not in press(form, author, "check").page.get_text()  # nor is it published after
    save(form, author, **{key_of(doubt): "right", key_of(unseen): "right"})

    event = load(service)
    with service.app.database.read() as connection:
        line, decided = list(iter_audit(connection))[-1], load_record(connection, EVENT_ID).decided
    assert ([note.field for note in event.needs_review], event.visibility) == (["account"], "draft")
    assert (line.who, line.what, decided.intended) == ("ada", "event_approved", "draft")  # type: ignore[union-attr]


def test_doubt_of_a_draft_is_shown_and_answered_without_the_addresses_in_its_line(
    service: Service, author: Visitor
) -> None:
    open_one, answered = (a_note(field=field, text=f"{AMARA.email} speaks") for field in ("venue", "name"))
    add_draft(service, needs_review=(open_one, answered))

    answer = author.get(f"/-/events/{EVENT_ID}/edit")
    form = open_form(answer)
    (key,) = {key_of(note) for note in hide_private(load(service), AUTHOR).needs_review if note.field == "name"}
    save(form, author, **{key: "right"})

    assert "… speaks" in answer.text
    assert AMARA.email not in answer.text + unpacked(form)
    assert load(service).needs_review == (open_one,)
    with service.app.database.read() as connection:
        assert approved_texts(connection, [EVENT_ID]) == {(EVENT_ID, "name", hash_of(answered.text))}


def test_file_of_an_author_approves_no_recording(service: Service, author: Visitor) -> None:
    notes = [
        {"field": field, "reason": "May it be shown?"} for field in ("recording", "practice", "performers.0.email")
    ]
    document = an_event(consent="ask").to_json() | {"needs_review": notes}
    form = open_form(author.post("/-/events/paste", data={"text": json.dumps(document)}))

    keys = {key_of(note): "right" for note in an_event(needs_review=notes).needs_review}
    save(form, author, **keys)

    with service.app.database.read() as connection:
        assert approved_texts(connection, [EVENT_ID]) == frozenset()
    assert [note.field for note in load(service).needs_review] == ["recording", "practice", "performers.0.email"]


def test_author_undoes_an_edit_of_theirs_and_no_other(service: Service, readers: Readers, author: Visitor) -> None:
    before = add_draft(service)
    path, other = f"/-/events/{EVENT_ID}/undo", readers.sign_in("bo")
    save(edit(author), author, venue="Pier 3")

    assert path not in other.get("/-/drafts").text
    assert (other.get(path).status_code, other.post(path, data={}).status_code) == (404, 404)
    assert path in author.get("/-/drafts").text
    question = open_form(author.get(path))
    rows = [row.get_text("|", strip=True) for row in question.page.select("table.diff tbody tr")]
    assert (question.told(), rows) == ([], ["Place|Pier 3|nothing"])
    assert question.send(author, "").headers["Location"] == "/-/drafts"
    assert load(service) == before.model_copy(update={"visibility": "draft"})
    with service.app.database.read() as connection:
        line = list(iter_audit(connection))[-1]
    assert (line.who, line.what) == ("ada", "edit_undone")


def test_undo_by_an_author_publishes_nothing(service: Service, author: Visitor) -> None:
    service.add(an_event())
    patch_event(service.app.context, EVENT_ID, {"visibility": "draft"}, ADMIN, None)

    assert author.get(f"/-/events/{EVENT_ID}/undo").status_code == 404


def test_author_deletes_a_draft(service: Service, author: Visitor) -> None:
    add_draft(service)

    question = open_form(author.get(f"/-/events/{EVENT_ID}/delete"))
    answer = question.send(author, "")

    assert answer.headers["Location"] == "/-/drafts"
    with service.app.database.read() as connection:
        assert find_event(connection, EVENT_ID) is None


def test_draft_that_was_written_since_the_question_is_not_deleted(service: Service, author: Visitor) -> None:
    add_draft(service)
    question = open_form(author.get(f"/-/events/{EVENT_ID}/delete"))
    patch_event(service.app.context, EVENT_ID, {"venue": "Pier 3"}, AN_OPERATOR, None)

    asked = question.send(author, "")

    assert (asked.status_code, load(service).venue) == (200, "Pier 3")
    assert open_form(asked).send(author, "").status_code == 303


def test_several_events_of_a_file_become_drafts(service: Service, author: Visitor) -> None:
    add_draft(service)
    known = an_event(venue="Pier 3", performers=(AMARA.model_copy(update={"email": None}), JONAS)).to_json()
    del known["profile"], known["account"], known["consent"], known["visibility"]
    new = {"name": "Low water", "start": "2040-03-08T14:30", "end": "2040-03-08T16:00", "timezone": "Europe/Zurich"}
    content = json.dumps([known, new | {"visibility": "listed"}]).encode()

    answer = author.post("/-/events/paste", files={"file": ("two.json", content)}, data={"text": ""})
    listed = open_form(answer)
    assert [word for word in HIDDEN if str(word) in answer.text] == []
    opened = press(listed, author, "event-0")
    assert (opened.fields["performers-0-email"], opened.fields["performers-1-email"]) == ("", JONAS.email)
    done = listed.send(author, "import")

    assert done.headers["Location"] == "/-/drafts"
    event = load(service)
    assert (event.performers[0].email, event.venue, event.profile) == (AMARA.email, "Pier 3", "quiet-profile")
    assert (event.visibility, load(service, "low-water").visibility) == ("draft", "draft")


def paste(author: Visitor, *documents: object) -> Form:
    return open_form(author.post("/-/events/paste", data={"text": json.dumps(documents)}))


def written(event: Event) -> dict[str, object]:
    """Return an event as an author may write it into a file."""
    return without_private(event.to_json()) | {"needs_review": []}


OTHER = {"name": "Low water", "start": "2040-03-08T14:30", "end": "2040-03-08T16:00", "timezone": "Europe/Zurich"}


def test_event_of_a_list_that_an_author_saved_stays_as_it_is(service: Service, author: Visitor) -> None:
    """Also where the list says it was saved and it was not."""
    before = add_draft(service, needs_review=(a_note(field="recording", reason="May it be shown?"),))
    listed = paste(author, written(an_event(venue="Pier 3")), OTHER)

    saved = press(press(listed, author, "event-0"), author, "check").send(author, "save")
    again = open_form(author.post(saved.headers["Location"], data=dict(parse_qsl(str(saved.request.body)))))
    assert [state.get_text() for state in again.page.select("td .state")] == ["as it was", "draft", "new", "draft"]
    save_listed = press(press(again, author, "event-0"), author, "check", venue="Pier 4").send(author, "save")
    again = open_form(author.post(save_listed.headers["Location"], data=dict(parse_qsl(str(save_listed.request.body)))))
    assert again.send(author, "import").status_code == 303

    event = load(service)
    for name in ("consent", "profile", "account", "performers", "needs_review"):
        assert getattr(event, name) == getattr(before, name), name
    assert (event.venue, load(service, "low-water").consent) == ("Pier 4", "record")


def test_list_of_an_author_leaves_published_events_out(service: Service, author: Visitor) -> None:
    service.add(an_event())
    same, changed = written(an_event()), written(an_event(venue="Pier 3"))

    listed = paste(author, changed, OTHER)
    states = [state.get_text() for state in listed.page.select("td .state:first-child")]
    assert states == ["not imported", "new"]
    assert f"{EVENT_ID} is published, and you may change drafts only" in listed.page.get_text()
    assert listed.page.select_one(".confirm button").get_text() == "Import 1 event"  # type: ignore[union-attr]
    assert press(listed, author, "event-0").fields.keys() == listed.fields.keys()
    assert listed.send(author, "import").status_code == 303
    assert paste(author, same, OTHER).send(author, "import").status_code == 303
    alone = paste(author, changed)
    told = paste(author, same).page.get_text()

    assert f"{EVENT_ID} is published, and you may change drafts only" in told
    assert (load(service), load(service, "low-water").name) == (an_event(), "Low water")
    assert json.loads(alone.fields["text"]) == [changed]


def test_file_of_an_author_asks_for_less_recording_and_for_nothing_else(service: Service, author: Visitor) -> None:
    add_draft(service, consent="ask")
    asks = {"account": "elsewhere", "profile": "unknown", "consent": "do_not_record"}

    form = paste(author, written(an_event()) | asks)
    preview = press(form, author, "check")
    assert "The file names an account or a profile: only operators choose these" in form.page.get_text()
    assert "The file says that the event is not recorded. So it will not be." in preview.page.get_text()
    assert "stands like this already" not in preview.page.get_text()
    preview.send(author, "save")
    paste(author, written(an_event()) | {"consent": "record"}, OTHER | asks).send(author, "import")

    for event, profile, account in (
        (load(service), "quiet-profile", "main"),
        (load(service, "low-water"), "default", None),
    ):
        assert (event.profile, event.account, event.consent) == (profile, account, "do_not_record")


@pytest.mark.parametrize(("what", "status"), [("published", 403), ("deleted", 404)])
def test_what_was_typed_stays_where_the_draft_is_gone(
    service: Service, readers: Readers, author: Visitor, what: str, status: int
) -> None:
    add_draft(service)
    form = edit(author)
    if what == "published":
        publish_event(service.app.context, EVENT_ID, AN_OPERATOR)
    else:
        open_form(readers.sign_in("bo").get(f"/-/events/{EVENT_ID}/delete")).send(author, "")

    answer = form.send(author, "check", venue="Pier 3")
    lost = open_form(answer)
    save(lost, author, id="another")

    assert (answer.status_code, lost.fields["venue"], lost.action) == (status, "Pier 3", "/-/events/new")
    assert "What you typed stands in the form." in lost.page.get_text()
    assert [word for word in HIDDEN if str(word) in answer.text] == []
    assert load(service, "another").venue == "Pier 3"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_address_stays_where_an_operator_corrects_the_name(service: Service, author: Visitor, choice: str) -> None:
    add_draft(service, performers=(AMARA.model_copy(update={"name": "Amara Dialo"}),))
    form = edit(author)
    patch_event(service.app.context, EVENT_ID, {"performers": [AMARA.model_dump()]}, AN_OPERATOR, None)

    typed = {"performers__0__organization": "Pier 3", "performers__0__role": "chair"}
    save(press(press(form, author, "check", **typed), author, choice), author)

    name = "Amara Dialo" if choice == "mine" else AMARA.name
    assert [(each.name, each.email) for each in load(service).performers] == [(name, AMARA.email)]


def test_who_takes_the_place_of_another_has_the_address_of_the_book(service: Service, author: Visitor) -> None:
    add_draft(service)
    mei = ContactRow(name="Mei Chen", name_key=name_key("Mei Chen"), organization=None, email="mei@example.org")
    with service.app.database.begin() as connection:
        save_contact(connection, mei, service.app.context.clock.now())

    save(edit(author), author, performers__0__name="Mei Chen", performers__1__name=AMARA.name)

    people = [(person.name, person.email) for person in load(service).performers]
    assert people == [("Mei Chen", "mei@example.org"), (AMARA.name, AMARA.email)]


def test_address_stays_where_the_form_puts_a_name_of_the_file_right(service: Service, author: Visitor) -> None:
    add_draft(service, performers=(AMARA,))

    form = paste(author, written(an_event()) | {"performers": ["Amara Dialo"]})
    save(form, author, performers__0__name=AMARA.name)

    assert [(person.name, person.email) for person in load(service).performers] == [(AMARA.name, AMARA.email)]


def test_address_stays_under_a_new_name_where_the_file_names_nobody(service: Service, author: Visitor) -> None:
    event = add_draft(service, id="low-water", name="Low water", series=None, performers=(AMARA,))
    entry = (
        "BEGIN:VEVENT", "UID:1@example.org", "SUMMARY:Low water", f"DTSTART:{event.start_utc:%Y%m%dT%H%M%SZ}",
        f"DTEND:{event.end_utc:%Y%m%dT%H%M%SZ}", "END:VEVENT",
    )  # fmt: skip
    calendar = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *entry, "END:VCALENDAR", ""))

    form = open_form(author.post("/-/events/paste", data={"text": calendar}))
    save(form, author, performers__0__name="Amara N. Diallo")

    people = [(person.name, person.email) for person in load(service, "low-water").performers]
    assert people == [("Amara N. Diallo", AMARA.email)]


def test_pages_of_the_drafts_are_in_the_language_of_the_reader(service: Service, author: Visitor) -> None:
    drafts = (an_event(id=f"draft-{number}", name=f"Draft {number}", visibility="draft") for number in range(51))
    import_events(service.app.context, (Announced(event=draft, file="a.json", line=1) for draft in drafts), AN_OPERATOR)

    pager = open_page(author, "/-/drafts?lang=es").select_one("nav.pager")

    assert pager is not None
    assert pager.get_text(" ", strip=True).startswith("Página 1 de 2")


@pytest.mark.parametrize("way", ["preview", "form", "list"])
def test_author_who_types_a_name_learns_no_place_of_its_namesakes(service: Service, author: Visitor, way: str) -> None:
    book = [("Pilot House", "mei@example.org"), ("Tide Office", "mei.2@example.org")]
    contacts = [Contact(name="Mei", organization=place, email=email) for place, email in book]
    import_people(service.app.context, contacts, AN_OPERATOR)
    if way == "list":
        documents = [an_event(id=name, name=name, performers=({"name": "Mei"},)).to_json() for name in ("low", "high")]
        answer = author.post("/-/events/paste", data={"text": json.dumps(documents)})
    else:
        answer = open_form(author.get("/-/events/new")).send(author, "check", **TYPED)
    if way == "form":
        open_form(answer).send(author, "save")
        answer = author.get("/-/events/low-water/edit")

    assert "Several people in the address book have this name: give" in answer.text
    assert [word for word in ("Pilot House", "Tide Office", "example.org") if word in answer.text] == []


def test_operators_find_the_drafts_there_too_and_members_nothing(service: Service, readers: Readers) -> None:
    add_draft(service)
    operator, member = readers.sign_in("op", "operator"), readers.sign_in("mo", "member")

    assert "Tides of Tomorrow" in operator.get("/-/drafts?q=tides").text
    assert "No draft has these words" in operator.get("/-/drafts?q=ebb").text
    assert [member.get(path).status_code for path in ("/-/", "/-/drafts", "/-/events/new")] == [403] * 3
