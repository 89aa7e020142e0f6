"""Generated worlds for the planner: events, profiles, and observations of Zoom, hosts and publications."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from hypothesis import strategies as st

from tests.builders import ACCOUNT, INSTALLATION, a_note
from zoom_ops.events import Attachment, Event, Organizer, Performer, Publication
from zoom_ops.planning import Booking, Bound, HostOnOffer, MadeThere, Observed, ObservedRecording, ObservedSeat
from zoom_ops.planning.desired import desired_fields, desired_seats
from zoom_ops.profiles import Profile
from zoom_ops.webinars import CloudStorage, Settings, Sharing

_ZONES = tuple(sorted(available_timezones()))
_NAMES = (
    "Ada Okafor", "Åse Þórsdóttir", "محمد الفهيم", "שרה כהן", "李小龍", "Jo 👩🏽‍🚀 Starr", "N" * 80,
    "Anna von und zu " + "Stein" * 12,
)  # fmt: skip
_ADDRESSES = tuple(
    f"{name}{n}@example.org" for n in range(12) for name in ("ada", "Ada", "BO", "bo", "chi", "d+tag", "é")
)
_KINDS = ("speaker", "moderator", "chair", "interpreter")
_ROLES = (None, "Director", "English-French", "Arabic/Spanish", "English, French and Dutch")
_PEOPLE = tuple(
    Performer.model_validate({
        "kind": _KINDS[n % 4], "name": _NAMES[n % 8], "role": _ROLES[n % 5],
        "email": None if n % 9 == 0 else _ADDRESSES[n % len(_ADDRESSES)],
    })
    for n in range(160)
)  # fmt: skip
_PIECES = (
    "<p>Welcome</p>", "<ul><li>one<li>two</ul>", "<script>alert(1)</script>", "&amp;&nbsp;&#x202e;", "مرحبا بالعالم ",
    "👩🏽‍🚀🌊", "Reference: zoom_ops/test/another-event\n", "a < b > c", "\r\n\r\n", "<!-- no end", "x" * 700,
    "word " * 300, "\u2028", "\x85",
)  # fmt: skip
_SETTINGS: tuple[Settings, ...] = (
    (),
    (("auto_recording", "cloud"), ("practice_session", True), ("question_and_answer.enable", True)),
    (("alternative_hosts", "a@example.org,b@example.org"), ("language_interpretation.enable", True)),
    (("additional_data_center_regions", ("DE", "NL")), ("approval_type", 0), ("language_interpretation.enable", False)),
)
_SHARING = st.none() | st.builds(
    Sharing,
    shared=st.sampled_from([None, "publicly", "publicly", "internally", "none"]),
    sign_in=st.booleans(),
    on_demand=st.booleans(),
    needs_passcode=st.sampled_from([None, True, False]),
)
_NOTES = st.sampled_from([(), (), (), (), (a_note(),), (a_note(field="recording"),), (a_note(field="start"),)])
DAY = timedelta(days=1)
_HOSTS = ("one@example.org", "two@example.org", "three@example.org")


@dataclass(frozen=True, kw_only=True)
class World:
    """The input of a plan."""

    event: Event
    profile: Profile
    observed: Observed
    now: datetime


@st.composite
def worlds(draw: st.DrawFn, **fixed: Any) -> World:
    """Generate a world; `fixed` are fields of the event."""
    event = draw(events(**fixed))
    profile = draw(profiles())
    observed = draw(observations(event, profile))
    now = event.start_utc + draw(st.sampled_from([-7 * DAY, -7 * DAY, timedelta(minutes=-5), 3 * DAY]))
    return World(event=event, profile=profile, observed=observed, now=now)


@st.composite
def events(draw: st.DrawFn, **fixed: Any) -> Event:
    """Generate an event: 0 to 70 performers, some twice and in other case, any zone, any script, any status."""
    start = datetime(2040, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 366 * 86400)))
    values: dict[str, Any] = {
        "id": "tides",
        "name": "T" + draw(_texts(("Tides ", "مدّ ", "🌊", "潮汐", "long ", "W" * 90), most=7)),
        "series": draw(st.sampled_from([None, "Harbour Talks", "سلسلة"])),
        "description": draw(_texts(_PIECES, most=6)),
        "start": start,
        "end": start + timedelta(seconds=draw(st.integers(1, 40 * 3600))),
        "timezone": draw(st.sampled_from(_ZONES)),
        "status": draw(st.sampled_from(["scheduled"] * 6 + ["cancelled", "cancelled", "postponed", "rescheduled"])),
        "organizers": (Organizer(name="Harbour Institute", acronym=draw(st.sampled_from([None, "HI"]))),),
        "performers": draw(_people()),
        "attachments": draw(_attachments()),
        "consent": draw(st.sampled_from(["record"] * 3 + ["ask", "do_not_record"])),
        "needs_review": draw(_NOTES),
    }
    return Event.model_validate(values | fixed)


def profiles() -> st.SearchStrategy[Profile]:
    """Generate a profile."""
    return st.builds(
        Profile,
        name=st.just("any"),
        buffer_minutes=st.sampled_from([0, 15, 45]),
        capacity=st.sampled_from([0, 500]),
        min_recording_minutes=st.sampled_from([0, 5]),
        review=st.sampled_from(["none", "none", "required"]),
        publish_after_minutes=st.sampled_from([0, 0, 90]),
        wait_for_transcript=st.sampled_from([False, False, True]),
        restricted_recordings=st.sampled_from(["publish", "publish", "hold"]),
        settings=st.sampled_from(_SETTINGS),
        drift=st.sampled_from([(), (("topic", "zoom"),), (("settings", "zoom"),)]),
    )


@st.composite
def observations(draw: st.DrawFn, event: Event, profile: Profile) -> Observed:
    """Generate observations: no webinar or one that differs in any way, seats, hosts, recordings, publications."""
    bound = draw(_bound(event, profile))
    return Observed(
        installation=INSTALLATION,
        account=draw(st.sampled_from([ACCOUNT] * 11 + [None])),
        bound=bound,
        seats=draw(_seats(event, profile)) if bound and bound.state == "bound" else (),
        hosts=draw(_hosts()),
        bookings=draw(_bookings(event)),
        storage=draw(st.sampled_from([None, CloudStorage(used_percentage=100, told_at=event.start_utc)])),
        recordings=draw(_recordings(event)),
        publications=draw(_publications(event)),
        recording_approved=draw(st.booleans()),
        made_there=draw(st.sampled_from([(), ()]) | st.lists(made_there(), max_size=2).map(tuple)),
        recording_address="https://events.example.org/events/tides/recording",
    )


def so_already(event: Event, profile: Profile, observed: Observed) -> Observed:
    """Build the observation in which the webinar is as desired."""
    desired = desired_fields(event, profile, INSTALLATION)
    bound = Bound(webinar_id=1, host=_HOSTS[0], state="bound", origin="created", known=desired, asked=desired)
    seats = tuple(ObservedSeat(email=seat.email, name=seat.name) for seat in desired_seats(event, profile))
    return Observed(installation=INSTALLATION, account=ACCOUNT, bound=bound, seats=seats, bookings=observed.bookings)


@st.composite
def made_there(draw: st.DrawFn, **fixed: Any) -> MadeThere:
    """Generate the record of an event in a home that makes the webinars; `number` may be fixed."""
    number = fixed.get("number", draw(st.sampled_from([None, 81234567890, 89999999998])))
    return MadeThere(
        place=draw(st.sampled_from(["Indico (home city)", "Indico (home port)"])),
        webinar_id=number,
        unclear=None if number else draw(st.sampled_from(fixed.get("unclear", [None, "unknown", "unsaid"]))),
        owner=draw(st.sampled_from([None, None, "harbour"])) if number else None,
        others=draw(st.sampled_from([(), (), ("waves",)])) if number else (),
        hours=draw(st.sampled_from([0, 48, 24 * 30])),
        otherwise=draw(st.sampled_from(["ask", "make"])),
    )


def _texts(pieces: tuple[str, ...], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | st.text(max_size=5), max_size=most).map("".join).map(_without_surrogates)


def _without_surrogates(text: str) -> str:
    return text.encode(errors="ignore").decode()


@st.composite
def _people(draw: st.DrawFn) -> tuple[Performer, ...]:
    first, count, step = draw(st.integers(0, 159)), draw(st.integers(0, 70)), draw(st.sampled_from([1, 7, 14]))
    return tuple(_PEOPLE[(first + n * step) % len(_PEOPLE)] for n in range(count))


def _attachments() -> st.SearchStrategy[tuple[Attachment, ...]]:
    entry = st.sampled_from([
        Attachment(title="Recording", kind="recording", state="expected"),
        Attachment(title="Recording", kind="recording", state="expected", visibility="members"),
        Attachment(title="Slides", kind="slides", url="https://example.org/slides", visibility="members"),
    ])  # fmt: skip
    return st.lists(entry, max_size=2).map(tuple)


@st.composite
def _bound(draw: st.DrawFn, event: Event, profile: Profile) -> Bound | None:
    if draw(st.booleans()):
        return None
    desired = dict(desired_fields(event, profile, INSTALLATION))
    some: Callable[[], list[str]] = lambda: draw(st.lists(st.sampled_from(sorted(desired)), max_size=4, unique=True))  # noqa: E731
    known = {**desired, **{name: _other(desired[name]) for name in some()}, "settings.hd_video": True}
    asked = {**desired, **{name: _other(desired[name]) for name in some()}}
    refused = {name: draw(st.sampled_from([desired[name], _other(desired[name])])) for name in some()}
    return Bound(
        webinar_id=81234567890,
        host=draw(st.sampled_from(_HOSTS)),
        state=draw(st.sampled_from(["bound"] * 4 + ["cancelled", "gone"])),
        origin=draw(st.sampled_from(["created", "adopted", "home"])),
        known=tuple(sorted(known.items())),
        asked=tuple(sorted(asked.items())) if draw(st.booleans()) else (),
        refused=tuple(sorted(refused.items())),
        live=draw(st.booleans()),
        host_records=draw(st.sampled_from([None, True, False])),
        recording_refused_at=draw(st.sampled_from([None, event.start_utc - 9 * DAY, event.start_utc])),
    )


def _other(value: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) and value.endswith("Z") and value[4:5] == "-":
        return "2039-12-31T10:00:00Z"
    return value + 1 if isinstance(value, int) else "something else" if isinstance(value, str) else ()


@st.composite
def _seats(draw: st.DrawFn, event: Event, profile: Profile) -> tuple[ObservedSeat, ...]:
    desired = [seat.email for seat in desired_seats(event, profile)]
    some = draw(st.sets(st.sampled_from(desired))) if desired else set()
    others = draw(st.sets(st.sampled_from(["old1@example.org", "old2@example.org", "hand@example.org"])))
    return tuple(
        ObservedSeat(email=email, name=draw(st.sampled_from(_NAMES)), ours=draw(st.booleans()))
        for email in sorted(some | others)
    )


def _hosts() -> st.SearchStrategy[tuple[HostOnOffer, ...]]:
    host = st.builds(
        HostOnOffer,
        email=st.sampled_from(_HOSTS),
        licensed=st.sampled_from([True, True, True, False]),
        capacity=st.sampled_from([500, 1000, 100]),
        left_today=st.sampled_from([100, 3, 2, 0]),
    )
    some = st.lists(host, max_size=3, unique_by=lambda host: host.email).map(tuple)
    return st.just(tuple(HostOnOffer(email=email) for email in _HOSTS)) | some


@st.composite
def _bookings(draw: st.DrawFn, event: Event) -> tuple[Booking, ...]:
    count = draw(st.sampled_from([0, 0, 1, 2]))
    return tuple(
        Booking(event=f"other-{n}", host=draw(st.sampled_from(_HOSTS)), start=start, end=start + timedelta(hours=1))
        for n in range(count)
        for start in [event.start_utc + timedelta(minutes=draw(st.sampled_from([-600, -61, 0, 3000])))]
    )


@st.composite
def _recordings(draw: st.DrawFn, event: Event) -> tuple[ObservedRecording, ...]:
    uuids = draw(st.lists(st.sampled_from("abcd"), max_size=3, unique=True))
    return tuple(
        ObservedRecording(
            uuid=uuid,
            start=draw(st.sampled_from([None, *(event.start_utc + timedelta(hours=hours) for hours in (-3, 0, 1))])),
            duration=draw(st.sampled_from([0, 3, 75])),
            state=draw(st.sampled_from(["completed"] * 4 + ["processing", "trashed", "deleted"])),
            practice=draw(st.sampled_from([None, None, False, True])),
            playable=draw(st.sampled_from([True, True, True, False])),
            transcript=draw(st.booleans()),
            sharing=draw(_SHARING),
            sharing_failure=draw(st.sampled_from([None, "Zoom refused."])),
            passcode=draw(st.sampled_from([None, "in_link", "typed"])),
        )
        for uuid in uuids
    )


@st.composite
def _publications(draw: st.DrawFn, event: Event) -> tuple[Publication, ...]:
    uuids = draw(st.lists(st.sampled_from("abcxy"), max_size=2, unique=True))
    return tuple(
        Publication(
            recording_uuid=uuid,
            part=part,
            title=draw(st.sampled_from(["Recording", f"Recording, part {part}"])),
            url="https://events.example.org/events/tides/recording",
            visibility=draw(st.sampled_from(["public", "members"])),
            state=draw(st.sampled_from(["published", "published", "withdrawn"])),
            start=draw(st.sampled_from([None, event.start_utc])),
            published_at=event.end_utc,
        )
        for part, uuid in enumerate(uuids, start=1)
    )
