"""Fixtures: a sandbox, its client, a receiver of its notifications."""

from collections.abc import Iterator

import pytest
import requests

from tests.endings import run_sandbox
from tests.sandbox.practice import Client, Receiver
from zoom_ops.sandbox import Sandbox, SandboxOptions


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox without a webhook address."""
    with Sandbox(SandboxOptions(listen="127.0.0.1:0")) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    """A client with a token, of a sandbox that was reset."""
    requests.delete(f"{sandbox.url}/_sandbox", timeout=60)
    return Client(sandbox.url)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook address that passes validation."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def notifying_client(receiver: Receiver) -> Iterator[Client]:
    """A client of a sandbox that notifies the receiver."""
    with run_sandbox(webhook_url=receiver.url, webhook_secret=receiver.secret, limits=False) as sandbox:
        receiver.wait_for("endpoint.url_validation")
        yield Client(sandbox.url)
