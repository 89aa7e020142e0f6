"""The writing half of the ready file for The Events Calendar, on a real WordPress without the plugin.

Its events are posts, which WordPress itself gives to editors and takes from them: here they are pages.
"""

import tomllib

import pytest
from pydantic import SecretStr

from tests.homes.site import shows
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.wordpress.events import make_event, open_session, read_event
from tests.root import ROOT
from zoom_ops.clock import SystemClock
from zoom_ops.homes import Entry, EventRecords, MissingRightError, open_home, settings_of

_ENTRY = Entry(
    key="wsis-2027/4444AAA+iAAAAA/iAiAiiAii==",
    part=1,
    title="Recording [1]",
    url="https://webinars.example.org/wsis-2027/recordings/1?a=1&b=2",
    visibility="public",
)
_BLOCKS = "<!-- wp:paragraph -->\n<p>Tea &amp; sandwiches are served.</p>\n<!-- /wp:paragraph -->"
_CLASSIC = 'Tea &amp; "sandwiches" are served.\n\n<iframe src="https://maps.example.org/"></iframe>'


def _open(running: Running, account: str, kind: str = "pages") -> EventRecords:
    text = (ROOT / "config/homes/the_events_calendar.example.toml").read_text("utf-8")
    written = tomllib.loads(
        text.replace("/tribe_events/", f"/{kind}/").replace("tribe/events/v1/events", f"wp/v2/{kind}")
    )
    known = running.accounts[account]
    auth = {name: value for name, value in written["auth"].items() if name != "secret_file"}
    given = {
        **written,
        "url": running.url,
        "auth": {**auth, "user": known.login, "secret": SecretStr(known.token)},
        "fields": {**written["fields"], "title": "title.rendered", "description": "content.rendered"},
    }
    return open_home("site", settings_of("json_api").model_validate(given), SystemClock())


def _raw(running: Running, record_id: str) -> str:
    session = open_session(running, running.accounts["admin"])
    return str(read_event(running, session, record_id).json()["content"]["raw"])


@pytest.mark.parametrize("content", [_BLOCKS, _CLASSIC], ids=["blocks", "classic"])
def test_link_is_written_once_and_taken_out_without_a_trace(wordpress: Running, content: str) -> None:
    record = make_event(wordpress, SampleEvent(), content=content).id
    home = _open(wordpress, "bot")
    fingerprint = home.get(record).fingerprint

    shown = home.publish(record, _ENTRY, None)
    written = _raw(wordpress, record)
    again = home.publish(record, _ENTRY, shown)

    assert written.startswith(content)
    assert again == shown
    assert _raw(wordpress, record) == written
    assert home.get(record).fingerprint == fingerprint
    assert shows(open_session(wordpress).get(f"{wordpress.url}/?page_id={record}").text, _ENTRY.url)
    home.withdraw(record, _ENTRY.key)
    assert _raw(wordpress, record) == content


def test_account_that_wordpress_filters_writes_nothing(wordpress: Running) -> None:
    session = open_session(wordpress, wordpress.accounts["author"])
    author = session.get(f"{wordpress.url}/wp-json/wp/v2/users/me").json()["id"]
    record = make_event(wordpress, SampleEvent(), kind="posts", content=_CLASSIC, author=author).id

    with pytest.raises(MissingRightError, match=r"write\.allowed"):
        _open(wordpress, "author", "posts").publish(record, _ENTRY, None)
