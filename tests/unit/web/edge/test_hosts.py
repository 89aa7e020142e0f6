"""Hosts under which the service answers: what doctor names can be allowed."""

import json
from pathlib import Path

import pytest

from zoom_ops.settings import load_settings
from zoom_ops.web.edge.hosts import known_hosts, parse_host


@pytest.mark.parametrize("asked", ["zoom_ops", "zoom-ops:8000", "10.0.0.7:80", "[fd00::1]:8000"])
def test_host_that_a_proxy_asks_for_can_be_allowed(tmp_path: Path, asked: str) -> None:
    settings = load_settings({"ZOOM_OPS_ALLOWED_HOSTS": json.dumps([asked])}, tmp_path)

    assert parse_host(asked) in known_hosts(settings.base_url, settings.allowed_hosts)
