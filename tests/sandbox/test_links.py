"""`public_url` begins every link that the practice Zoom hands out."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.endings import run_sandbox
from tests.sandbox.practice import HOST, Client, Receiver, part

PUBLIC = "https://zoom.example.org"


def links(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every link in a JSON value, with the name of its field."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from links(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from links(inner, name)
    elif isinstance(value, str) and value.startswith(("http://", "https://")):
        yield name, value


def test_every_link_begins_with_the_public_address(receiver: Receiver) -> None:
    options = {"webhook_url": receiver.url, "webhook_secret": receiver.secret, "plan": "business"}
    with run_sandbox(public_url=PUBLIC, limits=False, **options) as sandbox:
        receiver.wait_for("endpoint.url_validation")
        client = Client(sandbox.url)
        found = dict(links(replies(client)))
        receiver.wait_for("recording.transcript_completed")
        notified = [json.loads(body) for _, body in receiver.received]
        found |= {f"{name} (notified)": link for name, link in links(notified)}

    assert {name: link for name, link in found.items() if not link.startswith(f"{PUBLIC}/")} == {}
    wanted = {"join_url", "start_url", "registration_url", "share_url", "play_url", "download_url"}
    assert wanted <= found.keys()
    assert {"share_url (notified)", "play_url (notified)", "download_url (notified)"} <= found.keys()


def replies(client: Client) -> list[Any]:
    webinar = client.a_webinar(settings={"approval_type": 0, "on_demand": True})
    path = f"/webinars/{webinar['id']}"
    client.call("POST", f"{path}/panelists", {"panelists": [{"name": "Ada", "email": "ada@example.org"}]})
    registered = client.call("POST", f"{path}/registrants", {"first_name": "Cy", "email": "cy@example.org"}).json()
    invited = client.call("POST", f"{path}/invite_links", {"attendees": [{"name": "Ada"}]}).json()
    (instance,) = client.hold(webinar)
    recordings = f"/meetings/{part(instance['uuid'])}/recordings"
    return [
        *(webinar, registered, invited),
        client.get(path),
        client.get(f"{path}/panelists"),
        client.get(f"/users/{HOST}"),
        client.get(f"/users/{HOST}/webinars"),
        client.get(recordings),
        client.get(f"/users/{HOST}/recordings", **{"from": "2031-01-31", "to": "2031-01-31"}),
        client.get(f"/meetings/{part(instance['uuid'])}/transcript"),
        client.state(),
    ]


def test_a_page_leads_on_without_naming_an_address(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar)
    recording = client.get(f"/meetings/{webinar['id']}/recordings")
    page = f"{client.url}{urlsplit(recording['share_url']).path}"

    reply = requests.post(page, data={"passcode": recording["password"]}, allow_redirects=False, timeout=60)

    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/rec/share/")
    assert requests.get(f"{client.url}{reply.headers['location']}", timeout=60).text.count("<video") == 1
