"""What zoom_ops needs of a site in WordPress, tried one after the other."""

import re
from collections.abc import Iterator

from ...clock import Clock
from ...errors import ZoomOpsError
from .. import paragraphs
from ..checks import answers, missing, ok, said, warning
from ..errors import HomeDownError, MissingRightError, UnauthorizedError
from ..port import Entry, Finding
from ..values import Fields, fields_of, objects, text, texts
from .client import WordPress
from .listing import Listing
from .settings import Settings
from .writing import TRIAL

_OLDEST = (6, 5)  # before it, the block editor forgets the name of a block
_TESTED = (6, 8)
_VERSION = re.compile(rb"<generator>https://wordpress\.org/\?v=(\d{1,3})\.(\d{1,3})")
_SAMPLE = Entry(key="check", part=1, title="Recording", url="https://example.org/?a=1&b=2", visibility="public")


def iter_findings(site: WordPress, settings: Settings, listing: Listing, clock: Clock) -> Iterator[Finding]:
    """Try the address, the credentials, reading, writing, and what else can go wrong. A draft is made and deleted."""
    try:
        answer = site.http.get("wp-json/")
        root = answer.json_object()
    except HomeDownError as error:
        yield missing("address", f"{said(error)}. See whether the site runs, and whether this is it: {site.http.url}")
        return
    except ZoomOpsError as error:
        hint = "Choose permalinks other than Plain under Settings → Permalinks, and let the REST API be on"
        yield missing("address", f"{site.http.url}/wp-json/ is no REST API of WordPress: {said(error)}. {hint}.")
        return
    if "wp/v2" not in texts(root.get("namespaces")):
        yield missing("address", f"{site.http.url}/wp-json/ is not the REST API of a WordPress (no wp/v2).")
        return
    yield from answers("The REST API of WordPress", answer, _version(site), clock)
    try:
        me = site.http.get("wp-json/wp/v2/users/me", params={"context": "edit"}).json_object()
    except ZoomOpsError as error:
        yield missing("credentials", _why_refused(error, root))
        return
    rights, roles = fields_of(me.get("capabilities")), texts(me.get("roles"))
    yield ok("credentials", f"{settings.login} is known, as {', '.join(roles) or 'nobody'}.")
    yield from _of_type(site, settings, listing, rights)


def _why_refused(error: ZoomOpsError, root: Fields) -> str:
    if not isinstance(error, UnauthorizedError):
        return f"Whose credentials these are cannot be asked: {said(error)}."
    if "application-passwords" not in fields_of(root.get("authentication")):
        return (
            "The site takes no application passwords: it needs https, and a security plugin may have switched them off"
            " (Users → Profile → Application Passwords)."
        )
    return (
        "The site does not accept the login and its application password: make a new one under Users → Profile →"
        " Application Passwords; if it is right, the web server does not pass the header Authorization on to PHP"
        " (Apache: CGIPassAuth On)."
    )


def _of_type(site: WordPress, settings: Settings, listing: Listing, rights: Fields) -> Iterator[Finding]:
    try:
        found = site.http.get("wp-json/wp/v2/types", params={"context": "edit"}).json_object()
    except ZoomOpsError as error:
        yield missing("reading", f"{settings.login} may not edit anything: {said(error)}. Give it the role Editor.")
        yield missing("writing", "The account needs the role Editor.")
        return
    types = objects(list(found.values()))
    of_type = next((each for each in types if each.get("rest_base") == settings.type), None)
    if of_type is None:
        known = ", ".join(sorted(text(each.get("rest_base")) for each in types))
        yield missing(
            "reading", f"The site has no {settings.type}, or the account may not edit them. It may edit {known}."
        )
        yield missing("writing", f"The account may not edit {settings.type}: give it the role Editor.")
        return
    yield _reading(settings, listing)
    yield _writing(site, of_type, rights)
    yield from _options(settings, of_type, rights)


def _reading(settings: Settings, listing: Listing) -> Finding:
    try:
        total = listing.count()
    except ZoomOpsError as error:
        return missing("reading", f"The {settings.type} cannot be listed: {said(error)}.")
    if not total:
        return warning("reading", f"None of the {settings.type} fit the home's file.")
    return ok("reading", f"Events among the {settings.type}: {total:,}.")


def _writing(site: WordPress, of_type: Fields, rights: Fields) -> Finding:
    names = fields_of(of_type.get("capabilities"))
    needed = [text(names.get(name)) or name for name in ("edit_posts", "edit_others_posts", "edit_published_posts")]
    if lacking := [name for name in needed if not rights.get(name)]:
        return missing("writing", f"The account lacks {', '.join(lacking)}: give it the role Editor.")
    written = paragraphs.place("", _SAMPLE)
    try:
        draft, stored = site.make_draft(TRIAL, written)
        site.delete(draft)
    except MissingRightError:
        return missing("writing", "A draft cannot be made and deleted: give the account the role Editor.")
    except ZoomOpsError as error:
        return missing("writing", f"A draft cannot be made and deleted: {said(error)}.")
    if stored != written:
        return missing("writing", "The site changes what is written to it: a plugin filters the content of pages.")
    return ok("writing", "A draft with a link was made, read back and deleted.")


def _options(settings: Settings, of_type: Fields, rights: Fields) -> Iterator[Finding]:
    names = fields_of(of_type.get("capabilities"))
    if not fields_of(of_type.get("supports")).get("revisions"):
        sentence = (
            f"The {settings.type} have no revisions, so what somebody saves in the moment of a write can be lost."
        )
        yield warning("options", sentence)
    if not rights.get("unfiltered_html"):
        sentence = "The account may not write all HTML: a page with a script or a frame gets no link (unfiltered_html)."
        yield warning("options", sentence)
    private = [text(names.get(name)) or name for name in ("read_private_posts", "edit_private_posts")]
    if settings.members_see and (lacking := [name for name in private if not rights.get(name)]):
        yield missing("members", f"The account lacks {', '.join(lacking)}: give it the role Editor.")
    elif settings.members_see:
        yield ok("members", f"Links for members are written to private pages only, for {settings.members_see}.")
    else:
        yield ok("members", "No link for members is written: members_see does not say who reads the private pages.")


def _version(site: WordPress) -> Finding:
    try:
        match = _VERSION.search(site.http.get("", params={"feed": "rss2"}).body)
    except ZoomOpsError:
        match = None
    if match is None:
        return warning("version", "The site does not say its version; 6.8 was tested.")
    version = (int(match[1]), int(match[2]))
    said = f"{version[0]}.{version[1]}"
    if version < _OLDEST:
        return missing("version", f"WordPress {said} is too old: 6.5 or a newer one is needed.")
    if version < _TESTED:
        return warning("version", f"WordPress {said} was not tested; 6.8 was.")
    return ok("version", f"WordPress {said}.")
