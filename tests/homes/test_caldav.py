"""CalDAV, on a real Radicale."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import icalendar
import pytest
from pydantic import SecretStr

from tests.homes.contract import HomeContract
from tests.homes.site import Site, Who
from tests.homes.systems.radicale.events import as_calendar, open_session
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from zoom_ops.clock import SystemClock
from zoom_ops.homes import CannotHideError, Entry, EventRecords, NoPlaceError, open_home, settings_of

_CALENDAR = {"content-type": "text/calendar; charset=utf-8"}
_PEOPLE_WROTE = "\r\n".join(
    (
        "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
        "GEO:46.2;6.1",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Soon",
        "TRIGGER:-PT15M",
        "X-SNOOZE:5",
        "END:VALARM",
        "END:VEVENT",
    )
)


class RadicaleSite(Site):
    """A calendar of Radicale."""

    unknown_id = "unknown.ics"
    many = 120  # three requests; a real server takes a while to take each

    def __init__(
        self, running: Running, *, calendar: str = "events", changes: str = "sync", readers: str = "everybody"
    ) -> None:
        self._running, self._name, self._changes, self._readers = running, calendar, changes, readers
        self._path = running.details[calendar]
        self._admin = open_session(running, running.accounts["admin"])
        self.url = running.url

    def open(self, url: str, who: Who = "bot") -> EventRecords:
        account = self._running.accounts["bot" if who == "wrong" else who]
        settings = settings_of("caldav").model_validate(
            {
                "kind": "caldav",
                "url": url,
                "calendar": self._path,
                "user": account.login,
                "password": SecretStr("wrong-password" if who == "wrong" else account.password),
                "changes": self._changes,
                "readers": self._readers,
                "members_see": "members",
                "requests_a_minute": 6000,
                "at_once": 20,
            }
        )
        return open_home("radicale", settings, SystemClock())

    def make_record(self, event: SampleEvent) -> str:
        """Make an event, with its speakers listed in the description, as people write them in calendars."""
        uid = f"event-{uuid4().hex[:12]}"
        entry = icalendar.Calendar.from_ical(as_calendar(event, uid))
        (inner,) = entry.events
        inner.pop("attendee", None)
        people = [f"- {who.honorific}. {who.name}, Director, {who.affiliation}" for who in event.speakers]
        inner["description"] = icalendar.vText(
            "\n".join([event.description, *(["", "Speakers:", *people] if people else [])])
        )
        self.put(f"{uid}.ics", entry.to_ical())
        return f"{uid}.ics"

    def put(self, record_id: str, content: bytes) -> None:
        """Write an entry as a person's program does."""
        self._admin.put(self._address(record_id), data=content, headers=_CALENDAR).raise_for_status()

    def read(self, record_id: str) -> bytes:
        """Read an entry as a person's program does."""
        answer = self._admin.get(self._address(record_id))
        answer.raise_for_status()
        return answer.content

    def edit_beside(self, record_id: str, words: str) -> None:
        entry = icalendar.Calendar.from_ical(self.read(record_id))
        (inner,) = entry.events
        inner["description"] = icalendar.vText(f"{words}\n{inner['description']}")
        self.put(record_id, entry.to_ical())

    def edit_ours(self, record_id: str, url: str) -> None:
        text = re.sub(rb"\r?\n[ \t]", b"", self.read(record_id))
        changed, times = re.subn(rb"(?m)^(ATTACH[^\n]*?):https://[^\r\n]*", rb"\1:" + url.encode(), text)
        assert times == 1
        self.put(record_id, changed)

    def all_of(self, record_id: str) -> str:
        return self.read(record_id).decode()

    def visitor_sees(self, record_id: str) -> str:
        return open_session(self._running).get(self._address(record_id)).text

    def member_sees(self, record_id: str) -> str:
        return open_session(self._running, self._running.accounts["member"]).get(self._address(record_id)).text

    def for_members(self) -> "RadicaleSite":
        return RadicaleSite(self._running, calendar="members", changes=self._changes, readers="members")

    def make_closed(self, event: SampleEvent) -> str | None:
        return self.for_members().make_record(event)

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        if for_members:
            return False
        content = self.read(record_id).replace(b"END:VEVENT", f"ATTACH;LABEL={title}:{url}\r\nEND:VEVENT".encode())
        self.put(record_id, content)
        return True

    def cancel(self, record_id: str) -> None:
        self.put(record_id, self.read(record_id).replace(b"END:VEVENT", b"STATUS:CANCELLED\r\nEND:VEVENT"))

    def delete(self, record_id: str) -> None:
        self._admin.delete(self._address(record_id)).raise_for_status()

    def _address(self, record_id: str) -> str:
        return f"{self.url}{self._path}{record_id}"


