"""The extras of the package ask for what the locks pin."""

import tomllib

import pytest

from tests.root import ROOT

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]


@pytest.mark.parametrize("extra", EXTRAS)
def test_extra_asks_for_what_is_locked(extra: str) -> None:
    lines = (ROOT / f"requirements-{extra}.in").read_text("utf-8").splitlines()

    assert [line for line in lines if not line.startswith(("#", "-r "))] == EXTRAS[extra]
