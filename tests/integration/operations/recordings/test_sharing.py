"""What visitors meet at Zoom: read before a recording is published, said on its page, told to operators."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, BASE_URL, END, EVENT_ID
from tests.integration.served import Served, visit_pages
from tests.integration.service import CONFIG, SHARING, MakeService, Service
from zoom_ops.store.alerts import list_alerts

ADDRESS = f"{BASE_URL}/events/{EVENT_ID}/recording"
AGAIN = f"zoom-ops run fetch_recordings --event {EVENT_ID}"
DAY = timedelta(days=1)
SIGN_IN, REGISTER = "Sign in to Zoom to watch", "Register at Zoom to watch"
ORGANISATION = "Only for Zoom users of the organisation"


@pytest.fixture
def served(service: Service) -> Iterator[Served]:
    """The pages of the service."""
    with visit_pages(service) as pages:
        yield pages


@pytest.fixture
def holding(make_service: MakeService) -> Service:
    """A service whose profile holds restricted recordings."""
    profile = (CONFIG / "profiles" / "default.toml").read_text("utf-8")
    return make_service(
        profiles={"default": profile.replace('restricted_recordings = "publish"', 'restricted_recordings = "hold"')}
    )


def held(service: Service, **recordings: Any) -> Service:
    """Hold the event's webinar at an account with this policy for recordings."""
    service.zoom.control("POST", "/policy", {"recordings": recordings})
    service.add()
    service.settle()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold()
    service.settle()
    return service


def share(service: Service, **settings: Any) -> None:
    """Change the sharing of the recording in Zoom's portal, of which Zoom tells nobody."""
    (recording,) = service.zoom.state()["recordings"]
    uuid = recording["uuid"].replace("/", "%252F").replace("+", "%2B").replace("=", "%3D")
    service.zoom.call("PATCH", f"/meetings/{uuid}/recordings/settings", settings)


def alerts(service: Service) -> dict[str, str]:
    """Return the sentences of the open alerts about the event, by kind."""
    with service.app.database.read() as connection:
        return {row.kind: str(row.sentence) for row in list_alerts(connection, subject=EVENT_ID)}


def test_recording_that_everybody_may_open_is_published_without_a_word(service: Service, served: Served) -> None:
    held(service)

    assert (service.published(), alerts(service)) == ([ADDRESS], {})
    assert "requires" not in served.document()["recordings"][0]
    assert all(words not in served.page() for words in (SIGN_IN, REGISTER, ORGANISATION))
    assert service.shown()["recordings"][0]["sharing"] == {
        "shared": "publicly",
        "sign_in": False,
        "sign_in_name": None,
        "on_demand": False,
        "viewer_download": True,
        "needs_passcode": True,
    }


@pytest.mark.parametrize(
    ("policy", "requires", "words", "told"),
    [
        ({"authentication": True}, "sign_in", SIGN_IN, "people who sign in to Zoom (Sign in to Zoom)"),
        ({"share": "internally"}, "account_only", ORGANISATION, "people of the Zoom account"),
        ({"on_demand": True}, "registration", REGISTER, "people who register for it at Zoom"),
    ],
)
def test_restricted_recording_is_published_and_its_page_says_so(
    service: Service, served: Served, policy: dict[str, Any], requires: str, words: str, told: str
) -> None:
    held(service, **policy)

    assert service.published() == [ADDRESS]
    assert words in served.page()
    assert served.document()["recordings"][0]["requires"] == requires
    for path in (f"/events/{EVENT_ID}.ics", "/recordings.atom", f"/events/{EVENT_ID}"):
        assert words in served.visitor.get(path).text.replace("\r\n ", "").replace("\n ", ""), path
    assert list(alerts(service)) == ["recording_restricted"]
    sentence = alerts(service)["recording_restricted"]
    assert told in sentence
    assert AGAIN in sentence
    assert service.plan().actions == ()


@pytest.mark.parametrize("policy", [{"authentication": True}, {"share": "internally"}, {"on_demand": True}])
def test_restricted_recording_is_held_as_the_profile_says(holding: Service, policy: dict[str, Any]) -> None:
    held(holding, **policy)

    assert (holding.published(), alerts(holding)) == ([], {})
    holding.tick("watch_events")
    holding.settle()
    assert list(alerts(holding)) == ["recording_held"]
    run = holding.run("publish_recordings")
    assert run["state"] == "parked"
    assert "Recordings → the recording → Share" in run["error"]

    share(holding, share_recording="publicly", recording_authentication=False, on_demand=False)
    holding.ask("fetch_recordings", EVENT_ID)

    assert holding.published() == [ADDRESS]
    assert holding.plan().refused == ()


def test_recording_that_is_not_shared_is_never_published(service: Service, served: Served) -> None:
    held(service, share="none")

    assert (service.published(), served.document()["recordings"]) == ([], [])
    assert served.recording().status_code == 404
    ((_, sentence),) = service.plan().refused
    assert sentence.startswith("Zoom does not share the recording, so its link would open for nobody.")
    assert sentence.endswith(AGAIN)

    share(service, share_recording="publicly")
    service.ask("fetch_recordings", EVENT_ID)

    assert (service.published(), service.plan().refused) == ([ADDRESS], ())


