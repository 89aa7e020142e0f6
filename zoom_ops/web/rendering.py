"""Render templates, and answer with a tag of the content so that an unchanged page is not sent twice."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from .assets import asset_address
from .prose import first_words, render_prose
from .view import make_initials
from .wiring import doors_of


def render(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render a page of the site."""
    doors = doors_of(request)
    site = {"organisation": doors.organisation, "base_url": doors.base_url, "path": request.url.path}
    html = _environment().get_template(template).render(site=site, **values)
    return Response(html, status, headers=dict(headers or {}), media_type="text/html; charset=utf-8")


def unless_known(request: Request, response: Response) -> Response:
    """Tag a response by its content; to a reader who has it already, say only that."""
    tag = f'"{sha256(response.body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}  # keep it, and ask each time
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("zoom_ops.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": render_prose, "first_words": first_words, "initials": make_initials}
    environment.globals["asset"] = asset_address
    return environment
