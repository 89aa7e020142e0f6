"""Addresses that lead into a meeting elsewhere. An event gets a webinar of its own, and shows no other."""

import re

IN_A_TEXT = "a join link of another webinar stands here; readers would follow it"
LEFT_OUT = "this is the join link of another webinar; left out, as readers would follow it"
# as the invitations of Zoom, Teams, Google Meet, Webex, Skype and GoTo write them; Zoom's have the meeting's number
_JOIN_LINK = re.compile(
    r"https?://(?:[\w.-]+/(?:j|w|wc)/\d{9,11}\b|(?:[\w-]+\.)*zoom\.us/my/|teams\.(?:microsoft|live)\.com/|meet\.google\.com/"
    r"|[\w-]+\.webex\.com/|join\.skype\.com/|meet\.goto\.com/)[^\s<>\"']*",
    re.IGNORECASE,
)


def find_join_link(text: str) -> str | None:
    """Find the first join link in a text."""
    match = _JOIN_LINK.search(text)
    return match[0] if match else None
