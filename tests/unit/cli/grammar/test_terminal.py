"""What a terminal is shown: colours and moving lines, or plain text."""

import io

import pytest
import structlog

from tests.unit.cli.grammar.tree import all_commands
from zoom_ops.cli.grammar.terminal import is_plain, open_console
from zoom_ops.cli.output import shown_progress, warn
from zoom_ops.logs import configure_logging


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


PLAIN = [{"NO_COLOR": "1"}, {"NO_COLOR": "0"}, {"TERM": "dumb"}]


def written(stream: Terminal) -> str:
    """Write with everything that draws, and return what arrived."""
    console = open_console(stream)
    with console.status("working"):
        console.print("[bold]told[/bold]")
    configure_logging("auto", stream, plain=is_plain())
    structlog.get_logger().info("webinar_created")
    return stream.getvalue()


def test_terminal_gets_colours_and_a_spinner() -> None:
    assert not is_plain(Terminal())
    assert "\x1b[" in written(Terminal())


@pytest.mark.parametrize("names", PLAIN, ids=str)
def test_terminal_gets_plain_text_where_wanted(names: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in names.items():
        monkeypatch.setenv(name, value)

    text = written(Terminal())

    assert is_plain(Terminal())
    assert "\x1b" not in text
    assert "\r" not in text
    assert "told" in text
    assert "webinar_created" in text


def test_empty_no_color_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")

    assert not is_plain(Terminal())


def test_pipe_gets_plain_text_even_if_colours_are_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    pipe = io.StringIO()

    with open_console(pipe).status("working"):
        pass

    assert is_plain(pipe)
    assert pipe.getvalue() == ""


@pytest.mark.parametrize("names", PLAIN, ids=str)
def test_lists_warnings_and_bars_are_plain_where_wanted(names: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    out, err = Terminal(), Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)

    warn("1 open alert: zoom-ops alerts")
    all_commands().main(["tokens", "scopes"], prog_name="zoom-ops", standalone_mode=False)
    with shown_progress(quiet=False) as move:
        move("copy", 1, 2)

    assert err.getvalue() == "1 open alert: zoom-ops alerts\n"
    assert out.getvalue().startswith("scope  ")
    assert "\x1b" not in out.getvalue()
