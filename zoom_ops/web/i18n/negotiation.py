"""The choice of a page's language: from its address, the cookie, the browser, the site's default."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import quote_plus, urlencode

from babel import negotiate_locale
from fastapi import Request, Response

from .language import Language

PARAMETER = COOKIE = "lang"
_ONE_YEAR_S = 365 * 86_400
_MOST = 20  # how many languages of Accept-Language count


def language_of(request: Request, languages: Mapping[str, Language]) -> Language:
    """Return the language of the answer to a request."""
    chosen = (request.query_params.get(PARAMETER, ""), request.cookies.get(COOKIE, ""))
    return choose_language(chosen, request.headers.get("accept-language", ""), languages)


def choose_language(chosen: Iterable[str], accepted: str, languages: Mapping[str, Language]) -> Language:
    """Return the first known language of `chosen`, else one that the browser accepts, else the site's default."""
    return languages[choose_code(chosen, accepted, tuple(languages))]


def choose_code(chosen: Iterable[str], accepted: str, codes: Sequence[str]) -> str:
    """Choose the code of a language as `choose_language` does; the site's default is the first of `codes`."""
    known = next((code for code in chosen if code in codes), None)
    return known or negotiate_locale(read_accepted(accepted), codes, sep="-") or codes[0]


def read_accepted(header: str) -> list[str]:
    """Parse Accept-Language into lower-case tags, the highest weight first."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(",")[:_MOST]:
        tag, _, parameters = part.strip().partition(";")
        name, _, weight = parameters.strip().partition("=")
        with suppress(ValueError):  # a weight that is no number
            weighted.append((float(weight) if name == "q" else 1, tag.strip().lower()))
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def was_asked_for(request: Request, language: Language) -> bool:
    """Return whether the address names this language."""
    return request.query_params.get(PARAMETER) == language.code


def keep_choice(request: Request, response: Response, languages: Mapping[str, Language], *, secure: bool) -> None:
    """Store the language of the address in a cookie, so that the next page uses it."""
    code = request.query_params.get(PARAMETER, "")
    if code in languages and code != request.cookies.get(COOKIE):
        set_choice(response, code, secure=secure)


def set_choice(response: Response, code: str, *, secure: bool) -> None:
    """Set the cookie of a chosen language."""
    response.set_cookie(COOKIE, code, _ONE_YEAR_S, httponly=True, samesite="lax", secure=secure)


def addresses_in(languages: Iterable[Language], query: Iterable[tuple[str, str]]) -> list[tuple[Language, str]]:
    """List languages, each with the relative address of the same page in it, with its query."""
    rest = urlencode([(name, value) for name, value in query if name != PARAMETER])
    before = f"?{rest}&{PARAMETER}=" if rest else f"?{PARAMETER}="
    return [(language, f"{before}{quote_plus(language.code)}") for language in languages]
