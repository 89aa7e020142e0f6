"""Checks of requests and replies against a description of Zoom."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from requests import PreparedRequest, Response

from tests.openapi.descriptions import Description


class RequestChecker:
    """Checks requests to Zoom against a description."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._openapi = OpenAPI.from_dict(description.closed_api)

    def check(self, request: PreparedRequest) -> None:
        """Raise `OpenAPIError` or `AssertionError` for a request that does not fit, or has more than is described."""
        self._openapi.validate_request(RequestsOpenAPIRequest(request))
        operation = self._description.find_operation(str(request.method), _path_of(request))
        assert operation
        assert set(parse_qs(urlsplit(str(request.url)).query)) <= self._description.query(*operation)


class ExchangeChecker:
    """Checks requests to a Zoom at `url`, and its replies, against a description."""

    def __init__(self, description: Description, url: str) -> None:
        self._description = description
        self._openapi = OpenAPI.from_dict({**description.api, "servers": [{"url": f"{url}/v2"}]})

    def find_faults(self, reply: Response) -> Iterator[str]:
        """Yield the faults of a reply and its request. The request of an error reply is not checked."""
        operation = self._description.find_operation(str(reply.request.method), _path_of(reply.request))
        where = f"{reply.request.method} {reply.request.path_url}, {reply.status_code}"
        if operation is None:
            yield f"{where}: not described"
            return
        request = RequestsOpenAPIRequest(reply.request)
        is_upload = str(reply.request.headers.get("content-type")).startswith("multipart/")
        is_empty = reply.status_code == 204 and not reply.content
        try:
            if reply.ok and not is_upload:
                self._openapi.validate_request(request)
            if not is_empty and not self._description.is_vague(*operation):
                self._openapi.validate_response(request, RequestsOpenAPIResponse(reply))
        except OpenAPIError as error:
            yield f"{where}: {error} {error.__cause__ or ''}"


def _path_of(request: PreparedRequest) -> str:
    return urlsplit(str(request.url)).path.removeprefix("/v2")
