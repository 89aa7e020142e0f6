"""What stands around a letter: its subject, the day it was sent, the day it is read."""

import re
from dataclasses import dataclass
from datetime import date

from ...phrases.dates import find_dates
from ...phrases.subjects import strip_tags
from ...phrases.titles import QUOTED
from ...phrases.words import fold, word_list, words_of

_KIND = (
    r"(?:zoom|online|virtual|webinar|webinaire|webinario|web|event|evento|evenement|session|seminar|seminario|new"
    r"|an?|une?|una)"
)
_ASKS = r"(?:requests?|demandes?|solicitud|solicitamos|peticion|anfrage|requete|proposal|booking|inquiry|enquiry)"
_TO = r"(?:for|to|de|d'|pour|para|of|host|organi[sz]e|set|up|schedule|link|our|the|le|la|el)"
_ON = r"(?:\s*(?:[:–—-]+|,)\s*|\s+(?:on|about|sur|sobre|uber|re:?)\s+)"
_REQUEST = re.compile(rf"(?:please\s+)?(?:{_KIND}\s+)*{_ASKS}(?:\s+(?:{_TO}|{_KIND}))*(?:{_ON}|\s+(?=\d)|$)")
_NEEDED = re.compile(rf"(?:{_KIND}\s+)+(?:needed|required|wanted|please)(?:{_ON}|$)")
_OCCASION = re.compile(
    rf"(?:(?:zoom|online|new|next|upcoming)\s+)*(?:webinar|webinaire|webinario){_ON}"
    r"|zoom\s+(?:webinar|session|meeting)\s+(?:for|pour|para)\s+(?:the\s+)?"
)
_BEFORE_DAYS = frozenset(word_list("before_dates")) | {"du", "del", "de", "le", "el", "on", "vom", "am", "for", "pour"}
_GENERIC = frozenset(word_list("generic")) | frozenset(word_list("subjects_of_requests"))


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Subject and sender of a letter, the day it was sent and the day it is read, as far as they are known."""

    subject: str = ""
    sender: str = ""  # "Ada Lovelace <ada@example.org>"
    sent: date | None = None
    today: date | None = None

    @property
    def asks(self) -> bool:
        """Whether the subject says that the letter asks for an event."""
        bare = fold(strip_tags(self.subject))
        return bool(_REQUEST.match(bare) or _NEEDED.match(bare))

    @property
    def title(self) -> str:
        """The title that the subject holds, without "Re:", "Webinar request:"; empty if it holds none."""
        return cut_request(self.subject)


def cut_request(subject: str) -> str:
    """Remove from a subject what says only that something is asked for; return nothing if nothing else is said."""
    bare = strip_tags(subject).strip(" :-–—")
    for shape in (_REQUEST, _NEEDED, _OCCASION):
        if found := shape.match(fold(bare)):
            bare = strip_tags(bare[found.end() :]).strip(" :-–—")
    quoted = QUOTED.fullmatch(bare)
    bare = quoted["title"].strip() if quoted else bare
    rest = bare
    for day in reversed(find_dates(bare, yearless=True)):  # "Webinaire du 12 janvier"
        rest = rest[: day.begin] + rest[day.end :]
    generic = _GENERIC | _BEFORE_DAYS if rest != bare else _GENERIC
    return "" if generic.issuperset(words_of(rest)) else bare[:1].upper() + bare[1:]
