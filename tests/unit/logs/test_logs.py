"""Log lines are facts: JSON or pretty, one line each, without secrets."""

import io
import json
import logging
import os
import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import structlog

from tests.root import ROOT
from zoom_ops.logs import configure_logging
from zoom_ops.logs.seldom import FROM_STRANGERS, MOST_A_MINUTE, SeldomFromStrangers

LEAK = "leak-me-not"


@pytest.fixture(autouse=True)
def _nothing_bound_afterwards() -> Iterator[None]:
    yield
    structlog.contextvars.clear_contextvars()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_log_is_json_where_nobody_watches() -> None:
    stream = io.StringIO()
    configure_logging("auto", stream)

    with structlog.contextvars.bound_contextvars(run=7):
        structlog.get_logger("zoom_ops").info("webinar_created", webinar=123, account="ungis")

    [line] = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert (line.pop("hostname"), line.pop("pid")) == (socket.gethostname(), os.getpid())
    assert line == {"event": "webinar_created", "level": "info", "run": 7, "webinar": 123, "account": "ungis"}


def test_log_is_pretty_on_a_terminal_and_where_asked() -> None:
    terminal, pipe = Terminal(), io.StringIO()

    configure_logging("auto", terminal)
    structlog.get_logger().info("webinar_created", webinar=123)
    configure_logging("pretty", pipe)
    structlog.get_logger().info("webinar_created", webinar=123)

    assert "webinar_created" in terminal.getvalue()
    assert "\x1b[" in terminal.getvalue()
    assert "webinar_created" in pipe.getvalue()
    assert "{" not in pipe.getvalue()
    assert "\x1b[" not in pipe.getvalue()


def test_log_of_libraries_takes_the_same_way() -> None:
    stream = io.StringIO()
    configure_logging("json", stream)

    colored = {"color_message": "Started server process [\x1b[36m%d\x1b[0m]"}
    logging.getLogger("uvicorn").info("Started server process [%d]", 4, extra=colored)
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("apscheduler.scheduler").warning("Run time missed by %s", "0:00:02", extra={"job": "create"})
    warnings.warn("old", stacklevel=1)

    events = [(line["level"], line["event"]) for line in lines(stream)]
    assert events[:2] == [("info", "Started server process [4]"), ("warning", "Run time missed by 0:00:02")]
    assert "\\u001b" not in stream.getvalue()
    assert lines(stream)[1]["job"] == "create"
    assert "old" in events[2][1]


def test_log_configured_twice_says_things_once() -> None:
    stream = io.StringIO()
    configure_logging("json", stream)
    configure_logging("json", stream)

    structlog.get_logger().info("webinar_created")

    assert len(lines(stream)) == 1


@pytest.mark.parametrize(
    "bound",
    [
        {"client_secret": LEAK},
        {"access_token": LEAK},
        {"Authorization": f"Bearer {LEAK}"},
        {"passcode": 123456},
        {"start_url": LEAK},
        {"join_url": LEAK},
        {"headers": {"x": [{"Set-Cookie": LEAK}]}},
        {"reason": f"POST https://zoom.example.org/rec/share/x?pwd={LEAK}&a=1 failed"},
        {"reason": f"https://zoom.example.org/w/1?tk={LEAK}#success"},
        {"reason": f"grant_type=account_credentials&access_token={LEAK}"},
        {"reason": f"header was Bearer {LEAK}"},
        {"reason": f"postgresql://kim:{LEAK}@db.example.org/zoom_ops"},
        {"reason": f"No user {LEAK}@example.org"},
        {"path": f"/users/{LEAK}%40example.org/webinars"},
        {"reason": f"GET /events/tides/recording?part=2%26key%3Dzopsk_{LEAK}"},
        {"people": [f"Kim <{LEAK}@mail.example.org>"]},
    ],
)
def test_log_hides_what_the_code_should_not_have_said(bound: dict[str, Any]) -> None:
    stream = io.StringIO()
    configure_logging("json", stream)

    structlog.get_logger().info("zoom_refused", **bound)
    logging.getLogger("urllib3").warning("retrying %s", json.dumps(bound) if "reason" in bound else "")

    assert lines(stream)[0]["event"] == "zoom_refused"
    assert LEAK not in stream.getvalue()
    assert "123456" not in stream.getvalue()


