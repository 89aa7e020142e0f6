"""The ready files of homes for one system each, opened at the address of a test."""

import tomllib
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from tests.integration.homes.hostile import LIMITS, SECRET
from tests.root import ROOT
from zoom_ops.clock import Clock, SystemClock
from zoom_ops.homes import EventRecords, settings_of
from zoom_ops.homes.json_api import open_home


def open_profile(name: str, url: str, clock: Clock | None = None, auth: dict[str, Any] | None = None) -> EventRecords:
    """Open the home of a ready file. `auth`: further keys of that section."""
    written = tomllib.loads((ROOT / f"config/homes/{name}.example.toml").read_text("utf-8"))
    signing_in = {key: value for key, value in written.pop("auth").items() if key != "secret_file"}
    given = {**written, "url": url, "auth": {**signing_in, "secret": SecretStr(SECRET), **(auth or {})}}
    return open_home(name, settings_of("json_api").model_validate(given), clock or SystemClock(), LIMITS)


class MovedClock(SystemClock):
    """A clock that stands `seconds` after it was made; its time of day goes on."""

    seconds = 0.0

    def now(self) -> datetime:
        """Return the time of day."""
        return super().now() + timedelta(seconds=self.seconds)

    def elapsed(self) -> float:
        """Return the seconds that it was moved."""
        return self.seconds
