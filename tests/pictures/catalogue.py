"""The list of pictures: every page, in every state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tests.builders import EVENT_ID
from tests.root import ROOT

FOLDER = ROOT / "docs" / "screenshots"
Scheme = Literal["light", "dark"]
DESK, PHONE = 1280, 390
MISTAKEN = """[
  {"name": "Low Water", "start": "2040-03-08T14:30", "end": "half past four", "timezone": "Europe/Zurich"}
]
"""
_PHONE_DARK = (
    "console-plan-part",
    "console-drafts",
    "console-homes",
    "console-paste",
    "console-users",
    "console-user",
    "console-tokens",
    "console-backups",
    "console-backups-restored",
    "console-proof",
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A page with its language, scheme, size and visitor."""

    name: str  # of the file
    page: str  # a state of tests.web_states, or a path of the console
    shows: str
    width: int = DESK
    scheme: Scheme = "light"
    language: str = "en"
    member: bool = False  # whether the visitor is a member
    form: tuple[tuple[str, str], ...] = ()  # fields that are sent to the page; its answer is the picture

    @property
    def file(self) -> str:
        """The file in the folder."""
        return f"{self.name}.png"


@dataclass(frozen=True, kw_only=True)
class HomePicture:
    """A page of another system with a link of ours: its address with {url} and {record}.

    `within` and `opens` are selectors: what is in the picture, and a link that is opened first.
    """

    name: str
    system: str  # as tests.homes.systems names it
    address: str
    shows: str
    within: str = ""
    opens: str = ""
    recording: Literal["public", "members"] = "members"
    member: bool = False
    width: int = 1024
    height: int = 800  # in the picture at most

    @property
    def file(self) -> str:
        """The file in the folder."""
        return f"{self.name}.png"


