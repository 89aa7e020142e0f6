"""Real systems that hold event records, started by hand: install, start and stop.

python -m tests.homes.systems install                      every system, or those that are named
python -m tests.homes.systems start kinto --dir DIR        prints how to reach it, and stays until Ctrl-C
python -m tests.homes.systems start kinto --dir DIR --detach
python -m tests.homes.systems stop --dir DIR
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from tests.homes.systems.packages import ensure_packages
from tests.homes.systems.place import PlaceError, open_place
from tests.homes.systems.starting import Starting, enter, save_result, stop_folder
from tests.homes.systems.system import NAMES, LackError, System, find_system
from tests.homes.systems.venvs import ensure_venv


def main() -> int:
    """Do what the command line says; return an exit code."""
    arguments = _parse()
    try:
        if arguments.command == "install":
            _install([find_system(name) for name in arguments.names or NAMES])
        elif arguments.command == "stop":
            stop_folder(arguments.dir.resolve())
        elif arguments.detach:
            starting = Starting(arguments.name, arguments.dir.resolve(), base_port=arguments.base_port, detached=True)
            sys.stdout.write(starting.wait().to_json() + "\n")
        else:
            _stay(find_system(arguments.name), arguments.dir.resolve(), arguments.base_port)
    except (LackError, PlaceError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.homes.systems")
    commands = parser.add_subparsers(dest="command", required=True)
    install = commands.add_parser("install")
    install.add_argument("names", nargs="*")
    start = commands.add_parser("start")
    start.add_argument("name", choices=NAMES)
    start.add_argument("--base-port", type=int, help="take ports from here on, ten at most")
    start.add_argument("--detach", action="store_true", help="return when it answers")
    for command in (start, commands.add_parser("stop")):
        command.add_argument("--dir", type=Path, required=True, help="the folder of its data, logs and process ids")
    return parser.parse_args()


def _install(systems: Sequence[System]) -> None:
    """Install systems, two at a time; tell the seconds of each."""
    began = time.monotonic()
    ensure_packages(systems)
    sys.stdout.write(f"Debian's packages: {time.monotonic() - began:.0f} s\n")
    with ThreadPoolExecutor(2) as threads:
        lacks = [lack for lack in threads.map(_install_one, reversed(systems)) if lack]  # those that take long first
    if lacks:
        raise LackError("\n".join(lacks))


def _install_one(system: System) -> str:
    """Install a system; return "" or what keeps it from being installed."""
    began = time.monotonic()
    try:
        ensure_venv(system)
    except LackError as error:
        return str(error)
    sys.stdout.write(f"{system.title}: {time.monotonic() - began:.0f} s\n")
    return ""


def _stay(system: System, folder: Path, base_port: int | None) -> None:
    """Start a system, print how to reach it, and run until a signal."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    enter(folder)
    ensure_packages([system])
    with open_place(folder, ensure_venv(system), base_port) as place:
        running = system.start(place)
        save_result(running)
        sys.stdout.write(running.to_json() + "\n")
        sys.stdout.flush()
        signal.pause()


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not disturb the end
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
