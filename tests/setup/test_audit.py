"""The audit distinguishes vulnerable, sound and unaudited packages."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.root import ROOT
from tests.setup.audit import NOT_RUN, judge

SOUND = {"name": "tides", "version": "1.0", "vulns": []}
SKIPPED = {"name": "ebb", "skip_reason": "Dependency not found"}
HOLED = {"name": "flood", "version": "2.0", "vulns": [{"id": "PYSEC-2040-1", "fix_versions": ["2.1"]}]}


@pytest.mark.parametrize(
    ("packages", "text", "code"),
    [
        ([SOUND], "pip-audit: no known hole (1 packages audited)", 0),
        ([SOUND, SKIPPED], "pip-audit: no known hole (1 packages audited; 1 could not be audited)", 0),
        ([SKIPPED, SKIPPED], NOT_RUN, 0),
        ([], NOT_RUN, 0),
        ([SOUND, HOLED], "flood 2.0: PYSEC-2040-1, mended in 2.1", 1),
    ],
)
def test_audit_is_judged_by_what_was_audited(packages: list[Any], text: str, code: int) -> None:
    sentence, exit_code = judge(json.dumps({"dependencies": packages}))

    assert text in sentence
    assert exit_code == code


@pytest.mark.parametrize("report", ["", "no JSON", "[]", "{}"])
def test_audit_without_a_source_was_not_run(report: str) -> None:
    assert judge(report, "ERROR: Could not connect to the vulnerability feed") == (NOT_RUN, 0)


def test_audit_that_broke_is_not_taken_for_one_without_a_source() -> None:
    assert judge("", "ERROR: requirement tides is malformed") == (
        "pip-audit: broke: ERROR: requirement tides is malformed",
        1,
    )


@pytest.mark.process
def test_audit_without_a_network_says_that_it_was_not_run() -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:1")
    proxied = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"} | nowhere

    completed = subprocess.run(
        [sys.executable, "-m", "tests.setup.audit"],
        cwd=ROOT, env=proxied, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (completed.stdout, completed.returncode) == (f"{NOT_RUN}\n", 0)
