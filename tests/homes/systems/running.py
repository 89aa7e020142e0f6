"""What tests need to reach a system that runs."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Account:
    """One who may use a system. `token` is "" where the system knows logins and passwords only."""

    login: str
    password: str = ""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class MadeEvent:
    """An event in a system: the id that its API takes, and the path of the page that visitors see."""

    id: str
    page: str


@dataclass(frozen=True, kw_only=True)
class Running:
    """A system that answers at `url`, which has no slash at its end. `sample` is the event of the cast.

    Each system has these accounts: `admin`; `bot`, with the least rights that suffice to read events and to write
    links; `reader`, with a right too few to write; `member`, who may see what visitors may not.
    `details` holds what only this kind of system has, named in its module `start`.
    """

    system: str
    url: str
    folder: str
    accounts: Mapping[str, Account]
    sample: MadeEvent
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """Return the address of the page of the sample event."""
        return self.url + self.sample.page

    def with_sample(self, sample: MadeEvent) -> "Running":
        """Return the same with a sample event, which can be made only when all else runs."""
        return replace(self, sample=sample)

    def save(self, path: Path) -> None:
        """Write all of it to a file, for those who may read this folder."""
        path.write_text(self.to_json(), "utf-8")

    def to_json(self) -> str:
        """Return all of it as JSON, secrets too: they are made for this one run."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Running":
        """Read what `to_json` returned."""
        fields = json.loads(text)
        accounts = {name: Account(**account) for name, account in fields.pop("accounts").items()}
        return cls(accounts=accounts, sample=MadeEvent(**fields.pop("sample")), **fields)
