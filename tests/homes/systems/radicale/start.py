"""Radicale, a CalDAV server with its data in files.

`details`: `events` and `members` are the paths of two calendars. Everybody may read `events`; what is in `members` only
the member, the bot and the admin may read.
"""

from pathlib import Path

from tests.homes.systems.place import Place, new_secret
from tests.homes.systems.radicale.events import make_event, open_session
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.system import System

_HERE = Path(__file__).parent
_NAMES = ("admin", "bot", "reader", "member")
_CALENDARS = {"events": "/un/events/", "members": "/un/members/"}
_MAKE = """<?xml version="1.0" encoding="utf-8"?>
<mkcalendar xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:set><D:prop>
<D:displayname>{name}</D:displayname>
</D:prop></D:set></mkcalendar>"""


def start(place: Place) -> Running:
    """Start Radicale with two calendars; the sample event is public."""
    port = place.port()
    accounts = {name: Account(login=name, password=new_secret()) for name in _NAMES}
    _write_settings(place.folder, port, accounts)
    process = place.run("radicale", place.python, "-m", "radicale", "--config", place.folder / "config")
    url = f"http://127.0.0.1:{port}"
    place.wait_for_page("radicale", process, f"{url}/.web/")
    running = Running(
        system="radicale",
        url=url,
        folder=str(place.folder),
        accounts=accounts,
        sample=MadeEvent(id="wsis", page="/un/events/wsis.ics"),
        details=_CALENDARS,
    )
    admin = open_session(running, accounts["admin"])
    admin.request("MKCOL", f"{url}/un/").raise_for_status()
    for name, path in _CALENDARS.items():
        admin.request("MKCALENDAR", url + path, data=_MAKE.format(name=name)).raise_for_status()
    make_event(running, SampleEvent(), event_id="wsis")
    return running


def _write_settings(folder: Path, port: int, accounts: dict[str, Account]) -> None:
    users = "".join(f"{account.login}:{account.password}\n" for account in accounts.values())
    settings = (_HERE / "radicale.conf").read_text("utf-8").format(port=port, folder=folder)
    for name, text in (("users", users), ("config", settings), ("rights", (_HERE / "rights").read_text("utf-8"))):
        (folder / name).write_text(text, "utf-8")


SYSTEM = System(name="radicale", title="Radicale", start=start)
