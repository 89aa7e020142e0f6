"""The receiver of traces in the settings: its address and its headers, as OpenTelemetry's own variables have them."""

import pytest

from zoom_ops.errors import ConfigurationError
from zoom_ops.settings import load_settings
from zoom_ops.telemetry import TraceReceiver, parse_headers


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("https://otlp.example.org/otlp", "https://otlp.example.org/otlp/v1/traces"),
        ("https://otlp.example.org/otlp/v1/traces", "https://otlp.example.org/otlp/v1/traces"),
    ],
)
def test_traces_have_an_address_below_the_endpoint(endpoint: str, url: str) -> None:
    assert TraceReceiver(endpoint=endpoint).url == url


@pytest.mark.parametrize(
    "rest", ["tide:water@otlp.example.org", "otlp.example.org?key=water", "otlp.example.org#water"]
)
def test_endpoint_that_holds_a_secret_is_refused_without_it(rest: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^ZOOM_OPS_TRACES_ENDPOINT: expected an address without name"
    ) as refused:
        load_settings({"ZOOM_OPS_TRACES_ENDPOINT": f"https://{rest}"})

    assert "tidewater" not in str(refused.value)


def test_headers_are_read_as_in_otels_variable() -> None:
    assert parse_headers("api-key=tide%20water, Authorization=Basic dGlkZQ==,") == {
        "api-key": "tide water",
        "Authorization": "Basic dGlkZQ==",
    }


@pytest.mark.parametrize("text", ["tidewater", "=tidewater", "two words=tidewater", "key=", "key=tide%0Awater", "k=ü"])
def test_header_that_is_none_is_refused_without_its_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected headers such as `api-key=…`, with commas between them.$"):
        parse_headers(text)


def test_receiver_shows_no_secret() -> None:
    receiver = TraceReceiver(endpoint="https://otlp.example.org", headers={"api-key": "tidewater"})

    assert "tidewater" not in repr(receiver)
