"""The life of an event: all its stages in order, and the runs that none of them accounts for."""

from .after import recording_stages, started_stage
from .before import record_stage, settings_stage, speakers_stage, webinar_stage
from .facts import EventFacts
from .holdups import RunFacts
from .stage import Stage


def stages_of(facts: EventFacts) -> tuple[Stage, ...]:
    """Return the stages of an event's life, in order. There is no second place that decides why something is late."""
    return (
        record_stage(facts),
        webinar_stage(facts),
        speakers_stage(facts),
        settings_stage(facts),
        started_stage(facts),
        *recording_stages(facts),
    )


def needs_person(run: RunFacts) -> bool:
    """Return whether a run is a problem: it failed, waits for an operator, or has failed twice and is tried again."""
    return run.state in ("failed", "parked") or (run.state == "active" and run.failures > 1)


def find_unexplained(facts: EventFacts, stages: tuple[Stage, ...]) -> tuple[RunFacts, ...]:
    """List the event's runs that are a problem, and that no late or stuck stage accounts for."""
    explained = {job for stage in stages if stage.is_trouble for job in stage.jobs}
    runs = (*sorted(facts.runs.items()), *((run.job, run) for _, run in sorted(facts.link_runs.items())))
    return tuple(run for job, run in runs if job not in explained and needs_person(run))
