"""The way back from a refusal in the console."""

import pytest
from starlette.requests import Request

from zoom_ops.web.return_path import back_of

OWN = "events.example.org"


def back_from(path: str, sender: str, method: str = "POST") -> str:
    headers = [(b"host", OWN.encode()), (b"referer", sender.encode())]
    return back_of(Request({"type": "http", "method": method, "path": path, "headers": headers}))


@pytest.mark.parametrize(
    ("sender", "back"),
    [
        (f"https://{OWN}/-/hosts?q=a", "/-/hosts"),
        (f"https://{OWN}/-/events/tides/resend", "/-/events/tides"),  # the page that asked first
        (f"https://{OWN}/-/", "/-/events/tides"),
        (f"https://{OWN}/sign-in", "/-/events/tides"),
        (f"https://{OWN}//other.example/-/", "/-/events/tides"),
        ("https://other.example/-/hosts", "/-/events/tides"),
        ("https://[events", "/-/events/tides"),
        ("", "/-/events/tides"),
    ],
)
def test_refusal_leads_back_to_the_form_or_to_the_page_of_its_event(sender: str, back: str) -> None:
    assert back_from("/-/events/tides/resend", sender) == back


def test_refusal_without_a_page_to_go_back_to_names_none() -> None:
    assert back_from("/-/runs/7/retry", "") == "/-/runs/7"
    assert back_from("/-/runs/retry", "") == ""
    assert back_from("/-/events/tides/resend", f"https://{OWN}/-/hosts", "GET") == ""
