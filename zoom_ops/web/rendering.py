"""Rendering of templates, with ETags for conditional requests."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from ..events import make_slug
from ..messages import Message, read_message
from ..planning import name_action, name_field
from ..stages import name_job
from .dependencies import holds_session, is_console, is_https, is_spoken, language_of, services_of, who_of
from .i18n.language import Language
from .i18n.negotiation import addresses_in, keep_choice, was_asked_for
from .kept.answer import COMPRESSED_FROM, OWN, SHARED, headers_if_known, is_named
from .kept.asked import understood
from .kept.keeping import may_keep
from .return_path import sign_in_path
from .sanitize import first_words, render_prose
from .static_files import asset_address
from .time_elements import mark_times
from .told import ConsoleWords

_FOR_ONE = (b"set-cookie", b"vary")  # what may differ between two readers of the same answer


def render(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render a page of the site, in the language of the request."""
    services, language = services_of(request), language_of(request)
    query = _query_of(request) if status < 400 else ()  # an error page echoes nothing of the request
    html = render_text(request, template, values, query)
    response = Response(html, status, headers=dict(headers or {}), media_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = language.code
    _vary(response, *(() if was_asked_for(request, language) else ("Accept-Language",)), "Cookie")
    keep_choice(request, response, services.languages, secure=is_https(request))
    return response


def render_text(
    request: Request, template: str, values: Mapping[str, Any], query: Sequence[tuple[str, str]] = ()
) -> str:
    """Render a template to text: a page, or a part of one."""
    services, language = services_of(request), language_of(request)
    # the link to another language asks for the page again, which would lose what was sent to it
    is_offered = is_spoken(request) and not (is_console(request) and request.method == "POST")
    others = services.languages.values() if is_offered else ()
    site = {
        "organisation": services.name_in(language),
        "branding": services.branding,
        "base_url": services.base_url,
        "path": request.url.path,
        "jobs": services.operations.jobs if services.operations else (),
        "who": who_of(request),
        "names_language": was_asked_for(request, language),
        "languages": addresses_in(others, query),
    }
    html = _environment(language).get_template(template).render(site=site, **values)
    return mark_times(html) if template.startswith("console/") else html


def unless_known(
    request: Request, response: Response, *, until: datetime | None = None, is_listed: bool = True
) -> Response:
    """Add an ETag to a response that depends on the reader; answer 304 if the client has it already.

    No cache may store a response for a signed-in user: neither a proxy nor a browser that others use. That of visitors
    is kept as `same_for_all` says.
    """
    _vary(response, "Cookie")
    if who_of(request):
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return same_for_all(request, response, until=until, is_listed=is_listed and not holds_session(request))


def same_for_all(
    request: Request, response: Response, *, until: datetime | None = None, is_listed: bool = True
) -> Response:
    """Add an ETag to a response that is the same for all readers; answer 304 if the client has it already.

    It is kept until something that it was read from changes, or until the moment at which it changes by the clock
    alone. Shared caches keep what `is_listed`, for a second.
    """
    tag = _tag_of(response)
    is_shared = is_listed and "set-cookie" not in response.headers
    response.headers.update({"ETag": tag, "Cache-Control": SHARED if is_shared else OWN})
    may_keep(request.scope, until)
    if not is_known(request, tag):
        return response
    if len(response.body) >= COMPRESSED_FROM:
        _vary(response, "Accept-Encoding")
    answer = Response(status_code=304)
    answer.raw_headers.extend(headers_if_known(response.raw_headers))
    return answer


def _tag_of(response: Response) -> str:
    """Return the tag of a body with its headers: a cache to which it is said to be known goes on giving both."""
    digest = sha256(response.body)
    for name, value in response.raw_headers:
        if name not in _FOR_ONE:
            digest.update(b"\n" + name + b":" + value)
    return f'"{digest.hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Return whether If-None-Match names a tag."""
    return is_named(tag, request.headers.get("if-none-match", ""))


def _query_of(request: Request) -> Sequence[tuple[str, str]]:
    """Return what stands in the links to other languages: of a public page what it understands."""
    query = request.query_params.multi_items()
    known = understood(request.url.path, query)
    return query if known is None else known


def _vary(response: Response, *names: str) -> None:
    known = response.headers.get("vary", "").split(", ")
    for name in names:
        if name not in known:
            response.headers.add_vary_header(name)


@lru_cache(maxsize=32)
def _environment(language: Language) -> Environment:
    """Build the Jinja environment of a language. Each language has its own, so that macros use its texts too."""
    environment = Environment(
        loader=PackageLoader("zoom_ops.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # it would look at the file of each template that a page includes
    )
    environment.filters |= {"prose": render_prose, "first_words": first_words, "initials": make_initials}
    environment.filters |= {"slug": make_slug, "name_action": name_action, "name_field": name_field}
    environment.filters |= {"name_job": name_job, "name_notification": name_notification, "steps": _link_commands}
    environment.filters["sign_in_path"] = sign_in_path
    environment.filters["told"] = language.tell
    environment.filters["listed"] = partial(_write_list, language)
    environment.globals |= {
        "asset": asset_address,
        "language": language,
        "kept": partial(render_kept, language),
        "kept_chart": partial(_render_chart, language),
        "_": language.say,
        "ngettext": language.say_many,
    }
    return environment


def render_kept(language: Language, macro: str, *values: Hashable) -> Markup:
    """Render lines of a list, one of them, a part of it, or a choice, by a macro of `list_line.html`.

    The latest are kept. Fewer of whole lists, of which one takes 12 kB, and of choices: one of 500 series takes 100 kB,
    and each value that a stranger makes up gives another.
    """
    return _RENDER.get(macro, _render_part)(language, "list_line.html", macro, *values)


def _render_chart(language: Language, macro: str, *values: Hashable) -> Markup:
    """Render a chart by a macro of `console/charts.html`. The latest are kept: each has some 7 kB."""
    return _render_drawn(language, "console/charts.html", macro, *values)


def _render_macro(language: Language, template: str, macro: str, *values: Hashable) -> Markup:
    macros: Any = _environment(language).get_template(template).module
    return Markup(getattr(macros, macro)(*values).strip())  # noqa: S704 - a macro escapes


_render_lines = lru_cache(maxsize=32)(_render_macro)
_render_choice = lru_cache(maxsize=32)(_render_macro)
_render_part = lru_cache(maxsize=1000)(_render_macro)
_RENDER = {"list_lines": _render_lines, "choice": _render_choice}
_render_drawn = lru_cache(maxsize=100)(_render_macro)


def name_notification(kind: str) -> str:
    """Return what a kind of Zoom's notifications, or of our messages, is called: "recording completed"."""
    return kind.replace(".", " ").replace("_", " ")


@pass_context
def _link_commands(context: Context, sentence: Message | str | dict[str, Any]) -> Markup:
    words = ConsoleWords(context["site"]["jobs"], context.get("names"))
    return Markup(words.tell(read_message(sentence)))  # noqa: S704 - escaped


def _write_list(language: Language, items: Iterable[Any], write: Callable[[Any], str] = escape) -> Markup:
    """Join values to one text; `write` is a macro of the template that renders each."""
    return Markup(language.write_list([str(escape(write(item))).strip() for item in items]))  # noqa: S704 - escaped just now


def make_initials(name: str) -> str:
    """Return the initials of a person's first and last name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