def test_change_of_sharing_is_read_when_an_operator_asks(service: Service, served: Served) -> None:
    held(service)
    share(service, recording_authentication=True)

    with service.calls() as calls:
        service.ask("fetch_recordings", EVENT_ID)

    assert calls.count(SHARING) == 1
    assert (service.published(), SIGN_IN in served.page()) == ([ADDRESS], True)

    share(service, share_recording="none")
    service.ask("fetch_recordings", EVENT_ID)

    assert (service.published(), alerts(service)) == ([], {})
    assert service.happened()[-1] == "recording_withdrawn"


def test_change_of_passcode_is_news_of_sharing(service: Service) -> None:
    held(service)
    share(service, password="Tides-40!", on_demand=True)
    with service.calls() as calls:
        service.tick("fetch_recordings")
        service.settle()

    assert calls.count(SHARING) == 1
    assert list(alerts(service)) == ["recording_restricted"]


def test_operator_is_told_which_right_shows_passcodes(service: Service) -> None:
    held(service, passcode_right=False)

    assert service.published() == [ADDRESS]
    assert list(alerts(service)) == ["passcode_unknown"]
    assert "View Recording Content" in alerts(service)["passcode_unknown"]

    service.zoom.control("POST", "/policy", {"recordings": {"passcode_right": True}})
    service.ask("fetch_recordings", EVENT_ID)

    assert (service.published(), alerts(service), service.plan().notices) == ([ADDRESS], {}, ())


def test_recording_without_a_passcode_misses_no_right(service: Service) -> None:
    held(service, passcode_required=False)
    assert (service.published(), alerts(service)) == ([ADDRESS], {})


def test_passcode_that_only_the_settings_tell_is_used(service: Service, served: Served) -> None:
    service.zoom.fault("GET /meetings/*/recordings", "http", status=200, body=an_answer_without_passcode())
    held(service)
    answer = served.recording()
    assert (service.published(), answer.status_code, alerts(service)) == ([ADDRESS], 200, {})
    assert "passcode-text" in answer.text


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (4711, 400, "add the scopes"),
        (3301, 404, "There is none."),
        (1010, 400, "There is none."),
    ],
)
def test_refusal_to_say_it_holds_nothing_back_and_is_asked_again_daily(
    service: Service, code: int, status: int, reason: str
) -> None:
    message = "There is none." if code != 4711 else "Invalid access token, does not contain scopes:[a:b:admin]."
    fault = "GET /meetings/*/recordings/settings"
    service.zoom.fault(fault, "http", status=status, code=code, message=message, times=None)
    held(service)

    assert service.published() == [ADDRESS]
    assert list(alerts(service)) == ["sharing_unknown"]
    assert reason in alerts(service)["sharing_unknown"]

    with service.calls() as calls:
        for _ in range(6):
            service.clock.advance(timedelta(minutes=30))
            service.tick()
            service.settle()
    assert SHARING not in calls

    service.zoom.mend()
    if code == 4711:
        service.context.gateway(ACCOUNT).check()  # the operator has added the scope
    service.clock.advance(DAY)
    service.tick()
    service.settle()

    assert (service.published(), alerts(service)) == ([ADDRESS], {})


def test_unknown_sharing_holds_back_where_the_profile_says_so(holding: Service) -> None:
    fault = "GET /meetings/*/recordings/settings"
    holding.zoom.fault(fault, "http", status=404, code=3301, message="There is none.", times=None)
    held(holding)
    assert holding.published() == []
    assert "Who may open the recording is unknown" in holding.run("publish_recordings")["error"]

    holding.zoom.mend()
    holding.ask("fetch_recordings", EVENT_ID)
    assert holding.published() == [ADDRESS]


def test_answer_that_fails_to_come_delays_for_a_day_at_most(service: Service) -> None:
    service.zoom.fault("GET /meetings/*/recordings/settings", "http", status=500, times=None)
    held(service)
    assert service.published() == []

    service.clock.advance(DAY + timedelta(hours=1))
    for _ in range(3):
        service.tick()
        service.settle()

    assert service.published() == [ADDRESS]
    assert list(alerts(service)) == ["sharing_unknown"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"share_recording": 7, "recording_authentication": "perhaps", "on_demand": [], "password": {}},
        {"share_recording": "everybody", "authentication_name": "x" * 5000, "viewer_download": None},
    ],
)
def test_rubbish_is_no_answer_and_holds_nothing_back(service: Service, body: dict[str, Any]) -> None:
    service.zoom.fault("GET /meetings/*/recordings/settings", "http", status=200, body=body, times=None)
    held(service)
    assert service.published() == [ADDRESS]
    assert list(alerts(service)) == ["sharing_unknown"]


def an_answer_without_passcode() -> dict[str, Any]:
    """Build a recording as Zoom tells it to an app that sees passcodes only in the settings."""
    file = {"id": "f1", "file_type": "MP4", "status": "completed", "play_url": "https://zoom.example.org/rec/play/f1"}
    return {
        "id": 81234567890,
        "type": 5,
        "start_time": "2040-01-31T13:30:00Z",
        "duration": 75,
        "share_url": "https://zoom.example.org/rec/share/s1",
        "recording_files": [file],
    }
