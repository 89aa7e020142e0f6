"""What a job is given: the work of a run and its preview offer the same, with the same signatures."""

import inspect
from datetime import timedelta
from typing import Any

import pytest

from zoom_ops.engine.cron import parse_cron
from zoom_ops.errors import BadInputError
from zoom_ops.job_api import Home, Host, Record, Service, Webhook, Work, job, minutes, the_service
from zoom_ops.operations.homes.work import HomeWork
from zoom_ops.operations.jobs.record_work import RecordWork
from zoom_ops.operations.jobs.requests import LinkPreview, Preview
from zoom_ops.operations.jobs.service_work import ServiceWork
from zoom_ops.operations.jobs.work import EventWork, HostWork
from zoom_ops.operations.webhooks.deliver import WebhookWork


def test_job_has_its_turns_at_an_interval_or_by_a_cron_line() -> None:
    def greet(_work: Any) -> None:
        """Greet."""

    often = job(every=minutes(5), turn=the_service)(greet)
    daily = job(at="0 6 * * MON-FRI", zone="Europe/Paris", turn=the_service)(greet)

    assert often.when == timedelta(minutes=5)
    assert daily.when == parse_cron("0 6 * * MON-FRI", "Europe/Paris")


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({}, "A job has its turns every=minutes"),
        ({"every": minutes(5), "at": "0 6 * * *"}, "A job has its turns every=minutes"),
        ({"at": "0 0 30 2 *"}, "never comes"),
        ({"at": "0 6 * * *", "zone": "Paris"}, "Did you mean Europe/Paris"),
        ({"every": timedelta(milliseconds=1)}, "once a second at most"),
    ],
)
def test_job_whose_turns_cannot_be_meant_is_refused(when: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        job(turn=the_service, **when)


@pytest.mark.parametrize(
    ("protocol", "implementation"),
    [
        (Work, EventWork),
        (Work, Preview),
        (Host, HostWork),
        (Webhook, WebhookWork),
        (Service, ServiceWork),
        (Home, HomeWork),
        (Record, RecordWork),
        (Record, LinkPreview),
    ],
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