def test_log_leaves_harmless_things_alone() -> None:
    stream = io.StringIO()
    configure_logging("json", stream)

    structlog.get_logger().info(
        "zoom_called", path="/webinars/123", seconds=0.5, token_renewed=True, tracking_id="v=2;x=/"
    )

    line = lines(stream)[0]
    assert (line["path"], line["seconds"], line["token_renewed"]) == ("/webinars/123", 0.5, True)
    assert line["tracking_id"] == "v=2;x=/"


@pytest.mark.parametrize("logger", [structlog.get_logger("zoom_ops"), logging.getLogger("zoom_ops")])
def test_log_tells_an_error_in_one_line_without_its_secret(logger: Any) -> None:
    stream = io.StringIO()
    configure_logging("json", stream)

    try:
        raise ValueError(f"bad\naddress ?pwd={LEAK}")
    except ValueError:
        logger.exception("run_broke")

    [line] = lines(stream)
    assert line["error"] == "ValueError: bad address ?pwd=(hidden)"
    assert "exception" not in line


def test_log_shows_the_traceback_when_debugging() -> None:
    stream, pretty = io.StringIO(), io.StringIO()

    for format, out in (("json", stream), ("pretty", pretty)):
        configure_logging(format, out, debug=True)  # type: ignore[arg-type]
        try:
            raise ValueError(f"?pwd={LEAK}")
        except ValueError:
            structlog.get_logger().exception("run_broke")
        structlog.get_logger().debug("detail")

    assert lines(stream)[0]["exception"].startswith("Traceback")
    assert "Traceback" in pretty.getvalue()
    assert LEAK not in stream.getvalue() + pretty.getvalue()
    assert lines(stream)[1]["event"] == "detail"


def test_line_that_a_full_disk_does_not_take_disturbs_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(OSError), open("/dev/full", "w", encoding="utf-8", buffering=1) as full:
        configure_logging("json", full)
        structlog.get_logger().info("run_done")

    assert capsys.readouterr().err == ""


def test_line_that_strangers_cause_is_written_a_few_times_a_minute_and_then_counted() -> None:
    few = SeldomFromStrangers()

    def write(event: str, minute: int, count: int) -> list[dict[str, Any]]:
        """Log a line so many times in a minute. Return the lines that are written."""
        written = []
        for second in range(count):
            with suppress(structlog.DropEvent):
                line = {"event": event, "timestamp": f"2027-03-01T09:{minute:02}:{second % 60:02}.000000Z"}
                written.append(dict(few(None, "warning", line)))
        return written

    for name in FROM_STRANGERS:
        first, later = write(name, 0, 500), write(name, 7, 2)
        assert len(first) == MOST_A_MINUTE
        assert [line.get("left_out") for line in (*first, *later)] == [None] * MOST_A_MINUTE + [490, None]
    assert len(write("webinar_created", 0, 500)) == 500


OWN_DOING = {
    "alert_target_wrong", "change_watch_put_off", "configuration_not_forgotten", "configuration_not_read",
    "configuration_not_written", "configuration_refused", "configuration_taken", "connections_lowered",
    "daemon_started", "daemon_stopped", "networks_not_shut_out", "probes_not_served", "profile_incomplete",
}  # fmt: skip
COUNTED = {"connections_not_accepted", "networks_shut_out"}  # whoever writes them counts


def test_each_line_that_a_request_may_cause_comes_seldom() -> None:
    log_call = re.compile(r'log\.(?:info|warning|error|exception)\(\s*"(\w+)"')
    files = [path for path in (ROOT / "zoom_ops" / "web").rglob("*.py") if not {"api", "console"} & set(path.parts)]
    lines = {name for path in files for name in log_call.findall(path.read_text("utf-8"))}

    assert lines - OWN_DOING - COUNTED <= set(FROM_STRANGERS)
    assert lines >= OWN_DOING | COUNTED
