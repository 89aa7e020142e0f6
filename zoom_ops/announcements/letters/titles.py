"""The title and the series in a sentence to an operator: 'a webinar entitled "Clean hands"'."""

import re
from collections.abc import Container
from dataclasses import replace

from ...phrases.titles import QUOTED
from ...phrases.words import fold
from ..lines import Line
from .envelope import cut_request

_NAMED = re.compile(  # "entitled Clean hands"
    r"(?i)\b(?:entitled|titled|called|with the title|on the topic of|intitulée?|titulad[oa])\s*:?\s*"
    r"(?P<title>(?-i:[A-ZÀ-Þ])[^.,;]{3,200}?)(?=\s+(?:on|for|at|le|el|am)\s|[.,;]|$)"
)
_STATED = re.compile(  # "The title is Clean hands."
    r"(?i)(?:(?:the|our|le|el)\s+)?(?:title|topic|titre|titulo|título)\s+"
    r"(?:is|will be|would be|should be|est|sera|es|será)\s*:?\s+(?P<title>\S.{2,200}?)[.\s]*$"
)
_INTRODUCED = re.compile(  # 'Title is "Clean hands"', "a webinar called “Clean hands”", "il s'agit de « … »"
    r"(?i)(?:\b(?:title|topic|titre|titulo|título|titel|thème)\b|\b(?:s['’]agit|trata)\s+d|"
    r"\b(?:webinar\w*|session|sesión|séance|seminar\w*|talk|event|webinaire)\b[^.?!]{0,60}?"
    r"\b(?:called|entitled|named|titled|intitulée?|titulad[oa]|namens)\b)[\w\s:,]{0,20}(?=[“\"«„])"
)
_SERIES = re.compile(  # "of our series Digital health Tuesdays on"
    r"(?i:\b(?:series|série|serie|ciclo|cycle)\s+(?:(?:de|of|called)\s+)?)"
    r"(?:[“\"«„](?P<quoted>[^“”\"«»„]{3,200})[”\"»“]"
    r"|(?P<plain>[A-ZÀ-Þ][\w’'&-]*(?:\s+(?!(?:on|from|at|for|to|le|el)\b)[\w’'&-]+){0,7}))"
)


def states_title(sentence: str) -> bool:
    """Check whether a sentence says only the title."""
    return bool(_STATED.match(sentence))


def introduces_title(sentence: str) -> bool:
    """Check whether a sentence names the title in quotation marks."""
    return bool(_INTRODUCED.search(sentence))


def title_in(line: Line, sentence: str, not_these: Container[str]) -> Line | None:
    """Find the title in a sentence of a line; `not_these`, folded, are none."""
    led = _INTRODUCED.search(sentence)
    quoted = [each for each in QUOTED.findall(sentence, led.end() if led else 0) if fold(each).strip() not in not_these]
    named = _NAMED.search(sentence) or _STATED.match(sentence)
    title = cut_request(quoted[0] if quoted else named["title"] if named else "")
    return replace(line, text=title, raw=sentence) if title else None


def series_in(line: Line, sentence: str) -> Line | None:
    """Find the name of the series in a sentence of a line."""
    found = _SERIES.search(sentence)
    return replace(line, text=(found["quoted"] or found["plain"]).strip(), raw=sentence) if found else None
