"""The examples of homes name every key and load, and the page of JSON APIs explains every key of its sections."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.root import ROOT
from zoom_ops.homes import KINDS, settings_of
from zoom_ops.homes.json_api.settings import Auth, Fields, Listing, Write
from zoom_ops.settings import home_text

EXAMPLES = sorted((ROOT / "config" / "homes").glob("*.example.toml"))
HOOK = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz"
_SWITCHED_OFF = re.compile(r"^# (?=\w+ = |\[)", re.MULTILINE)
_INSTEAD = re.compile(r"^# (?:category|tag|everything) = .*\n", re.MULTILINE)  # of parent, in WordPress


@pytest.mark.parametrize("is_whole", [False, True], ids=["as it is", "with all keys"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_loads_once_its_secrets_are_there(path: Path, is_whole: bool) -> None:
    name = path.name.removesuffix(".example.toml")
    text = home_text(name, ROOT / "config")
    written = tomllib.loads(_SWITCHED_OFF.sub("", _INSTEAD.sub("", text)) if is_whole else text)

    home = settings_of(written["kind"]).model_validate(_with_secrets(written))

    assert home.kind == (name if name in KINDS else "json_api")
    assert len(home.rules) == (is_whole and "[[rules]]" in text)


@pytest.mark.parametrize("kind", KINDS)
def test_example_names_every_key_of_its_kind(kind: str) -> None:
    named = re.findall(r"^(?:# )?\[*(\w+)(?:\]| = )", home_text(kind, ROOT / "config"), re.MULTILINE)

    fields = settings_of(kind).model_fields.items()
    missing = {name if field.repr else f"{name}_file" for name, field in fields} - set(named)
    assert missing == ({"members_open"} if kind == "feed" else set())  # no link is written to a feed


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
        secret = [HOOK] if bare == "hook_secret" else "a secret"
        read[bare] = _with_secrets(value) if isinstance(value, dict) else secret if bare != key else value
    return read
