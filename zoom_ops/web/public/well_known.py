"""`/.well-known/security.txt`: who is told of weaknesses (RFC 9116)."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from ...errors import NotFoundError
from ..dependencies import TheServices

PATH = "/.well-known/security.txt"
_HOLDS = timedelta(days=180)  # the text is read anew long before; the standard recommends less than a year

router = APIRouter()


@router.api_route(PATH, methods=["GET", "HEAD"])
async def show_security_contact(request: Request, services: TheServices) -> PlainTextResponse:
    """Show who is told of weaknesses. Raise NotFoundError where nobody is named."""
    if services.security_contact is None:
        raise NotFoundError("page", request.url.path)
    expires = (services.clock.now() + _HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {services.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(services.languages)}",
        f"Canonical: {services.base_url}{PATH}",
    )
    return PlainTextResponse("".join(f"{line}\n" for line in lines), headers={"Cache-Control": "public, max-age=86400"})
