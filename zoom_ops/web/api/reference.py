"""The page on which people read and try the API: Swagger UI, served by this site itself."""

from fastapi import APIRouter, Request, Response

from ..rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def show_docs(request: Request) -> Response:
    """Show the page. It needs no sign-in, as the description; each operation does."""
    return render(request, "api.html", {})
