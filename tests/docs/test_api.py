"""docs/api.md lists the API's operations, its calls work, and its webhooks are those that receivers get."""

import json
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import AN_OPERATOR
from tests.docs.pages import iter_blocks, read, section
from tests.docs.write_api import PAGE, write_description, write_table, written
from tests.in_process import Caller
from tests.late import whole
from tests.web_site import Site
from zoom_ops.app import connect
from zoom_ops.clock import SystemClock
from zoom_ops.happenings import KINDS
from zoom_ops.identity import Scope
from zoom_ops.identity.tokens import add_token
from zoom_ops.settings import load_settings
from zoom_ops.web.api import create_api
from zoom_ops.web.api_door import DESCRIPTION
from zoom_ops.web.app import create_app
from zoom_ops.web.daemon import build_services


def describe() -> dict[str, Any]:
    """Describe the API, which needs only a clock and a name."""
    services: Any = SimpleNamespace(organisation="zoom_ops", clock=SystemClock())
    return create_api(services).openapi()


@pytest.fixture
def api(tmp_path: Path, migrated_database_url: str) -> Iterator[dict[str, str]]:
    """A service with its API, as the variables of the page's calls."""
    environ = {"ZOOM_OPS_DATABASE_URL": migrated_database_url, "ZOOM_OPS_DATA_DIR": str(tmp_path)}
    app = connect(load_settings(environ, PAGE.parents[1]), SystemClock())
    site = Site(app.database)
    site.app = whole(create_app(build_services(app)))
    token = add_token(app.database, AN_OPERATOR, "website", map(str, Scope), None)
    with site.visited() as visitor:
        yield {"API": f"{visitor.address}/api/v1", "TOKEN": token}
    app.close()


def test_operations_of_page_are_those_that_there_are() -> None:
    assert written() == write_table(describe()), "run: python -m tests.docs.write_api"


def test_description_that_is_shown_is_that_of_the_code() -> None:
    assert DESCRIPTION.read_text(encoding="utf-8") == write_description(describe()), (
        "run: python -m tests.docs.write_api"
    )


def test_every_scope_opens_something() -> None:
    scopes = {
        scope
        for path in describe()["paths"].values()
        for operation in path.values()
        for scope in operation["security"][0]["token"]
    }

    assert scopes <= set(map(str, Scope))
    assert set(map(str, Scope)) - scopes == set()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_calls_of_page_work(api: dict[str, str]) -> None:
    calls = [call for block in iter_blocks(read(PAGE), "sh") for call in iter_calls(block, api)]

    answers = [(method, url, Caller().request(method, url, **how)) for method, url, how in calls]

    assert len(answers) >= 10
    assert [(method, url, reply.text) for method, url, reply in answers if reply.status_code >= 300] == []


def test_kinds_of_page_are_those_that_are_told() -> None:
    table = section(read(PAGE), "### Types of messages")
    named = [name for row in table.splitlines() if row.startswith("| `") for name in row.split("|")[1].split(",")]

    assert [name.strip(" `") for name in named] == list(KINDS)


def test_message_of_page_is_json() -> None:
    (message,) = iter_blocks(section(read(PAGE), "### What a message looks like"), "json")

    assert json.loads(message).keys() == {"type", "timestamp", "data"}


def iter_calls(block: str, variables: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the curl calls in a block: method, address and options."""
    text = block
    for name, value in variables.items():
        text = text.replace(f"${name}", value)
    words = shlex.split(text, comments=True)
    starts = [place for place, word in enumerate(words) if word == "curl"]
    for start, end in pairwise([*starts, len(words)]):
        yield _read_call(words[start + 1 : end])


def _read_call(words: list[str]) -> tuple[str, str, dict[str, Any]]:
    rest = iter(words)
    method, url, headers, data = "GET", "", {}, None
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                data = next(rest).encode()
            case _:
                url = word
    return method, url, {"headers": headers, "data": data}
