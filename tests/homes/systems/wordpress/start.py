"""WordPress, Debian's package, with a MariaDB of its own and PHP's own web server.

The bot is an editor, the reader a subscriber. The member has a role that may see private pages. There is one more
account, `author`: WordPress strips more HTML from what authors write than from what editors write.
An account's `token` is an application password; its `password` is for people who log in.
Beside pages and posts there is a type of its own for events, with fields for the times (`event-type.php`).
"""

import json
import os
import shutil
from pathlib import Path

from tests.homes.systems.place import Place, new_secret
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.system import System
from tests.homes.systems.wordpress.events import make_event

_HERE = Path(__file__).parent
_PACKAGED = Path("/usr/share/wordpress")
_LOGINS = ("admin", "bot", "reader", "member", "author")
_CREATE = """CREATE DATABASE wordpress CHARACTER SET utf8mb4;
CREATE USER 'wordpress'@'127.0.0.1' IDENTIFIED BY '{secret}';
CREATE USER 'wordpress'@'localhost' IDENTIFIED BY '{secret}';
GRANT ALL ON wordpress.* TO 'wordpress'@'127.0.0.1', 'wordpress'@'localhost';
"""
_WORKERS = {"PHP_CLI_SERVER_WORKERS": "4"}
_FASTER = ("-d", "opcache.enable=1", "-d", "opcache.enable_cli=1", "-d", "opcache.jit=disable")


def start(place: Place) -> Running:
    """Start WordPress with its users and the sample event as a public page."""
    secret, port = new_secret(), place.port()
    database_port = _start_database(place, secret)
    _lay_out(place.folder, {"@SECRET@": secret, "@PORT@": str(port), "@DATABASE_PORT@": str(database_port)})
    passwords = {login: new_secret() for login in _LOGINS}
    tokens = json.loads(place.call("php", place.folder / "bootstrap.php", given=json.dumps(passwords)))
    served = ("-S", f"127.0.0.1:{port}", "-t", "site", "router.php")
    process = place.run("php", "php", *_FASTER, *served, environ=_WORKERS)
    url = f"http://127.0.0.1:{port}"
    place.wait_for_page("php", process, f"{url}/wp-json/")
    running = Running(
        system="wordpress",
        url=url,
        folder=str(place.folder),
        accounts={
            login: Account(login=login, password=passwords[login], token=token) for login, token in tokens.items()
        },
        sample=MadeEvent(id="", page=""),
    )
    return running.with_sample(make_event(running, SampleEvent()))


def _start_database(place: Place, secret: str) -> int:
    """Start a MariaDB with an empty database; return its port."""
    data, port = place.folder / "mariadb", place.port()
    user = ("--user=root",) if os.geteuid() == 0 else ()
    place.call("mariadb-install-db", "--no-defaults", *user, f"--datadir={data}", "--skip-test-db")
    (place.folder / "create.sql").write_text(_CREATE.format(secret=secret), "utf-8")
    options = {
        "datadir": data,
        "socket": "mariadb.sock",  # in the folder of the data: a long path would be too long for a socket
        "pid-file": "mariadb.pid",
        "port": port,
        "bind-address": "127.0.0.1",
        "init-file": place.folder / "create.sql",
        "innodb-flush-log-at-trx-commit": 0,
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    process = place.run("mariadb", "mariadbd", "--no-defaults", *user, *words, "--skip-log-bin")
    place.wait_for_port("mariadb", process, port)
    return port


def _lay_out(folder: Path, values: dict[str, str]) -> None:
    """Copy the site, and our files with their values."""
    site = folder / "site"
    shutil.copytree(_PACKAGED, site)  # with what its links lead to
    plugins = site / "wp-content/mu-plugins"
    plugins.mkdir(exist_ok=True)
    targets = {
        "wp-config.php": site,
        "event-type.php": plugins,
        "router.php": folder,
        "bootstrap.php": folder,
    }
    for name, target in targets.items():
        text = (_HERE / name).read_text("utf-8")
        for word, value in values.items():
            text = text.replace(word, value)
        (target / name).unlink(missing_ok=True)
        (target / name).write_text(text, "utf-8")


SYSTEM = System(
    name="wordpress",
    title="WordPress",
    start=start,
    packages=(
        "mariadb-server-core",
        "mariadb-client-core",
        "wordpress",
        "wordpress-theme-twentytwentyfive",
        "php-cli",
        "php-mysql",
        "php-curl",
        "php-xml",
        "php-mbstring",
        "php-gd",
    ),
)
