"""What a site with Wagtail needs, tried one after the other."""

from collections.abc import Iterator
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError, ZoomOpsError
from ..checks import check_clock, missing, ok, said, warning
from ..errors import MissingRightError, UnauthorizedError
from ..port import Finding
from ..values import Fields
from .client import TRIED, Wagtail
from .settings import Settings


def iter_findings(client: Wagtail, settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Try address, token, clock, the fields of the page type, reading and writing. Nothing is written."""
    try:
        proof = client.prove()
    except UnauthorizedError:
        yield ok("address", "The API v3 of Wagtail answers.")
        sentence = "Wagtail does not know the token: make one for the user whose name links are written in."
        yield missing("credentials", sentence)
        return
    except ZoomOpsError as error:
        yield missing("address", f"There is no API v3 of Wagtail: {said(error)}.")
        return
    yield ok("address", "The API v3 of Wagtail answers.")
    yield ok("credentials", "Wagtail knows the token.")
    yield ok("version", f"It is the API v3; Wagtail {TRIED} was tried.")
    yield check_clock(proof, clock)
    try:
        schema = client.fetch_schema()
    except NotFoundError:
        yield missing("options", f"There is no page type {settings.page_type}.")
        return
    except ZoomOpsError as error:
        yield missing("options", f"The fields of the page type cannot be read: {said(error)}.")
        return
    problems = list(_options(schema, settings))
    yield from problems
    yield from _pages(client, settings, may_write=not any(found.state == "missing" for found in problems))


def _options(schema: Fields, settings: Settings) -> Iterator[Finding]:
    """Compare the fields of the page type with the names in the settings: Wagtail ignores a field that is not
    writable, and says nothing."""
    names = settings.fields
    readable, writable = _properties(schema, "read"), _properties(schema, "patch")
    read = (names.start, names.end, names.timezone, names.venue, names.body, names.speakers, names.recordings)
    if unknown := [name for name in read if name and name not in readable]:
        sentence = f"The API does not show {', '.join(unknown)}: add APIField, or say other names under [fields]."
        yield missing("options", sentence)
    rows = _properties(schema, "patch", names.recordings)
    needed = [name for name in (names.key, names.title, names.url, names.visibility) if name]
    closed = [names.recordings] if names.recordings not in writable else [name for name in needed if name not in rows]
    if closed:
        sentence = f"The API ignores {', '.join(closed)}: declare APIField(…, writable=True)."
        yield missing("options", sentence)
    if hidden := [name for name in (names.changed, names.live) if name and name not in readable]:
        sentence = (
            f'The API does not show {", ".join(hidden)}: add APIField, or give changed or live the name "" under'
            " [fields]; then each pull reads every page."
        )
        yield missing("options", sentence)


def _properties(schema: Fields, form: str, relation: str = "") -> frozenset[str]:
    """Return the names in a form of the schema, or in the rows of a relation of it."""
    whole: Any = schema.get(form)
    try:
        properties = whole["properties"]
        if relation:
            name = properties[relation]["items"]["$ref"].rpartition("/")[2]
            properties = whole["$defs"][name]["properties"]
        return frozenset(properties)
    except (KeyError, TypeError, AttributeError):
        return frozenset()


def _pages(client: Wagtail, settings: Settings, *, may_write: bool) -> Iterator[Finding]:
    try:
        count, opened = client.count_pages()
        page_id = next(client.iter_ids(), None) if may_write and count else None
    except ZoomOpsError as error:
        yield missing("reading", f"The pages cannot be listed: {said(error)}.")
        return
    sentence = f"{count:,} pages of {settings.page_type} can be read, {opened:,} of them by visitors too."
    yield ok("reading", sentence)
    yield _members(settings)
    if page_id is None:
        sentence = "Whether links can be written shows when there is a page that the token's user may change."
        yield warning("writing", sentence)
    else:
        yield _writing(client, page_id)


def _members(settings: Settings) -> Finding:
    told = {
        "never": "Links for members are not written: the API shows every link of a page to all who may read it.",
        "private_pages": "Links for members are written to pages that visitors may not see; that is tried each time.",
    }
    return ok("members", told[settings.members])


def _writing(client: Wagtail, page_id: str) -> Finding:
    try:
        client.try_writing(page_id)
    except MissingRightError:
        how = "give the user's group “Edit” and “Publish” on the section of the pages"
        return missing("writing", f"Links cannot be written: {how}.")
    except ZoomOpsError as error:
        return missing("writing", f"Links cannot be written: {said(error)}.")
    return ok("writing", "Links can be written and published.")
