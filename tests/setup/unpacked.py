"""Programs of Debian's packages for tests, unpacked and not installed: installed, they would start services."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_QUIET = ("-qq", "-o", "APT::Sandbox::User=root")


@dataclass(frozen=True, kw_only=True)
class Unpacked:
    """Programs, the packages that hold them, and the folder of the packages in which they are."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    inside: str = "usr/bin"

    def find(self) -> Path | None:
        """Find the folder that holds all programs: one of PATH, else ours; or None."""
        folders = [*map(Path, os.get_exec_path()), self._folder / self.inside]
        return next((folder for folder in folders if self._are_in(folder)), None)

    def install(self) -> int:
        """Unpack the programs where they are missing; return an exit code. It needs no root, but apt's lists.

        What is interrupted leaves nothing behind that the next time would take for whole.
        """
        if self.find():
            return 0
        named = " and ".join(self.programs)
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            sys.stderr.write(f"This machine lacks {named}. Please put them on the PATH, then make again.\n")
            return 1
        sys.stdout.write(f"Unpacking {named} (apt-get download, once)...\n")
        with tempfile.TemporaryDirectory(dir=sys.prefix) as folder:
            if not self._unpack(Path(folder)):
                _update()
                if not self._unpack(Path(folder)):
                    sys.stderr.write(
                        f"This machine lacks {named}, and apt-get has none; try sudo apt-get update, or put them on "
                        "the PATH.\n"
                    )
                    return 1
            shutil.rmtree(self._folder, ignore_errors=True)
            (Path(folder) / "whole").rename(self._folder)
        return 0

    @property
    def _folder(self) -> Path:
        return Path(sys.prefix) / self.programs[0]

    def _unpack(self, folder: Path) -> bool:
        for name in self.packages:
            subprocess.run(("apt-get", *_QUIET, "download", name), cwd=folder, stderr=subprocess.DEVNULL, check=False)
        whole = folder / "whole"
        commands = [("dpkg-deb", "--extract", package, whole) for package in folder.glob("*.deb")]
        codes = [subprocess.run(command, check=False).returncode for command in commands]
        return not any(codes) and self._are_in(whole / self.inside)

    def _are_in(self, folder: Path) -> bool:
        return all(shutil.which(name, path=str(folder)) for name in self.programs)


# before promtool had a package of its own, it was in that of Prometheus: 33 MB to fetch, 172 MB unpacked
PROMETHEUS = Unpacked(programs=("prometheus", "promtool"), packages=("prometheus", "promtool"))
NGINX = Unpacked(programs=("nginx",), packages=("nginx",), inside="usr/sbin")  # half a megabyte
CADDY = Unpacked(programs=("caddy",), packages=("caddy",))  # 10 MB to fetch, 40 MB unpacked


def _update() -> None:
    if os.geteuid() == 0 or shutil.which("sudo"):
        root = () if os.geteuid() == 0 else ("sudo", "-n")
        subprocess.run((*root, "apt-get", "-qq", "update"), check=False)
