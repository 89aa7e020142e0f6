"""Traces for OpenTelemetry: a run is a trace. OpenTelemetry is loaded only where an address is set."""

from ..clock import Clock
from ..errors import ConfigurationError
from ..tracing import OFF, Tracer
from .receiver import TraceReceiver, check_endpoint, parse_headers

__all__ = ["TraceReceiver", "Tracer", "check_endpoint", "open_tracer", "parse_headers"]


def open_tracer(receiver: TraceReceiver | None, clock: Clock, *, connect_s: float, read_s: float) -> Tracer:
    """Open a tracer that sends to a receiver; without one nothing is recorded. Waits are in seconds.

    Raises ConfigurationError if OpenTelemetry is not installed.
    """
    if receiver is None:
        return OFF
    try:
        from .otlp import OtlpExporter, OtlpTracer
    except ModuleNotFoundError as error:
        sentence = "TRACES_ENDPOINT needs the extra `tracing`: pip install 'zoom_ops[tracing]'."
        raise ConfigurationError(sentence) from error
    return OtlpTracer(OtlpExporter(receiver, clock, connect_s=connect_s, read_s=read_s), service=receiver.service)
