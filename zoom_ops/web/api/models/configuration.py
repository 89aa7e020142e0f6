"""The configuration: what the files say, and what each process has against it."""

from datetime import datetime
from typing import Any

from .base import Answer


class Setting(Answer):
    """A setting; of a secret only whether it is set."""

    name: str
    value: Any
    given: str | None
    live: bool


class ProfileFile(Answer):
    """A profile."""

    name: str
    file: str
    values: dict[str, Any]


class HomeFile(Answer):
    """The file of a home; of a secret only whether it is set."""

    name: str
    file: str
    values: dict[str, Any]


class JobFile(Answer):
    """A job file."""

    name: str
    file: str
    every_s: float | None
    at: str | None
    zone: str | None
    turn: Any


class WordsFile(Answer):
    """The words of the organisation in a language."""

    language: str
    file: str
    texts: int


class Difference(Answer):
    """What a process has against the files."""

    kind: str
    name: str
    sentence: str
    after_restart: bool


class Process(Answer):
    """A running process, with the differences; null where the files are wrong."""

    process: str
    part: str
    read_at: datetime
    refused: str | None
    differences: tuple[Difference, ...] | None


class Configuration(Answer):
    """What the configuration files say; only the mistakes and the processes where they are wrong."""

    mistakes: tuple[str, ...]
    settings_file: str | None = None
    settings: tuple[Setting, ...] = ()
    accounts: tuple[str, ...] = ()
    profiles: tuple[ProfileFile, ...] = ()
    homes: tuple[HomeFile, ...] = ()
    jobs: tuple[JobFile, ...] = ()
    words: tuple[WordsFile, ...] = ()
    processes: tuple[Process, ...]
