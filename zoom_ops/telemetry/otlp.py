"""Traces by OpenTelemetry, sent as OTLP over HTTP to the one address in the settings.

The only module that imports OpenTelemetry. The global provider stays as it is: other libraries would record with it.
Of its own variables the library reads the limits of spans, and OTEL_SDK_DISABLED.
https://opentelemetry.io/docs/specs/otlp/#otlphttp.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Thread

import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Span as LibrarySpan
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace import Tracer as LibraryTracer

from .. import __version__
from ..clock import Clock
from ..errors import ZoomOpsError, shorten
from ..logs import hide
from ..tracing import Attributes, Span, current_span
from ..transport import LOST, NO_ADDRESS, Deadline, Transport, make_session, read_beginning, reason_of
from .receiver import TraceReceiver

log = structlog.get_logger()
FLUSH_S = 2.0
"""How long the end of the process waits for what was recorded to be sent."""

_MOST_WAITING = 2048  # spans; the oldest are dropped
_MOST_AT_ONCE = 512
_BETWEEN_MS = 5_000
_QUIET_S = 600.0  # between two log lines that nothing is taken


class OtlpExporter(SpanExporter):
    """Sends spans, each batch once: a batch that is not taken is lost. Waits are in seconds."""

    def __init__(self, receiver: TraceReceiver, clock: Clock, *, connect_s: float, read_s: float) -> None:
        self._url, self._clock = receiver.url, clock
        self._headers = {**receiver.headers, "Content-Type": "application/x-protobuf"}
        self._connect_s, self._read_s = connect_s, read_s
        self._transport = Transport(read_beginning)
        self._warned_at: float | None = None
        self._is_refused = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; raise nothing for a failure."""
        reason = self._send(encode_spans(spans).SerializeToString())
        self._report(reason, len(spans))
        return SpanExportResult.FAILURE if reason else SpanExportResult.SUCCESS

    def _send(self, body: bytes) -> str:
        """Return half a sentence on why a batch was not taken, or "". No redirect is followed."""
        with Deadline(self._connect_s + self._read_s, self._clock) as deadline:
            try:
                response = make_session(self._transport).post(
                    self._url,
                    data=body,
                    headers=self._headers,
                    allow_redirects=False,
                    timeout=(self._connect_s, self._read_s),
                )
            except NO_ADDRESS:
                return "TRACES_ENDPOINT is not an address that can be asked"
            except LOST as error:
                return reason_of(error, deadline, self._read_s)
        return "" if 200 <= response.status_code < 300 else f"it answered HTTP {response.status_code}"

    def _report(self, reason: str, count: int) -> None:
        """Log when batches are lost, every ten minutes at most, and when they are taken again."""
        now = self._clock.elapsed()
        if reason and (self._warned_at is None or now - self._warned_at >= _QUIET_S):
            log.warning("traces_lost", reason=reason, spans=count)
            self._warned_at, self._is_refused = now, True
        elif not reason and self._is_refused:
            log.info("traces_taken_again")
            self._is_refused = False


class OtlpTracer:
    """Records traces in memory, and hands them to the exporter in a thread of its own."""

    def __init__(self, exporter: SpanExporter, *, service: str) -> None:
        resource = {
            "service.name": service,
            "service.version": __version__,
            "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",  # as in the log
        }
        self._provider = TracerProvider(ALWAYS_ON, Resource(resource), shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, _MOST_WAITING, _BETWEEN_MS, _MOST_AT_ONCE, export_timeout_millis=_BETWEEN_MS)
        )
        self._tracer = self._provider.get_tracer("zoom_ops", __version__)

    def trace(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record the block as a trace of its own."""
        return _record(self._tracer, name, attributes, SpanKind.INTERNAL, Context())

    def close(self) -> None:
        """Send what was recorded, for two seconds at most; the rest is lost."""
        ending = Thread(target=self._provider.shutdown, name="traces-end", daemon=True)
        ending.start()
        ending.join(FLUSH_S)
        if ending.is_alive():
            log.warning("traces_lost", reason=f"the last ones were not taken within {FLUSH_S:g} s")


class _RecordedSpan:
    """A span of the library."""

    def __init__(self, tracer: LibraryTracer, span: LibrarySpan) -> None:
        self._tracer, self._span = tracer, span

    def note(self, attributes: Attributes) -> None:
        """Add attributes."""
        self._span.set_attributes(_shown(attributes))

    def fail(self, kind: str, sentence: str = "") -> None:
        """Mark it as failed."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR, shorten(_clean(sentence)) or None))

    def step(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record the block as a part of this."""
        return _record(self._tracer, name, attributes, SpanKind.INTERNAL, set_span_in_context(self._span, Context()))

    def call(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """Record the block as a request to another system."""
        return _record(self._tracer, name, attributes, SpanKind.CLIENT, set_span_in_context(self._span, Context()))


@contextmanager
def _record(
    tracer: LibraryTracer, name: str, attributes: Attributes, kind: SpanKind, parent: Context
) -> Iterator[Span]:
    """Record the block. Only `parent` says what it belongs to: an empty one begins a trace."""
    begun = tracer.start_span(name, parent, kind, attributes=_shown(attributes))
    span = _RecordedSpan(tracer, begun)
    mark = current_span.set(span)
    try:
        yield span
    except Exception as error:
        span.fail(type(error).__name__, str(error) if isinstance(error, ZoomOpsError) else "")
        raise
    finally:
        current_span.reset(mark)
        begun.end()


def _shown(attributes: Attributes) -> dict[str, str | int | float]:
    """Leave out what is None, and hide secrets and e-mail addresses."""
    known = ((key, value) for key, value in attributes.items() if value is not None)
    return {key: _clean(value) if isinstance(value, str) else value for key, value in known}


def _clean(text: str) -> str:
    """Hide secrets and e-mail addresses, and replace what UTF-8 cannot hold: one such text would lose a whole batch."""
    return hide(text).encode("utf-8", "replace").decode()
