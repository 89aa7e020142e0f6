"""Choose the language of a page: the address's own, the one chosen before, the browser's, the site's."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from babel import negotiate_locale
from fastapi import Request, Response

from .language import Language

PARAMETER = COOKIE = "lang"
VARY = ("Accept-Language", "Cookie")
_ONE_YEAR_S = 365 * 86_400
_MOST = 20  # how many of a browser's languages are looked at


def language_of(request: Request, languages: Mapping[str, Language]) -> Language:
    """Tell the language to answer a request in."""
    chosen = (request.query_params.get(PARAMETER, ""), request.cookies.get(COOKIE, ""))
    return choose_language(chosen, request.headers.get("accept-language", ""), languages)


def choose_language(chosen: Iterable[str], accepted: str, languages: Mapping[str, Language]) -> Language:
    """Choose the first that was chosen, else what the browser accepts, else the first, which is the site's own."""
    known = next((code for code in chosen if code in languages), None)
    code = known or negotiate_locale(read_accepted(accepted), list(languages), sep="-") or next(iter(languages))
    return languages[code]


def read_accepted(header: str) -> list[str]:
    """Read the languages that a browser accepts, in small letters, the most wanted first."""
    weighted = [_weigh(part) for part in header.split(",")[:_MOST]]
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def was_asked_for(request: Request, language: Language) -> bool:
    """Tell whether it is the address that asks for a language."""
    return request.query_params.get(PARAMETER) == language.code


def keep_choice(request: Request, response: Response, languages: Mapping[str, Language], *, secure: bool) -> None:
    """Keep the language that an address chose, so that the next page is in it."""
    code = request.query_params.get(PARAMETER, "")
    if code in languages and code != request.cookies.get(COOKIE):
        response.set_cookie(COOKIE, code, _ONE_YEAR_S, httponly=True, samesite="lax", secure=secure)


def address_in(language: Language, query: Iterable[tuple[str, str]]) -> str:
    """Make the address, relative to a page with that query, of the same page in a language."""
    rest = [(name, value) for name, value in query if name != PARAMETER]
    return f"?{urlencode([*rest, (PARAMETER, language.code)])}"


def _weigh(part: str) -> tuple[float, str]:
    tag, _, parameters = part.strip().partition(";")
    name, _, weight = parameters.strip().partition("=")
    try:
        return float(weight) if name == "q" else 1, tag.strip().lower()
    except ValueError:
        return 0, tag
