"""Names, descriptions and languages of a record."""

import html
import re

from bs4 import BeautifulSoup

from ...events import LANGUAGE_CODE, clean_line
from ...phrases.changes import doubt_of_title, title_says
from ...phrases.join_links import IN_A_TEXT, find_join_link
from ...phrases.language import guess_language
from ...phrases.status import cut_status
from ..changing import told_changes
from .draft import Draft
from .nodes import Node

MOST_CHARACTERS = 400_000  # of a description
_TAG = re.compile(r"</[a-zA-Z]|<br\s?/?>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")


def plain(text: str) -> str:
    """Return a text on one line, without the tags and entities of HTML; `markup` would part it into lines."""
    if _TAG.search(text[:5_000]):
        text = BeautifulSoup(text[:5_000], "html.parser").get_text(" ")
    elif _ENTITY.search(text):
        text = html.unescape(text)
    return clean_line(text)


def add_name(draft: Draft, node: Node, text: str = "") -> None:
    """Set the name. A word such as "CANCELLED" in it sets the status, and the name is held."""
    name = plain(text or node.text)
    if not name:
        draft.wrong(node, "name: there is none; expected the title of the event")
        return
    status, rest = cut_status(name)
    if status and rest and draft.fields.get("status", "scheduled") == "scheduled":
        draft.doubt("name", node, f"a word in it may be the status, {status}", (rest, name))
        draft.say("status", node, status)
        name = rest
    elif (word := title_says(name)) and draft.fields.get("status", "scheduled") == "scheduled":
        draft.doubt("name", node, doubt_of_title(word))
    draft.say("name", node, name)


def add_prose(draft: Draft, *nodes: Node) -> None:
    """Set the description from one or more texts. Simple HTML in them stays and is made safe where it is shown."""
    texts = [_prose(node.prose) for node in nodes]
    text = "\n\n".join(dict.fromkeys(filter(None, texts)))
    if not text:
        return
    node = next(node for node in nodes if node.prose.strip())
    if len(text) > MOST_CHARACTERS:
        draft.wrong(node, f"description: expected at most {MOST_CHARACTERS:,} characters, found {len(text):,}")
        return
    if find_join_link(text):
        draft.doubt("description", node, IN_A_TEXT)
    for name, reason, choices in told_changes(text, draft.fields.get("status")):
        draft.doubt(name, node, reason, choices)
    draft.say("description", node, text)


def add_language(draft: Draft, node: Node, text: str = "") -> None:
    """Set the language as given, else the one that name and description seem to be in."""
    code = (text or node.text).replace("_", "-")
    if re.fullmatch(LANGUAGE_CODE, code):
        draft.say("language", node, code)
    else:
        words = f"{draft.fields.get('name', '')}\n{plain(draft.fields.get('description', ''))}"
        draft.fields["language"] = guess_language(words)


def _prose(text: str) -> str:
    if not _TAG.search(text) and _ENTITY.search(text):
        text = html.unescape(text)
    return text.strip()
