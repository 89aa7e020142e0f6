"""Logs, pretty on a terminal and JSON elsewhere, without secrets and e-mail addresses."""

import logging
import os
import re
import socket
import sys
from collections.abc import Mapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from ..errors import shorten
from ..link_keys import BEGINS
from .seldom import SeldomFromStrangers

Format = Literal["auto", "pretty", "json"]

HIDDEN = "(hidden)"
CHATTY = ("apscheduler", "alembic", "urllib3", "uvicorn.access", "uvicorn.error", "asyncio", "httpx", "procrastinate")

_HOSTNAME = socket.gethostname()
_SECRET_KEY = re.compile(
    r"secret|token|passcode|password|passwd|\bpwd\b|authorization|cookie|credential|signature|api_?key"
    r"|(start|join|play|download|registration)_url",
    re.IGNORECASE,
)
_SECRET_TEXT = (
    (re.compile(r"(://)[^\s/@]+@"), rf"\1{HIDDEN}@"),  # user and password in a URL
    (
        re.compile(r"\b(pwd|tk|zak|access_token|refresh_token|client_secret)=[^\s&#\"']+", re.IGNORECASE),
        rf"\1={HIDDEN}",
    ),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\bzops_[\w-]+"), HIDDEN),  # an API token of zoom_ops
    (re.compile(rf"{BEGINS}\w+"), HIDDEN),  # a key of a link for members
    (re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+"), "(e-mail)"),
)


class Lines(logging.StreamHandler[TextIO]):
    """Writes log lines, and drops a line that cannot be written, for example to a full disk."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the line on an OSError, as the library would print a traceback to the same full disk."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def configure_logging(
    format: Format = "auto",
    stream: TextIO | None = None,
    *,
    debug: bool = False,
    quiet: bool = False,
    plain: bool = False,
) -> None:
    """Send our logs and those of the libraries to one stream, in one format.

    `debug` adds details and tracebacks. `quiet` shows errors only, for commands that print their own output.
    `plain` uses no colour, also on a terminal.
    """
    stream = sys.stderr if stream is None else stream
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        SeldomFromStrangers(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        *([] if debug else [_shorten_error]),
    ]
    if format == "pretty" or (format == "auto" and stream.isatty()):
        rendering: list[Processor] = [structlog.dev.ConsoleRenderer(colors=stream.isatty() and not plain)]
    else:
        rendering = [_name_process, structlog.processors.JSONRenderer(default=str, ensure_ascii=False)]
    tracebacks = [structlog.processors.format_exc_info] if debug else []
    handler = Lines(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(), _drop_colors],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tracebacks, scrub, *rendering],
        )
    )
    level = logging.DEBUG if debug else (logging.ERROR if quiet else logging.INFO)
    _route_libraries(handler, level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def scrub(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Hide secrets and e-mail addresses, as a last defence: the code that logs must not pass them."""
    return {key: _scrub(key, value) for key, value in event_dict.items()}


def hide(text: str) -> str:
    """Hide secrets and e-mail addresses in a text."""
    for pattern, instead in _SECRET_TEXT:
        text = pattern.sub(instead, text)
    return text


def _name_process(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Add host name and process id, for logs that collect the lines of many processes."""
    return {**event_dict, "hostname": _HOSTNAME, "pid": os.getpid()}


def _route_libraries(handler: logging.Handler, level: int) -> None:
    """Route all loggers of the standard library to our handler; chatty ones log from WARNING on, or INFO in debug."""
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.NOTSET)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.INFO if level == logging.DEBUG else logging.WARNING)
    logging.captureWarnings(True)


def _drop_colors(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    event_dict.pop("color_message", None)  # uvicorn repeats its message here, with colours
    return event_dict


def _shorten_error(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    event_dict.pop("stack_info", None)
    exc_info = event_dict.pop("exc_info", None)
    error = exc_info[1] if isinstance(exc_info, tuple) else sys.exception() if exc_info is True else exc_info
    if error:
        event_dict["error"] = shorten(f"{type(error).__name__}: {error}")
    return event_dict


def _scrub(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _scrub(str(name), part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub(key, part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_KEY.search(key):
        return HIDDEN
    if isinstance(value, int | float):
        return value
    return hide(str(value))
