"""Indico with a PostgreSQL and a Redis of its own.

The bot has the permission `submit` on each event; its token has the scopes `read:legacy_api`, for the classic API, and
`full:everything`, for all else. The reader has the same permission, and a token that may only read. The account
`stranger` has a token like the bot's, and no permission on any event. The member is in the group `details["group"]`.
Its plugin for Zoom works with the practice Zoom whose address a test writes into `ZOOM_URL_FILE` in the folder.
`details`: `category` and `group` as the interfaces name them, and `maker` (tests/homes/systems/inside/maker.py).
"""

import shutil
from pathlib import Path

from tests.homes.systems.indico.database import fill_database, start_database
from tests.homes.systems.indico.events import make_event
from tests.homes.systems.making import start_maker
from tests.homes.systems.place import Place, new_secret
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.services import start_gunicorn, start_redis
from tests.homes.systems.system import System

ZOOM_URL_FILE = "zoom_url"
_HERE = Path(__file__).parent
_APP = "indico_wsgi:app"


def start(place: Place) -> Running:
    """Start Indico with its users, a group, a category and the sample event."""
    port = place.port()
    database = start_database(place)
    environ = _configure(place, port, database, start_redis(place))
    fill_database(place, database, environ)
    maker, boot = start_maker(place, _HERE / "bootstrap.py", environ)
    running = Running(
        system="indico",
        url=start_gunicorn(place, _APP, port, f"/category/{boot['category']}/", environ),
        folder=str(place.folder),
        accounts={name: Account(**account) for name, account in boot["accounts"].items()},
        sample=MadeEvent(id="", page=""),
        details={"maker": maker, "category": boot["category"], "group": boot["group"]},
    )
    return running.with_sample(make_event(running, SampleEvent()))


def _configure(place: Place, port: int, database: str, redis: str) -> dict[str, str]:
    for name in ("cache", "tmp", "archive"):
        place.subfolder(name)
    values = {"port": port, "database": database, "redis": redis, "folder": place.folder, "secret": new_secret()}
    settings = place.folder / "indico.conf"
    settings.write_text((_HERE / "indico.conf").read_text("utf-8").format(**values), "utf-8")
    sample = next(place.python.parent.parent.glob("lib/python*/site-packages/indico/logging.yaml.sample"))
    shutil.copy(sample, place.folder / "logging.yaml")
    zoom = {"ZOOM_URL_FILE": str(place.folder / ZOOM_URL_FILE), "PYTHONPATH": str(_HERE.parent / "inside")}
    return {"INDICO_CONFIG": str(settings), **zoom}


SYSTEM = System(
    name="indico",
    title="Indico",
    start=start,
    packages=(
        "postgresql",
        "redis-server",
        "gcc",  # it, libpq-dev and python3-dev build psycopg2
        "libpq-dev",
        "python3-dev",
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
    ),
    pythons=((3, 12), (3, 13)),
    pip=("--ignore-requires-python",),  # it asks for 3.12 and runs on 3.13 too
)
