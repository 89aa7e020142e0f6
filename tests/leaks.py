"""Find secrets in what a reader gets, in whatever form they stand there."""

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
_SHORT = 12  # a passcode: looked for as a word of its own only, since a binary file holds many letters


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A secret, and what it is."""

    text: str
    kind: Kind = "other"


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What a reader may have, and why; the name of the reader is a pattern."""

    reader: str
    kind: Kind
    why: str


def find_leaks(
    secrets: Iterable[Secret], told: Mapping[str, bytes], allowed: Iterable[Allowed] = ()
) -> list[tuple[str, Kind, str]]:
    """List what readers got who may not have it: reader, kind of the secret, form; never the secret itself."""
    forms, rules = {secret: _different_forms_of(secret.text) for secret in secrets}, tuple(allowed)
    found = set()
    for reader, content in told.items():
        kinds = {rule.kind for rule in rules if re.fullmatch(rule.reader, reader)}
        theirs = [form for secret, its in forms.items() if secret.kind in kinds for _, form in its]
        content = reduce(lambda kept, form: kept.replace(form, b"(allowed)"), theirs, content)
        for secret, its in forms.items():
            found |= {(reader, secret.kind, name) for name, form in its if _holds(content, form, secret)}
    return sorted(found)


def assert_all_needed(secrets: Iterable[Secret], told: Mapping[str, bytes], allowed: Iterable[Allowed]) -> None:
    """Hold that each of these rules lets something through: so what is allowed was seen."""
    known, rules = tuple(secrets), tuple(allowed)
    for rule in rules:
        theirs = {reader: content for reader, content in told.items() if re.fullmatch(rule.reader, reader)}
        assert find_leaks(known, theirs, [other for other in rules if other != rule]), rule


def parts_of(link: str) -> list[str]:
    """List a link's own secrets: what stands behind the question mark."""
    return [value for _, value in parse_qsl(urlsplit(link).query) if len(value) > 5]


def forms_of(text: str) -> Iterator[tuple[str, bytes]]:
    """List the forms in which a text may stand somewhere, each with its name."""
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
    for before in range(3):  # base64 looks another way at each of three places
        encoded = base64.b64encode(bytes(before) + plain)
        cut = encoded[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6]
        yield f"in base64, place {before}", cut
        yield f"in base64 for addresses, place {before}", cut.replace(b"+", b"-").replace(b"/", b"_")


def _different_forms_of(text: str) -> tuple[tuple[str, bytes], ...]:
    """List the forms of a text, of those that look the same the first."""
    return tuple((name, form) for form, name in {form: name for name, form in reversed([*forms_of(text)])}.items())


def _holds(content: bytes, form: bytes, secret: Secret) -> bool:
    if form not in content or len(secret.text) > _SHORT:
        return form in content
    return bool(re.search(rb"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" % re.escape(form), content))
