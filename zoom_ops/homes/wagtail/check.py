"""What a site with Wagtail needs, tried one after the other."""

from collections.abc import Iterator
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError, ZoomOpsError
from ..checks import check_clock
from ..errors import FormChangedError, MissingRightError, UnauthorizedError
from ..port import Finding
from .client import TRIED, Fields, Wagtail
from .rows import is_same, rows_of
from .settings import Settings


def iter_findings(client: Wagtail, settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Try address, token, clock, the fields of the page type, reading and writing. Nothing is written."""
    try:
        proof = client.prove()
    except UnauthorizedError:
        yield Finding(what="address", state="ok", sentence="The API v3 of Wagtail answers.")
        sentence = "Wagtail does not know the token: make one for the user whose name links are written in."
        yield Finding(what="credentials", state="missing", sentence=sentence)
        return
    except (ZoomOpsError, NotFoundError) as error:
        yield Finding(what="address", state="missing", sentence=f"There is no API v3 of Wagtail: {error}")
        return
    yield Finding(what="address", state="ok", sentence="The API v3 of Wagtail answers.")
    yield Finding(what="credentials", state="ok", sentence="Wagtail knows the token.")
    yield Finding(what="version", state="ok", sentence=f"It is the API v3; Wagtail {TRIED} was tried.")
    yield from check_clock(proof, clock.now())
    try:
        schema = client.fetch_schema()
    except NotFoundError:
        yield Finding(what="options", state="missing", sentence=f"There is no page type {settings.page_type}.")
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
        yield Finding(what="options", state="missing", sentence=sentence)
    rows = _properties(schema, "patch", names.recordings)
    needed = [name for name in (names.key, names.title, names.url, names.visibility) if name]
    closed = [names.recordings] if names.recordings not in writable else [name for name in needed if name not in rows]
    if closed:
        sentence = f"The API ignores {', '.join(closed)}: declare APIField(…, writable=True)."
        yield Finding(what="options", state="missing", sentence=sentence)
    missing = [name for name in (names.changed, names.live) if name and name not in readable]
    if missing:
        sentence = (
            f'The API does not show {", ".join(missing)}: add APIField, or give changed or live the name "" under'
            " [fields]; then each pull reads every page."
        )
        yield Finding(what="options", state="missing", sentence=sentence)


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
    except (ZoomOpsError, NotFoundError) as error:
        yield Finding(what="reading", state="missing", sentence=f"The pages cannot be listed: {error}")
        return
    sentence = f"{count:,} pages of {settings.page_type} can be read, {opened:,} of them by visitors too."
    yield Finding(what="reading", state="ok", sentence=sentence)
    yield _members(settings)
    if page_id is None:
        sentence = "Whether links can be written shows when there is a page that the token's user may change."
        yield Finding(what="writing", state="warning", sentence=sentence)
    else:
        yield _writing(client, settings, page_id)


def _members(settings: Settings) -> Finding:
    told = {
        "never": "Links for members are not written: the API shows every link of a page to all who may read it.",
        "private_pages": "Links for members are written to pages that visitors may not see; that is tried each time.",
        "template": "Links for members are written where visitors cannot ask the API; the template has to hide them.",
    }
    return Finding(what="members", state="ok", sentence=told[settings.members])


def _writing(client: Wagtail, settings: Settings, page_id: str) -> Finding:
    """Send a link without key, title and address, which Wagtail refuses after it checked the right."""
    missing = "Links cannot be written: give the user's group “Edit” and “Publish” on the section of the pages."
    names = settings.fields
    try:
        page, draft = client.fetch_page(page_id), client.fetch_page(page_id, "draft")
        before, publishes = rows_of(draft, names), is_same(page, draft)
        answer = client.try_rows(page_id, [*before, {names.key: "", names.title: "", names.url: ""}], publish=publishes)
        if answer.status == 200:  # this site wants none of them: take the empty row back
            client.write_rows(page_id, before, publish=publishes)
    except MissingRightError:
        return Finding(what="writing", state="missing", sentence=missing)
    except FormChangedError as error:
        return Finding(what="writing", state="missing", sentence=str(error))
    return Finding(what="writing", state="ok", sentence="Links can be written and published.")
