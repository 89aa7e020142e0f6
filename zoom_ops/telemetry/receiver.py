"""Where traces are sent. Without HTTP and OpenTelemetry: the settings load this."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..linear import split_url

PATH = "/v1/traces"

_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]{1,128}", re.ASCII)
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")


@dataclass(frozen=True, kw_only=True)
class TraceReceiver:
    """A receiver of OTLP over HTTP, and the name under which it keeps our traces."""

    endpoint: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    service: str = "zoom_ops"

    @property
    def url(self) -> str:
        """The address of traces: an endpoint that ends otherwise is the base of several signals."""
        return self.endpoint if self.endpoint.endswith(PATH) else self.endpoint + PATH


def check_endpoint(url: str) -> str:
    """Return the address of a receiver, if a path may follow it and it holds no secret; else raise ValueError."""
    parts = split_url(url)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("expected an address without name, password or query: a key belongs into TRACES_HEADERS.")
    return url


def parse_headers(text: str) -> dict[str, str]:
    """Parse headers as OTEL_EXPORTER_OTLP_HEADERS has them: `name=value`, with commas between, values URL-encoded.

    Raise ValueError with a sentence that does not repeat a value.
    """
    headers = {}
    for entry in filter(None, map(str.strip, text.split(","))):
        name, separator, value = entry.partition("=")
        name, value = name.strip(), unquote(value).strip()
        if not separator or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError("expected headers such as `api-key=…`, with commas between them.")
        headers[name] = value
    return headers
