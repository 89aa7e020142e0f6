"""A home in memory, as a kind of its own: its records are Event JSON, which tests write as people would."""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from types import ModuleType
from typing import Any, Literal

import pytest
from pydantic import Field, SecretStr

from zoom_ops.clock import Clock
from zoom_ops.errors import NotFoundError
from zoom_ops.homes import (
    Capabilities,
    Changed,
    Entry,
    Finding,
    HomeSettings,
    Limits,
    Raw,
    Record,
    Shown,
    kinds,
)
from zoom_ops.readers import read_events

KIND = "double"
URL = "https://home.example.org"


class Settings(HomeSettings):
    """The settings of a home in memory."""

    kind: Literal["double"]
    token: SecretStr = Field(min_length=1, repr=False, description="Nobody asks for it.")


class HomeInMemory:
    """A home in memory. `records`: what people wrote, by id; `hidden`: those that not everybody may read."""

    kind = KIND

    def __init__(self, name: str = "city", capabilities: Capabilities | None = None) -> None:
        self.name, self.capabilities = name, capabilities or Capabilities(audiences=("public", "members"))
        self.records: dict[str, dict[str, Any]] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        self.origins: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.links: dict[str, dict[str, Shown]] = {}
        self.failure: Exception | None = None
        self.findings: tuple[Finding, ...] = (Finding(what="credentials", state="ok", sentence="They are accepted."),)
        self.parsed = 0

    def calling(self) -> AbstractContextManager[None]:
        return nullcontext()

    def list_changed(self, cursor: str) -> Changed:
        self._fail()
        raws = tuple(map(self.get, self.records))
        return Changed(records=raws, cursor=str(len(raws)), all_ids=frozenset(self.records))

    def get(self, record_id: str) -> Raw:
        self._fail()
        if record_id not in self.records:
            raise NotFoundError("record", record_id)
        said = {"event": self.records[record_id], "labels": self.labels.get(record_id, ())}
        written = json.dumps([said, record_id in self.hidden], sort_keys=True)
        return Raw(id=record_id, fingerprint=hashlib.sha256(written.encode()).hexdigest(), content=said)

    def parse(self, raw: Raw) -> Record:
        self.parsed += 1
        assert isinstance(raw.content, dict)
        (announced,) = read_events(json.dumps(raw.content["event"]).encode(), f"{self.name}.json")
        return Record(
            id=raw.id,
            url=f"{URL}/{raw.id}",
            announced=replace(announced, id_given=False, origin=self.origins.get(raw.id)),
            is_public=raw.id not in self.hidden,
            labels=tuple(raw.content["labels"]),
        )

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        self._fail()
        return tuple(self.links.get(record_id, {}).values())

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        self._fail()
        shown = Shown(key=entry.key, title=entry.title, url=entry.url, visibility=entry.visibility)
        self.links.setdefault(record_id, {})[entry.key] = shown
        return shown

    def withdraw(self, record_id: str, key: str) -> None:
        self._fail()
        self.links.get(record_id, {}).pop(key, None)

    def check(self) -> Iterator[Finding]:
        yield from self.findings

    def _fail(self) -> None:
        if self.failure:
            raise self.failure


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
