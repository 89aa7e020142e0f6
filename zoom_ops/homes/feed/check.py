"""What a feed needs, tried address by address."""

from collections.abc import Iterator, Mapping

from ...clock import Clock
from ...errors import ZoomOpsError
from ..answers import Answer
from ..checks import check_clock, missing, ok, warning
from ..errors import MissingRightError, UnauthorizedError
from ..list_memory import reading
from ..port import Finding
from .client import FeedClient, File, name_of
from .reading import FORMATS, read_file, recognise
from .settings import Settings


def check(settings: Settings, client: FeedClient, clock: Clock) -> Iterator[Finding]:
    """Yield what was found: for each file its format, its events and its validators; the clock once."""
    last: Answer | None = None
    for path in settings.paths:
        try:
            file = client.fetch(path)
        except (UnauthorizedError, MissingRightError) as error:
            yield missing("credentials", f"{name_of(path)}: {error} {_how(settings)}")
            continue
        except ZoomOpsError as error:
            yield missing("address", f"{name_of(path)}: {error}")
            continue
        last = file.answer
        yield _check_reading(file, client)
        yield _check_validators(file, client)
    if last:
        yield check_clock(last, clock)


def _how(settings: Settings) -> str:
    if settings.token:
        return f"Check the token and {settings.token_header}: the file holds the whole value, such as `Bearer abc`."
    return "Give the home a token, or open the address there."


def _check_reading(file: File, client: FeedClient) -> Finding:
    try:
        with reading():
            client.prepare(file.content)
            found = read_file(file, client.address(file.path))
        what = FORMATS[recognise(file)] if found else "a file"
    except ZoomOpsError as error:
        return missing("reading", str(error))
    broken = sum(isinstance(raw.content, Mapping) and "announced" not in raw.content for raw in found)
    sentence = f"{file.name} is {what} with {len(found):,} event{'' if len(found) == 1 else 's'}"
    if broken:
        sentence = f"{sentence}, {broken:,} of which cannot be read; a pull with --dry-run says why"
    return (warning if broken or not found else ok)("reading", f"{sentence}.")


def _check_validators(file: File, client: FeedClient) -> Finding:
    """Tell whether an unchanged file is sent again."""
    every_time = "so that all of it is sent every five minutes"
    if not file.version.headers():
        return warning("options", f"{file.name} comes without ETag and Last-Modified, {every_time}.")
    try:
        is_known = client.is_unchanged(file)
    except ZoomOpsError as error:
        return warning("options", f"{file.name}: {error}")
    if is_known:
        return ok("options", f"{file.name} is sent again only when it has changed.")
    sentence = f"{file.name} has an ETag or Last-Modified, and the server does not heed it, {every_time}."
    return warning("options", sentence)