PUBLIC = (
    Picture(name="event-page", page="published", shows="an event with its recording: length and date"),
    Picture(name="event-upcoming", page="upcoming", shows="before the start: save the date"),
    Picture(name="event-register", page="registration", shows="before the start, with registration: register"),
    Picture(name="event-soon", page="soon", shows="the last day before the start, counted down"),
    Picture(name="event-join", page="joinable", shows="15 minutes before the start: join"),
    Picture(name="event-live", page="live", shows="live, as Zoom reports"),
    Picture(name="event-invited", page="invited", shows="during the event, for people who got a link"),
    Picture(name="event-due", page="due", shows="just over: the time by which the recording is expected"),
    Picture(name="event-expected", page="expected", shows="over, and the recording is late"),
    Picture(name="event-parts", page="parts", shows="a recording in two parts"),
    Picture(name="event-parts-french", page="parts", shows="the same in French", language="fr"),
    Picture(name="event-members-visitor", page="members-only", shows="a recording for members, as a visitor sees it"),
    Picture(name="event-members-member", page="members-only", shows="the same, as a member sees it", member=True),
    Picture(name="event-unrecorded", page="unrecorded", shows="an event that is not recorded"),
    Picture(name="event-cancelled", page="cancelled", shows="cancelled"),
    Picture(name="event-postponed", page="postponed", shows="postponed"),
    Picture(name="event-rescheduled", page="rescheduled", shows="rescheduled"),
    Picture(name="event-groups", page="groups", shows="people in groups, interpretation, every kind of link"),
    Picture(name="event-forty-speakers", page="forty-speakers", shows="a long title and forty speakers"),
    Picture(name="event-nothing", page="nothing", shows="nothing but a name and a time"),
    Picture(name="event-arabic", page="arabic", shows="Arabic, from right to left", language="ar"),
    Picture(name="event-published-phone", page="published", shows="with its recording, on a phone", width=PHONE),
    Picture(name="event-published-dark", page="published", shows="with its recording, dark", scheme="dark"),
    Picture(name="event-live-phone-dark", page="live", shows="live, on a phone, dark", width=PHONE, scheme="dark"),
    Picture(name="event-arabic-phone", page="arabic", shows="Arabic, on a phone", width=PHONE, language="ar"),
    Picture(name="card", page="card", shows="the card on other sites", width=PHONE),
    Picture(name="card-arabic-dark", page="card-arabic", shows="the card in Arabic, dark", width=PHONE, scheme="dark",
            language="ar"),
    Picture(name="programme", page="programme", shows="the programme"),
    Picture(name="programme-arabic", page="programme", shows="the programme in Arabic", language="ar"),
    Picture(name="programme-phone-dark", page="programme", shows="the programme on a phone, dark", width=PHONE,
            scheme="dark"),
    Picture(name="search", page="search", shows="the results of a search with filters"),
    Picture(name="search-nothing", page="search-nothing", shows="a search that finds nothing"),
    Picture(name="series", page="series", shows="a series"),
    Picture(name="sign-in", page="sign-in", shows="the sign-in, with a provider"),
    Picture(name="sign-in-arabic", page="sign-in", shows="the sign-in in Arabic", language="ar"),
    Picture(name="recording-passcode", page="passcode", shows="a recording that asks for a passcode"),
    Picture(name="not-found", page="not-found", shows="a page that does not exist"),
)  # fmt: skip
_DESK = (
    Picture(name="console-today", page="/-/", shows="live events, those that need a person, the next ones"),
    Picture(name="console-events", page="/-/events", shows="the events"),
    Picture(name="console-event", page=f"/-/events/{EVENT_ID}", shows="an event: plan, webinar, people, timeline"),
    Picture(name="console-cancel", page="/-/events/harbour-talks-moving/cancel", shows="the effects of a cancellation"),
    Picture(name="console-plan", page="/-/plan", shows="the plan: old → new, and the people who get mail"),
    Picture(name="console-plan-part", page="plan-part", shows="a part of the plan: its filters and marks"),
    Picture(name="console-review", page="/-/review", shows="events and recordings that wait for a decision"),
    Picture(name="console-runs", page="/-/runs", shows="the runs"),
    Picture(name="console-run", page="run", shows="a run, with its calls to Zoom"),
    Picture(name="console-run-failed", page="failed-run", shows="a run that failed"),
    Picture(name="console-run-open", page="open-run", shows="a run that waits"),
    Picture(name="console-run-cancel", page="cancel-run", shows="the effects of cancelling a run, and their limits"),
    Picture(name="console-jobs", page="/-/jobs", shows="the jobs with their schedules"),
    Picture(name="console-people", page="/-/people", shows="the address book"),
    Picture(name="console-hosts", page="/-/hosts", shows="accounts and hosts, with their remaining changes of the day"),
    Picture(name="console-calendar", page="/-/hosts/calendar", shows="a week of the hosts: who has what, what is left"),
    Picture(name="console-figures", page="/-/figures", shows="outcomes of the jobs, latency, calls against the limits"),
    Picture(name="console-alerts", page="/-/alerts", shows="the alerts"),
    Picture(name="console-notifications", page="/-/notifications", shows="the notifications from Zoom"),
    Picture(name="console-notification", page="notification", shows="a notification, its secrets hidden"),
    Picture(name="console-homes", page="/-/homes", shows="other systems with event records: one works, two fail"),
    Picture(name="console-homes-restore", page="/-/review/links/restore", shows="what is written over in other systems",
            form=(("event", EVENT_ID),)),
    Picture(name="console-webhooks", page="/-/webhooks", shows="the systems that are told, and the messages to them"),
    Picture(name="console-drafts", page="/-/drafts", shows="the drafts"),
    Picture(name="console-paste", page="/-/events/paste", shows="where a text is pasted or a file is dropped"),
    Picture(name="console-paste-mistake", page="mistake", shows="a text with a mistake, and its line",
            form=(("text", MISTAKEN),)),
    Picture(name="console-audit", page="/-/audit", shows="the audit"),
    Picture(name="console-users", page="/-/users", shows="the users, and a form for a new one"),
    Picture(name="console-user", page="user", shows="a user: role, groups, password, sessions, removal"),
    Picture(name="console-sessions", page="/-/sessions", shows="who is signed in, and from where"),
    Picture(name="console-tokens", page="/-/tokens", shows="the tokens of scripts"),
    Picture(name="console-token-revoke", page="/-/tokens/revoke", shows="the effects of revoking a token",
            form=(("name", "website"),)),
    Picture(name="console-backups", page="/-/backups", shows="the backups, and the steps that restore one"),
    Picture(name="console-account", page="/account", shows="the own account: password, second factor, sessions"),
    Picture(name="console-second-factor", page="/account/second-factor", shows="how a second factor is set up"),
    Picture(name="console-proof", page="proof", shows="Is it you? before somebody gets rights",
            form=(("name", "yusuf.aydin"), ("role", "operator"))),
    Picture(name="console-refused", page="refused", shows="a page that operators may not see"),
    Picture(name="console-not-found", page="/-/events/none", shows="an event that does not exist"),
    Picture(name="console-settings", page="/-/settings", shows="the settings; a secret shows only that it is set"),
)  # fmt: skip


