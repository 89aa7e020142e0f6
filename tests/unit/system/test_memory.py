"""The memory of a process: large blocks are given back at once, though small ones stay between them."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of another allocator")
COUNTING = """
from pathlib import Path
from zoom_ops.system import memory

def taken():
    return int(Path("/proc/self/statm").read_text().split()[1])

memory.keep_small()
"""
LARGE = """
bytearray(4_000_000)  # freed: of itself, glibc takes blocks up to this size from the heap from now on
before, small = taken(), []
large = [(bytearray(200_000), small.append(bytes(600))) for _ in range(200)]
full = taken()
large.clear()
print(full - before, taken() - before)
"""


def test_large_blocks_are_given_back_at_once() -> None:
    full, left = count_pages(LARGE)

    assert full > 9_000  # pages of 4 kB
    assert left < full / 10


SCATTERED = """
memory.settle()
before = taken()
large = []
for place in range(400_000):
    large.append((place, float(place)))
    if place % 100 == 0:
        getattr(Path, f"name {place}", None)  # Python keeps the name in a cache
full = taken()
large.clear()
memory.tidy()
print(full - before, taken() - before)
"""


def test_small_blocks_are_given_back_after_much_work() -> None:
    full, left = count_pages(SCATTERED)

    assert full > 5_000
    assert left < full / 10


def count_pages(code: str) -> tuple[int, int]:
    """Run a program that counts its memory; return the pages that it took more at its fullest, and at its end."""
    done = subprocess.run([sys.executable, "-c", COUNTING + code], check=True, capture_output=True, text=True)
    full, left = map(int, done.stdout.split())
    return full, left
