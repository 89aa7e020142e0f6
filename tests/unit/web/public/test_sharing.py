"""Links that pass an event's page on: the page's own address, whole, and nothing of a draft."""

from typing import get_args
from urllib.parse import parse_qs, urlsplit

from tests.builders import BASE_URL, EVENT_ID, an_event
from zoom_ops.settings.values import Network
from zoom_ops.web.i18n.language import ENGLISH
from zoom_ops.web.public.sharing import share_event

PAGE = f"{BASE_URL}/events/{EVENT_ID}"


def test_every_network_gets_the_address_of_the_page() -> None:
    sharing = share_event(an_event(name="Tides & Tomorrow"), BASE_URL, get_args(Network), ENGLISH)

    assert sharing is not None
    mail, *posts = sharing.links
    assert (sharing.address, mail.address) == (
        PAGE,
        "mailto:?subject=Tides%20%26%20Tomorrow&body=Tides%20%26%20Tomorrow%0D%0A%0D%0A"  # as RFC 6068 has it
        f"https%3A%2F%2Fevents.example.org%2Fevents%2F{EVENT_ID}",
    )
    assert [post.name for post in posts] == ["LinkedIn", "WhatsApp", "Bluesky", "Facebook", "Telegram", "X"]
    sent = [parse_qs(urlsplit(post.address).query, strict_parsing=True) for post in posts]
    assert all(any(value.endswith(PAGE) for (value,) in given.values()) for given in sent)
    assert all(urlsplit(post.address).scheme == "https" for post in posts)


def test_networks_are_those_of_the_setting() -> None:
    chosen = [share_event(an_event(), BASE_URL, networks, ENGLISH) for networks in ((), ("x", "linkedin"))]

    assert [[link.name for link in sharing.links] for sharing in chosen if sharing] == [
        ["E-mail"],
        ["E-mail", "X", "LinkedIn"],
    ]


def test_unlisted_event_is_shared_and_a_draft_is_not() -> None:
    shared = [
        share_event(an_event(visibility=visibility), BASE_URL, (), ENGLISH) is not None
        for visibility in ("listed", "unlisted", "draft")
    ]

    assert shared == [True, True, False]
