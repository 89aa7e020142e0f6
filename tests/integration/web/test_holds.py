"""The watch sees a call that holds the interpreter, and no call that lets it go."""

import asyncio
import hashlib
import math
import time
from collections.abc import Iterator

import pytest
from argon2.low_level import Type, hash_secret_raw

from tests.in_process import loop_of_all
from tests.integration.web.holds.watch import ALLOWED_S, Watch, watching


@pytest.fixture(scope="module")
def watch() -> Iterator[Watch]:
    with watching(loop_of_all()) as watch:
        yield watch


def test_call_that_holds_the_interpreter_is_seen(watch: Watch) -> None:
    spent = watch.measure(lambda: sum(range(15_000_000)), allowed=math.inf)

    assert spent.hold > 0.9 * (spent.processor - 0.02)  # the rest are the turns of the watch
    assert spent.hold > 0.05


def test_loop_that_lets_others_have_turns_holds_nothing(watch: Watch) -> None:
    def count() -> None:
        ends = time.thread_time() + 0.3
        while time.thread_time() < ends:
            pass

    spent = watch.measure(count)

    assert spent.hold < ALLOWED_S < spent.processor


def test_loop_on_the_event_loop_that_lets_only_threads_have_turns_is_seen(watch: Watch) -> None:
    async def count() -> None:
        ends = time.thread_time() + 0.3
        while time.thread_time() < ends:
            pass

    spent = watch.measure(lambda: asyncio.run_coroutine_threadsafe(count(), loop_of_all()).result(), allowed=math.inf)

    assert spent.hold < ALLOWED_S < 0.3 <= spent.loop


def test_hash_that_lets_others_have_turns_holds_nothing(watch: Watch) -> None:
    def hash_twice() -> None:
        hash_secret_raw(b"ebb", b"saltsalt", 6, 65_536, 1, 32, Type.ID)
        hashlib.scrypt(b"ebb", salt=b"salt", n=2**14, r=8, p=2)

    spent = watch.measure(hash_twice)

    assert spent.hold < ALLOWED_S < spent.processor
