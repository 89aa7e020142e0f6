"""The examples of the files of homes load, and the page of JSON APIs explains every key of its sections."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.root import ROOT
from zoom_ops.homes import KINDS, settings_of
from zoom_ops.homes.json_api.settings import Auth, Fields, Listing, Write
from zoom_ops.settings import Place, home_text, load_home

EXAMPLES = sorted((ROOT / "config" / "homes").glob("*.example.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_loads_once_its_secrets_are_there(path: Path) -> None:
    written = tomllib.loads(path.read_text("utf-8"))

    home = settings_of(written["kind"]).model_validate(_with_secrets(written))

    name = path.name.removesuffix(".example.toml")
    assert home.kind == (name if name in KINDS else "json_api")


def test_example_that_nobody_tried_on_the_real_system_says_so() -> None:
    untried = [path for path in EXAMPLES if path.name.removesuffix(".example.toml") not in KINDS]

    assert len(untried) == 3
    assert all("NOT TESTED AGAINST THE REAL ONE" in path.read_text("utf-8").splitlines()[0] for path in untried)


@pytest.mark.parametrize("part", [Auth, Fields, Listing, Write])
def test_page_of_json_apis_explains_every_key(part: Any) -> None:
    page = (ROOT / "docs" / "homes" / "json_api.md").read_text("utf-8")
    rows = page.splitlines()

    for name, field in part.model_fields.items():
        key = f"`{name}_file`" if not field.repr else f"`{name}`"
        described = [row for row in rows if row.startswith(f"| {key} |") and field.description in row]
        assert described, f"{key}: {field.description}"


def _with_secrets(written: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in written.items():
        bare = key.removesuffix("_file").removesuffix("_env")
        read[bare] = _with_secrets(value) if isinstance(value, dict) else "a secret" if bare != key else value
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_printed_example_loads_once_its_secrets_are_there(kind: str, tmp_path: Path) -> None:
    text = re.sub(r"/run/secrets/|secrets/", f"{tmp_path}/", home_text(kind, ROOT / "config"))
    for name in re.findall(r'^(?!#).*_file = "(.*)"$', text, re.MULTILINE):
        Path(name).write_text("a secret\n")
    file = tmp_path / "city.toml"
    file.write_text(text)

    home = load_home(file, Place(environ={}, folder=tmp_path))

    assert (home.kind, home.url.partition(".")[2][:11]) == (kind, "example.org")


def test_printed_example_of_a_json_api_reads_and_writes() -> None:
    home = tomllib.loads(home_text("json_api", ROOT / "config"))

    assert (home["fields"]["public"], home["write"]["at"]) == ("`true`", "links")
