"""The processor time of the search and of signed-in pages with 10,000 events, in this process."""

import asyncio
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from sqlalchemy import insert, text

from tests.builders import NOW, a_performer, an_event
from tests.in_process import Caller, opened
from tests.web_site import PASSWORD, Site
from tests.web_states import DESCRIPTION, WHOLE, fill
from zoom_ops.events import Event
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.migrate import upgrade
from zoom_ops.store.events import save_event
from zoom_ops.store.tables import publication

from .figure import Figure

SEARCH_MS, SIGNED_IN_MS = 4.0, 10.0
_EVENTS, _ROUNDS, _WARM_UP = 10_000, 60, 10
_WORDS: Mapping[str, str] = {
    "found once": "w4217",
    "found in every event": "tides",
    "found in none": "zebra",
    "three words": "harbour rising tides",
    "umlauts": "höchststände",
    "Arabic": "الموانئ",
    "one letter": "t",
    "one letter that begins half of all words": "w",
}
_ROLES = ("member", "author", "operator")
_SIGNED_IN = ("/", "/events/published", "/events/forty-speakers")


def measure_search(folder: Path, database_url: str) -> Iterator[Figure]:
    """Fill a database with events and request searches, each kind of word in turn, then pages as each role."""
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database(database_url)
    upgrade(database)
    site = Site(database)
    fill(site)
    plant(database, _EVENTS)
    try:
        yield from _searches(site, database_url.partition(":")[0])
        yield from _signed_in(site)
    finally:
        database.close()


def _searches(site: Site, kind: str) -> Iterator[Figure]:
    """Search for the same words again and again, for each of them as if nobody had, and for another every time."""
    client, where = Client(site.app), f"search in {_EVENTS:,} events, {kind}"
    again = _spend_in_turn(client, lambda words, _: words)
    anew = _spend_in_turn(client, lambda words, number: f"{words} {'-' * (number % 90)}")  # signs are not searched for
    for what in _WORDS:
        yield _figure(f"{where}, {what}", again[what], SEARCH_MS)
        yield _figure(f"{where}, {what}, for the first time", anew[what], SEARCH_MS)
    for what, first, step in (("that begins many words", 0, 1), ("of few events", 4000, 37)):
        another = [client.spend("/", f"q=w{first + step * number}") for number in range(_ROUNDS)]
        yield _figure(f"{where}, another word {what} each time", another, SEARCH_MS)


def _spend_in_turn(client: "Client", write: Callable[[str, int], str]) -> dict[str, list[float]]:
    taken = {what: list[float]() for what in _WORDS}
    for number in range(_WARM_UP + _ROUNDS):
        for what, words in _WORDS.items():
            spent = client.spend("/", urlencode({"q": write(words, number)}))
            taken[what] += [spent] if number >= _WARM_UP else []
    return taken


def _signed_in(site: Site) -> Iterator[Figure]:
    for role in _ROLES:
        site.add_user(role, role=role)
        client = Client(site.app, sign_in(site.app, role, PASSWORD))
        for path in _SIGNED_IN:
            times = [client.spend(path) for _ in range(_WARM_UP + _ROUNDS)][_WARM_UP:]
            yield _figure(f"{path} for a signed-in {role}", times, SIGNED_IN_MS)


def _figure(what: str, times: list[float], budget: float | None) -> Figure:
    measured = round(statistics.median(times), 2)
    return Figure(what=f"{what}: p50", measured=measured, unit="ms of processor", budget=budget, at_least=False)


def plant(database: Database, count: int) -> None:
    """Write many events, nine in ten of them held and with a recording, with words as people use them: few often."""
    chance = random.Random("words")
    now = NOW + timedelta(minutes=1)
    with database.begin(durable=False) as connection:
        for number in range(count):
            save_event(connection, _an_event(number, count, chance), now)
        rows = [
            {"event_id": f"planted-{number}", "recording_uuid": f"planted-{number}", "part": 1, "title": "Recording",
             "url": f"https://events.example.org/events/planted-{number}/recording", "visibility": "public",
             "state": "published", "published_at": now}
            for number in range(count * 9 // 10)
        ]  # fmt: skip
        connection.execute(insert(publication), rows)
        connection.execute(text("ANALYZE"))


def _an_event(number: int, count: int, chance: random.Random) -> Event:
    start = NOW + timedelta(hours=2 * (number - 0.9 * count))
    rare = " ".join(f"w{int(count * chance.random() ** 3)}" for _ in range(40))
    person = a_performer(name=f"Speaker{number % 900} Person{number % 700}")
    local = ("Höchststände", "الموانئ", "Débats", "Łódź")[number % 4]
    changes = {
        "id": f"planted-{number}",
        "name": f"Tides of Tomorrow {number}: {local}",
        "series": f"Talks {number % 40}" if number % 3 else None,
        "description": f"{DESCRIPTION}\n\n{rare} w{number}",
        "performers": (person, *WHOLE["performers"]),
        "start": start,
        "end": start + timedelta(hours=1),
        "display_times": (),
    }
    return an_event(**WHOLE | changes)


def sign_in(app: FastAPI, login: str, password: str) -> str:
    """Sign a user in. Return the cookies of the session, as a browser sends them."""
    with opened(app) as address, Caller() as caller:
        fields = {"login": login, "password": password}
        caller.post(f"{address}/sign-in", data=fields, allow_redirects=False)
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in caller.cookies)


async def _stand() -> None:
    """Wait for ever: the threads of a loop end with the task that it runs until its end."""
    await asyncio.get_running_loop().create_future()


class Client:
    """Calls an application as a server does, as a browser that accepts gzip.

    All requests have one loop with one task that does not end: the threads that work for them stay, as in a server.
    """

    def __init__(self, app: FastAPI, cookie: str = "") -> None:
        self._app, self._loop = app, asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_until_complete, args=[_stand()], daemon=True).start()
        self._headers = [(b"host", b"events.example.org"), (b"accept-encoding", b"gzip")]
        self._headers += [(b"cookie", cookie.encode())] if cookie else []

    def spend(self, path: str, query: str = "") -> float:
        """Request a page. Return the processor time of its answer, in milliseconds."""
        began = time.process_time()
        status = asyncio.run_coroutine_threadsafe(self._ask(path, query), self._loop).result()
        spent = 1000 * (time.process_time() - began)
        if status != 200:
            raise RuntimeError(f"{path}?{query}: {status}")
        return spent

    async def _ask(self, path: str, query: str) -> int:
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": self._headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await self._app(scope, receive, send)
        return statuses[0]
