"""A configuration as items that two processes compare. A secret is only a keyed fingerprint in it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..homes import HomeSettings
from ..operations.jobs.registry import Job
from ..operations.views.schedules import when_json
from ..profiles import Profile
from ..settings import describe_home, list_values
from .reading import Configuration

Items = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""By kind (setting, profile, home, job, words) and name: fields with their values."""
Fingerprint = Callable[[str], str]


def items_of(configuration: Configuration, variables: Collection[str], fingerprint: Fingerprint) -> Items:
    """Build the items of a configuration, ready for JSON. `variables`: those that are set where it was read."""
    return {
        "setting": {
            value.name: {
                "value": value.shown,
                "fingerprint": fingerprint(value.whole),
                "live": value.live,
                "given": value.given,
            }
            for value in list_values(configuration.settings, variables)
        },
        "profile": {name: _fields_of(profile) for name, profile in configuration.profiles.items()},
        "home": {name: _fields_of_home(home, fingerprint) for name, home in configuration.homes.items()},
        "job": {name: _fields_of_job(job) for name, job in configuration.jobs.items()},
        "words": {language: dict(words.values) for language, words in configuration.words.items()},
    }


def _fields_of(profile: Profile) -> dict[str, Any]:
    fields = profile.model_dump(mode="json", exclude={"name", "settings", "drift"})
    settings = {f"settings.{name}": value for name, value in profile.settings}
    return fields | settings | {f"drift.{name}": owner for name, owner in profile.drift}


def _fields_of_home(home: HomeSettings, fingerprint: Fingerprint) -> dict[str, Any]:
    """Build the fields of a home. `digest` follows its secrets, none of which is shown."""
    fields, secrets = describe_home(home)
    return fields | ({"digest": fingerprint("\n".join(secrets))} if secrets else {})


def _fields_of_job(job: Job) -> dict[str, Any]:
    return {
        **when_json(job.when),
        "turn": job.turn.__name__,
        "on": list(job.on),
        "then": list(job.then),
        "digest": job.digest,
    }
