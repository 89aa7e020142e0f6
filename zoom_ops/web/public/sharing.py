"""Links that pass a page on, by e-mail and to networks. A page loads nothing from these, and sends them no referrer."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from ...events import Event
from ..i18n.language import Language
from ..sanitize import shorten

_LONGEST_NAME = 200  # characters of a title in a link
_NETWORKS = {  # by the word of the setting: trade name, address, parameters
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", {"url": "{address}"}),
    "whatsapp": ("WhatsApp", "https://wa.me/", {"text": "{name} {address}"}),
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose", {"text": "{name} {address}"}),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php", {"u": "{address}"}),
    "telegram": ("Telegram", "https://t.me/share/url", {"url": "{address}", "text": "{name}"}),
    "x": ("X", "https://x.com/intent/post", {"text": "{name}", "url": "{address}"}),
}


@dataclass(frozen=True, kw_only=True)
class ShareLink:
    """A link that opens a new mail or post about a page."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """The address of a page, and the links that pass it on."""

    address: str
    links: tuple[ShareLink, ...]


def share_event(event: Event, base_url: str, networks: Iterable[str], language: Language) -> Sharing | None:
    """Build the links for an event's page; None for a draft, whose address leads nobody else anywhere."""
    if event.visibility == "draft":
        return None
    values = {"name": shorten(event.name, _LONGEST_NAME), "address": f"{base_url}/events/{event.id}"}
    mail = _fill({"subject": "{name}", "body": "{name}\r\n\r\n{address}"}, values)
    chosen = (_NETWORKS[network] for network in networks)
    posts = (ShareLink(name=name, address=f"{begin}?{_fill(form, values)}") for name, begin, form in chosen)
    return Sharing(
        address=values["address"],
        links=(ShareLink(name=language.say("E-mail"), address=f"mailto:?{mail}"), *posts),
    )


def _fill(form: dict[str, str], values: dict[str, str]) -> str:
    return urlencode({key: text.format(**values) for key, text in form.items()}, quote_via=quote)
