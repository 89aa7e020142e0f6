"""What readers see of an installation: visitors of its pages, and people with access to its files."""

from pathlib import Path
from typing import Any

import requests
from sqlalchemy import create_engine, inspect, text

from tests.acceptance.installation import Installation


def ask_as_visitor(url: str, account: str, public: str, *hidden: str) -> dict[str, bytes]:
    """Request every public page, missing pages, and the addresses for machines.

    `public` is an event whose recording everybody may see, `hidden` are others.
    """
    events = [
        f"/events/{event}{ending}"
        for event in (public, *hidden)
        for ending in ("", ".json", ".ics", "/picture.png", "/embed", "/join", "/recording?part=2")
    ]
    others = (
        "/", "/?past=1", "/health", "/ready", "/metrics", "/events/none", "/favicon.svg",
        "/recordings.atom", "/series/harbour-talks.ics", "/series/harbour-talks.atom",
        "/sitemap.xml", "/sitemaps/series.xml", "/sitemaps/events-1.xml", "/robots.txt",
        "/webhooks/zoom/none", *(f"/events/{event}/recording" for event in hidden),
    )  # fmt: skip
    texts = {f"visitor: {path}": _ask("GET", url + path) for path in (*events, *others)}
    hook = f"{url}/webhooks/zoom/{account}"
    return texts | {
        "visitor: asks the hook": _ask("GET", hook),
        "visitor: changes a page": _ask("PUT", f"{url}/events/{public}"),
        "visitor: forges a notification": _ask("POST", hook, data="{}", headers={"x-zm-signature": "v0=0"}),
        "visitor: tells too much": _ask("POST", hook, data=b"x" * (2 << 20)),
        "visitor: follows the recording": _ask("GET", f"{url}/events/{public}/recording"),
    }


def files_in(folder: Path, when: str) -> dict[str, bytes]:
    """Read every file of a folder, by its relative path."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {f"file {when}: {path.relative_to(folder)}": path.read_bytes() for path in files}


def database_of(installation: Installation, when: str) -> dict[str, bytes]:
    """Read the database: SQLite's files as they are, PostgreSQL's tables row by row."""
    if installation.kind == "sqlite":
        path = Path(installation.database_url.removeprefix("sqlite:///"))
        files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
        return {f"database {when}: {file.name}": file.read_bytes() for file in files}
    engine = create_engine(installation.database_url.replace("postgresql", "postgresql+psycopg", 1))
    with engine.connect() as connection:
        rows = {
            name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in inspect(engine).get_table_names()
        }
    engine.dispose()
    return {f"database {when}: {name}": b"\n".join(map(_bytes, rows_of_table)) for name, rows_of_table in rows.items()}


def _ask(method: str, url: str, **how: Any) -> bytes:
    """Send a request without following redirects; return the head and body of the answer."""
    reply = requests.request(method, url, allow_redirects=False, timeout=60, **how)
    head = "\n".join(f"{name}: {value}" for name, value in reply.headers.items())
    return head.encode() + b"\n\n" + reply.content


def _bytes(row: tuple[Any, ...]) -> bytes:
    cells = (bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row)
    return b" | ".join(cells)
