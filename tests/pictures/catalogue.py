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
    Picture(name="event-page", page="published"),
    Picture(name="event-upcoming", page="upcoming"),
    Picture(name="event-register", page="registration"),
    Picture(name="event-soon", page="soon"),
    Picture(name="event-join", page="joinable"),
    Picture(name="event-live", page="live"),
    Picture(name="event-invited", page="invited"),
    Picture(name="event-due", page="due"),
    Picture(name="event-expected", page="expected"),
    Picture(name="event-parts", page="parts"),
    Picture(name="event-parts-french", page="parts", language="fr"),
    Picture(name="event-members-visitor", page="members-only"),
    Picture(name="event-members-member", page="members-only", member=True),
    Picture(name="event-unrecorded", page="unrecorded"),
    Picture(name="event-cancelled", page="cancelled"),
    Picture(name="event-postponed", page="postponed"),
    Picture(name="event-rescheduled", page="rescheduled"),
    Picture(name="event-groups", page="groups"),
    Picture(name="event-forty-speakers", page="forty-speakers"),
    Picture(name="event-nothing", page="nothing"),
    Picture(name="event-arabic", page="arabic", language="ar"),
    Picture(name="event-published-phone", page="published", width=PHONE),
    Picture(name="event-published-dark", page="published", scheme="dark"),
    Picture(name="event-live-phone-dark", page="live", width=PHONE, scheme="dark"),
    Picture(name="event-arabic-phone", page="arabic", width=PHONE, language="ar"),
    Picture(name="card", page="card", width=PHONE),
    Picture(name="card-arabic-dark", page="card-arabic", width=PHONE, scheme="dark", language="ar"),
    Picture(name="programme", page="programme"),
    Picture(name="programme-arabic", page="programme", language="ar"),
    Picture(name="programme-phone-dark", page="programme", width=PHONE, scheme="dark"),
    Picture(name="search", page="search"),
    Picture(name="search-nothing", page="search-nothing"),
    Picture(name="series", page="series"),
    Picture(name="sign-in", page="sign-in"),
    Picture(name="sign-in-arabic", page="sign-in", language="ar"),
    Picture(name="recording-passcode", page="passcode"),
    Picture(name="not-found", page="not-found"),
)
_DESK = (
    Picture(name="console-today", page="/-/"),
    Picture(name="console-events", page="/-/events"),
    Picture(name="console-event", page=f"/-/events/{EVENT_ID}"),
    Picture(name="console-cancel", page="/-/events/harbour-talks-moving/cancel"),
    Picture(name="console-plan", page="/-/plan"),
    Picture(name="console-plan-part", page="plan-part"),
    Picture(name="console-review", page="/-/review"),
    Picture(name="console-runs", page="/-/runs"),
    Picture(name="console-run", page="run"),
    Picture(name="console-run-failed", page="failed-run"),
    Picture(name="console-run-open", page="open-run"),
    Picture(name="console-run-cancel", page="cancel-run"),
    Picture(name="console-jobs", page="/-/jobs"),
    Picture(name="console-people", page="/-/people"),
    Picture(name="console-hosts", page="/-/hosts"),
    Picture(name="console-calendar", page="/-/hosts/calendar"),
    Picture(name="console-figures", page="/-/figures"),
    Picture(name="console-alerts", page="/-/alerts"),
    Picture(name="console-notifications", page="/-/notifications"),
    Picture(name="console-notification", page="notification"),
    Picture(name="console-homes", page="/-/homes"),
    Picture(name="console-homes-restore", page="/-/review/links/restore", form=(("event", EVENT_ID),)),
    Picture(name="console-webhooks", page="/-/webhooks"),
    Picture(name="console-drafts", page="/-/drafts"),
    Picture(name="console-paste", page="/-/events/paste"),
    Picture(name="console-paste-mistake", page="mistake", form=(("text", MISTAKEN),)),
    Picture(name="console-audit", page="/-/audit"),
    Picture(name="console-users", page="/-/users"),
    Picture(name="console-user", page="user"),
    Picture(name="console-sessions", page="/-/sessions"),
    Picture(name="console-tokens", page="/-/tokens"),
    Picture(name="console-token-revoke", page="/-/tokens/revoke", form=(("name", "website"),)),
    Picture(name="console-backups", page="/-/backups"),
    Picture(name="console-account", page="/account"),
    Picture(name="console-second-factor", page="/account/second-factor"),
    Picture(name="console-proof", page="proof", form=(("name", "yusuf.aydin"), ("role", "operator"))),
    Picture(name="console-refused", page="refused"),
    Picture(name="console-not-found", page="/-/events/none"),
    Picture(name="console-settings", page="/-/settings"),
)


def _otherwise(pictures: Iterable[Picture]) -> Iterator[Picture]:
    """Add dark and phone-size pictures of some pages."""
    for picture in pictures:
        if picture.name == "console-calendar":
            yield replace(picture, name=f"{picture.name}-dark", scheme="dark")
        if picture.name in ("console-today", "console-event", "console-calendar", "console-figures"):
            yield replace(picture, name=f"{picture.name}-phone", width=PHONE)
        if picture.name in _PHONE_DARK:
            yield replace(picture, name=f"{picture.name}-phone-dark", width=PHONE, scheme="dark")


_RESTORED = (Picture(name="console-backups-restored", page="/-/backups"),)
CONSOLE = (*_DESK, *_otherwise(_DESK))
RESTORED = (*_RESTORED, *_otherwise(_RESTORED))

_INDICO, _WORDPRESS = "{url}/event/{record}/", "{url}/?page_id={record}"
_PRETALX = "{url}/{event}/talk/{record}/"
HOMES = (
    HomePicture(name="home-indico-public", system="indico", address=_INDICO, height=330, recording="public"),
    HomePicture(name="home-indico-visitor", system="indico", address=_INDICO, height=330),
    HomePicture(name="home-indico-visitor-opens", system="indico", address=_INDICO, opens="a.attachment", height=560),
    HomePicture(name="home-indico-member", system="indico", address=_INDICO, height=330, member=True),
    HomePicture(name="home-wordpress-public", system="wordpress", address=_WORDPRESS, height=720, recording="public"),
    HomePicture(
        name="home-wordpress-visitor", system="wordpress", address=_WORDPRESS, within="main .wp-block-column:has(h1)"
    ),
    HomePicture(name="home-wordpress-member", system="wordpress", address=_WORDPRESS, height=720, member=True),
    HomePicture(name="home-pretalx-public", system="pretalx", address=_PRETALX, height=480, recording="public"),
    HomePicture(name="home-pretalx-visitor", system="pretalx", address=_PRETALX, height=480),
    HomePicture(
        name="home-pretalx-member",
        system="pretalx",
        within="#resource-upload",
        member=True,
        address="{url}/orga/event/{event}/submissions/{record}/",
    ),
)
