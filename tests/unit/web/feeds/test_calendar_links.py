"""Links into calendars on the web: the time as an instant, our own address for joining, and a bounded length."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import BASE_URL, EVENT_ID, an_event
from zoom_ops.web.feeds.calendar_links import link_calendars

PAGE = f"{BASE_URL}/events/{EVENT_ID}"


def parameters_of(address: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query, strict_parsing=True).items()}


def test_links_name_what_and_when_and_where() -> None:
    links = link_calendars(an_event(description="Tides & <quays>\n\nQuestions are welcome."), BASE_URL)

    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "Tides of Tomorrow",
        "startdt": "2040-01-31T13:30:00Z",
        "enddt": "2040-01-31T14:45:00Z",
        "location": f"{PAGE}/join",
        "body": f"Tides &amp; &lt;quays&gt;<br><br>Questions are welcome.<br><br>{PAGE}",
    }
    assert [(link.name, link.address.partition("?")[0], parameters_of(link.address)) for link in links] == [
        (
            "Google Calendar",
            "https://calendar.google.com/calendar/render",
            {
                "action": "TEMPLATE",
                "text": "Tides of Tomorrow",
                "dates": "20400131T133000Z/20400131T144500Z",
                "ctz": "America/New_York",
                "location": f"{PAGE}/join",
                "details": f"Tides & <quays>\n\nQuestions are welcome.\n\n{PAGE}",
            },
        ),
        ("Outlook.com", "https://outlook.live.com/calendar/deeplink/compose", outlook),
        ("Microsoft 365", "https://outlook.office.com/calendar/deeplink/compose", outlook),
    ]
    assert not any("+" in link.address for link in links)  # Outlook shows it as a plus


@pytest.mark.parametrize("text", ["海", "& ", "word and ", "<b>quay</b>\n"])
def test_link_of_a_long_event_is_cut_and_still_leads_to_its_page(text: str) -> None:
    event = an_event(name=(text * 500)[:500], description=text * 9000, venue=text * 300)

    links = [link.address for link in link_calendars(event, BASE_URL)]

    assert all(1500 < len(link) <= 2000 for link in links)
    for link in links:
        given = parameters_of(link)
        assert given.get("details", given.get("body", "")).endswith(PAGE)
        assert "&am" not in given.get("body", "").replace("&amp;", "")


def test_event_without_a_description_has_the_address_alone() -> None:
    google, outlook, _ = (parameters_of(link.address) for link in link_calendars(an_event(description=""), BASE_URL))

    assert (google["details"], outlook["body"]) == (PAGE, PAGE)
