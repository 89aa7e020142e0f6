"""pretalx with its data in SQLite and a Redis of its own.

`details["event"]` is the slug of the conference; `events.in_new_conference` makes another one.
The bot may see and change the sessions of every conference; its token has the rights that suffice:
list and retrieve, and `actions` on submissions. The reader is in the same team, with a token that may only list and
retrieve. The account `stranger` has a token like the bot's and is in no team. The member is an organiser, since only
organisers see a link that is not public; its token may read.
"""

import shutil
from pathlib import Path

from tests.homes.systems.making import start_maker
from tests.homes.systems.place import Place, new_secret
from tests.homes.systems.pretalx.events import make_event
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.services import start_gunicorn, start_redis
from tests.homes.systems.system import System

_HERE = Path(__file__).parent


def start(place: Place) -> Running:
    """Start pretalx with its users, a conference, and the sample event as a session of it."""
    port = place.port()
    environ = _configure(place, port, start_redis(place))
    _prepare(place, environ)
    maker, boot = start_maker(place, _HERE / "bootstrap.py", environ)
    running = Running(
        system="pretalx",
        url=start_gunicorn(place, "pretalx.wsgi", port, "/api/", environ),
        folder=str(place.folder),
        accounts={name: Account(**account) for name, account in boot["accounts"].items()},
        sample=MadeEvent(id="", page=""),
        details={"maker": maker, "event": boot["event"]},
    )
    return running.with_sample(make_event(running, SampleEvent()))


def _configure(place: Place, port: int, redis: str) -> dict[str, str]:
    place.subfolder("data")
    values = {"port": port, "redis": redis, "folder": place.folder, "static": _static(place), "secret": new_secret()}
    settings = place.folder / "pretalx.cfg"
    settings.write_text((_HERE / "pretalx.cfg").read_text("utf-8").format(**values), "utf-8")
    return {"PRETALX_CONFIG_FILE": str(settings)}


def _prepare(place: Place, environ: dict[str, str]) -> None:
    """Make the tables and collect the files for pages: once, and then from what was kept."""
    pretalx, kept = (place.python, "-m", "pretalx"), place.cache / "prepared.sqlite3"
    if not kept.exists():
        place.call(*pretalx, "migrate", environ=environ)
        place.call(*pretalx, "collectstatic", "--noinput", environ=environ)
        place.keep(place.folder / "db.sqlite3", kept)
    shutil.copy(kept, place.folder / "db.sqlite3")


def _static(place: Place) -> Path:
    return place.cache / "static"


SYSTEM = System(name="pretalx", title="pretalx", start=start, packages=("redis-server",), pythons=((3, 13), (3, 14)))
