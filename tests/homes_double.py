"""A home in memory, as a kind of its own: its records are Event JSON, which tests write as people would."""

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any, Literal

import pytest
from pydantic import Field, SecretStr

from tests.integration.memory_home import MemoryHome
from zoom_ops.clock import Clock
from zoom_ops.errors import NotFoundError
from zoom_ops.homes import Changed, Finding, HomeSettings, Limits, Raw, Record, kinds
from zoom_ops.readers import read_events
from zoom_ops.webinars import Unclear

KIND = "double"
URL = "https://home.example.org"


class Settings(HomeSettings):
    """The settings of a home in memory."""

    kind: Literal["double"]
    token: SecretStr = Field(min_length=1, repr=False, description="Nobody asks for it.")


class HomeInMemory(MemoryHome):
    """A home in memory whose records are read. `said`: the Event JSON that people wrote, by the home's id.

    `webinars`: the numbers of those that it made by itself. `hidden`: records that not everybody may read there.
    `unlisted`: records that are there, in a part of the home that no list names. `lists_all`: whether an answer tells
    all ids. `failure`: what the next lists meet.
    """

    kind = KIND

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.said: dict[str, dict[str, Any]] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        self.origins: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        self.webinars: dict[str, int | Unclear] = {}
        self.hidden: set[str] = set()
        self.unlisted: set[str] = set()
        self.lists_all, self.gets = True, 0
        self.failure: Exception | None = None
        self.findings = (Finding(what="credentials", state="ok", sentence="The token is accepted."),)
        self.parsed = 0
        self.shows_links = True  # its list tells our links

    def list_changed(self, cursor: str) -> Changed:
        if self.failure:
            raise self.failure
        listed = [self._raw(record) for record in self.said if record not in self.unlisted]
        all_ids = frozenset(raw.id for raw in listed) if self.lists_all else None
        return Changed(records=tuple(listed), cursor="later", all_ids=all_ids)

    def get(self, record_id: str) -> Raw:
        self.gets += 1
        self._meet("get")
        return self._raw(record_id)

    def _raw(self, record_id: str) -> Raw:
        if record_id not in self.said:
            raise NotFoundError("record", record_id)
        content = {"event": self.said[record_id], "labels": self.labels.get(record_id, ())}
        content["webinar"] = self.webinars.get(record_id)
        written = json.dumps([content, record_id in self.hidden], sort_keys=True, default=str)
        links = self.records.get(record_id, {}).values() if self.shows_links else ()
        return Raw(
            id=record_id,
            fingerprint=hashlib.sha256(written.encode()).hexdigest(),
            content=content,
            links=tuple(link.glimpse("title", "url", "visibility", "digest") for link in links)
            if self.shows_links
            else None,
        )

    def parse(self, raw: Raw) -> Record:
        self.parsed += 1
        assert isinstance(raw.content, dict)
        document = json.dumps(raw.content["event"], default=str).encode()
        (announced,) = read_events(document, f"{raw.id}.json")
        return Record(
            id=raw.id,
            url=self.urls.get(raw.id, f"{URL}/{raw.id}"),
            announced=replace(announced, origin=self.origins.get(raw.id)),
            is_public=raw.id not in self.hidden,
            labels=tuple(raw.content["labels"]),
            webinar_id=raw.content["webinar"],
        )

    def check(self) -> Iterator[Finding]:
        return iter(self.findings)


def install(monkeypatch: pytest.MonkeyPatch) -> dict[str, HomeInMemory]:
    """Make homes in memory a kind: a file with `kind = "double"` opens one. Return those that are open, by name."""
    opened: dict[str, HomeInMemory] = {}

    def open_home(name: str, _settings: HomeSettings, _clock: Clock, _limits: Limits) -> HomeInMemory:
        return opened.setdefault(name, HomeInMemory(name))

    module = ModuleType(f"zoom_ops.homes.{KIND}")
    vars(module).update(TITLE="A home in memory", Settings=Settings, open_home=open_home)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, KIND))
    return opened
