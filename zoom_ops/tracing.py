"""What a run does, as spans of a trace. Unless a tracer is handed in, nothing is recorded, and nothing costs.

Names of spans and keys of attributes are few, so that a backend can group by them. Attributes hold no address of a
person, no token and no query: `telemetry` hides what looks like one, as the log does.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Protocol, Self

from .linear import split_url

Attributes = Mapping[str, str | int | float | None]
"""By key; None is left out. Keys are OpenTelemetry's where it has one, else ours, which begin with `zoom_ops.`."""


class Span(Protocol):
    """Something that was done. No method raises."""

    def note(self, attributes: Attributes) -> None:
        """Add attributes."""

    def fail(self, kind: str, sentence: str = "") -> None:
        """Mark it as failed. `kind` is one of few: the name of an error, or an HTTP status."""

    def step(self, name: str, attributes: Attributes) -> AbstractContextManager["Span"]:
        """Record the block as a part of this. An error that leaves the block marks it as failed."""

    def call(self, name: str, attributes: Attributes) -> AbstractContextManager["Span"]:
        """Record the block as a request to another system; else like `step`."""


class Tracer(Protocol):
    """Records traces."""

    def trace(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record the block as a trace of its own, whatever is recorded around it."""

    def close(self) -> None:
        """Send what was recorded, within a bound. Idempotent."""


class _Nothing:
    """The span and the tracer of what is not recorded."""

    def note(self, _attributes: Attributes) -> None:
        """Do nothing."""

    def fail(self, _kind: str, _sentence: str = "") -> None:
        """Do nothing."""

    def step(self, _name: str, _attributes: Attributes) -> Self:
        """Return this, which is its own block."""
        return self

    call = trace = step

    def close(self) -> None:
        """Do nothing."""

    def __enter__(self) -> Self:
        """Begin a block that is not recorded."""
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        """End it."""


_NOTHING = _Nothing()
OFF: Tracer = _NOTHING
"""The tracer that records nothing."""

current_span: ContextVar[Span] = ContextVar("current_span", default=_NOTHING)


def step(name: str, attributes: Attributes) -> AbstractContextManager[Span]:
    """Record the block as a part of what this thread does, if that is recorded."""
    return current_span.get().step(name, attributes)


def request(
    method: str, url: str, attributes: Attributes, *, template: str | None = None
) -> AbstractContextManager[Span]:
    """Record the block as an HTTP request, if what this thread does is recorded.

    `template` is what follows the path of `url`, with names in place of ids. Without it the path is left out: it may
    be secret. https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span.
    """
    span = current_span.get()
    if span is _NOTHING:
        return _NOTHING
    try:
        parts = split_url(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # the request will fail for that
        return span.call(method, attributes)
    path = None if template is None else parts.path.rstrip("/") + template
    described = {
        "http.request.method": method, "url.template": path, "server.address": host, "server.port": port,
    }  # fmt: skip
    return span.call(f"{method} {path or host}", {**described, **attributes})
