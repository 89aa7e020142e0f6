"""`zoom-ops demo` serves until Ctrl-C, and its output and files show a secret only to readers who may have it."""

from pathlib import Path
from typing import get_args

from tests.acceptance.cli.demos import STEPS, Demo, port_taken
from tests.acceptance.handed_out import own_secrets, secrets_of
from tests.acceptance.installation import Installation
from tests.acceptance.planting import FINDERS, finders_of_planted
from tests.acceptance.readers import ask_as_visitor, files_in
from tests.integration.service import PracticeZoom
from tests.leaks import Allowed, Kind, Secret, assert_all_needed, find_leaks
from tests.loopback import free_port
from tests.waiting import wait_until
from zoom_ops.cli.demo.stage import ACCOUNT

ALLOWED = (
    Allowed(
        reader="visitor: follows the recording",
        kind="share link",
        why="the demo's recording is public, and this is the click that leads to it",
    ),
    Allowed(
        reader="visitor: follows the recording",
        kind="play passcode",
        why="the address at Zoom carries it, so that nobody has to type a passcode",
    ),
    *(
        Allowed(
            reader=rf"file {when}: .*/secret\.key",
            kind="our own",
            why="this is where the key lies, for its owner alone, until the demo ends",
        )
        for when in ("while it serves", "after its end")
    ),
    *(
        Allowed(reader=reader, kind="password", why="it is printed once for who watches, and this is where that went")
        for reader in ("terminal", "file (while it serves|that it left): out")
    ),
)
"""Which reader may have which secrets. Every line gives its reason."""


def test_demo_serves_until_ctrl_c_and_tells_nobody_a_secret_but_who_may_have_it(
    demos: list[Demo], tmp_path: Path
) -> None:
    """Search its output, its pages while it serves, and its files until Ctrl-C. Then plant a secret as a control."""
    place, kept = tmp_path / "place", tmp_path / "kept"
    with port_taken():
        demos.append(demo := Demo(place))
        wait_until(lambda: "Ctrl-C ends it" in demo.said, lambda: demo.said)
    inside = demo.sign_in()
    url, _, event = demo.page.partition("/events/")
    environ = demo.environ_of("serve")
    zoom = PracticeZoom(environ[f"ZOOM_OPS_ACCOUNTS__{ACCOUNT.upper()}__API_URL"].removesuffix("/v2"))
    secrets = secrets_of(zoom, *own_secrets(environ, ACCOUNT), public=zoom.webinar()["topic"])
    secrets.append(Secret(text=demo.password, kind="password"))

    texts = ask_as_visitor(url, ACCOUNT, event) | files_in(place, "while it serves")
    demo.keep(kept)
    demo.interrupt()
    ended = {"terminal": demo.end().encode()} | files_in(place, "that it left") | files_in(kept, "after its end")
    texts |= ended

    assert ":8000" not in url
    assert b"/recording" in texts[f"visitor: /events/{event}"]
    assert "Sign out" in inside
    assert all(step in demo.said for step in STEPS)
    assert find_leaks(secrets, texts, ALLOWED) == []
    assert {secret.kind for secret in secrets} == set(get_args(Kind)) - {"session", "token"}
    assert_all_needed(secrets, texts, ALLOWED)
    assert any(b"daemon_stopped" in content for reader, content in ended.items() if reader.endswith("/serve.log"))
    assert finders_of_planted(awoken(kept, environ), secrets) >= FINDERS


def awoken(kept: Path, environ: dict[str, str]) -> Installation:
    """Build an installation from the files that a demo has left."""
    old = Path(environ["ZOOM_OPS_DATA_DIR"])
    new = kept / old.name
    installation = Installation(new, f"sqlite:///{new}/zoom_ops.db", PracticeZoom("http://127.0.0.1:1"), free_port())
    theirs = {name: value.replace(str(old), str(new)) for name, value in environ.items()}
    installation.environ = theirs | {"ZOOM_OPS_LISTEN": f"127.0.0.1:{installation.port}"}
    return installation