class TestSync(HomeContract):
    """The server tells what has changed."""

    @pytest.fixture
    def site(self, radicale: Running) -> RadicaleSite:
        return RadicaleSite(radicale)

    def test_everything_that_people_wrote_stays(self, site: RadicaleSite) -> None:
        home, record = site.open(site.url), site.make_record(SampleEvent())
        site.put(record, site.read(record).replace(b"END:VEVENT", _PEOPLE_WROTE.encode()))
        before = _lines(site.read(record))

        home.publish(record, _ENTRY, None)

        added = _lines(site.read(record)) - before
        assert {line.partition(";")[0].partition(":")[0] for line in added} <= {
            *("ATTACH", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
        }
        assert {line.partition(":")[0] for line in before - _lines(site.read(record))} <= {"DTSTAMP"}
        home.withdraw(record, _ENTRY.key)
        assert _read_sequence(site.read(record)) == 2

    def test_each_date_of_a_series_is_a_record(self, site: RadicaleSite) -> None:
        home, event = site.open(site.url), SampleEvent(title="Weekly round table")
        record = site.make_record(event)
        site.put(record, _weekly(site.read(record)))

        listed = [raw for raw in home.list_changed("").records if raw.id.startswith(record)]

        starts = [home.parse(raw).announced.event.start_utc for raw in listed]
        assert starts == [event.starts_utc + timedelta(weeks=week) for week in range(3)]
        assert all(home.get(raw.id).fingerprint == raw.fingerprint for raw in listed)

    def test_link_of_a_date_stands_in_the_entry_of_that_date_only(self, site: RadicaleSite) -> None:
        home, record = site.open(site.url), site.make_record(SampleEvent())
        site.put(record, _weekly(site.read(record), moved=True))
        plain, moved, _ = [raw.id for raw in home.list_changed("").records if raw.id.startswith(record)]

        with pytest.raises(NoPlaceError):
            home.publish(plain, _ENTRY, None)
        home.publish(moved, _ENTRY, None)

        assert home.entries(plain) == ()
        assert [shown.url for shown in home.entries(moved)] == [_ENTRY.url]
        assert site.read(record).count(b"\nATTACH") == 1

    def test_calendar_that_visitors_read_after_all_gets_no_link_for_members(self, radicale: Running) -> None:
        site = RadicaleSite(radicale, readers="members")
        home, record = site.open(site.url), site.make_record(SampleEvent())

        with pytest.raises(CannotHideError):
            home.publish(record, replace(_ENTRY, visibility="members"), None)

        assert home.entries(record) == ()
        assert {found.what: found.state for found in home.check()}["members"] == "missing"

    def test_date_that_left_a_series_is_missed_the_next_day(self, site: RadicaleSite) -> None:
        home, record = site.open(site.url), site.make_record(SampleEvent())
        site.put(record, _weekly(site.read(record)))
        first = home.list_changed("")
        last = sorted(raw.id for raw in first.records if raw.id.startswith(record))[-1]
        site.put(record, site.read(record).replace(b"COUNT=3", b"COUNT=2"))

        next_day = home.list_changed(f"20200101 {first.cursor.partition(' ')[2]}")

        assert next_day.all_ids is not None
        assert last not in next_day.all_ids


class TestCtag(HomeContract):
    """The calendar is read in full when its tag has changed."""

    @pytest.fixture
    def site(self, radicale: Running) -> RadicaleSite:
        return RadicaleSite(radicale, changes="ctag")


_ENTRY = Entry(
    key="wsis/1", part=1, title="Recording “one”", url="https://webinars.example.org/w/1", visibility="public"
)


def _lines(content: bytes) -> set[str]:
    return set(re.sub(rb"\r?\n[ \t]", b"", content).decode().splitlines())


def _read_sequence(content: bytes) -> int:
    (event,) = icalendar.Calendar.from_ical(content).events
    return int(event["sequence"])


def _weekly(content: bytes, *, moved: bool = False) -> bytes:
    """Let an entry repeat three times, the second time an hour later where it is moved."""
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.events
    event.add("rrule", {"freq": "weekly", "count": 3})
    if moved:
        other = icalendar.Event.from_ical(event.to_ical())
        other.pop("rrule")
        for name in ("dtstart", "dtend"):
            shifted = event.decoded(name) + timedelta(weeks=1, hours=1)
            other.pop(name)
            other.add(name, shifted)
        other.add("recurrence-id", event.decoded("dtstart") + timedelta(weeks=1))
        calendar.add_component(other)
    return calendar.to_ical()
