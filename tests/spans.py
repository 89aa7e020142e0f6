"""A tracer that keeps its traces in memory."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from zoom_ops.telemetry.otlp import OtlpTracer


class KeptTraces(OtlpTracer):
    """Records traces, and returns their spans."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        super().__init__(self._kept, service="zoom_ops")

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """The spans that ended. Nothing is recorded afterwards."""
        self.close()
        return self._kept.get_finished_spans()

    @property
    def values(self) -> Mapping[str, Any]:
        """The attributes of the only span."""
        (span,) = self.spans
        return dict(span.attributes or {})
