"""The memory of a password's hash goes back to the system as soon as it is checked."""

import platform
import subprocess
import sys

import pytest

from tests.root import ROOT

# tells by how many bytes the process is larger after hashes between which small blocks were taken and kept
PROGRAM = """
import os, runpy
from argon2 import PasswordHasher

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGESIZE")

memory = runpy.run_path("zoom_ops/web/process/memory.py")
memory["share_one_arena"]()
memory["return_large_blocks"]()
hasher = PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=1)
before, kept = resident(), []
for _ in range(3):
    hasher.hash("a long way to the harbour")
    kept.append([b"x" * 20_000 for _ in range(10)])
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_hash_of_a_password_leaves_no_memory_behind() -> None:
    program = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True)

    assert int(ended.stdout) < 8_000_000
