"""Wagtail with its data in SQLite: a small site with pages about events (`website/`).

The bot's group may change and publish pages of the programme. The account `drafter` may change them and not publish.
The reader may publish what others changed: a token whose user may do neither sees not even public pages. The member is
in the group of those who may see the section `details["members"]`, with all but the admin, who sees everything.
`details`: `events` and `members` are the ids of two sections.

The API shows a recording's link to everybody who may read the page, whatever its field `visibility` says; the page
itself shows it to members only.
"""

import json
import shutil
from hashlib import sha256
from pathlib import Path

from tests.homes.systems.place import Place, new_secret
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.services import start_gunicorn
from tests.homes.systems.system import System
from tests.homes.systems.wagtail.events import make_event

_HERE = Path(__file__).parent


def start(place: Place) -> Running:
    """Start the site with its users, sections and the sample event."""
    port = place.port()
    environ = {
        "DJANGO_SETTINGS_MODULE": "website.settings",
        "PYTHONPATH": str(_HERE),
        "WEBSITE_DATA": str(place.folder),
        "WEBSITE_URL": f"http://127.0.0.1:{port}",
        "WEBSITE_SECRET": new_secret(),
    }
    _prepare(place, environ)
    place.call(place.python, _HERE / "bootstrap.py", place.folder / "boot.json", environ=environ)
    boot = json.loads((place.folder / "boot.json").read_text("utf-8"))
    running = Running(
        system="wagtail",
        url=start_gunicorn(place, "website.wsgi", port, "/", environ),
        folder=str(place.folder),
        accounts={name: Account(**account) for name, account in boot.pop("accounts").items()},
        sample=MadeEvent(id="", page=""),
        details=boot,
    )
    return running.with_sample(make_event(running, SampleEvent()))


def _prepare(place: Place, environ: dict[str, str]) -> None:
    """Make the tables: once, and then from what was kept while our models are the same."""
    models = (_HERE / "website/programme/migrations/0001_initial.py").read_bytes()
    kept = place.cache / f"prepared-{sha256(models).hexdigest()[:12]}.sqlite3"
    if not kept.exists():
        place.call(place.python, "-m", "django", "migrate", environ=environ)
        place.keep(place.folder / "db.sqlite3", kept)
    shutil.copy(kept, place.folder / "db.sqlite3")


SYSTEM = System(name="wagtail", title="Wagtail", start=start, pythons=((3, 11), (3, 14)))