def _otherwise(pictures: Iterable[Picture]) -> Iterator[Picture]:
    """Add dark and phone-size pictures of some pages."""
    for picture in pictures:
        if picture.name == "console-calendar":
            yield replace(picture, name=f"{picture.name}-dark", shows="the same, dark", scheme="dark")
        if picture.name in ("console-today", "console-event", "console-calendar", "console-figures"):
            yield replace(picture, name=f"{picture.name}-phone", shows="the same, on a phone", width=PHONE)
        if picture.name in _PHONE_DARK:
            shows = f"{picture.shows}, on a phone, dark"
            yield replace(picture, name=f"{picture.name}-phone-dark", shows=shows, width=PHONE, scheme="dark")


_RESTORED = (
    Picture(name="console-backups-restored", page="/-/backups", shows="what a restoration meant, above the backups"),
)
CONSOLE = (*_DESK, *_otherwise(_DESK))
RESTORED = (*_RESTORED, *_otherwise(_RESTORED))

_INDICO, _WORDPRESS = "{url}/event/{record}/", "{url}/?page_id={record}"
_PRETALX = "{url}/{event}/talk/{record}/"
HOMES = (
    HomePicture(name="home-indico-public", system="indico", address=_INDICO, height=330, recording="public",
                shows="an event in Indico: the link to a recording for everybody"),
    HomePicture(name="home-indico-visitor", system="indico", address=_INDICO, height=330,
                shows="a recording for members in Indico, as a visitor sees it: underlined in red"),
    HomePicture(name="home-indico-visitor-opens", system="indico", address=_INDICO, opens="a.attachment", height=560,
                shows="what a visitor gets who opens it"),
    HomePicture(name="home-indico-member", system="indico", address=_INDICO, height=330, member=True,
                shows="the same, as a member sees it"),
    HomePicture(name="home-wordpress-public", system="wordpress", address=_WORDPRESS, height=720,
                recording="public", shows="a page in WordPress: the link to a recording for everybody"),
    HomePicture(name="home-wordpress-visitor", system="wordpress", address=_WORDPRESS,
                within="main .wp-block-column:has(h1)",
                shows="a private page in WordPress with a recording for members, as a visitor sees it"),
    HomePicture(name="home-wordpress-member", system="wordpress", address=_WORDPRESS, height=720, member=True,
                shows="the same, as a member sees it"),
    HomePicture(name="home-pretalx-public", system="pretalx", address=_PRETALX, height=480, recording="public",
                shows="a session in pretalx: the link to a recording for everybody"),
    HomePicture(name="home-pretalx-visitor", system="pretalx", address=_PRETALX, height=480,
                shows="a session in pretalx with a recording for members, as a visitor sees it: without a link"),
    HomePicture(name="home-pretalx-member", system="pretalx", within="#resource-upload", member=True,
                address="{url}/orga/event/{event}/submissions/{record}/",
                shows="the same, as an organiser sees it in the form of the session"),
)  # fmt: skip


def write_index() -> str:
    """Render the page that lists them."""
    parts = (
        ("The public pages", PUBLIC),
        ("The console", (*CONSOLE, *RESTORED)),
        ("Pages of other systems", HOMES),
    )
    return f"{_HEAD}\n" + "\n".join(_write_part(heading, pictures) for heading, pictures in parts)


_HEAD = """# Pictures

`make screenshots` takes these pictures. The public pages show the cast of the tests at a fixed time. The console works
with a practice Zoom, so its seconds and numbers differ each time. A picture is 1280 pixels wide, on a phone 390.
`python -m tests.pictures --homes` starts the real Indico, WordPress and pretalx, and takes the pictures of their pages.
"""


def _write_part(heading: str, pictures: Iterable[Picture | HomePicture]) -> str:
    rows = (f"| [{picture.name}]({picture.file}) | {picture.shows} |" for picture in pictures)
    return "\n".join((f"## {heading}", "", "| picture | it shows |", "| --- | --- |", *rows, ""))
