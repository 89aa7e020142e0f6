"""A visitor who reads a page of both webs all the time."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import requests

_EVERY_S = 0.25


@dataclass(kw_only=True)
class Reader:
    """The number of requests, and of those that neither web answered."""

    asked: int = 0
    in_vain: int = 0


@contextmanager
def reader(webs: Sequence[str], event: str) -> Iterator[Reader]:
    """Read an event's page all the time during the block."""
    counted, over = Reader(), threading.Event()

    def read() -> None:
        while not over.wait(_EVERY_S):
            counted.asked += 1
            counted.in_vain += not any(_answers(url, event) for url in webs)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield counted
    finally:
        over.set()
        thread.join()


def _answers(url: str, event: str) -> bool:
    try:
        return requests.get(f"{url}/events/{event}", timeout=5).status_code == 200
    except requests.RequestException:
        return False
