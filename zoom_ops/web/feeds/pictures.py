"""Drawn preview pictures: made once, one at a time, by a process apart, while no thread of the pages waits."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict
from threading import Lock, Thread

import structlog

from ...errors import TemporaryError
from ...system.apart import run_apart
from .cards import Card
from .kept_pictures import KeptPictures

log = structlog.get_logger()
_MOST_WAITING = 20
_PATIENCE_S = 10.0  # for a picture, for which no thread waits; whoever asks again later finds it
_TIME_S = 10.0  # of the clock, on a busy machine; the process takes at most one second of a processor
_DRAWER = "zoom_ops.web.feeds.drawing"
_NONE = b""  # the picture of a card that cannot be drawn


class Pictures:
    """The pictures of a process. `draw` returns one, empty bytes for one that cannot be drawn, None if not now."""

    def __init__(self, kept: KeptPictures, draw: Callable[[Card], bytes | None] | None = None) -> None:
        self._kept, self._draw = kept, draw or draw_apart
        self._waiting: deque[tuple[Card, Future[bytes | None]]] = deque()
        self._asked: dict[Card, Future[bytes | None]] = {}  # waiting, or being drawn
        self._lock = Lock()
        self._thread: Thread | None = None

    def find(self, card: Card) -> bytes | None:
        """Return the picture of a card if it was made before, else None. Empty bytes: it cannot be drawn."""
        return self._kept.find(card.digest)

    async def make(self, card: Card) -> bytes:
        """Make the picture of a card; empty bytes if it cannot be drawn. Whoever asks meanwhile gets the same picture.

        Raise TemporaryError if many wait, or if it takes long.
        """
        asked = asyncio.wrap_future(self._ask(card))
        try:
            content = await asyncio.wait_for(asyncio.shield(asked), _PATIENCE_S)
        except TimeoutError:
            raise TemporaryError("The picture is being drawn.") from None
        if content is None:
            raise TemporaryError("The picture cannot be drawn just now.")
        return content

    def _ask(self, card: Card) -> "Future[bytes | None]":
        with self._lock:
            if card in self._asked:
                return self._asked[card]
            if len(self._waiting) >= _MOST_WAITING:
                raise TemporaryError("Other pictures are being drawn.")
            asked = self._asked[card] = Future[bytes | None]()
            self._waiting.append((card, asked))
            if self._thread is None:  # it ends when nothing waits
                self._thread = Thread(target=self._run, name="pictures", daemon=True)
                self._thread.start()
        return asked

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                card, asked = self._waiting.popleft()
            content = self._make(card)
            with self._lock:
                del self._asked[card]
            asked.set_result(content)

    def _make(self, card: Card) -> bytes | None:
        if (kept := self.find(card)) is not None:  # made since it was looked for
            return kept
        try:
            content = self._draw(card)
            if content is not None:
                self._kept.keep(card.digest, content)
        except Exception:
            log.exception("picture_not_drawn")
            return None
        return content


def draw_apart(card: Card) -> bytes | None:
    """Draw a card in a process of its own. Empty bytes if it takes over a second of a processor, None if not now.

    The renderer holds the interpreter while it draws, and cannot be interrupted.
    """
    try:
        ended = run_apart(_DRAWER, given=json.dumps(asdict(card)).encode(), time_s=_TIME_S)
    except (TimeoutError, OSError) as error:
        log.warning("picture_put_off", reason=str(error))
        return None
    if ended.was_stopped:
        log.warning("picture_dropped", card=card.digest)
        return _NONE
    if ended.reason:
        log.error("picture_not_drawn", card=card.digest, reason=ended.reason[:256])
        return None
    return ended.written
