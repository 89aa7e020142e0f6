"""A page, a post or an entry of another type, as WordPress gives it to an editor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from .. import paragraphs
from ..errors import StrangeAnswerError
from ..port import Raw, Shown
from ..values import Fields, digest, number, pick_labels

PUBLIC = "publish"
PRIVATE = "private"
TRASHED = "trash"
FIELDS = "id,link,status,password,parent,categories,tags,title,content,modified_gmt,_links,_embedded"
_UNFILTERED = "wp:action-unfiltered-html"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page. `content` is its source, `html` what visitors see of it; readers are told only the latter."""

    id: str
    link: str
    status: str
    password: str = field(repr=False)
    is_protected: bool  # visitors need a password, which only editors are told
    title: str
    content: str = field(repr=False)
    html: str = field(repr=False)
    labels: tuple[str, ...]
    unfiltered: bool  # the account may write any HTML, so all that people wrote here survives its writes

    @property
    def is_public(self) -> bool:
        """Whether every visitor reads it."""
        return self.status == PUBLIC and not self.is_protected

    @property
    def is_hidden(self) -> bool:
        """Whether visitors are kept out for as long as people leave it so. A draft is not: it will be published."""
        return self.status == PRIVATE or self.is_protected

    @property
    def hiding(self) -> Mapping[str, str]:
        """What a write says to keep it hidden."""
        if self.status == PRIVATE:
            return {"status": PRIVATE}
        return {"password": self.password} if self.password else {}

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Our entries in it."""
        return paragraphs.shown_in(self.content, is_hidden=self.is_hidden)

    @property
    def fingerprint(self) -> str:
        """A digest of what people wrote."""
        written = paragraphs.without_ours(self.content)
        parts = [self.title, written, self.status, self.is_protected, self.link, sorted(self.labels)]
        return digest(parts)


def parse_page(record: Any) -> Page:
    """Read the JSON of a page, as its editors or its readers get it. Raise StrangeAnswerError for anything else."""
    try:
        title, content, password = record["title"], record["content"], record.get("password") or ""
        return Page(
            id=id_of(record),
            link=_text(record["link"]),
            status=_text(record["status"]),
            password=_text(password),
            is_protected=bool(password) or content.get("protected") is True,
            title=_text(title["raw"] if "raw" in title else title["rendered"]),
            content=_text(content["raw"] if "raw" in content else content["rendered"]),
            html=_text(content.get("rendered", "")),
            labels=pick_labels(_iter_labels(record.get("_embedded"))),
            unfiltered=_UNFILTERED in (record.get("_links") or {}),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise StrangeAnswerError("WordPress answered with another JSON than that of a page.") from None


def number_of(record: Fields) -> int:
    """Return the number of a page, a revision or a category. Raise StrangeAnswerError where there is none."""
    if (known := number(record.get("id"))) <= 0:
        raise StrangeAnswerError("WordPress answered with something that has no number.")
    return known


def id_of(record: Fields) -> str:
    """Return the id of a page; see `number_of`."""
    return str(number_of(record))


def build_raw(record: Mapping[str, Any]) -> Raw:
    """Return a page as a record that is not read yet. The password of the page is left out."""
    page = parse_page(record)
    content = {name: value for name, value in record.items() if name != "password"}
    links = tuple(shown.glimpse("title", "url", "visibility", "digest") for shown in page.shown)
    return Raw(id=page.id, fingerprint=page.fingerprint, content=content, links=links)


def _iter_labels(embedded: Any) -> Iterator[str]:
    """Yield the names and the slugs of the categories, the tags and the terms of other taxonomies."""
    for terms in (embedded or {}).get("wp:term", ()):
        for term in terms:
            if "name" in term:  # else it is an error
                yield unescape(_text(term["name"]))
                yield _text(term["slug"])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
