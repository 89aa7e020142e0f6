"""A running `zoom-ops demo` in a folder that holds everything it can write."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from tests.acceptance.installation import PROGRAM, a_clean_environment

STEPS = ("Imported", "Webinar", "6 panelists seated", "Held", "Recording processed", "Published", "link plays")
"""The steps of its story, in order."""


class Demo:
    """A running `zoom-ops demo` in an empty folder."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self.scratch, home = folder / "scratch", folder / "home"
        for path in (self.scratch, home):
            path.mkdir(parents=True)
        self._out = (folder / "out").open("w+b")
        surroundings = a_clean_environment() | {"TMPDIR": str(self.scratch), "HOME": str(home)} | environ
        self.process = subprocess.Popen(
            [PROGRAM, "demo", *arguments], cwd=folder, env=surroundings, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self._out, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def end(self, code: int = 0) -> str:
        """Wait for its end and return everything that it printed."""
        ended = self.process.wait(timeout=60)
        assert ended == code, self.said
        assert "Traceback" not in self.said
        assert self.left_behind() == []
        return self.said

    def interrupt(self) -> None:
        """Press Ctrl-C, which signals every process of a terminal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def left_behind(self) -> list[str]:
        """List the processes and files of this demo that still exist."""
        commands = [path.read_bytes().decode("utf-8", "replace") for path in self.command_lines()]
        return [*commands, *(path.name for path in self.scratch.iterdir())]

    def command_lines(self) -> Iterator[Path]:
        """Yield the `cmdline` files of its processes, its own included."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                yield stat.with_name("cmdline")

    def environ_of(self, command: str) -> dict[str, str]:
        """Return the environment of its child process with this command."""
        (line,) = (path for path in self.command_lines() if f"\0{command}\0".encode() in path.read_bytes())
        pairs = line.with_name("environ").read_bytes().decode().split("\0")
        return dict(pair.split("=", 1) for pair in pairs if pair)

    def keep(self, folder: Path) -> None:
        """Link each of its files into `folder`, so that the content survives their removal."""
        shutil.copytree(self.scratch, folder, copy_function=os.link)

    @property
    def page(self) -> str:
        """The address of the event page in its output."""
        return re.findall(r"^  (http://\S+)$", self.said, re.MULTILINE)[0]

    @property
    def password(self) -> str:
        """The password in its output."""
        return re.findall(r"with the password (\S+)$", self.said, re.MULTILINE)[0]

    @property
    def said(self) -> str:
        """Its output so far."""
        self._out.flush()
        return Path(self._out.name).read_bytes().decode("utf-8", "replace")

    def sign_in(self) -> str:
        """Sign in with the credentials in its output and return the next page."""
        site = self.page.partition("/events/")[0]
        with requests.Session() as browser:
            browser.post(f"{site}/sign-in", data={"login": "operator", "password": self.password}, timeout=60)
            return browser.get(site, timeout=60).text


@contextmanager
def port_taken() -> Iterator[None]:
    """Let a process listen on port 8000 during the block; another one may do so already."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        yield
