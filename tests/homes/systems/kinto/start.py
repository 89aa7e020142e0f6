"""Kinto, a store of JSON records, with its data in memory.

`details`: `events` and `members` are the paths of two collections; what is in `members` only the group of members, the
bot and the admin may read.
"""

from pathlib import Path

from tests.homes.systems.kinto.events import make_event, open_session
from tests.homes.systems.place import Place, new_secret
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.system import System

_SETTINGS = Path(__file__).with_name("kinto.ini")
_NAMES = ("admin", "bot", "reader", "member")
_BUCKET = "/buckets/un"


def start(place: Place) -> Running:
    """Start Kinto with two collections; the sample event is public."""
    settings, port = place.folder / "kinto.ini", place.port()
    settings.write_text(_SETTINGS.read_text("utf-8").format(port=port, secret=new_secret()), "utf-8")
    process = place.run("kinto", place.program("kinto"), "start", "--ini", settings, "--port", str(port))
    url = f"http://127.0.0.1:{port}/v1"
    place.wait_for_page("kinto", process, f"{url}/")
    running = Running(
        system="kinto",
        url=url,
        folder=str(place.folder),
        accounts={name: Account(login=name, password=new_secret()) for name in _NAMES},
        sample=MadeEvent(id="wsis", page=f"{_BUCKET}/collections/events/records/wsis"),
        details={"events": f"{_BUCKET}/collections/events", "members": f"{_BUCKET}/collections/members"},
    )
    _fill(running)
    make_event(running, SampleEvent(), event_id="wsis")
    return running


def _fill(running: Running) -> None:
    anonymous, admin = open_session(running), open_session(running, running.accounts["admin"])
    for name, account in running.accounts.items():
        anonymous.put(
            f"{running.url}/accounts/{name}", json={"data": {"password": account.password}}
        ).raise_for_status()
    members = {"data": {"members": ["account:member"]}}
    public = {"permissions": {"write": ["account:bot"], "read": ["system.Everyone"]}}
    inner = {"permissions": {"write": ["account:bot"], "read": [f"{_BUCKET}/groups/members"]}}
    bodies = {
        _BUCKET: {},
        f"{_BUCKET}/groups/members": members,
        running.details["events"]: public,
        running.details["members"]: inner,
    }
    for path, body in bodies.items():
        admin.put(running.url + path, json=body).raise_for_status()


SYSTEM = System(name="kinto", title="Kinto", start=start, pythons=((3, 11), (3, 13)))
