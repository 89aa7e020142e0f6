"""What readers ask for is told to no other system, though FastAPI would tell OpenTelemetry."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.in_process import bare_caller, opened
from tests.integration.service import Service
from zoom_ops.web.app import create_app
from zoom_ops.web.daemon import build_services


def test_no_request_of_a_reader_is_recorded(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(recorded))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)

    with opened(create_app(build_services(service.app))) as url:
        for path in ("/ready", "/api/v1/status"):
            bare_caller().get(f"{url}{path}")

    assert recorded.get_finished_spans() == ()
