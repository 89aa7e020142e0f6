"""Events in Radicale: iCalendar files."""

from datetime import UTC, datetime
from uuid import uuid4

import icalendar
import requests

from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.sessions import open_visit, open_with_password


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the login of an account, or of nobody."""
    return open_with_password(account.login, account.password) if account else open_visit()


def make_event(
    running: Running, event: SampleEvent, *, event_id: str | None = None, calendar: str = "events"
) -> MadeEvent:
    """Make an event, as the admin, in the calendar `events` or `members`. Its id is its UID."""
    event_id = event_id or f"event-{uuid4().hex[:12]}"
    path = f"{running.details[calendar]}{event_id}.ics"
    session, headers = (
        open_session(running, running.accounts["admin"]),
        {"content-type": "text/calendar; charset=utf-8"},
    )
    session.put(running.url + path, data=as_calendar(event, event_id), headers=headers).raise_for_status()
    return MadeEvent(id=event_id, page=path)


def read_event(running: Running, session: requests.Session, event_id: str) -> requests.Response:
    """Return the answer about an event of the calendar `events`."""
    return session.get(f"{running.url}{running.details['events']}{event_id}.ics")


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account."""
    return session.request("PROPFIND", f"{running.url}{running.details['members']}", headers={"depth": "0"})


def as_calendar(event: SampleEvent, uid: str) -> bytes:
    """Return an iCalendar file of one event, with its time zone."""
    entry = icalendar.Event()
    entry.add("uid", uid)
    entry.add("dtstamp", datetime.now(UTC))
    entry.add("summary", event.title)
    entry.add("description", event.description)
    entry.add("dtstart", event.starts_local)
    entry.add("dtend", event.ends_local)
    for speaker in event.speakers:
        address = icalendar.vCalAddress(f"mailto:{speaker.email}")
        address.params["CN"] = f"{speaker.honorific} {speaker.name}, {speaker.affiliation}"
        address.params["ROLE"] = "CHAIR"
        entry.add("attendee", address)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//example.org//events//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()
