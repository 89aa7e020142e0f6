"""Read the configuration whole: settings, profiles, homes, jobs, words. One mistake, and none of it counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..errors import ZoomOpsError
from ..homes import HomeSettings
from ..operations.jobs.registry import Job, check_followers, list_job_files, load_job
from ..profiles import Profile
from ..settings import (
    Place,
    Settings,
    check_homes,
    check_profiles,
    list_homes,
    list_profiles,
    list_words,
    load_home,
    load_profile,
    load_word_file,
)
from ..settings import read_settings as read_all_settings
from ..toml import TomlFile

CheckWords = Callable[[str, TomlFile], object]
"""Raise BadInputError if the words of a language do not fit the pages."""
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What the files say, checked as a whole."""

    settings: Settings
    profiles: Mapping[str, Profile]
    jobs: Mapping[str, Job]
    words: Mapping[str, TomlFile]  # by language
    homes: Mapping[str, HomeSettings]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A reading of all files: the configuration, or every mistake that was found, with file and line."""

    configuration: Configuration | None
    mistakes: tuple[str, ...] = ()


def read_configuration(place: Place, check_words: CheckWords) -> Reading:
    """Read all files. A mistake in one keeps none of the others from being checked."""
    settings, wrong = read_all_settings(place)
    mistakes = list(wrong)
    config_dir = settings.config_dir if settings else place.config_dir
    profiles = _load_each(lambda: _list_profiles(config_dir, mistakes), load_profile, mistakes)
    jobs_dir = settings.jobs_dir if settings else place.jobs_dir
    jobs = _load_each(lambda: list_job_files(jobs_dir), load_job, mistakes)
    if not mistakes:
        with _collected(mistakes):
            check_followers(jobs)
    homes = _load_each(lambda: list_homes(config_dir), partial(load_home, place=place), mistakes)
    with _collected(mistakes):
        check_homes(config_dir, homes)
    words = _load_each(lambda: list_words(config_dir), load_word_file, mistakes)
    for language, texts in words.items():
        with _collected(mistakes):
            check_words(language, texts)
    if settings is None or mistakes:
        return Reading(configuration=None, mistakes=tuple(mistakes))
    return Reading(
        configuration=Configuration(settings=settings, profiles=profiles, jobs=jobs, words=words, homes=homes)
    )


def _list_profiles(config_dir: Path, mistakes: list[str]) -> tuple[Path, ...]:
    files = list_profiles(config_dir)
    with _collected(mistakes):
        check_profiles(files, config_dir)
    return files


def _load_each(files: Callable[[], Iterable[Path]], load: Callable[[Path], T], mistakes: list[str]) -> dict[str, T]:
    loaded: dict[str, T] = {}
    with _collected(mistakes):
        for file in files():
            with _collected(mistakes):
                loaded[file.stem] = load(file)
    return loaded


@contextmanager
def _collected(mistakes: list[str]) -> Iterator[None]:
    try:
        yield
    except ZoomOpsError as error:
        mistakes.append(str(error))
