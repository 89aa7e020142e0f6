"""Search for secrets, in many encodings, in the content that readers get."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

Kind = Literal[
    "join link",
    "panelist link",
    "share link",
    "play passcode",
    "passcode",
    "other",
    "our own",
    "password",
    "session",
    "token",
]
_SHORT = 12  # a short secret, such as a passcode, must match as a separate word, since a binary file has many letters


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A secret and its kind."""

    text: str
    kind: Kind = "other"


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """A kind of secret that a reader may have, and why; `reader` is a regular expression for names."""

    reader: str
    kind: Kind
    why: str


def find_leaks(
    secrets: Iterable[Secret], contents: Mapping[str, bytes], allowed: Iterable[Allowed] = ()
) -> list[tuple[str, Kind, str]]:
    """List the secrets that readers got without permission: reader, kind, form; never the secret itself."""
    forms, rules = {secret: _different_forms_of(secret.text) for secret in secrets}, tuple(allowed)
    leaks = set()
    for reader, content in contents.items():
        kinds = {rule.kind for rule in rules if re.fullmatch(rule.reader, reader)}
        permitted = [form for secret, its_forms in forms.items() if secret.kind in kinds for _, form in its_forms]
        content = reduce(lambda text, form: text.replace(form, b"(allowed)"), permitted, content)
        for secret, its_forms in forms.items():
            leaks |= {(reader, secret.kind, name) for name, form in its_forms if _holds(content, form, secret)}
    return sorted(leaks)


def assert_all_needed(secrets: Iterable[Secret], contents: Mapping[str, bytes], allowed: Iterable[Allowed]) -> None:
    """Assert that each rule permits something that a reader got: so none is superfluous."""
    known, rules = tuple(secrets), tuple(allowed)
    for rule in rules:
        theirs = {reader: content for reader, content in contents.items() if re.fullmatch(rule.reader, reader)}
        assert find_leaks(known, theirs, [other for other in rules if other != rule]), rule


def parts_of(link: str) -> list[str]:
    """List the secrets of a link: the longer values of its query string."""
    return [value for _, value in parse_qsl(urlsplit(link).query) if len(value) > 5]


def forms_of(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the encoded forms of a text, each with its name."""
    plain = text.encode()
    yield "as it is", plain
    yield "in an address", quote(text, safe="").encode()
    yield "in an address, twice", quote(quote(text, safe=""), safe="").encode()
    yield "in a path", quote(text).encode()
    yield "in a form", quote_plus(text).encode()
    yield "in HTML", html.escape(text).encode()
    yield "in HTML, by number", html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;").encode()
    yield "in JSON", json.dumps(text)[1:-1].encode()
    yield "in JSON, with its slashes", json.dumps(text)[1:-1].replace("/", "\\/").encode()
    yield "in JSON for HTML", json.dumps(text)[1:-1].replace("&", "\\u0026").replace("<", "\\u003c").encode()
    yield "in hexadecimal", plain.hex().encode()
    yield "as UTF-16", text.encode("utf-16-le")
    for before in range(3):  # base64 differs at each of three offsets
        encoded = base64.b64encode(bytes(before) + plain)
        cut = encoded[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6]
        yield f"in base64, place {before}", cut
        yield f"in base64 for addresses, place {before}", cut.replace(b"+", b"-").replace(b"/", b"_")


def _different_forms_of(text: str) -> tuple[tuple[str, bytes], ...]:
    """List the distinct forms of a text, each with the name of the first equal one."""
    return tuple((name, form) for form, name in {form: name for name, form in reversed([*forms_of(text)])}.items())


def _holds(content: bytes, form: bytes, secret: Secret) -> bool:
    if form not in content or len(secret.text) > _SHORT:
        return form in content
    return bool(re.search(rb"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" % re.escape(form), content))
