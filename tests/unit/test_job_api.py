"""What a job is given: the work of a run and its preview offer the same, with the same signatures."""

import inspect
from typing import Any

import pytest

from zoom_ops.job_api import Host, Service, Webhook, Work
from zoom_ops.operations.jobs.requests import Preview
from zoom_ops.operations.jobs.service_work import ServiceWork
from zoom_ops.operations.jobs.work import EventWork, HostWork
from zoom_ops.operations.webhooks.deliver import WebhookWork


@pytest.mark.parametrize(
    ("protocol", "implementation"),
    [(Work, EventWork), (Work, Preview), (Host, HostWork), (Webhook, WebhookWork), (Service, ServiceWork)],
)
def test_work_offers_what_its_protocol_says(protocol: Any, implementation: Any) -> None:
    methods = {name: method for name, method in vars(protocol).items() if inspect.isfunction(method) and name[0] != "_"}

    offered = {name: inspect.signature(getattr(implementation, name)) for name in methods}

    assert offered == {name: inspect.signature(method) for name, method in methods.items()}


@pytest.mark.parametrize("implementation", [EventWork, Preview])
def test_job_reaches_nothing_beside_the_protocol(implementation: Any) -> None:
    """A job that used more than the protocol would work in a run, and break in its preview, or the other way round."""
    beside = {name for name in vars(implementation) if name[0] != "_"} - set(vars(Work)) - set(Work.__annotations__)

    assert beside <= {"finish"}  # the engine's, at the end of a run
