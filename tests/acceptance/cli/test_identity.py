"""Users, tokens and the audit log on the command line, and their effect on a running daemon."""

import csv
import io
import json
import re

import pytest
import requests

from tests.acceptance.installation import Installation
from tests.acceptance.programme import an_entry
from zoom_ops.identity import Scope

PASSWORD = "a long way to the harbour"


def sign_in(url: str, password: str = PASSWORD) -> requests.Session:
    """Sign amara in."""
    browser = requests.Session()
    browser.post(f"{url}/sign-in", data={"login": "amara", "password": password}, timeout=60)
    return browser


def is_signed_in(browser: requests.Session, url: str) -> bool:
    return "Sign out" in browser.get(url, timeout=60).text


def test_user_is_added_changed_signed_out_and_removed(installation: Installation) -> None:
    output = installation.run("users", "add", "Amara", "--password-stdin", typed=f"{PASSWORD}\n").said
    assert output == "amara may sign in as member."
    with installation.daemon() as daemon:
        browser = sign_in(daemon.url)
        assert is_signed_in(browser, daemon.url)

        (listed,) = installation.run("users", "list", "--json").json
        assert (listed["login"], listed["name"], listed["role"], listed["sessions"]) == ("amara", "Amara", "member", 1)
        assert listed["second_factor"] is False
        assert "no second factor" in installation.run("users", "reset-second-factor", "amara", code=2).err

        assert "1 session ended" in installation.run("users", "sign-out", "amara").said
        assert not is_signed_in(browser, daemon.url)

        browser = sign_in(daemon.url)
        installation.run("users", "set", "amara", "--role", "operator", "--group", "UNGIS members")
        assert not is_signed_in(browser, daemon.url)

        browser = sign_in(daemon.url)
        other = installation.run("users", "set", "amara", "--generate", "--json").json["password"]
        assert not is_signed_in(browser, daemon.url)
        assert not is_signed_in(sign_in(daemon.url), daemon.url)

        browser = sign_in(daemon.url, other)
        installation.run("users", "set", "amara", "--block")
        assert not is_signed_in(browser, daemon.url)
        assert not is_signed_in(sign_in(daemon.url, other), daemon.url)

        installation.run("users", "set", "amara", "--unblock")
        browser = sign_in(daemon.url, other)
        assert is_signed_in(browser, daemon.url)
        for _ in range(10):
            sign_in(daemon.url, "not the right one")
        assert not is_signed_in(sign_in(daemon.url, other), daemon.url)
        installation.run("users", "unlock", "amara", "--from", "127.0.0.1")
        assert is_signed_in(sign_in(daemon.url, other), daemon.url)
        installation.run("users", "remove", "amara")
        assert not is_signed_in(browser, daemon.url)
    assert other not in everything_left(installation)


def test_password_is_made_and_shown_once(installation: Installation) -> None:
    output = installation.run("users", "add", "amara", "--role", "admin", "--generate").out

    password = re.search(r"shown this once: (\S+)", output)

    assert password
    assert len(password[1]) == 27
    assert password[1] not in installation.run("users", "list", "--json").out
    with installation.daemon() as daemon:
        assert is_signed_in(sign_in(daemon.url, password[1]), daemon.url)


@pytest.mark.parametrize(
    ("command", "typed", "sentence"),
    [
        (("users", "add", "amara", "--password-stdin"), "short", "A password has at least 12 characters"),
        (("users", "add", "amara", "--password-stdin"), "Amara2026!Amara", "This password is only the login"),
        (("users", "add", "a b", "--generate"), "", "'a b' cannot be a login"),
        (
            ("users", "add", "amara", "--role", "boss", "--generate"),
            "",
            "A role is one of member, author, operator, admin",
        ),
        (("users", "set", "amara", "--block"), "", "There is no user 'amara'."),
        (("users", "set", "amara"), "", "Say what is to change"),
        (("tokens", "add", "site"), "", "A token is for something"),
        (("tokens", "add", "site", "--scope", "event:read"), "", "Did you mean events:read"),
        (("tokens", "add", "site", "--scope", "events:read", "--expires", "soon"), "", "'soon' is no span of time"),
        (("tokens", "revoke", "site"), "", "There is no token 'site'."),
        (("audit", "--since", "yesterday"), "", "'yesterday' is no time"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(
    installation: Installation, command: tuple[str, ...], typed: str, sentence: str
) -> None:
    ended = installation.run(*command, typed=typed, code=2)

    assert sentence in ended.err


def test_token_is_made_listed_and_revoked(installation: Installation) -> None:
    ended = installation.run("tokens", "add", "website", "--scope", "events:read", "--scope", "plan:read")
    made_for_good = installation.run(
        "tokens", "add", "forever", "--scope", "events:read", "--expires", "never", "--json"
    )

    listed = {token["name"]: token for token in installation.run("tokens", "list", "--json").json}
    installation.run("tokens", "revoke", "forever")

    assert re.fullmatch(r"zops_[\w-]{43}\n", ended.out)
    assert made_for_good.json["token"] != ended.out.strip()
    assert listed["website"]["scopes"] == ["events:read", "plan:read"]
    assert listed["website"]["expires"] is not None
    assert listed["forever"]["expires"] is None
    assert [token["name"] for token in installation.run("tokens", "list", "--json").json] == ["website"]
    assert ended.out.strip() not in everything_left(installation)


def test_scopes_are_listed_with_what_they_mean(installation: Installation) -> None:
    listed = installation.run("tokens", "scopes", "--json").json

    assert [token["scope"] for token in listed] == list(Scope)


def test_audit_tells_who_did_what(installation: Installation) -> None:
    installation.write("events.json", json.dumps(an_entry(1)))
    installation.run("events", "import", "events.json", "--as", "Amara Diallo")
    installation.run("events", "cancel", "tides-01", "--yes", "--as", "=cmd()")
    installation.run("tokens", "add", "website", "--scope", "events:read", "--as", "Amara Diallo")

    entries = installation.run("audit", "--json").json
    lines = list(csv.DictReader(io.StringIO(installation.run("audit", "--csv").out)))

    assert [(audited["who"], audited["how"], audited["what"], audited["subject"]) for audited in entries] == [
        ("Amara Diallo", "command line", "event_imported", "tides-01"),
        ("=cmd()", "command line", "event_cancelled", "tides-01"),
        ("Amara Diallo", "command line", "token_added", "website"),
    ]
    assert [line["who"] for line in lines] == ["Amara Diallo", "'=cmd()", "Amara Diallo"]
    assert len(installation.run("audit", "--limit", "1", "--json").json) == 1
    assert len(installation.run("audit", "--since", "1h", "--json").json) == 3
    assert installation.run("audit", "--since", "2999-01-01", "--json").json == []
    assert "Amara Diallo" in installation.run("audit").out


def everything_left(installation: Installation) -> str:
    """Read every file of the installation except the output of commands."""
    files = [file for file in (installation.folder / "var").rglob("*") if file.is_file()]
    return "".join(file.read_bytes().decode("latin-1") for file in files)
