"""Where recordings may play."""

import pytest

from zoom_ops.planning import name_host, plays_at, practice_hosts


@pytest.mark.parametrize(
    "address",
    [
        "https://zoom.us/rec/share/x", "https://us02web.zoom.us/rec/play/x?pwd=a", "https://harbour.zoom.us/rec/x",
        "https://ZOOM.US:443/rec/x", "https://harbour.zoomgov.com/rec/x", "https://video.example.org/x",
        "http://127.0.0.1:4100/rec/x", "https://media.example.org:8443/x",
    ],
)  # fmt: skip
def test_recordings_play_at_zoom_and_where_the_settings_say(address: str) -> None:
    assert plays_at(address, ("video.example.org", "127.0.0.1", "media.example.org:8443"))


@pytest.mark.parametrize(
    "address",
    [
        None, "", "javascript:alert(1)", "//zoom.us/rec", "http://zoom.us/rec/x", "https://zoom.us:8443/rec/x",
        "https://zoom.us.evil.example/rec", "https://evilzoom.us/rec", "https://evil.example/zoom.us",
        "https://zoom.us@evil.example/rec", "https://evil.example\\@zoom.us/rec", "https://evil.example\\.zoom.us/rec",
        "https://evil.example#.zoom.us/", "https://evil.example?.zoom.us/", "https://evil.example／.zoom.us/rec",
        "https://z\u043e\u043em.us/rec", "https://[::1/rec", "https://user:word@zoom.us/rec", "https://.us/rec",
        "ftp://zoom.us/rec", "https://media.example.org/x", "https://video.example.org.evil.example/",
    ],
)  # fmt: skip
def test_recordings_play_nowhere_else(address: str | None) -> None:
    assert not plays_at(address, ("video.example.org", "media.example.org:8443"))


def test_practice_zoom_plays_at_its_own_host_and_on_this_machine() -> None:
    assert practice_hosts(["https://api.zoom.us/v2", "https://api.zoomgov.com/v2"]) == ()
    assert practice_hosts(["https://api.zoom.us/v2", "http://sandbox:4100/v2"]) == (
        "sandbox", "localhost", "127.0.0.1", "[::1]",
    )  # fmt: skip


def test_sentence_names_the_host_and_nothing_else() -> None:
    assert name_host("https://evil.example/rec?pwd=secret") == "evil.example"
    assert name_host("https://user:secret@evil.example/") == "an address that cannot be read"
