"""Traces: an attempt is a trace of its own, with its requests; nothing in it tells of people; no loss costs work."""

import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SpanExportResult
from structlog.testing import capture_logs

from tests.builders import ACCOUNT, EVENT_ID, NOW, an_event
from tests.integration.service import CREATE, MakeService, TestClock
from tests.loopback import Asked, Loopback, free_port
from tests.receiver import Receiver
from zoom_ops.errors import ConfigurationError
from zoom_ops.settings import load_settings
from zoom_ops.telemetry import TraceReceiver, open_tracer, otlp
from zoom_ops.tracing import OFF, Span, current_span, request, step
from zoom_ops.zoom.rate_limits.send_window import wait_in_line

ERROR = 2  # the code of a status in OTLP
CLIENT = 3  # a kind of span in OTLP


class Collector(Loopback):
    """A receiver of OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.status = 200
        self.patience = threading.Event()  # while it is cleared, the collector does not answer
        self.patience.set()

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        self.asked.append(asked)
        self.patience.wait(20)
        return self.status, b""

    @property
    def spans(self) -> list[Any]:
        """The spans that were taken, in the order of their begin."""
        taken = []
        for asked in self.asked:
            for resource in ExportTraceServiceRequest.FromString(asked.body).resource_spans:
                taken += [span for scope in resource.scope_spans for span in scope.spans]
        return sorted(taken, key=lambda span: span.start_time_unix_nano)

    @property
    def resources(self) -> list[Any]:
        """What sent the spans, once for each request."""
        requests = (ExportTraceServiceRequest.FromString(asked.body) for asked in self.asked)
        return [part.resource for request in requests for part in request.resource_spans]

    def runs(self, job: str) -> list[Any]:
        """The root spans of a job."""
        return [span for span in self.spans if span.name == f"run {job}"]

    def parts(self, whole: Any) -> list[Any]:
        """The spans right below another one."""
        return [span for span in self.spans if span.parent_span_id == whole.span_id]


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


def traced(collector: Collector, **further: str) -> dict[str, str]:
    """Build the settings that send traces to a collector."""
    values = {"ENDPOINT": collector.url, **further}
    return {f"ZOOM_OPS_TRACES_{name}": value for name, value in values.items()}


def values(span: Any) -> dict[str, Any]:
    """Return the attributes of a span."""
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in span.attributes}


def record(endpoint: str, clock: TestClock, *names: str) -> Any:
    """Record a trace of each name, and return their tracer."""
    tracer = open_tracer(TraceReceiver(endpoint=endpoint), clock, connect_s=5, read_s=5)
    for name in names:
        with tracer.trace(name, {}):
            wait_in_line(clock, 0.001, "HEAVY")
    return tracer


def test_run_is_a_trace_with_its_requests(make_service: MakeService, collector: Collector) -> None:
    service = make_service(settings=traced(collector, HEADERS="api-key=tide%20water", SERVICE="events"))
    days = {f"{EVENT_ID}-{number}": NOW + timedelta(days=9 * number + 9) for number in range(3)}
    service.add(*(an_event(id=name, start=start, end=start + timedelta(hours=1)) for name, start in days.items()))
    service.settle()
    service.app.close()

    runs, roots = collector.runs("create_webinars"), [span for span in collector.spans if not span.parent_span_id]
    assert {values(run)["zoom_ops.subject.id"] for run in runs} == set(days)
    assert len({root.trace_id for root in roots}) == len(roots)
    for run in runs:
        described = values(run)
        assert described.pop("zoom_ops.late_s") >= 0
        assert described == {
            "zoom_ops.job": "create_webinars",
            "zoom_ops.subject.kind": "event",
            "zoom_ops.subject.id": described["zoom_ops.subject.id"],
            "zoom_ops.account": ACCOUNT,
            "zoom_ops.run": described["zoom_ops.run"],
            "zoom_ops.attempt": 1,
            "zoom_ops.outcome": "done",
        }
        (action,) = [part for part in collector.parts(run) if part.name == "CreateWebinar"]
        (call,) = [part for part in collector.parts(action) if part.name == "POST /v2/users/{host}/webinars"]
        described = values(call)
        assert call.kind == CLIENT
        assert described.pop("server.port") > 0
        assert described == {
            "http.request.method": "POST",
            "http.response.status_code": 201,
            "server.address": "127.0.0.1",
            "url.template": "/v2/users/{host}/webinars",
            "zoom.tracking_id": described["zoom.tracking_id"],
            "zoom_ops.account": ACCOUNT,
        }
    assert {(asked.path, asked.headers["api-key"]) for asked in collector.asked} == {("/v1/traces", "tide water")}
    (resource,) = {span.SerializeToString(deterministic=True) for span in collector.resources}
    assert b"service.name" in resource
    assert b"events" in resource


def test_failed_call_and_failed_run_are_marked(make_service: MakeService, collector: Collector) -> None:
    service = make_service(settings=traced(collector))
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Ask ada@example.org about this field.")
    service.add()
    service.settle()
    service.app.close()

    (run,) = collector.runs("create_webinars")
    (call,) = [span for span in collector.spans if span.name == "POST /v2/users/{host}/webinars"]
    assert (values(call)["http.response.status_code"], values(call)["zoom.code"]) == (400, 300)
    assert (values(call)["error.type"], call.status.code) == ("400", ERROR)
    assert (values(run)["zoom_ops.outcome"], values(run)["error.type"]) == ("failed", "failed")
    assert run.status.code == ERROR
    assert run.status.message.endswith("Ask (e-mail) about this field. (code 300)")


def test_trace_names_webhook_but_no_person_and_no_secret(
    make_service: MakeService, collector: Collector, receiver: Receiver
) -> None:
    receiver.say(503)
    service = make_service(settings=traced(collector) | receiver.settings())
    service.introduce(("Ada Lovelace", "ada@example.org"))
    service.add()
    service.settle()
    service.tick("tell_others", "report_stray_webinars")
    service.settle()
    service.app.close()

    (message, *_) = [span for span in collector.spans if "zoom_ops.webhook" in values(span)]
    (telling, *_) = collector.runs("tell_others")
    assert (message.name, message.parent_span_id) == ("POST 127.0.0.1", telling.span_id)
    assert (values(message)["error.type"], values(telling)["zoom_ops.outcome"]) == ("503", "waiting")
    said = str([(span.name, values(span), span.status.message) for span in collector.spans])
    assert "main/(e-mail)" in said  # the host whose webinars were looked at
    for hidden in ("@", "%40", "Lovelace", "secret", "page_size", "/told", str(service.zoom.webinar()["id"])):
        assert hidden not in said


def test_without_an_address_nothing_is_loaded_and_recorded(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "zoom_ops.telemetry.otlp")
    seen: list[Span] = []
    service = make_service()
    look_up = service.context.gateways[ACCOUNT].fetch_host

    def fetch_host(email: str) -> Any:
        seen.append(current_span.get())
        return look_up(email)

    monkeypatch.setattr(service.context.gateways[ACCOUNT], "fetch_host", fetch_host)
    service.add()
    service.settle()

    assert service.zoom.webinar()
    assert service.app.tracer is OFF
    assert {id(span) for span in seen} == {id(OFF)}
    assert request("POST", "https://[broken", {}) is step("wait", {}) is OFF
    assert "zoom_ops.telemetry.otlp" not in sys.modules


@pytest.mark.parametrize("missing", ["sdk.trace", "exporter.otlp.proto.common.trace_encoder"])
def test_address_without_the_extra_is_refused(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "zoom_ops.telemetry.otlp", raising=False)
    monkeypatch.delattr("zoom_ops.telemetry.otlp", raising=False)
    monkeypatch.setitem(sys.modules, f"opentelemetry.{missing}", None)
    receiver = load_settings({"ZOOM_OPS_TRACES_ENDPOINT": "http://127.0.0.1:4318/"}).trace_receiver

    with pytest.raises(ConfigurationError, match=r"TRACES_ENDPOINT needs the extra `tracing`: pip install 'zoom_ops"):
        open_tracer(receiver, TestClock(), connect_s=1, read_s=1)


def test_collector_that_is_down_costs_a_log_line() -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"

    with capture_logs() as lines:
        record(endpoint, TestClock(), "one", "two").close()

    lost = {"event": "traces_lost", "log_level": "warning", "spans": 4}
    assert lines == [lost | {"reason": "there is no connection (connection refused)"}]


def test_losses_are_logged_now_and_then(collector: Collector) -> None:
    clock = TestClock()
    exporter = otlp.OtlpExporter(TraceReceiver(endpoint=f"{collector.url}/v1/traces"), clock, connect_s=5, read_s=5)
    collector.status = 307

    with capture_logs() as lines:
        results = [exporter.export(()), exporter.export(())]
        clock.advance(timedelta(minutes=10))
        exporter.export(())
        collector.status = 200
        results += [exporter.export(()), exporter.export(())]

    assert results == [SpanExportResult.FAILURE] * 2 + [SpanExportResult.SUCCESS] * 2
    assert [line["event"] for line in lines] == ["traces_lost", "traces_lost", "traces_taken_again"]
    assert {line.get("reason") for line in lines} == {"it answered HTTP 307", None}
    assert {asked.path for asked in collector.asked} == {"/v1/traces"}


def test_end_waits_for_no_collector_that_hangs(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otlp, "FLUSH_S", 0.05)
    collector.patience.clear()
    tracer = record(collector.url, TestClock(), "one")

    with capture_logs() as lines:
        tracer.close()

    assert [line["event"] for line in lines] == ["traces_lost"]
    assert not collector.patience.is_set()  # it has not answered yet
    collector.patience.set()


def test_wait_for_the_rate_limit_is_a_part(collector: Collector) -> None:
    record(collector.url, TestClock(), "one").close()

    whole, wait = collector.spans
    assert (wait.name, values(wait)) == ("wait for the rate limit", {"zoom_ops.rate_limit": "HEAVY"})
    assert wait.parent_span_id == whole.span_id


def test_text_that_is_no_utf_8_or_too_long_loses_no_span_and_shows_no_address(collector: Collector) -> None:
    tracer = record(collector.url, TestClock(), "one")
    with tracer.trace("two", {"zoom.code": "\ud800"}) as span:
        span.fail("failed", f"\ud800{'x ' * 123}ada@example.org did it.")
    tracer.close()

    two = collector.spans[-1]
    assert {span.name for span in collector.spans} == {"one", "wait for the rate limit", "two"}
    assert values(two)["zoom.code"] == two.status.message[0] == "?"
    assert "@" not in two.status.message


def test_traces_of_threads_do_not_mix(collector: Collector) -> None:
    tracer = open_tracer(TraceReceiver(endpoint=collector.url), TestClock(), connect_s=5, read_s=5)
    both_in = threading.Barrier(2)

    def work(name: str) -> None:
        with tracer.trace(name, {}):
            both_in.wait(20)
            with tracer.trace(f"{name} within", {}), step(f"{name} step", {}):
                both_in.wait(20)
        with step("outside", {}):
            pass

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tracer.close()

    spans: Mapping[str, Any] = {span.name: span for span in collector.spans}
    assert sorted(spans) == ["one", "one step", "one within", "two", "two step", "two within"]
    for name in ("one", "two"):
        assert spans[f"{name} step"].parent_span_id == spans[f"{name} within"].span_id
        assert not spans[name].parent_span_id
        assert not spans[f"{name} within"].parent_span_id
    assert len({span.trace_id for span in spans.values()}) == 4
