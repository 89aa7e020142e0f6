"""Static files. Their names change with their content, so that browsers may cache them forever."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter, Request, Response

from ..errors import NotFoundError
from .dependencies import services_of

_FOREVER = "public, max-age=31536000, immutable"
_NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # for an SVG that is opened as a page

router = APIRouter()


@cache
def load_assets() -> dict[str, bytes]:
    """Load the static files by name."""
    folder = files("zoom_ops.web") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@cache
def asset_address(name: str) -> str:
    """Return the path of a static file: its name with a digest of its content."""
    stem, _, extension = name.rpartition(".")
    return f"/static/{stem}.{sha256(load_assets()[name]).hexdigest()[:12]}.{extension}"


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def get_asset(name: str) -> Response:
    """Send a static file. Its name holds the current digest; an old digest is not found."""
    stem, _, extension = name.rpartition(".")
    own_name = f"{stem.rpartition('.')[0]}.{extension}"
    if own_name not in load_assets() or asset_address(own_name) != f"/static/{name}":
        raise NotFoundError("file", name)
    return _send(own_name, _FOREVER)


@router.api_route("/branding/{name}", methods=["GET", "HEAD"])
def get_branding(request: Request, name: str) -> Response:
    """Send a file of the organisation by its name with the digest."""
    file = services_of(request).branding.find(name)
    if file is None:
        raise NotFoundError("file", name)
    headers = {"Cache-Control": _FOREVER, "Content-Security-Policy": _NOTHING_RUNS}
    return Response(file.content, media_type=file.kind, headers=headers)


@router.api_route("/favicon.svg", methods=["GET", "HEAD"])
def get_favicon() -> Response:
    """Send the icon, at a path without digest."""
    return _send("favicon.svg", "public, max-age=86400")


def _send(name: str, cache_control: str) -> Response:
    kind = guess_type(name)[0] or "application/octet-stream"
    return Response(load_assets()[name], media_type=kind, headers={"Cache-Control": cache_control})
