"""The link to a recording: for authorised readers only, and with no address of Zoom on any page."""

import pytest

from tests.builders import EVENT_ID, RECORDING_EXPECTED, a_publication, a_recording, a_recording_file, an_event
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.link_keys import make_key
from zoom_ops.store.db.connect import Database

LOCKED = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "title_shown": True})
RECORDING = f"/events/{EVENT_ID}/recording"


@pytest.fixture
def site(database: Database) -> Site:
    prepared = Site(database, base_url="http://events.example.org")
    prepared.save(an_event())
    return prepared


def test_recording_opens_at_zoom(site: Site, visitor: Visitor) -> None:
    site.publish(an_event())

    answer = visitor.get(RECORDING)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "https://zoom.example.org/rec/share/film?pwd=encoded-play-passcode"
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_recording_shows_a_passcode_that_its_address_cannot_carry(site: Site, visitor: Visitor) -> None:
    site.publish(an_event(), recording=a_recording(play_passcode=None))

    page = visitor.get(RECORDING)
    followed = visitor.get(f"{RECORDING}?part=1&go=1")

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "k+Y2w&amp;q!" in page.text
    assert f'href="{RECORDING}?part=1&amp;go=1"' in page.text
    assert "zoom.example.org" not in page.text
    assert (followed.status_code, followed.headers["Location"]) == (303, "https://zoom.example.org/rec/share/film")


def test_recording_without_any_passcode_opens_at_once(site: Site, visitor: Visitor) -> None:
    site.publish(an_event(), recording=a_recording(play_passcode=None, passcode=None))

    assert visitor.get(RECORDING).headers["Location"] == "https://zoom.example.org/rec/share/film"


def test_recording_has_its_parts(site: Site, visitor: Visitor) -> None:
    site.publish(an_event())
    second = a_recording(uuid="second", share_url="https://zoom.example.org/rec/share/second", play_passcode="p w")
    site.publish(an_event(), a_publication(recording_uuid="second", part=2), second)

    answer = visitor.get(f"{RECORDING}?part=2")

    assert answer.headers["Location"] == "https://zoom.example.org/rec/share/second?pwd=p%20w"


@pytest.mark.parametrize("part", ["3", "0", "-1", "x", "1.0", "٢", "99999999999999999999"])
def test_recording_has_no_other_parts(site: Site, visitor: Visitor, part: str) -> None:
    site.publish(an_event())

    assert visitor.get(RECORDING, params={"part": part}).status_code == 404


@pytest.mark.parametrize("changes", [{"visibility": "members"}, {"state": "withdrawn"}])
def test_recording_that_is_not_for_visitors_is_as_if_it_were_not_there(
    site: Site, visitor: Visitor, changes: dict[str, str]
) -> None:
    nothing = visitor.get(RECORDING)
    site.publish(an_event(), a_publication(**changes))

    hidden = visitor.get(RECORDING)

    assert (hidden.status_code, hidden.content) == (404, nothing.content)


@pytest.mark.parametrize("part", ["1", "2", "9"])
def test_recording_whose_title_is_shown_asks_a_visitor_to_sign_in(site: Site, visitor: Visitor, part: str) -> None:
    site.save(an_event(attachments=(LOCKED,)))
    site.publish(an_event())

    answer = visitor.get(f"{RECORDING}?part={part}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    assert answer.headers["Location"] == f"/sign-in?next={RECORDING}%3Fpart%3D{part}"


def test_recording_for_other_members_is_not_found(site: Site, visitor: Visitor) -> None:
    site.save(an_event(attachments=(LOCKED.model_copy(update={"groups": ("Pilots",)}),)))
    site.publish(an_event())
    site.add_user("amara", groups=("Pilots",))
    site.add_user("jonas", groups=("Divers",))

    answers = []
    for login in ("amara", "jonas"):
        visitor.post("/sign-in", data={"login": login, "password": PASSWORD})
        answers.append(visitor.get(RECORDING).status_code)

    assert answers == [303, 404]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://zoom.us.evil.example/rec", "https://evil.example/"])
def test_recording_leads_only_where_recordings_play(site: Site, visitor: Visitor, link: str) -> None:
    site.publish(an_event(), recording=a_recording(share_url=link, files=(a_recording_file(play_url=link),)))

    answer = visitor.get(RECORDING)

    assert (answer.status_code, "evil" in str(answer.headers)) == (404, False)


def test_address_with_a_key_is_never_rendered(visitor: Visitor) -> None:
    """The answer is the same whatever the event, the part and the key are; only what has the form of one is kept."""
    key = make_key("ab" * 32)

    answers = [
        visitor.get(path)
        for path in (
            f"{RECORDING}?key={key}&lang=fr",
            f"{RECORDING}?part=2&key={key}",
            f"{RECORDING}?part=x&key={key}",
            f"/events/NOT%20ONE/recording?key={key}",
            f"{RECORDING}?key=zopsk_wrong",
        )
    ]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (303, RECORDING), (303, f"{RECORDING}?part=2"), (303, RECORDING), (303, "/events/NOT%20ONE/recording"),
        (303, RECORDING),
    ]  # fmt: skip
    assert [key in answer.text for answer in answers] == [False] * 5
    assert ["Set-Cookie" in answer.headers for answer in answers] == [True] * 4 + [False]
    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"no-referrer"}
