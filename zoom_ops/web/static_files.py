"""Static files. Their names change with their content, so that browsers may cache them forever."""

from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter, Request, Response

from ..errors import NotFoundError
from .dependencies import services_of

_FOREVER = "public, max-age=31536000, immutable"
_FOLDER = files("zoom_ops.web") / "static"
_KEPT = 4  # files: those of the public pages; that which shows the API takes 2 MB
_NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # for an SVG that is opened as a page

router = APIRouter()


@cache
def asset_addresses() -> dict[str, str]:
    """Return the path of each static file: its name with a digest of its content."""
    return {file.name: _address_of(file.name, file.read_bytes()) for file in _FOLDER.iterdir() if file.is_file()}


def asset_address(name: str) -> str:
    """Return the path of a static file."""
    return asset_addresses()[name]


@lru_cache(maxsize=_KEPT)
def load_asset(name: str) -> bytes:
    """Load a static file; the latest few are kept."""
    return (_FOLDER / name).read_bytes()


def _address_of(name: str, content: bytes) -> str:
    stem, _, extension = name.rpartition(".")
    return f"/static/{stem}.{sha256(content).hexdigest()[:12]}.{extension}"


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def get_asset(name: str) -> Response:
    """Send a static file. Its name holds the current digest; an old digest is not found."""
    stem, _, extension = name.rpartition(".")
    own_name = f"{stem.rpartition('.')[0]}.{extension}"
    if asset_addresses().get(own_name) != f"/static/{name}":
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
    return Response(load_asset(name), media_type=kind, headers={"Cache-Control": cache_control})
