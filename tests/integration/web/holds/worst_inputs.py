"""The worst inputs that are known, each named by what it attacks. A function fills so many bytes of UTF-8."""

from collections.abc import Callable

Fill = Callable[[int], str]


def of(unit: str, *, before: str = "", after: str = "") -> Fill:
    """Repeat a text until so many bytes are full."""
    fixed, each = len((before + after).encode()), len(unit.encode())
    return lambda size: before + unit * max(1, (size - fixed) // each) + after


def _different(size: int) -> str:
    """Fill with words of which no two are equal."""
    return " ".join(map(str, range(size // 7)))


TEXTS: dict[str, Fill] = {
    # normal forms, CVE-2026-3276: marks whose classes alternate; what becomes such marks; what becomes eighteen
    "marks that alternate": of("\u0301\u0327", before="a"),
    "marks after letters that are cut": of("a" + "\u0301\u0327" * 14),
    "signs that become marks": of("\uff9e\u0f73", before="a"),
    "a sign that becomes eighteen": of("\ufdfa"),
    "folding that makes three of one": of("\u0390\u1fb7"),
    "marks in a host": of("\u0301\u0327", before="https://a", after="/"),
    "marks at an address": of("\u0301\u0327", before="a@a"),
    # hosts: IDNA (CVE-2024-3651), half addresses, ports
    "labels of a host": of("\u00e4.", before="https://", after="/"),
    "joiners of a host": of("\u0660\u06f0", before="https://", after="/"),
    "half an IPv6 address": of(":", before="https://[", after="]/"),
    "user of an address": of("@:", before="https://"),
    "addresses": of("https://a.example/(), "),
    # patterns that go back, and scans that begin anew at each sign
    "spaces before a letter": of(" ", after="x"),
    "empty lines": of("\n", before="x", after="x"),
    "spaces and line ends": of(" \n", before="x", after="x"),
    "tabs": of("\t", before="x", after="x"),
    "openings of tags": of("<"),
    "names of tags": of("<a "),
    "openings of comments": of("<!--"),
    "declarations": of("<![CDATA["),
    "nested tags": of("<ul><li><b>"),
    "formatting across blocks": of("<b><p>"),
    "closings of tags": of("</p>"),
    "breaks": of("<br>"),
    "attributes": of(" a='", before="<a", after=">"),
    "references to signs": of("&#1", before="&"),
    "ampersands": of("&"),
    "percents": of("%"),
    "brackets": of("[("),
    "links of Markdown": of("[a](", before="<br>"),
    "emphasis": of("*_**a"),
    "quotes": of("\"'"),
    "commas": of("a,"),
    "semicolons": of(";a"),
    "colons": of("a:"),
    "dashes": of("a-"),
    "arrows": of("a: b \u2192 "),
    "bullets": of("\u2022 a\n"),
    "at signs": of("a@"),
    "an address for mail": of("a.", after="@example.org"),
    "back slashes": of("\\"),
    "dots and slashes": of("../"),
    "titles before names": of("Mr. "),
    "a long honorific": of("H.E. Prof. Dr. ", after="Amara Diallo"),
    "names": of("Amara Diallo, "),
    "capital letters": of("A"),
    "camel case": of("aA"),
    "zones": of("Europe/", after="Zurich"),
    "times": of("14:30 "),
    "days": of("8 March 2040, "),
    "days and times": of("2040-03-08T14:30:00+01:00/"),
    "encoded words of mail": of("=?utf-8?b?YQ==?= "),
    "keys of links": of("zopsk_a "),
    "openings of templates": of("{{%("),
    "command words": of("zoom-ops events import "),
    "code words": of("a_b"),
    # numbers, words, scripts
    "digits": of("9"),
    "digits of another script": of("\u0669"),
    "an exponent": of("9", before="1e"),
    "a weight": of("a;q=0.9,"),
    "ranges": of("0-1,", before="bytes="),
    "tags of a version": of('"1-0123456789abcdef",'),
    "pairs of a cookie": of("a=b; "),
    "words": _different,
    "Chinese": of("\u6d77\u6e2f"),
    "Arabic": of("\u0627\u0628\u0640"),
    "right to left": of("\u202e\u05d0"),
    "joined emoji": of("\U0001f469\u200d"),
    "signs that are removed": of("\u200b\ufeff"),
    "one letter": of("a"),
}


def nested(size: int) -> bytes:
    """Fill with lists in lists."""
    return b"[" * (size // 2) + b"]" * (size // 2)


def keys(size: int) -> bytes:
    """Fill an object with different keys."""
    pairs = ",".join(f'"k{number:06}":1' for number in range(max(1, size // 12)))
    return b"{" + pairs.encode() + b"}"


DOCUMENTS: dict[str, Callable[[int], bytes]] = {
    "nested lists": nested,
    "nested objects": lambda size: b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6),
    "half of nested lists": lambda size: b"[" * size,
    "different keys": keys,
    "one key again": lambda size: b"{" + b'"name":1,' * (size // 9 - 2) + b'"name":1}',
    "a number of many digits": lambda size: b'{"duration":' + b"9" * (size - 20) + b"}",
    "a number with an exponent": lambda size: b'{"duration":1e' + b"9" * (size - 20) + b"}",
    "escapes": lambda size: b'{"name":"' + rb"\ud800" * (size // 6 - 4) + b'"}',
    "blanks": lambda size: b" " * (size - 2) + b"{}",
    "bytes that are no text": lambda size: b"\xff" * size,
    "zeros": bytes,
}
