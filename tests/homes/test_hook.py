"""A real daemon is told that a page of a real WordPress was saved: by the plugin of its page, and by a signed call."""

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import requests

from tests.acceptance.installation import Daemon, Installation
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.wordpress.events import make_event
from tests.integration.service import PracticeZoom
from tests.loopback import free_port
from tests.root import ROOT
from tests.standard_webhooks import signed
from tests.waiting import wait_until

SECRET = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz"
OTHER = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLW90aGVy"
BODY = '{"page": "Café"}'.encode()
OLD_S = 301  # more than the five minutes that a clock may be off
TITLE = "Open harbour for callers"
SOON_S = 30.0  # a pull by the clock comes after five minutes


@pytest.fixture
def place(tmp_path: Path, wordpress: Running) -> Installation:
    """An installation whose home is the site, and that cannot reach Zoom."""
    url = f"sqlite:///{tmp_path}/own.db"
    place = Installation(tmp_path / "place", url, PracticeZoom("http://127.0.0.1:1"), free_port())
    bot = wordpress.accounts["bot"]
    place.write("config/profiles/default.toml", (ROOT / "config/profiles/default.toml").read_bytes())
    place.write("password", bot.token)
    place.write("hook", SECRET)
    place.write(
        "config/homes/site.toml",
        f'kind = "wordpress"\nurl = "{wordpress.url}"\nlogin = "{bot.login}"\neverything = true\n'
        'application_password_file = "password"\nhook_secret_file = "hook"\n',
    )
    return place


@pytest.fixture
def plugin(place: Installation, wordpress: Running) -> Iterator[Path]:
    """The plugin, installed as the page says."""
    page = (ROOT / "docs" / "homes" / "wordpress.md").read_text("utf-8")
    (code,) = re.findall(r"```php\n<\?php\n(.*?)```", page, re.DOTALL)
    code = code.replace("https://webinars.example.org/hooks/homes/NAME", f"{place.url}/hooks/homes/site")
    file = Path(wordpress.folder) / "site/wp-content/mu-plugins/tell-zoom-ops.php"
    file.write_text(f"<?php\ndefine('ZOOM_OPS_HOOK_SECRET', '{SECRET}');\n{code}", "utf-8")
    yield file
    file.unlink()


@pytest.mark.usefixtures("plugin")
def test_page_that_is_saved_is_an_event_at_once(place: Installation, wordpress: Running) -> None:
    with place.daemon() as daemon:
        wait_until(lambda: count_pulls(daemon) == 1, lambda: daemon.log)

        make_event(wordpress, SampleEvent(title=TITLE))

        wait_until(lambda: count_pulls(daemon) == 2, lambda: daemon.log, patience_s=SOON_S)
        assert TITLE in {event["name"] for event in place.run("events", "list", "--json").json}
        assert {line["home"] for line in daemon.lines("home_called")} == {"site"}
        assert not daemon.lines("home_call_refused")
        assert SECRET not in daemon.log


def test_signed_call_is_taken_and_every_forged_or_old_one_is_refused(place: Installation, wordpress: Running) -> None:
    """It takes ten seconds: so long is the pause between two pulls that calls bring about."""
    now_s = int(time.time())
    genuine = signed(SECRET, "msg_1", now_s, BODY)
    forged = {
        "another secret": signed(OTHER, "msg_2", now_s, BODY),
        "old": signed(SECRET, "msg_3", now_s - OLD_S, BODY),
        "another body": signed(SECRET, "msg_4", now_s, BODY + b" "),
        "renewed time": genuine | {"webhook-timestamp": str(now_s + 1)},
        "another id": genuine | {"webhook-id": "msg_5"},
    }
    with place.daemon() as daemon:
        wait_until(lambda: count_pulls(daemon) == 1, lambda: daemon.log)
        make_event(wordpress, SampleEvent(title="Signed harbour"))

        assert {what: call(place, headers) for what, headers in forged.items()} == dict.fromkeys(forged, 401)
        assert len(daemon.lines("home_call_refused")) == len(forged)
        assert not daemon.lines("home_called")
        assert [call(place, genuine) for _ in range(3)] == [202] * 3, "one that is sent again does no harm"

        wait_until(lambda: count_pulls(daemon) == 2, lambda: daemon.log, patience_s=SOON_S)
        names = [event["name"] for event in place.run("events", "list", "--json").json]
        assert names.count("Signed harbour") == 1
        assert SECRET not in daemon.log


def call(place: Installation, headers: Mapping[str, str]) -> int:
    """Call as a system that signs does; return the status of the answer."""
    return requests.post(f"{place.url}/hooks/homes/site", data=BODY, headers=dict(headers), timeout=30).status_code


def count_pulls(daemon: Daemon) -> int:
    """Count the pulls that came to their end."""
    return sum(line["job"] == "pull_homes" for line in daemon.lines("run_done"))
